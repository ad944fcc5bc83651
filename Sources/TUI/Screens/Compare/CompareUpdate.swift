import Drawing
import VAECore

/// The keys of the Compare screen.
func compare(_ command: CompareCommand, _ state: inout AppState) -> [Effect] {
    let last = max(0, state.compare.order.count - 1)
    switch command {
    case .select(let by): state.compare.selected = min(last, max(0, state.compare.selected + by))
    case .selectPage(let by): state.compare.selected = min(last, max(0, state.compare.selected + 10 * by))
    case .selectEnd(let first): state.compare.selected = first ? 0 : last
    case .sort:
        let all = CompareState.Sorting.allCases.filter { state.beside != nil || !$0.needsSecond }
        let at = all.firstIndex(of: state.compare.sorting) ?? 0
        state.compare.sorting = all[(at + 1) % all.count]
        sortCompare(&state)
        state.compare.selected = 0
        return scoreEffects(state) + compareEffects(state)
    case .resample:
        state.compare.sampleSeed = (state.compare.sampleSeed ?? 0) + 1
        state.message = .init(text: "z drawn from q(z|x), draw \(state.compare.sampleSeed ?? 1): z draws again, Z takes the mean")
    case .takeMean:
        state.compare.sampleSeed = nil
        state.message = .init(text: "z is the mean of q(z|x)")
    case .showOnPlane: return showOnPlane(&state)
    case .beside: return beside(&state)
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
    guard let dataset = state.data.dataset, state.compare.order.indices.contains(state.compare.selected) else { return [] }
    var effects: [Effect] = [
        .job(
            ReconstructImage(
                model: state.shown.now, beside: state.beside?.now, set: dataset.test,
                index: state.compare.order[state.compare.selected], sampleSeed: state.compare.sampleSeed))
    ]
    // While training runs every step changes them all: then they are computed once, and again when asked to sort.
    let isStale = state.shown.scoresStep != state.model.step && !state.training.isActive
    if state.shown.scores.isEmpty || isStale { effects += scoreEffects(state) }
    return effects + besideEffects(state, dataset)
}

/// Computing the losses of all held-out images under the model on show.
func scoreEffects(_ state: AppState) -> [Effect] {
    state.data.dataset.map { [.job(ScoreImages(model: state.shown.now, set: $0.test))] } ?? []
}

/// Encoding the held-out images.
func encode(_ slot: ModelSlot, _ state: AppState) -> Effect? {
    guard let dataset = state.data.dataset else { return nil }
    let isLive = slot.id == state.shown.id && state.training.run?.state.takesSteps == true
    return .job(EncodeImages(model: slot.now, set: dataset.test, isTraining: false, isLive: isLive))
}

/// What the second model is needed for: its losses, and on a screen with room the codes of both and their holes.
private func besideEffects(_ state: AppState, _ dataset: Dataset) -> [Effect] {
    guard let beside = state.beside, beside.session.takes(dataset.test) else { return [] }
    var effects: [Effect] = []
    if beside.scores.isEmpty { effects.append(.job(ScoreImages(model: beside.now, set: dataset.test))) }
    guard !CompareLayout(state).maps.isEmpty else { return effects }
    let isStale = state.shown.codes.map { $0.step != state.model.step && !state.training.isActive } ?? true
    if isStale { effects += [encode(state.shown, state)].compactMap { $0 } }
    if beside.codes == nil { effects += [encode(beside, state)].compactMap { $0 } }
    func isUnknown(_ path: String?, _ model: ModelState) -> Bool {
        guard let path, state.models.holes[path] == nil, !state.training.isActive else { return false }
        return model.classes == nil && isOwn(state.data.dataset, model.shape, model.trainedOn)
    }
    for slot in [state.training.run == nil ? state.shown : beside, beside] where isUnknown(slot.path, slot.model) {
        return effects + [.job(MeasureHoles(model: .loaded(slot.now), set: dataset.train))]
    }
    return effects
}

/// Holds the natural partner of the model on show beside it, or asks for one; drops the one that is held.
private func beside(_ state: inout AppState) -> [Effect] {
    if state.beside != nil {
        dropSecond(&state)
        return compareEffects(state)
    }
    let twins = [("manifold", "autoencoder"), ("autoencoder", "manifold")]
    // A run of a preset bears its name after the time.
    if let twin = twins.first(where: { state.model.name == $0.0 || state.model.name.hasSuffix("-" + $0.0) }) {
        return [.job(OpenModel(session: state.shown.session, model: .named(twin.1), isBeside: true))]
    }
    state.message = .init(text: "choose the second model with b")
    return show(.models, &state)
}

/// New losses of a model: the list is sorted by them, the selected image stays selected.
func scored(_ model: ModelSlot.ID, _ state: inout AppState) -> [Effect] {
    if model == state.beside?.id {
        if state.compare.sorting.needsSecond { sortCompare(&state) }
        return state.screen == .compare ? compareEffects(state) : []
    }
    let selected = state.compare.order.indices.contains(state.compare.selected)
        ? state.compare.order[state.compare.selected] : 0
    sortCompare(&state)
    if [.index, .label].contains(state.compare.sorting) {
        state.compare.selected = state.compare.order.firstIndex(of: selected) ?? 0
    }
    return state.screen == .compare ? compareEffects(state) : []
}

/// Puts the list in its order, as far as the losses it needs are known.
func sortCompare(_ state: inout AppState) {
    guard let set = state.data.dataset?.test else { return }
    let all = Array(0..<set.count)
    switch state.compare.sorting {
    case .index: state.compare.order = all
    case .worst:
        let scores = state.shown.scores
        guard scores.count == set.count else { return }
        state.compare.order = all.sorted { (scores[$1].negativeELBO, $0) < (scores[$0].negativeELBO, $1) }
    case .secondWorse, .secondBetter:
        let sign = state.compare.sorting == .secondWorse ? 1.0 : -1.0
        let differences = all.compactMap { state.difference($0).map { $0 * sign } }
        guard differences.count == set.count else { return }
        state.compare.order = all.sorted { (differences[$1], $0) < (differences[$0], $1) }
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
    state.message = .init(text: "image \(pair.index) at its code; Backspace goes back")
    return show(.explore, &state)
}
