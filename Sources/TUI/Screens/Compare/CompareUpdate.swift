import Drawing
import VAECore

// What the keys of the Compare screen do.

extension CompareScreen {
    static func select(_ line: Int, _ state: inout AppState) -> [Effect] {
        state.compare.selected = max(0, min(state.compare.order.count - 1, line))
        return refresh(state)
    }

    static func select(by: Int, _ state: inout AppState) -> [Effect] { select(state.compare.selected + by, &state) }

    static func nextOrder(_ state: inout AppState) -> [Effect] {
        let all = CompareState.Sorting.allCases.filter { state.beside != nil || !$0.needsSecond }
        let at = all.firstIndex(of: state.compare.sorting) ?? 0
        state.compare.sorting = all[(at + 1) % all.count]
        sortCompare(&state)
        state.compare.selected = 0
        return scoreEffects(state) + refresh(state)
    }

    static func resample(_ state: inout AppState) -> [Effect] {
        state.compare.sampleSeed = (state.compare.sampleSeed ?? 0) + 1
        state.message = .init(text: "z sampled from q(z|x), sample \(state.compare.sampleSeed ?? 1): z samples again, Z uses the mean")
        return refresh(state)
    }

    static func takeMean(_ state: inout AppState) -> [Effect] {
        state.compare.sampleSeed = nil
        state.message = .init(text: "z is the mean of q(z|x)")
        return refresh(state)
    }

    /// Holds the natural partner of the model on show beside it, or asks for one; drops the one that is held.
    static func toggleBeside(_ state: inout AppState) -> [Effect] {
        if state.beside != nil {
            dropSecond(&state)
            return refresh(state)
        }
        let twins = [("manifold", "autoencoder"), ("autoencoder", "manifold")]
        // A run of a preset bears its name after the time.
        if let twin = twins.first(where: { state.model.name == $0.0 || state.model.name.hasSuffix("-" + $0.0) }) {
            return [.job(OpenModel(session: state.shown.session, model: .named(twin.1), isBeside: true))]
        }
        state.message = .init(text: "choose the second model and press b")
        return show(.models, &state)
    }

    /// The cursor of the plane to the code of the selected image.
    static func showOnPlane(_ state: inout AppState) -> [Effect] {
        guard let pair = state.compare.pair, pair.reconstruction.z.count == state.model.latent else { return [] }
        state.explore.center(on: pair.reconstruction.z)
        if state.model.classes != nil, let label = state.data.dataset?.test.labels?[pair.index] {
            state.explore.label = Int(label)
        }
        state.explore.origin = .compare
        state.message = .init(text: "image \(pair.index + 1) at its code; Backspace returns")
        return show(.explore, &state)
    }
}

/// New losses of a model: the list is sorted by them, the selected image stays selected.
func scored(_ model: ModelSlot.ID, _ state: inout AppState) -> [Effect] {
    if model == state.beside?.id {
        if state.compare.sorting.needsSecond { sortCompare(&state) }
        return state.screen == .compare ? refresh(state) : []
    }
    let selected = state.compare.order.indices.contains(state.compare.selected)
        ? state.compare.order[state.compare.selected] : 0
    sortCompare(&state)
    if [.index, .label].contains(state.compare.sorting) {
        state.compare.selected = state.compare.order.firstIndex(of: selected) ?? 0
    }
    return state.screen == .compare ? refresh(state) : []
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
