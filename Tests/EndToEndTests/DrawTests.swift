import Testing

extension EndToEnd {
    /// Drawing for a trained model with keys and mouse.
    @Suite struct DrawTests {
        private static let arguments = ["--data", "mnist-5k", "--screen", "draw"]

        /// The screen with an empty canvas, without colours so that ink consists of characters.
        private func open(
            width: Int = 80, height: Int = 24, _ environment: [String: String?] = ["NO_COLOR": "1"]
        ) throws -> Terminal {
            let terminal = try Terminal(Self.arguments, width: width, height: height, environment: environment)
            try terminal.wait(for: "Draw here")
            return terminal
        }

        /// Waits until the data set's codes appear on the map (at 80×24).
        private func waitForData(_ terminal: Terminal) throws {
            try terminal.wait(for: "the digits on the map") { $0.text.contains("1111") }
        }

        private func leave(_ terminal: Terminal) throws {
            try terminal.send("q")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
        }

        @Test func keysDraw() throws {
            let terminal = try open()
            let empty = try terminal.wait(for: "the pen in the middle") {
                $0.text.contains("pen up") && $0.canvas[7].contains("+")
            }
            #expect(empty.ink == 0)

            // A one, from top to bottom.
            try terminal.send("K", "k", "k", "Space")
            let dot = try terminal.wait(for: "a dot and what the model makes of it") {
                $0.text.contains("pen down") && $0.negativeELBO != nil && $0.canvas.joined().contains("o")
            }
            #expect(dot.ink > 0 && dot.text.contains("the output") && dot.text.contains("where it lands"))
            try terminal.send("J", "J", "J")
            let line = try terminal.wait(for: "a line, encoded anew") {
                $0.ink > dot.ink + 8 && $0.negativeELBO != dot.negativeELBO
            }
            #expect(line.versionInk > 0)
            try terminal.wait(for: "its neighbours") {
                $0.text.contains("looks like a 1: ") && $0.text.contains("of the 10 nearest")
            }
            let judged = try terminal.wait(for: "typical: ")
            #expect(judged.text.contains("of the test images fit worse"))
            #expect(judged.text.contains(/z1 [+-][0-9.]+ ±[0-9.]+/) && judged.text.contains(/z2 [+-][0-9.]+ ±[0-9.]+/))

            // Moving with the pen up draws nothing.
            try terminal.send("Space", "h", "h")
            let lifted = try terminal.wait(for: "the pen up") {
                $0.text.contains("pen up") && $0.canvas.joined().contains("+")
            }
            #expect(lifted.negativeELBO == judged.negativeELBO)
            try leave(terminal)
            #expect(terminal.folder.names().isEmpty)
        }

        @Test func editing() throws {
            let terminal = try open()
            try waitForData(terminal)
            try terminal.send("o")
            let zero = try terminal.wait(for: "a held-out image") {
                $0.text.contains("image 1 of 500, class 0") && $0.text.contains("looks like a 0")
                    && $0.ink > 20
            }
            try terminal.send("o")
            let one = try terminal.wait(for: "the next") {
                $0.text.contains("image 2 of 500, class 1") && $0.text.contains("looks like a 1")
            }
            try terminal.send("O")
            try terminal.wait(for: "the one before") {
                $0.negativeELBO == zero.negativeELBO && $0.canvas == zero.canvas
            }

            try terminal.send("u")
            try terminal.wait(for: "one taken back") { $0.negativeELBO == one.negativeELBO && $0.canvas == one.canvas }
            try terminal.send("U")
            try terminal.wait(for: "it is there again") {
                $0.negativeELBO == zero.negativeELBO && $0.canvas == zero.canvas
            }

            // Erases the left of the ring.
            try terminal.send("e", "+", "+", "Space", "H", "H")
            let erased = try terminal.wait(for: "an eraser at work") {
                $0.text.contains("eraser down") && $0.negativeELBO != zero.negativeELBO
                    && $0.canvas.joined().contains("x")
            }
            #expect(erased.ink < zero.ink && erased.text.contains("width 2.2"))
            try terminal.send("e", "-", "-", "-")
            try terminal.wait(for: "a thinner pen") { $0.text.contains("pen up, width 0.6") }

            try terminal.send("c")
            let cleared = try terminal.wait(for: "Draw here")
            #expect(cleared.ink == 0 && cleared.negativeELBO == nil)
            try leave(terminal)
        }

        @Test func seesItCentredAndGoesToThePlane() throws {
            let terminal = try open()
            try terminal.send("Enter")
            try terminal.wait(for: "draw something first")
            // A stroke in the corner.
            try terminal.send("H", "H", "K", "K", "Space", "J")
            let corner = try terminal.wait(for: "a stroke off the middle") {
                $0.text.contains("encoded centred") && $0.canvas[3].contains("█") && $0.negativeELBO != nil
            }
            try terminal.send("m")
            try terminal.wait(for: "the same as it was drawn") {
                $0.text.contains("encoded as drawn") && $0.negativeELBO != corner.negativeELBO && $0.canvas == corner.canvas
            }
            try terminal.send("m")
            let centred = try terminal.wait(for: "centred again") { $0.negativeELBO == corner.negativeELBO }
            let z = centred.text.firstMatch(of: /z1 ([+-][0-9.]+)/).flatMap { Double($0.1) } ?? .nan
            try terminal.send("z")
            try terminal.wait(for: "a close look") {
                $0.text.contains("its ellipse, close") && $0.text.contains { ("\u{2801}"..."\u{28FF}").contains($0) }
            }
            try terminal.send("z")
            try terminal.wait(for: "where it lands: X")
            try terminal.send("Enter")
            let plane = try terminal.wait(for: "the place on the plane") { $0.coordinates.count == 2 }
            #expect(abs((plane.coordinates.first ?? .nan) - z) < 0.006)
            try leave(terminal)
        }

