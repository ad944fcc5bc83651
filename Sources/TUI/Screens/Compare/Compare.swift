import Drawing
import VAECore

extension Screen {
    package static let compare: Screen = Screen(feature: CompareScreen())
}

/// Inputs beside reconstructions, image by image, of one model or of two.
struct CompareScreen: ScreenFeature {
    let title = "Compare"
    let keys: [KeyBinding] = [
        KeyBinding(
            "arrows hjkl", "next or previous image", hint: "choose",
            .on(.down, .right, "j", "l") { select(by: 1, &$0) }, .on(.up, .left, "k", "h") { select(by: -1, &$0) }),
        KeyBinding(
            "PgUp PgDn", "ten images forward or back",
            .on(.pageDown) { select(by: 10, &$0) }, .on(.pageUp) { select(by: -10, &$0) }),
        KeyBinding(
            "Home End", "first or last image",
            .on(.home) { select(0, &$0) }, .on(.end) { select($0.compare.order.count - 1, &$0) }),
        KeyBinding("o", "order: index, worst first, class, difference of two", hint: "order", .on("o", do: nextOrder)),
        KeyBinding(
            "z Z", "z: sample z from q(z|x), anew each time; Z: use its mean", hint: "sample z",
            .on("z", do: resample), .on("Z", do: takeMean)),
        KeyBinding("i", "estimate log p(x) of the image, by importance weighting", .on("i", do: bound)),
        KeyBinding("b", "compare with a second model; again to stop", hint: "beside", .on("b", do: toggleBeside)),
        KeyBinding("Enter", "show the image's place on the plane", hint: "to plane", .on(.enter, do: showOnPlane)),
        KeyBinding("p", "save the comparison as a drawing (SVG)", .on("p") { exportDrawing("compare", Frame.body($0), $0) }),
    ]

    func mouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] {
        switch kind {
        case .wheelUp: Self.select(by: -1, &state)
        case .wheelDown: Self.select(by: 1, &state)
        case .press(1), .drag(1): CompareLayout(state).line(atX: x, y: y, state.compare).map { Self.select($0, &state) } ?? []
        default: []
        }
    }

    func forget(_ change: ModelChange, _ state: inout AppState) {
        let images = state.data.dataset?.test.count ?? 0
        switch change {
        case .run: state.compare.forgetLosses(images: images)
        case .model(_, let keepsData):
            state.compare = CompareState()
            if keepsData { state.compare.order = Array(0..<images) }
        case .data: if state.data.dataset != nil { state.compare.order = Array(0..<images) }
        }
    }

    /// Reconstructing the selected image, and scoring them all when their losses are of another step.
    func effects(_ state: AppState) -> [Effect] {
        guard let dataset = state.data.dataset, state.compare.order.indices.contains(state.compare.selected) else { return [] }
        var effects: [Effect] = [
            .job(
                ReconstructImage(
                    model: state.shown.now, beside: state.beside?.now, set: dataset.test,
                    index: state.compare.order[state.compare.selected], sampleSeed: state.compare.sampleSeed))
        ]
        let layout = CompareLayout(state)
        if layout.pairCount > 0 {
            let next = state.compare.order.dropFirst(state.compare.selected + 1).prefix(layout.pairCount)
            effects.append(
                .job(
                    ReconstructPairs(
                        model: state.shown.now, set: dataset.test, indices: Array(next), sampleSeed: state.compare.sampleSeed)))
        }
        // While training runs every step changes them all: then they are computed once, and again when asked to sort.
        let isStale = state.shown.scoresStep != state.model.step && !state.training.isActive
        if state.shown.scores.isEmpty || isStale { effects += scoreEffects(state) }
        return effects + besideEffects(state, dataset)
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
        for slot in [!state.training.isOwn ? state.shown : beside, beside] where isUnknown(slot.path, slot.model) {
            return effects + [.job(MeasureHoles(model: .loaded(slot.now), set: dataset.train))]
        }
        return effects
    }
}
