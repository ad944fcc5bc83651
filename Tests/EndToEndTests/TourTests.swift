import Foundation
import Testing

extension EndToEnd {
    /// The tour, played to its end by the keys that its texts name.
    @Suite struct TourTests {
        /// The panel as it stands on the screen.
        private struct Panel {
            var chapter, step: Int
            var text: String
            var isDone: Bool { text.hasPrefix("✓") }
            var isOnTheWay: Bool { text.hasPrefix("Loading") || text.contains("불러오는 중") }

            init?(_ screen: Screen) {
                let lines = screen.lines
                let titles = lines.enumerated().compactMap { n, line in
                    line.firstMatch(of: /(\d+)\/11 .*\((\d+)\/\d+\)/).flatMap { match in
                        Int(match.1).flatMap { chapter in Int(match.2).map { (n, chapter, $0) } }
                    }
                }
                guard let (row, chapter, step) = titles.last else { return nil }
                (self.chapter, self.step) = (chapter, step)
                // Between the title and the last line.
                let end = lines.lastIndex { !$0.allSatisfy { $0 == " " } } ?? row
                text = lines[(row + 1)..<max(row + 1, end)].map { $0.trimmingCharacters(in: .whitespaces) }
                    .filter { !$0.isEmpty }.joined(separator: " ")
            }
        }

        /// What a step asks for. A key in brackets is pressed until the step is done.
        private static let keys: [String: [String]] = [
            "1.1": ["Right", "Right", "Up", "Up"], "1.2": ["3"], "1.3": ["o"],
            "2.1": ["choose autoencoder", "Enter"], "2.2": ["(v)"], "2.3": ["v", "v", "v", "(Right)"],
            "3.1": ["o", "o"], "3.2": ["z", "z", "z"], "3.4": ["Z"],
            "4.1": ["t"], "4.3": ["Space"], "4.4": ["s", "s", "s"], "4.5": ["Space", "2"],
            "5.1": ["train"], "5.2": ["(>)"], "5.4": ["(<)"], "5.6": ["(f)"],
            "6.1": ["(v)"], "6.2": ["(v)"],
            "7.1": ["a", "Right", "Right", "Up", "b"], "7.2": ["g"], "7.3": ["o"],
            "7.4": ["f", ".", "Space", "+", "Space", "3", "Space", "-", "Space", "5", "Enter"],
            "8.1": ["choose pytorch", "Enter"], "8.4": ["(v)"], "8.5": ["0", "v", "(V)"],
            "9.2": ["i"], "9.3": ["(o)"],
            "9.4": ["c", "Space"] + "LLLJHHHHHJLLLLJHHHH".map { String($0) },
            "10.1": ["choose pytorch"], "10.2": ["choose tensorflow"], "10.3": ["choose kingma-20"],
        ]

        @Test(arguments: [("en", 80, 24), ("ko", 80, 24), ("en", 120, 40), ("ko", 120, 40)]) func toTheEnd(language: String, width: Int, height: Int) throws {
            let terminal = try Terminal(["tour", "--language", language, "--data", "mnist-5k"], width: width, height: height)
            var shown: [String] = []
            while let panel = try next(terminal, after: shown.last) {
                let place = "\(panel.chapter).\(panel.step)"
                shown.append(place)
                #expect(!panel.text.contains("{"), "\(place): \(panel.text)")
                if panel.text.hasPrefix("▸") || panel.isDone {
                    try play(Self.keys[place] ?? [], place, terminal)
                    let done = try terminal.wait(for: "\(place) done", seconds: 120) { Panel($0)?.isDone == true }
                    let text = Panel(done)?.text ?? ""
                    #expect(!text.contains("{") && !text.contains(" ? ") && !text.contains("(?"), "\(place): \(text)")
                }
                try terminal.send("Space")
            }
            #expect(shown.count == 43 && shown.first == "1.1" && shown.last == "11.3", "\(shown)")
            #expect(try terminal.screen.text.contains("manifold"))
            try terminal.send("q")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
        }

        /// The panel of the next step, once its place is reached; nil when the tour is over.
        private func next(_ terminal: Terminal, after last: String?) throws -> Panel? {
            let screen = try terminal.wait(for: "the step after \(last ?? "none")", seconds: 120) { screen in
                guard let panel = Panel(screen) else { return last != nil && screen.text.contains("T goes on where you were") }
                return "\(panel.chapter).\(panel.step)" != last && !panel.isOnTheWay && !panel.text.isEmpty
            }
            return Panel(screen)
        }

        private func play(_ keys: [String], _ place: String, _ terminal: Terminal) throws {
            for key in keys {
                if key == "train" {
                    if try Panel(terminal.screen)?.isDone != true { try terminal.send("t") }
                } else if key.hasPrefix("choose ") {
                    try choose(String(key.dropFirst(7)), terminal)
                } else if key.hasPrefix("(") {
                    for _ in 0..<14 where try Panel(terminal.screen)?.isDone != true {
                        try terminal.send(String(key.dropFirst().dropLast()))
                        _ = try? terminal.wait(for: "the step done", seconds: 2) { Panel($0)?.isDone == true }
                    }
                } else {
                    try terminal.send(key)
                }
            }
        }

        /// Moves the cursor of Models to a model.
        private func choose(_ name: String, _ terminal: Terminal) throws {
            try terminal.wait(for: "the list") { $0.text.contains("kingma-20") }
            try terminal.send("Home")
            for _ in 0..<12 {
                let isThere = try terminal.wait(for: "the cursor") { $0.lines.contains { $0.hasPrefix(">") } }
                    .lines.contains { $0.hasPrefix(">") && $0.contains(" \(name) ") }
                if isThere { return }
                let before = try terminal.screen.text
                try terminal.send("Down")
                try terminal.wait(for: "the cursor moved") { $0.text != before }
            }
        }

        /// Where the reader was is remembered; chapters and languages that are not there are refused in a line.
        @Test func placesAndRefusals() throws {
            let folder = try Folder()
            let first = try Terminal(["tour", "between", "--language", "en", "--data", "mnist-5k"], folder: folder)
            try first.wait(for: "7/11")
            try first.send("Escape")
            try first.wait(for: "T goes on where you were")
            try first.send("q")
            #expect(try first.status() == 0)
            let second = try Terminal(["tour", "--language", "en", "--data", "mnist-5k"], folder: folder)
            try second.wait(for: "7/11")
            try second.send("q")
            for (arguments, naming) in [
                (["tour", "12"], "1 to 11"), (["tour", "0"], "1 to 11"), (["tour", "nosuch"], "two-numbers"),
                (["tour", "--language", "xx"], "en or ko"),
            ] {
                let end = try latent(arguments, in: folder)
                #expect(end.status == 64 && end.errors.contains(naming) && end.lines.count == 1, "\(end.errors)")
            }
            let end = try latent(["tour"], in: folder)
            #expect(end.status == 1 && end.errors.contains("terminal"))
            #expect(try latent(["tour", "--text", "--language", "ko"], in: folder).output.contains("잠재 공간"))
        }
    }
}