        @Test(arguments: [(80, 24), (120, 40), (40, 12)]) func theMouseDraws(width: Int, height: Int) throws {
            let terminal = try open(width: width, height: height)
            // At 80×24 a pixel is one column wide and half a row high; at 120×40, twice that.
            let (x, y, right, down) = width == 40 ? (7, 4, 6, 3) : width == 80 ? (8, 5, 10, 8) : (16, 9, 20, 14)
            try terminal.mouse(.press, x, y)
            let dot = try terminal.wait(for: "a dot under the mouse") { $0.text.contains("ELBO") }
            try terminal.mouse(.drag, x + right, y)
            try terminal.mouse(.drag, x + right / 2, y + down)
            try terminal.mouse(.release, x + right / 2, y + down)
            let seven = try terminal.wait(for: "a stroke without gaps") { screen in
                let rows = screen.region(x..<x + right + 2, y..<y + down)
                return screen.text.contains("ELBO")
                    && rows.allSatisfy { $0.contains { "▖▗▘▝▀▄▌▐▙▛▜▟█▞▚+".contains($0) } }
            }
            #expect(seven.text != dot.text)
            try terminal.wait(for: "what it looks like") { $0.text.contains("like a") }
            // The right button erases, in one stroke.
            try terminal.mouse(.rightPress, x, y)
            try terminal.mouse(.rightDrag, x + right, y)
            try terminal.mouse(.release, x + right, y)
            let rubbed = try terminal.wait(for: "no bar any more") { screen in
                !screen.region(x + 2..<x + right - 2, y..<y + 1)[0].contains { "▀▄█".contains($0) }
            }
            #expect(rubbed.text.contains("ELBO"))
            try terminal.send("u", "u")
            try terminal.wait(for: "Draw here")
            try leave(terminal)
        }

        @Test func saysWhatItHasNeverSeen() throws {
            let terminal = try open()
            // A full canvas is not a digit.
            for y in stride(from: 2, through: 15, by: 1) {
                try terminal.mouse(.press, 1, y)
                try terminal.mouse(.drag, 28, y)
                try terminal.mouse(.release, 28, y)
            }
            try terminal.wait(for: "unlike any test image: no test image fits worse")
            try leave(terminal)
        }

        @Test func encodesAnewWhileTraining() throws {
            let arguments = ["train", "--data", "mnist-5k", "--epochs", "5000"]
            let terminal = try Terminal(arguments, environment: ["NO_COLOR": "1"])
            try terminal.wait(for: "training") { $0.text.contains(/training  step [1-9]/) }
            try terminal.send("4")
            try terminal.wait(for: "Draw here")
            try terminal.send("K", "Space", "J", "J", "Space")
            let first = try terminal.wait(for: "a line encoded") { $0.negativeELBO != nil && $0.encodedStep != nil }
            try terminal.wait(for: "the same line, by later parameters") {
                $0.encodedStep ?? 0 > first.encodedStep! && $0.negativeELBO != first.negativeELBO
                    && $0.canvas == first.canvas
            }
            try terminal.send("q")
            try terminal.wait(for: "discard and quit")
            try terminal.send("d")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
        }

        @Test func fitsEverySize() throws {
            let terminal = try open([:])
            try waitForData(terminal)
            try terminal.send("o")
            try terminal.wait(for: "looks like a 0")
            // Any key removes the message from the line of keys.
            try terminal.send("e", "e")
            for (width, height) in [(200, 60), (120, 40), (40, 12), (80, 24)] {
                try terminal.resize(width, height)
                try terminal.wait(for: "the screen at \(width)×\(height)") {
                    $0.fills(width: width, height: height) && $0.text.contains("ELBO") && $0.text.contains("like a 0")
                }
            }
            try leave(terminal)
        }

        @Test func withoutUnicode() throws {
            let terminal = try open(["LANG": "C"])
            try waitForData(terminal)
            try terminal.send("o", "Space", "j", "z", "u")
            try terminal.wait(for: "a digit in ASCII") {
                $0.text.contains("looks like a 0") && $0.text.contains("+-0")
                    && $0.canvas.joined().contains { "#%@".contains($0) }
            }
            try leave(terminal)
            #expect(terminal.bytes.allSatisfy { $0 < 128 })
        }
    }
}

extension Terminal {
    /// Mouse events, as button numbers in xterm's reports.
    enum Mouse: Int {
        case press = 0
        case rightPress = 2
        case release = 3
        case drag = 32
        case rightDrag = 34
    }

    /// Sends a mouse report for a cell.
    func mouse(_ event: Mouse, _ x: Int, _ y: Int) throws {
        try raw(event == .release ? "\u{1B}[<0;\(x + 1);\(y + 1)m" : "\u{1B}[<\(event.rawValue);\(x + 1);\(y + 1)M")
    }
}

extension Screen {
    /// On 80×24: the canvas without its frame, and the output.
    fileprivate var canvas: [String] { region(1..<29, 2..<16) }
    fileprivate var version: [String] { region(31..<59, 2..<16) }
    /// The number of cells with ink, without colours.
    fileprivate var ink: Int { canvas.joined().count { "▀▄█░▒▓".contains($0) } }
    fileprivate var versionInk: Int { version.joined().count { "▀▄█░▒▓".contains($0) } }
    fileprivate var negativeELBO: Double? { text.firstMatch(of: /-ELBO +([0-9]+\.[0-9]+)/).flatMap { Double($0.1) } }
    fileprivate var encodedStep: Int? { text.firstMatch(of: /at step ([0-9]+)/).flatMap { Int($0.1) } }
}
