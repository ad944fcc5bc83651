import VAECore

/// What the Draw screen shows.
public struct DrawState: Sendable {
    init() {}
}

/// Work the Draw screen asks for. Of several, only the last is done.
public enum DrawWork: Sendable, Equatable {
    case none
}

/// What came of it.
public enum DrawAnswer: Sendable {
    case none
}
