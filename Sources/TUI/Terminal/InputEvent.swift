/// A key a person pressed.
public enum Key: Equatable, Hashable, Sendable {
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

/// What a mouse did.
public enum MouseKind: Equatable, Hashable, Sendable {
    /// A button went down: 1 left, 2 middle, 3 right.
    case press(Int)
    /// The mouse moved with that button held.
    case drag(Int)
    case release
    case wheelUp, wheelDown
}

/// Something that happened to the terminal.
public enum InputEvent: Equatable, Hashable, Sendable {
    case key(Key)
    /// The terminal has this size now, or must be drawn anew.
    case resize(width: Int, height: Int)
    case mouse(x: Int, y: Int, MouseKind)
    /// Text was pasted; as it came, control characters included.
    case paste(String)
    /// SIGINT, SIGTERM or SIGHUP asks the program to end.
    case signal(Int32)
    /// The terminal is gone: nothing can be read or shown any more.
    case hangup
}
