import Drawing
import VAECore

// Places of the latent space: class means, bookmarks, and those a person types.

extension ExploreScreen {
    /// Back to the screen the cursor was sent from.
    static func back(_ state: inout AppState) -> [Effect] {
        guard let origin = state.explore.origin else {
            state.message = .init(text: "nothing to return to: Backspace returns after Enter on Compare or Draw")
            return []
        }
        state.explore.origin = nil
        return show(origin, &state)
    }

    static func askForPlace(_ state: inout AppState) -> [Effect] {
        state.overlay = .typing(.place, "")
        return []
    }

    static func askForImage(_ state: inout AppState) -> [Effect] {
        state.overlay = .typing(.place, "#")
        return []
    }

    static func askForAxes(_ state: inout AppState) -> [Effect] {
        state.overlay = .typing(.axes, "")
        return []
    }

    // MARK: Bookmarks

    static func toggleBookmark(_ state: inout AppState) {
        let cursor = state.explore.cursor
        if let at = state.explore.bookmarks.firstIndex(of: cursor) {
            state.explore.bookmarks.remove(at: at)
            state.message = .init(text: "bookmark removed")
        } else {
            state.explore.bookmarks.append(cursor)
            state.message = .init(text: "bookmark \(state.explore.bookmarks.count): ' returns to it")
        }
    }

    static func nextBookmark(_ state: inout AppState) {
        let marks = state.explore.bookmarks
        guard !marks.isEmpty else {
            state.message = .init(text: "no bookmarks yet: m sets one")
            return
        }
        let next = marks.firstIndex(of: state.explore.cursor).map { ($0 + 1) % marks.count } ?? 0
        stopGoing(&state)
        go(to: marks[next], &state)
        state.message = .init(text: "bookmark \(next + 1) of \(marks.count)")
    }
}

/// The cursor to a point; the plane comes along.
func go(to z: [Float], _ state: inout AppState) {
    guard z.count == state.model.latent, z.allSatisfy(\.isFinite) else { return }
    state.explore.cursor = z.map(ExploreState.held)
    if state.explore.cursor != z { sayLimit(&state) }
    follow(&state)
}
