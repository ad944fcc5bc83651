import Testing

extension EndToEnd {
    /// Terminals without colour or Unicode.
    @Suite struct EnvironmentTests {
        @Test func withoutColor() throws {
            let terminal = try Terminal(environment: ["NO_COLOR": "1"])
            let screen = try terminal.wait(for: "across")
            #expect(screen.header.contains("[2 Explore]"))
            #expect(try !terminal.coloredText.contains(/\e\[[0-9;]*[34]8;5/))
            #expect(try !terminal.coloredText.contains(/\e\[(3|4|9|10)[0-7]m/))
            try walkAndLeave(terminal)
        }

        /// Where COLORTERM says that the terminal can, colours are sent as red, green and blue, finer than any palette; where
        /// no description can be made, the palette's are used.
        @Test func anyColor() throws {
            let terminal = try Terminal(environment: ["COLORTERM": "truecolor"])
            try terminal.wait(for: "across")
            let greys = Set(try terminal.coloredText.matches(of: /38;2;(\d+);\1;\1[m;]/).map { $0.1 })
            #expect(greys.count > 30, "\(greys.sorted())")
            try walkAndLeave(terminal)
            let without = try Terminal(environment: ["COLORTERM": "truecolor", "TMPDIR": "/nonexistent"])
            try without.wait(for: "across")
            #expect(try !without.coloredText.contains("38;2;") && without.coloredText.contains("38;5;"))
            try walkAndLeave(without)
        }

        /// A terminal that answers that it is light gets the palette for light ones, and paper behind its pictures.
        @Test func aLightTerminal() throws {
            let terminal = try Terminal()
            try terminal.wait(for: "across")
            #expect(String(decoding: terminal.bytes, as: UTF8.self).contains("\u{1B}]11;?"))
            #expect(try !terminal.coloredText.contains("48;5;231m"))
            try terminal.raw("\u{1B}]11;rgb:ffff/ffff/f0f0\u{1B}\\")
            try terminal.wait(for: "white behind the pictures") { _ in try terminal.coloredText.contains("48;5;231m") }
            try walkAndLeave(terminal)
            let told = try Terminal(["--data", "mnist-5k", "--background", "dark"])
            try told.wait(for: "across")
            #expect(!String(decoding: told.bytes, as: UTF8.self).contains("\u{1B}]11;?"))
            try walkAndLeave(told)
        }

        @Test func withoutUnicode() throws {
            let terminal = try Terminal(environment: ["LANG": "C"])
            try terminal.wait(for: "across")
            try terminal.send("t")
            try terminal.wait(for: "curves") { $0.step ?? 0 > 5 && $0.text.contains("O test") }
            for key in ["3", "?", "Escape", "2"] { try terminal.send(key) }
            try walkAndLeave(terminal)
            #expect(terminal.bytes.allSatisfy { $0 < 128 })
            #expect(terminal.bytes.count > 2000)
        }

        @Test(arguments: ["xterm", "xterm-256color", "screen", "vt100", "linux", "tmux"])
        func everyTerminal(_ name: String) throws {
            let terminal = try Terminal(environment: ["TERM": name])
            try terminal.wait(for: "across")
            try walkAndLeave(terminal)
        }

        @Test func anUnknownTerminalIsTakenForXterm() throws {
            let terminal = try Terminal(environment: ["TERM": "no-such-terminal"])
            try terminal.wait(for: "across")
            try walkAndLeave(terminal)
        }

        @Test func aTerminalWithoutCursorMovementIsRefused() throws {
            let terminal = try Terminal(environment: ["TERM": "dumb"])
            #expect(try terminal.status() == 1)
            try terminal.wait(for: "latent: the terminal TERM=dumb cannot place the cursor")
            try terminal.expectRestored()
            #expect(!terminal.bytes.contains(0x1B))
        }

        @Test func aTerminalWithoutANameIsTakenForXterm() throws {
            let terminal = try Terminal(environment: ["TERM": String?.none])
            try terminal.wait(for: "across")
            try walkAndLeave(terminal)
        }

        private func walkAndLeave(_ terminal: Terminal) throws {
            let start = try terminal.wait(for: "where it opens") { !$0.coordinates.isEmpty }.coordinates[0]
            try terminal.send("l")
            try terminal.wait(for: "a step to the right") { $0.coordinates.first.map { $0 > start } ?? false }
            try terminal.send("q", "d")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
        }
    }
}
