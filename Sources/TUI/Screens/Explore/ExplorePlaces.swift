import Drawing
import VAECore

// Places of the Explore screen's latent space: what lies on the plane, marks, paths, bookmarks, the run's past.

// MARK: What is shown

func nextLayer(_ state: inout AppState) {
    let all = ExploreState.Layer.allCases
    let at = all.firstIndex(of: state.explore.layer) ?? 0
    state.explore.layer = all[(at + 1) % all.count]
    let needsData = state.explore.layer == .scatter || state.explore.layer == .density
    if needsData, case .missing(let reason) = state.data { state.message = .init(text: reason, isError: true) }
}

/// The large picture as the uncertainty of its pixels, or as their means.
func toggleEntropy(_ state: inout AppState) {
    state.explore.showsEntropy.toggle()
    let isOn = state.explore.showsEntropy
    if ExploreLayout(state).side.isEmpty {
        state.message = .init(text: "no large picture here: a wider screen shows \(isOn ? "how unsure its pixels are" : "its pixels' means")")
    } else {
        state.message = .init(text: isOn ? "how unsure each pixel is: dark 0 bits, bright 1 bit" : "each pixel's mean")
    }
}

func otherSpacing(_ state: inout AppState) {
    guard state.explore.layer != .traversals else {
        state.message = .init(text: "rows of dimensions go in equal steps of z; v shows the plane, where i chooses")
        return
    }
    state.explore.spacing = state.explore.spacing == .linear ? .quantile : .linear
    let home = state.model.home(state.explore.dimensions)
    let shown = state.explore.dimensions
    state.explore.center = (home.center[shown.across], home.center[shown.up])
    state.explore.reach = home.reach
    if state.explore.spacing == .linear { follow(&state) }
    let whole = state.model.codes == nil ? "the prior" : "the codes, as a Gaussian"
    state.message = .init(
        text: state.explore.spacing == .linear
            ? "equal steps in z" : "equal steps in probability: each picture stands for as much of \(whole)")
}

// MARK: Going to places

/// The cursor to a point; the plane comes along.
func go(to z: [Float], _ state: inout AppState) {
    guard z.count == state.model.latent, z.allSatisfy(\.isFinite) else { return }
    state.explore.cursor = z.map { min(ExploreState.limit, max(-ExploreState.limit, $0)) }
    if state.explore.cursor != z { state.message = .init(text: "z ends at ±\(Int(ExploreState.limit)) here") }
    follow(&state)
}

/// The next class whose mean the cursor goes to: after the one it is at.
func classMean(by: Int, _ state: inout AppState) {
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

private func meansOfClasses(_ state: AppState) -> [(label: Int, mean: [Float])] {
    let codes = state.shown.trainingCodes ?? state.shown.codes
    return codes?.latent == state.model.latent ? codes?.classMeans ?? [] : []
}

private func whyNoMeans(_ state: AppState) -> String {
    switch state.data {
    case .missing: "class means need a data set"
    case .loading: "the data set is loading"
    case .ready(let dataset):
        dataset.test.labels == nil ? "this data set has no classes" : "the images are being encoded: a moment"
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
            return exploreEffects(state)
        }
    default: break
    }
    return []
}

/// Back to the screen the cursor was sent from.
func back(_ state: inout AppState) -> [Effect] {
    guard let origin = state.explore.origin else {
        state.message = .init(text: "nothing to go back to: Enter on Compare or Draw comes here, Backspace goes back")
        return []
    }
    state.explore.origin = nil
    return show(origin, &state)
}

// MARK: Bookmarks

func toggleBookmark(_ state: inout AppState) {
    let cursor = state.explore.cursor
    if let at = state.explore.bookmarks.firstIndex(of: cursor) {
        state.explore.bookmarks.remove(at: at)
        state.message = .init(text: "bookmark removed")
    } else {
        state.explore.bookmarks.append(cursor)
        state.message = .init(text: "bookmark \(state.explore.bookmarks.count): ' comes back to it")
    }
}

func nextBookmark(_ state: inout AppState) {
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

// MARK: Paths

func mark(start: Bool, _ state: inout AppState) {
    if start { state.explore.path.start = state.explore.cursor } else { state.explore.path.end = state.explore.cursor }
    state.explore.path.pictures = []
    let (this, that) = start ? ("a", "b") : ("b", "a")
    guard let ends = state.explore.path.ends else {
        state.message = .init(text: "\(this) is here; walk on and press \(that) for the other end")
        return
    }
    guard ends.start != ends.end else {
        state.message = .init(text: "\(this) is where \(that) is: walk on and press \(this) again")
        return
    }
    let below = ExploreLayout(state).strip.isEmpty ? "a path from a to b" : "the path from a to b is below"
    state.message = .init(text: "\(below); g goes along it, o bends it around the origin")
}

func otherPathKind(_ state: inout AppState) {
    state.explore.path.kind = state.explore.path.kind == .straight ? .spherical : .straight
    let isStraight = state.explore.path.kind == .straight
    let shape = isStraight ? "paths go straight" : "paths go around the origin, at the distance their ends have"
    state.message = .init(text: state.explore.path.ends == nil ? "\(shape); a and b mark one" : shape)
}

/// The path's ends, if they are two places; says what is missing.
private func pathEnds(_ state: inout AppState) -> (start: [Float], end: [Float])? {
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

func goAlong(_ state: inout AppState) {
    guard pathEnds(&state) != nil else { return }
    state.explore.path.isGoing.toggle()
    state.explore.path.since = nil
}

func stopGoing(_ state: inout AppState) {
    state.explore.path.isGoing = false
    state.explore.path.since = nil
}

/// The cursor on its way from one end of the path to the other and back.
func tick(_ seconds: Double, _ state: inout AppState) -> [Effect] {
    guard state.explore.path.isGoing, let ends = state.explore.path.ends else { return [] }
    let since = state.explore.path.since ?? seconds
    state.explore.path.since = since
    let turns = max(0, seconds - since) / ExploreState.PathState.seconds
    let phase = turns.truncatingRemainder(dividingBy: 2)
    go(to: state.explore.path.kind.point(from: ends.start, to: ends.end, Float(phase < 1 ? phase : 2 - phase)), &state)
    return state.screen == .explore ? exploreEffects(state) : []
}

// MARK: Time

/// To an earlier or later step of the run.
func travel(by: Int, _ state: inout AppState) -> [Effect] {
    let steps = state.training.past.steps
    guard steps.count > 1 else {
        state.message = .init(text: "no steps to go back to yet: press t to train, then , and . move in time")
        return []
    }
    let newest = steps.count - 1
    let next = (state.training.past.shown.flatMap { steps.firstIndex(of: $0) } ?? newest) + by
    guard steps.indices.contains(next) else {
        let end = by > 0 ? "the newest step" : "the earliest step that is kept"
        state.message = .init(text: "this is \(end): \(by > 0 ? ", goes back" : ". goes on, Esc to the newest")")
        return []
    }
    return showStep(next < newest ? steps[next] : nil, &state)
}

/// Shows the parameters of a step that is held, or the newest.
func showStep(_ step: Int?, _ state: inout AppState) -> [Effect] {
    let wanted = step.flatMap { state.training.past.snapshot(at: $0) }
    guard let snapshot = wanted ?? state.training.past.newest else { return [] }
    state.training.past.show(wanted?.step)
    state.shown.show(snapshot)
    // The curves are read at the step whose pictures are shown.
    if wanted != nil { state.training.placeCursor(at: Double(snapshot.step)) } else { state.training.dropCursor() }
    return refresh(state)
}

/// Esc: whatever goes on ends.
func leave(_ state: inout AppState) -> [Effect] {
    if state.explore.path.isGoing {
        stopGoing(&state)
        return []
    }
    if state.training.past.shown != nil { return showStep(nil, &state) }
    let moves = state.screen == .explore ? ", and nothing goes along a path" : ""
    state.message = .init(text: "nothing to leave: this is the newest step\(moves)")
    return []
}

// MARK: Pictures to files

/// The path there and back, or without one, the plane over the run's steps, as an animation in a file.
func animation(_ state: inout AppState) -> [Effect] {
    let explore = state.explore
    if explore.path.ends != nil {
        guard let ends = pathEnds(&state) else { return [] }
        let there = explore.path.kind.points(from: ends.start, to: ends.end, count: 24)
        let points = there + there.dropFirst().dropLast().reversed()
        return [.job(ExportAnimation(model: state.shown.now, points: points, label: explore.label))]
    }
    guard state.training.past.steps.count > 1 else {
        state.message = .init(text: "nothing moves yet: mark a path with a and b, or train with t, then P")
        return []
    }
    return [
        .job(
            ExportTimeLapse(
                snapshots: state.training.past.all, grid: ExploreLayout(state).grid(explore), label: explore.label,
                folder: state.shown.session.exportFolder))
    ]
}

/// What lies on the plane, as a picture in a file.
func export(_ state: inout AppState) -> [Effect] {
    let explore = state.explore
    switch explore.layer {
    case .traversals where !explore.traversals.pictures.isEmpty:
        let columns = explore.traversals.values.first?.count ?? 1
        return export("traversals", explore.traversals.pictures, columns: columns, state)
    case .scatter, .density:
        state.message = .init(text: "codes and density are drawn in characters: p writes pictures (v changes the view)")
        return []
    default:
        guard let grid = explore.plane.grid, !explore.plane.pictures.isEmpty else {
            state.message = .init(text: "nothing is drawn yet")
            return []
        }
        return export("plane", explore.plane.pictures, columns: grid.columns, state)
    }
}

private func export(_ name: String, _ pictures: [Float], columns: Int, _ state: AppState) -> [Effect] {
    [
        .job(
            ExportPictures(
                name: name, shape: state.model.shape, pictures: pictures, columns: columns, step: state.explore.plane.step,
                folder: state.shown.session.exportFolder))
    ]
}
