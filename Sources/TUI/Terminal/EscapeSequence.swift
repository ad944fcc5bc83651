/// Reads what follows an Esc, character by character, to the end of its sequence, so that no part of a sequence nobody
/// knows is taken for keys.
///
/// Control sequences, control strings and single shifts end as ECMA-48 (5.4, 5.6, 8.3) has it; a few that terminals
/// send besides (X10 mouse reports, the Linux console's function keys) as those terminals do. One that was cut off ends
/// where the next begins, however long it is: its reader gives it up when nothing more comes.
public struct EscapeSequence {
    /// What a character meant.
    public enum Outcome: Equatable {
        /// The sequence goes on.
        case more
        /// It has ended: the key it stands for, nil for one that is none here.
        case ended(Key?)
        /// The text that follows was pasted, up to `CSI 201 ~`.
        case pasteBegins
        case pasteEnds
        /// Another sequence begins with this character, an Esc.
        case begunAnew
    }

    private enum State {
        case start, control, singleShift, designation, string, stringEscape
        /// So many characters more, whatever they are.
        case counted(Int)
    }

    private var state = State.start
    private var parameters = ""
    /// Whether a single shift said which modifiers are held.
    private var isModified = false

    /// At the character after Esc.
    public init() {}

    /// Whether a character after Esc can only be the begin of a sequence, not a key of its own.
    public static func begins(with code: UInt32) -> Bool {
        Unicode.Scalar(code).map { "[O]PX^_".unicodeScalars.contains($0) } ?? false
    }

    /// The character that, after an Esc, says what a control of U+0080 to U+009F says alone; nil for what is none.
    public static func afterEscape(_ code: UInt32) -> UInt32? {
        (0x80...0x9F).contains(code) ? code - 0x40 : nil
    }

    /// Takes the next character.
    public mutating func take(_ code: UInt32) -> Outcome {
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
            if code == 0x1B { state = .stringEscape }
            return code == 0x07 || code == 0x9C ? .ended(nil) : .more
        case .stringEscape:
            if code == UInt32(UInt8(ascii: "\\")) { return .ended(nil) }
            // The string was cut off, and this is another sequence.
            state = .start
            return begin(code)
        case .counted(let left):
            if code == 0x1B { return .begunAnew }
            state = .counted(left - 1)
            return left > 1 ? .more : .ended(nil)
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
        switch (letter, parameters) {
        case ("~", "200"): return .pasteBegins
        case ("~", "201"): return .pasteEnds
        case ("M", ""): state = .counted(3)
        case ("[", ""): state = .counted(1)
        case ("Z", ""): return .ended(.backTab)
        case ("~", _): return .ended(Self.numbered[parameters])
        case (_, ""), (_, "1"): return .ended(Self.arrow(code))
        case (_, "1;2"): return .ended(Self.shifted[letter])
        default: return .ended(nil)
        }
        return .more
    }

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
