import Drawing
import VAECore

// Going from one marked place to another.

extension ExploreScreen {
    static func mark(start: Bool, _ state: inout AppState) {
        if start { state.explore.path.start = state.explore.cursor } else { state.explore.path.end = state.explore.cursor }
        state.explore.path.pictures = []
        followMarks(&state)
        let (this, that) = start ? ("a", "b") : ("b", "a")
        guard let ends = state.explore.path.ends else {
            state.message = .init(text: "\(this) is set here; walk on and press \(that) for the other end")
            return
        }
        guard ends.start != ends.end else {
            state.message = .init(text: "\(this) is at the same place as \(that): walk on and press \(this) again")
            return
        }
        let below = ExploreLayout(state).strip.isEmpty ? "a path from a to b" : "the path from a to b is below"
        state.message = .init(text: "\(below); g walks it, o bends it around the origin")
    }

    /// The third point of a plane: nothing but that plane needs it.
    static func markThird(_ state: inout AppState) {
        state.explore.path.third = state.explore.cursor
        followMarks(&state)
        let missing = [("a", state.explore.path.start), ("b", state.explore.path.end)].filter { $0.1 == nil }.map(\.0)
        let next = missing.isEmpty
            ? "V changes to the plane through a, b and c" : "mark \(missing.joined(separator: " and ")) too for the plane through all three"
        state.message = .init(text: "c is set here; \(next)")
    }

    static func otherPathKind(_ state: inout AppState) {
        state.explore.path.kind = state.explore.path.kind == .straight ? .spherical : .straight
        let isStraight = state.explore.path.kind == .straight
        let shape = isStraight ? "straight paths" : "paths that keep their distance from the origin"
        state.message = .init(text: state.explore.path.ends == nil ? "\(shape); mark one with a and b" : shape)
    }

    /// The path's ends, if they are two places; says what is missing.
    static func pathEnds(_ state: inout AppState) -> (start: [Float], end: [Float])? {
        guard let ends = state.explore.path.ends else {
            state.message = .init(text: "mark two places first: a where the path starts, b where it ends")
            return nil
        }
        guard ends.start != ends.end else {
            state.message = .init(text: "a and b are the same place: walk on and mark the other")
            return nil
        }
        return ends
    }

    static func goAlong(_ state: inout AppState) {
        guard pathEnds(&state) != nil else { return }
        state.explore.replay = nil
        state.explore.path.isGoing.toggle()
        state.explore.path.since = nil
    }
}

func stopGoing(_ state: inout AppState) {
    state.explore.path.isGoing = false
    state.explore.path.since = nil
}

/// The cursor on its way from one end of the path to the other and back.
func tick(_ seconds: Double, _ state: inout AppState) -> [Effect] {
    if state.explore.replay != nil { return replayTick(seconds, &state) }
    guard state.explore.path.isGoing, let ends = state.explore.path.ends else { return [] }
    let since = state.explore.path.since ?? seconds
    state.explore.path.since = since
    let turns = max(0, seconds - since) / ExploreState.PathState.seconds
    let phase = turns.truncatingRemainder(dividingBy: 2)
    go(to: state.explore.path.kind.point(from: ends.start, to: ends.end, Float(phase < 1 ? phase : 2 - phase)), &state)
    return state.screen == .explore ? refresh(state) : []
}
