/// What a key of the Models screen asks for.
public enum ModelsCommand: Sendable, Equatable {
    case select(by: Int)
}

extension KeyBindings {
    /// The keys of the Models screen.
    static let models: [KeyBinding] = []
}
