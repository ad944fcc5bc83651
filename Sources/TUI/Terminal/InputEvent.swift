import Drawing

/// A key a person pressed.
package enum Key: Equatable, Hashable, Sendable {
    /// A printable character.
    case character(Character)
    /// Ctrl and a letter, given in lower case.
    case control(Character)
    case up, down, left, right
    case shiftUp, shiftDown, shiftLeft, shiftRight
    case enter, escape, tab, backTab, backspace, delete, insert
    case home, end, pageUp, pageDown
    /// F1 is `function(1)`.
    case function(Int)
}

extension Key: ExpressibleByExtendedGraphemeClusterLiteral {
    /// A printable character, so that tables of keys say `"h"`.
    package init(extendedGraphemeClusterLiteral character: Character) { self = .character(character) }
}

/// What a mouse did.
package enum MouseKind: Equatable, Hashable, Sendable {
    /// A button went down: 1 left, 2 middle, 3 right.
    case press(Int)
    /// The mouse moved with that button held.
    case drag(Int)
    case release
    case wheelUp, wheelDown

    /// What a report's bits say, as xterm has them; nil for what is none here, such as a fourth button.
    /// - Parameters:
    ///   - buttons: 0 to 2 for the first three buttons, 3 for none, 64 more for the wheel, 32 more for a motion; 4, 8
    ///     and 16 for modifiers.
    ///   - isPress: whether the button went down or is held.
    init?(buttons: Int, isPress: Bool) {
        let (button, isMotion) = (buttons & 3 + 1, buttons & 32 != 0)
        switch buttons & ~(3 | 4 | 8 | 16 | 32) {
        case 0 where !isPress && !isMotion: self = .release
        case 0 where isPress && button <= 3: self = isMotion ? .drag(button) : .press(button)
        case 64 where isPress && button <= 2: self = button == 1 ? .wheelUp : .wheelDown
        default: return nil
        }
    }
}

/// Something that happened to the terminal.
package enum InputEvent: Equatable, Hashable, Sendable {
    case key(Key)
    /// The terminal has this size now, or must be drawn anew.
    case resize(width: Int, height: Int)
    case mouse(x: Int, y: Int, MouseKind)
    /// Text was pasted; as it came, control characters included.
    case paste(String)
    /// The terminal has answered what is behind its text.
    case background(Background)
    /// SIGINT, SIGTERM or SIGHUP asks the program to end.
    case signal(Int32)
    /// The terminal is gone: nothing can be read or shown any more.
    case hangup
}
