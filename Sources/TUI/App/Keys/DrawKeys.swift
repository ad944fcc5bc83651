/// What a key of the Draw screen asks for.
public enum DrawCommand: Sendable, Equatable {
    case clear
}

extension KeyBindings {
    /// The keys of the Draw screen.
    static let draw: [KeyBinding] = []
}
