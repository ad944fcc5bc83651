import Drawing
import VAECore

// Places of the latent space: class means, bookmarks, and those a person types.

extension ExploreScreen {
    /// The next class whose mean the cursor goes to: after the one it is at.
    static func classMean(by: Int, _ state: inout AppState) {
        let means = meansOfClasses(state)
        guard !means.isEmpty else {
            state.message = .init(text: whyNoMeans(state))
            return
        }
        let here = means.firstIndex { distance($0.mean, state.explore.cursor) < 1e-3 }
        let next = here.map { ($0 + by + means.count) % means.count } ?? (by > 0 ? 0 : means.count - 1)
        stopGoing(&state)
        go(to: means[next].mean, &state)
        state.message = .init(text: "mean code of class \(means[next].label)")
    }

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
        state.overlay = .goTo("")
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

private func meansOfClasses(_ state: AppState) -> [(label: Int, mean: [Float])] {
    let codes = state.shown.trainingCodes ?? state.shown.codes
    return codes?.latent == state.model.latent ? codes?.classMeans ?? [] : []
}

private func whyNoMeans(_ state: AppState) -> String {
    switch state.data {
    case .missing: "class means need a data set"
    case .loading: "the data set is loading"
    case .ready(let dataset):
        dataset.test.labels == nil ? "this data set has no classes" : "the images are being encoded"
    }
}

private func distance(_ a: [Float], _ b: [Float]) -> Float {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
}

/// A key while a place is typed.
func type(_ key: Key, after text: String, _ state: inout AppState) -> [Effect] {
    switch key {
    case .escape, .control("c"): state.overlay = nil
    case .backspace: state.overlay = .goTo(String(text.dropLast()))
    case .character(let letter) where text.count < 60: state.overlay = .goTo(text + String(letter))
    case .enter:
        let places = LatentExpression.Places(
            cursor: state.explore.cursor, start: state.explore.path.start, end: state.explore.path.end,
            classMeans: meansOfClasses(state), dimensions: state.explore.dimensions)
        switch LatentExpression.evaluate(text, places) {
        // The text stays, to be mended.
        case .problem(let reason): state.message = .init(text: reason, isError: true)
        case .point(let z):
            state.overlay = nil
            stopGoing(&state)
            go(to: z, &state)
            return refresh(state)
        }
    default: break
    }
    return []
}
