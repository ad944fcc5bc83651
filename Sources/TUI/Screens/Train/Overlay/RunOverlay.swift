import Drawing
import VAECore

/// Runs laid over one another on Train, in the order they were marked.
package struct RunOverlay: Sendable {
    /// As many as colours and marks that are told apart.
    package static let most = 8
    /// Marked, whether read yet or not.
    package private(set) var paths: [String] = []
    package private(set) var runs: [MarkedRun] = []
    /// Whether they stand in the place of the run on show.
    package var isShown = false
    package var axis = Axis.step
    /// Whether the losses on held-out images are drawn, or those of the batches.
    package var isTest = true

    /// What the curves run over.
    package enum Axis: String, Sendable, CaseIterable {
        case step, epoch
        case time = "second"
    }

    /// Marks a run that is to be read.
    /// - Returns: false when there are as many as can be told apart.
    mutating func mark(_ path: String) -> Bool {
        guard paths.count < Self.most else { return false }
        paths.append(path)
        return true
    }

    mutating func unmark(_ path: String) {
        paths.removeAll { $0 == path }
        runs.removeAll { $0.path == path }
        if paths.isEmpty { isShown = false }
    }

    /// Takes a run that was read, or read again.
    mutating func take(_ run: MarkedRun) {
        guard paths.contains(run.path) else { return }
        runs = paths.compactMap { path in path == run.path ? run : runs.first { $0.path == path } }
    }

    /// What the run at a place is drawn with.
    package static func look(_ place: Int) -> (color: Color, marker: Unicode.Scalar) {
        let marks: [Unicode.Scalar] = ["*", "+", "x", "o", "#", "@", "%", "=", "."]
        return (place < Palette.classes.count ? Palette.classes[place] : 231, marks[place % marks.count])
    }
}

extension AppState {
    /// The runs laid over one another: those that were marked, and that of this session if it is none of them.
    var overlaid: [MarkedRun] {
        let marked = training.overlay.runs
        guard let own = MarkedRun(ofThisSession: self), !marked.contains(where: { $0.path == own.path }) else { return marked }
        return marked + [own]
    }
}

// MARK: Keys

extension ModelsScreen {
    /// Marks the chosen run, or takes its mark away.
    static func toggleMark(_ state: inout AppState) -> [Effect] {
        guard let listing = chosen(&state) else { return [] }
        if state.training.overlay.paths.contains(listing.path) {
            state.training.overlay.unmark(listing.path)
            state.message = .init(text: "\(listing.name) is no longer marked")
            return []
        }
        guard state.training.overlay.mark(listing.path) else {
            state.message = .init(text: "\(RunOverlay.most) runs are marked: m on one of them takes its mark away", isError: true)
            return []
        }
        return [.job(ReadMarked(listing: listing))]
    }
}

/// A marked run was read.
func marked(_ run: MarkedRun, _ state: inout AppState) -> [Effect] {
    state.training.overlay.take(run)
    let count = state.training.overlay.paths.count
    if state.screen == .models { state.message = .init(text: "\(run.name) is marked (\(count) of \(RunOverlay.most)): O lays the marked runs over one another") }
    return []
}

extension TrainScreen {
    /// The marked runs over one another, or the run on show again. Those that are still trained are read anew.
    static func toggleOverlay(_ state: inout AppState) -> [Effect] {
        let isAway = state.screen != .train
        guard !state.training.overlay.paths.isEmpty else {
            state.message = .init(text: "no runs are marked: m on Models marks up to \(RunOverlay.most), to lay them over one another")
            return []
        }
        state.training.overlay.isShown = isAway || !state.training.overlay.isShown
        state.training.forgetView()
        guard state.training.overlay.isShown else { return refresh(state) }
        let written = Set(state.training.overlay.runs.filter(\.isWritten).map(\.path))
        let again = state.models.listings.filter { written.contains($0.path) }.map { Effect.job(ReadMarked(listing: $0)) }
        return again + (isAway ? show(.train, &state) : refresh(state))
    }

    static func nextAxis(_ state: inout AppState) -> [Effect] {
        guard isOverlaid(&state) else { return [] }
        state.training.overlay.axis = state.training.overlay.axis.next
        state.training.forgetView()
        return []
    }

    static func otherSet(_ state: inout AppState) -> [Effect] {
        guard isOverlaid(&state) else { return [] }
        state.training.overlay.isTest.toggle()
        state.message = .init(text: state.training.overlay.isTest ? "losses on held-out images" : "losses of the training batches")
        return []
    }

    private static func isOverlaid(_ state: inout AppState) -> Bool {
        if state.training.overlay.isShown { return true }
        state.message = .init(text: "this is for marked runs: m on Models marks them, O lays them over one another")
        return false
    }
}
