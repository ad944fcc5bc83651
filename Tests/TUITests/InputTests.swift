import Drawing
import TUI
import Testing
import VAECore

/// Sequences a terminal sends for keys, focus, answers and pasted text: what is not known is swallowed whole.
@Suite struct InputTests {
    /// Reads text as the program reads what comes in: the keys it would obey.
    private func keys(_ text: String) -> [Key] {
        var keys: [Key] = []
        var sequence: EscapeSequence?
        for scalar in text.unicodeScalars {
            if var inside = sequence {
                let outcome = inside.take(scalar.value)
                switch outcome {
                case .more: sequence = inside
                case .ended(let key):
                    if let key { keys.append(key) }
                    sequence = nil
                case .mouse, .background, .pasteBegins, .pasteEnds: sequence = nil
                case .begunAnew: sequence = EscapeSequence()
                }
            } else if scalar == "\u{1B}" {
                sequence = EscapeSequence()
            } else {
                keys.append(.character(Character(scalar)))
            }
        }
        return keys
    }

    @Test(arguments: [
        "[1;5C", "[1;3A", "[I", "[O", "[97;5u", "[27;5;97~", "[15;2~", "[?1;2c", "[>0;276;0c", "[24;80R", "[M ab",
        "[[A", "OP", "Ox", "]0;title\u{07}", "]52;c;Zm9v\u{1B}\\", "P1+r524742\u{1B}\\", "_Gi=1;OK\u{1B}\\", "^x\u{1B}\\",
        "(B", " F", "q", "[2 q", "[38;2;1;2;3m", "[12;", "Xsos\u{9C}",
    ])
    func whatIsNotKnownIsSwallowed(sequence: String) {
        let isWhole = sequence != "[12;"
        #expect(keys("\u{1B}" + sequence + (isWhole ? "z" : "")) == (isWhole ? [.character("z")] : []), "\(sequence)")
    }

    @Test func arrowsOfEitherMode() {
        #expect(keys("\u{1B}[A\u{1B}OB\u{1B}[1C\u{1B}OD") == [.up, .down, .right, .left])
        #expect(keys("\u{1B}[1;2A\u{1B}[Z\u{1B}[5~\u{1B}[3~") == [.shiftUp, .backTab, .pageUp, .delete])
        #expect(keys("\u{1B}\u{1B}[Ax") == [.up, .character("x")])
    }

