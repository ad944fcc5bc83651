import VAECore

/// The keys of the Compare screen.
func compare(_ command: CompareCommand, _ state: inout AppState) -> [Effect] {
    let last = max(0, state.compare.order.count - 1)
    switch command {
    case .select(let by): state.compare.selected = min(last, max(0, state.compare.selected + by))
    case .selectPage(let by): state.compare.selected = min(last, max(0, state.compare.selected + 10 * by))
    case .selectEnd(let first): state.compare.selected = first ? 0 : last
    case .sort:
        let all = CompareState.Sorting.allCases
        let at = all.firstIndex(of: state.compare.sorting) ?? 0
        state.compare.sorting = all[(at + 1) % all.count]
        sort(&state)
        state.compare.selected = 0
        return [.score] + compareEffects(state)
    case .resample:
        state.compare.sampleSeed = state.compare.sampleSeed == nil ? UInt64(state.model.step + 1) : nil
    case .showOnPlane: return showOnPlane(&state)
    }
    return compareEffects(state)
}

/// The mouse on the Compare screen.
func compareMouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] {
    switch kind {
    case .wheelUp: compare(.select(by: -1), &state)
    case .wheelDown: compare(.select(by: 1), &state)
    default: []
    }
}

/// Reconstructing the selected image, and scoring them all when their losses are of another step.
func compareEffects(_ state: AppState) -> [Effect] {
    guard state.data.dataset != nil, state.compare.order.indices.contains(state.compare.selected) else { return [] }
    var effects = [
        Effect.compare(index: state.compare.order[state.compare.selected], sampleSeed: state.compare.sampleSeed)
    ]
    // While training runs every step changes them all: then they are computed once, and again when asked to sort.
    let isStale = state.compare.scoresStep != state.model.step && !state.training.isActive
    if state.compare.scores.isEmpty || isStale { effects.append(.score) }
    return effects
}

/// New losses: the list is sorted by them, the selected image stays selected.
func scored(_ scores: [LossTerms], step: Int, _ state: inout AppState) -> [Effect] {
    state.compare.scores = scores
    state.compare.scoresStep = step
    let selected = state.compare.order.indices.contains(state.compare.selected)
        ? state.compare.order[state.compare.selected] : 0
    sort(&state)
    if state.compare.sorting != .worst { state.compare.selected = state.compare.order.firstIndex(of: selected) ?? 0 }
    return state.screen == .compare ? compareEffects(state) : []
}

private func sort(_ state: inout AppState) {
    guard let set = state.data.dataset?.test else { return }
    let all = Array(0..<set.count)
    switch state.compare.sorting {
    case .index: state.compare.order = all
    case .worst:
        let scores = state.compare.scores
        guard scores.count == set.count else { return }
        state.compare.order = all.sorted { (scores[$1].negativeELBO, $0) < (scores[$0].negativeELBO, $1) }
    case .label:
        guard let labels = set.labels else {
            state.message = .init(text: "this data set has no classes")
            return
        }
        state.compare.order = all.sorted { (labels[$0], $0) < (labels[$1], $1) }
    }
}

/// The cursor of the plane to the code of the selected image.
private func showOnPlane(_ state: inout AppState) -> [Effect] {
    guard let pair = state.compare.pair, pair.reconstruction.z.count == state.model.latent else { return [] }
    state.explore.cursor = pair.reconstruction.z
    if state.model.classes != nil, let label = state.data.dataset?.test.labels?[pair.index] {
        state.explore.label = Int(label)
    }
    let shown = state.explore.dimensions
    state.explore.center = (pair.reconstruction.z[shown.across], pair.reconstruction.z[shown.up])
    state.explore.origin = .compare
    state.message = .init(text: "held-out image \(pair.index) at its code; Backspace goes back")
    return show(.explore, &state)
}
