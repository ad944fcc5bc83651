import VAECore

/// What the Models screen shows.
public struct ModelsState: Sendable {
    init() {}
}

/// Work the Models screen asks for.
public enum ModelsWork: Sendable, Equatable {
    case none
}

/// What came of it.
public enum ModelsAnswer: Sendable {
    case none
}
