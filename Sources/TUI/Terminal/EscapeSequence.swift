import Drawing

/// Reads what follows an Esc, character by character, to the end of its sequence, so that no part of a sequence nobody
/// knows is taken for keys.
///
/// Control sequences, control strings and single shifts end as ECMA-48 (5.4, 5.6, 8.3) has it; a few that terminals
/// send besides (the mouse's older reports, the Linux console's function keys) as those terminals do. One that was cut off ends
/// where the next begins, however long it is: its reader gives it up when nothing more comes.
package struct EscapeSequence {
    /// What a character meant.
    package enum Outcome: Equatable {
        /// It has ended: the terminal says what is behind its text.
        case background(Background)
        /// The sequence goes on.
        case more
        /// It has ended: the key it stands for, nil for one that is none here.
        case ended(Key?)
        /// It has ended: the mouse did this in that cell, counted from 0.
        case mouse(x: Int, y: Int, MouseKind)
        /// The text that follows was pasted, up to `CSI 201 ~`.
        case pasteBegins
        case pasteEnds
        /// Another sequence begins with this character, an Esc.
        case begunAnew
    }

    private enum State {
        case start, control, singleShift, designation, string, stringEscape
        /// A key of the Linux console, of one character.
        case consoleKey
        /// An older report of the mouse: three characters.
        case mouseReport
    }

    private var state = State.start
    private var parameters = ""
    /// Whether a single shift said which modifiers are held.
    private var isModified = false
    private var mouseReport: [UInt32] = []
    /// The begin of a control string, where an answer would be.
    private var answer = ""

    /// At the character after Esc.
    package init() {}

    /// Whether a character after Esc can only be the begin of a sequence, not a key of its own.
    package static func begins(with code: UInt32) -> Bool {
        Unicode.Scalar(code).map { "[O]PX^_".unicodeScalars.contains($0) } ?? false
    }

    /// The character that, after an Esc, says what a control of U+0080 to U+009F says alone; nil for what is none.
    package static func afterEscape(_ code: UInt32) -> UInt32? {
        (0x80...0x9F).contains(code) ? code - 0x40 : nil
    }

    /// Takes the next character.
    package mutating func take(_ code: UInt32) -> Outcome {
        switch state {
        case .start: return begin(code)
        case .control: return control(code)
        case .singleShift:
            if code == 0x1B { return .begunAnew }
            // Some terminals put here, before the letter, which modifiers are held.
            if (0x30...0x3B).contains(code) {
                isModified = true
                return .more
            }
            return .ended(isModified ? nil : Self.arrow(code))
        case .designation:
            if (0x20...0x2F).contains(code) { return .more }
            return code == 0x1B ? .begunAnew : .ended(nil)
        case .string:
            if code == 0x07 || code == 0x9C { return answered() }
            if code == 0x1B {
                state = .stringEscape
            } else if let scalar = Unicode.Scalar(code), answer.utf8.count < 64 {
                answer.unicodeScalars.append(scalar)
            }
            return .more
        case .stringEscape:
            if code == UInt32(UInt8(ascii: "\\")) { return answered() }
            // The string was cut off, and this is another sequence.
            state = .start
            return begin(code)
        case .consoleKey: return code == 0x1B ? .begunAnew : .ended(nil)
        case .mouseReport:
            if code == 0x1B { return .begunAnew }
            mouseReport.append(code)
            return mouseReport.count < 3 ? .more : Self.mouse(older: mouseReport)
        }
    }

    private mutating func begin(_ code: UInt32) -> Outcome {
        switch code {
        case 0x1B: return .begunAnew
        case UInt32(UInt8(ascii: "[")): state = .control
        case UInt32(UInt8(ascii: "O")): state = .singleShift
        case UInt32(UInt8(ascii: "]")), UInt32(UInt8(ascii: "P")), UInt32(UInt8(ascii: "X")),
            UInt32(UInt8(ascii: "^")), UInt32(UInt8(ascii: "_")):
            state = .string
        case 0x20...0x2F: state = .designation
        // Alt and a key.
        default: return .ended(nil)
        }
        return .more
    }

    private mutating func control(_ code: UInt32) -> Outcome {
        switch code {
        case 0x1B: return .begunAnew
        case 0x20...0x3F:
            if let scalar = Unicode.Scalar(code), parameters.utf8.count < 64 { parameters.unicodeScalars.append(scalar) }
            return .more
        case 0x40...0x7E: return final(code)
        default: return .ended(nil)
        }
    }

    private mutating func final(_ code: UInt32) -> Outcome {
        let letter = Unicode.Scalar(code).map(Character.init) ?? " "
        if parameters.hasPrefix("<") { return Self.mouse(parameters.dropFirst(), letter) }
        switch (letter, parameters) {
        case ("~", "200"): return .pasteBegins
        case ("~", "201"): return .pasteEnds
        case ("M", ""): state = .mouseReport
        case ("[", ""): state = .consoleKey
        case ("Z", ""): return .ended(.backTab)
        case ("~", _): return .ended(Self.numbered[parameters])
        case (_, ""), (_, "1"): return .ended(Self.arrow(code))
        case (_, "1;2"): return .ended(Self.shifted[letter])
        default: return .ended(nil)
        }
        return .more
    }

    // MARK: Answers

    /// `OSC 11 ; rgb:RRRR/GGGG/BBBB`: what is behind the text (xterm's dynamic colours), one to four hexadecimal digits each.
    private func answered() -> Outcome {
        let parts = answer.hasPrefix("11;rgb:") ? answer.dropFirst(7).split(separator: "/", omittingEmptySubsequences: false) : []
        let levels = parts.compactMap { part in
            (1...4).contains(part.utf8.count) ? Int(part, radix: 16).map { $0 * 255 / (1 << (4 * part.utf8.count) - 1) } : nil
        }
        guard parts.count == 3, levels.count == 3 else { return .ended(nil) }
        return .background(Background(red: levels[0], green: levels[1], blue: levels[2]))
    }

    // MARK: The mouse

    /// `CSI < buttons ; column ; row M`, or m for a release: xterm's reports of mode 1006.
    private static func mouse(_ parameters: Substring, _ letter: Character) -> Outcome {
        let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) }
        guard letter == "M" || letter == "m", numbers.count == 3, let buttons = numbers[0], let column = numbers[1],
            let row = numbers[2], column > 0, row > 0, let kind = MouseKind(buttons: buttons, isPress: letter == "M")
        else { return .ended(nil) }
        return .mouse(x: column - 1, y: row - 1, kind)
    }

    /// `CSI M` and three characters, each 32 more than its number: of terminals that do not know mode 1006.
    private static func mouse(older report: [UInt32]) -> Outcome {
        let numbers = report.map { Int($0) - 32 }
        guard numbers[1] > 0, numbers[2] > 0, let kind = MouseKind(buttons: numbers[0], isPress: numbers[0] & 3 != 3)
        else { return .ended(nil) }
        return .mouse(x: numbers[1] - 1, y: numbers[2] - 1, kind)
    }

    // MARK: Keys

    /// Arrows in normal and application mode.
    private static func arrow(_ code: UInt32) -> Key? {
        switch Unicode.Scalar(code).map(Character.init) {
        case "A": .up
        case "B": .down
        case "C": .right
        case "D": .left
        case "H": .home
        case "F": .end
        default: nil
        }
    }

    private static let shifted: [Character: Key] = ["A": .shiftUp, "B": .shiftDown, "C": .shiftRight, "D": .shiftLeft]
    private static let numbered: [String: Key] = [
        "1": .home, "2": .insert, "3": .delete, "4": .end, "5": .pageUp, "6": .pageDown, "7": .home, "8": .end,
    ]
}