    @Test(arguments: ["1", "7"]) func homeOfTheLinuxConsole(number: String) { #expect(keys("\u{1B}[\(number)~") == [.home]) }

    /// Ctrl and an arrow, as some terminals send it.
    @Test func modifiersBeforeTheLetter() { #expect(keys("\u{1B}O5Cz\u{1B}O1;2A") == [.character("z")]) }

    /// Reports of the mouse in either form: what it did, and where.
    @Test(arguments: [
        ("[<0;1;1M", 0, 0, MouseKind.press(1)), ("[<2;300;41M", 299, 40, .press(3)), ("[<0;300;41m", 299, 40, .release),
        ("[<32;5;6M", 4, 5, .drag(1)), ("[<34;5;6M", 4, 5, .drag(3)), ("[<64;5;6M", 4, 5, .wheelUp),
        ("[<65;5;6M", 4, 5, .wheelDown), ("[<16;5;6M", 4, 5, .press(1)), ("[M !!", 0, 0, .press(1)),
        ("[M#%&", 4, 5, .release), ("[M@%&", 4, 5, .drag(1)), ("[M`%&", 4, 5, .wheelUp),
    ])
    func theMouse(report: String, x: Int, y: Int, kind: MouseKind) {
        #expect(reports(report) == [.mouse(x: x, y: y, kind)])
    }

    @Test(arguments: ["[<0;1;1n", "[<690:74n", "[<0;0;1M", "[<0;1M", "[<;;M", "[<35;5;6M", "[<128;5;6M", "[<66;5;6M", "[<99999999999999999999;1;1M", "[M \u{1}!"])
    func whatTheMouseDoesNotSay(report: String) { #expect(reports(report) == [.ended(nil)]) }

    /// What a terminal answers to the question what is behind its text (OSC 11).
    @Test(arguments: [
        ("ffff/ffff/ffff", Background.light), ("0000/0000/0000", .dark), ("fd/f6/e3", .light), ("1e1e/1e1e/1e1e", .dark),
        ("f/f/f", .light), ("80/0/ff", .dark),
    ])
    func whatIsBehindText(color: String, background: Background) {
        for end in ["\u{07}", "\u{1B}\\", "\u{9C}"] {
            #expect(reports("]11;rgb:\(color)\(end)") == [.background(background)])
        }
    }

    @Test(arguments: ["]11;rgb:ffff/ffff", "]11;rgb:fffff/0/0", "]11;rgb:x/y/z", "]11;rgb://", "]12;rgb:ffff/ffff/ffff", "]11;?"])
    func answersThatSayNothing(answer: String) { #expect(reports(answer + "\u{07}") == [.ended(nil)]) }

    /// The screen follows the answer; colours that the person chose for pictures stay.
    @Test func picturesFollowTheBackground() {
        var capabilities = Capabilities()
        capabilities.background = .light
        #expect(capabilities.pictures == .paper)
        capabilities.background = .dark
        #expect(capabilities.pictures == .grey)
        capabilities.pictures = .viridis
        capabilities.background = .light
        #expect(capabilities.pictures == .viridis)
    }

    /// What the characters of one sequence say, but for `more`.
    private func reports(_ text: String) -> [EscapeSequence.Outcome] {
        var sequence = EscapeSequence()
        return text.unicodeScalars.map { sequence.take($0.value) }.filter { $0 != .more }
    }

    /// A reply of any length, such as of the clipboard, is no keys.
    @Test func aLongString() {
        #expect(keys("\u{1B}]52;c;" + String(repeating: "twq[", count: 50_000) + "\u{07}z") == [.character("z")])
    }

    @Test func controlsOfOneCharacter() {
        #expect(EscapeSequence.afterEscape(0x9B) == 0x5B && EscapeSequence.afterEscape(0x9D) == 0x5D)
        #expect(EscapeSequence.afterEscape(0x7F) == nil && EscapeSequence.afterEscape(0xA0) == nil)
    }

    /// Sequences cut off anywhere, each followed by another: what follows is still read from its Esc on.
    @Test func sequencesThatAreCutOff() {
        let whole = [
            "[1;5C", "[97;5u", "[?1;2c", "[M !!", "[[A", "OP", "O5C", "]0;twq\u{1B}\\", "P1+rq[\u{1B}\\", "_Gi=1\u{1B}\\", "(B", "[200~",
        ]
        for first in whole {
            for length in 0...first.unicodeScalars.count {
                let start = "\u{1B}" + String(String.UnicodeScalarView(first.unicodeScalars.prefix(length)))
                for second in whole {
                    let read = keys(start + "\u{1B}" + second + "z")
                    #expect(read == [.character("z")], "\(start.debugDescription), then \(second.debugDescription): \(read)")
                }
            }
        }
    }

    /// A hundred thousand well-formed sequences: none gives a key but those that stand for one, and all end where they
    /// should.
    @Test func aHundredThousandSequences() {
        var random = Seeded(state: 15)
        let known: Set<Key> = [
            .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .insert, .delete, .backTab, .shiftUp,
            .shiftDown, .shiftLeft, .shiftRight,
        ]
        func pick(_ range: ClosedRange<UInt32>) -> String {
            String(Unicode.Scalar(UInt32.random(in: range, using: &random)) ?? " ")
        }
        for _ in 0..<100_000 {
            var text = "\u{1B}"
            switch Int.random(in: 0..<4, using: &random) {
            case 0:
                let parameters = (0..<Int.random(in: 0...8, using: &random)).map { _ in pick(0x30...0x3F) }.joined()
                // Finals with a tail of their own are tried above.
                text += "[" + parameters + "0" + pick(0x40...0x7E)
            case 1:
                // Digits and ; before the letter say which modifiers are held.
                let modifiers = (0..<Int.random(in: 0...2, using: &random)).map { _ in pick(0x30...0x3B) }.joined()
                text += "O" + modifiers + (Bool.random(using: &random) ? pick(0x20...0x2F) : pick(0x3C...0x7E))
            case 2:
                let body = (0..<Int.random(in: 0...40, using: &random)).map { _ in pick(0x20...0x7E) }.joined()
                text += (["]", "P", "_", "^", "X"].randomElement(using: &random) ?? "]") + body + "\u{1B}\\"
            default: text += pick(0x61...0x7A)
            }
            let read = keys(text + "z")
            #expect(read.last == .character("z") && read.count <= 2, "\(text.debugDescription): \(read)")
            if read.count == 2 { #expect(known.contains(read[0]), "\(text.debugDescription): \(read)") }
        }
    }

    /// Pasted text is no key: it goes where text is typed, and nowhere else.
    @Test(arguments: Screen.allCases) func pastedTextIsNotObeyed(screen: Screen) {
        var state = tinyState()
        send(&state, .data(.ready(tinyDataset)))
        state.screen = screen
        var before = state
        #expect(update(&state, .paste("https://trains.example/twq?x=1\nq")) == [])
        before.message = state.message
        #expect(drawn(state) == drawn(before) && state.screen == screen && state.training.run == nil)
    }

    @Test func aPlaceCanBePasted() {
        var state = tinyState()
        send(&state, .data(.ready(tinyDataset)), .key(.character("f")), .paste("(1, -0.5)\u{1B}x\nq"))
        #expect(state.overlay == .goTo("(1, -0.5)·x"))
    }

    /// Any keys, in any state: nothing stops, and only what the key table lists does anything.
    @Test func aHundredThousandKeys() {
        var random = Seeded(state: 15)
        let keys: [Key] =
            (32..<127).map { .character(Character(Unicode.Scalar(UInt8($0)))) }
            + [.up, .down, .left, .right, .shiftUp, .shiftDown, .shiftLeft, .shiftRight, .enter, .escape, .tab, .backTab,
               .backspace, .delete, .insert, .home, .end, .pageUp, .pageDown, .function(1), .control("c"), .control("l"),
               .character("é"), .character("한")]
        var state = tinyState()
        for n in 0..<100_000 {
            if n % 500 == 0 {
                // Another size; with data and training, with data, with nothing.
                let size = [(80, 24), (40, 10), (200, 60), (61, 17)][n / 500 % 4]
                state = tinyState(width: size.0, height: size.1)
                if n % 1500 != 0 { send(&state, .data(.ready(tinyDataset))) }
                if n % 1500 == 500 { send(&state, .trainingStarted(.init(name: "tiny", dataset: "tiny", images: 30, beta: 1))) }
            }
            let key = keys[Int.random(in: keys.indices, using: &random)]
            let before = state.screen
            let effects = update(&state, n % 50 == 0 ? .paste("twq") : .key(key))
            if n % 50 == 0 { #expect(effects == [] && state.screen == before) }
            if n % 97 == 0 { settle(&state, effects.filter { $0 != .quit }) }
            if n % 11 == 0, let run = state.training.run, !run.state.isOver { _ = update(&state, .mail(tinyMail(steps: n / 11 + 1...n / 11 + 1))) }
            if n % 7 == 0 { #expect(drawn(state).count == state.height) }
        }
    }
}
