import Drawing
import VAECore

extension Screen {
    package static let models: Screen = Screen(feature: ModelsScreen())
}

/// The models there are and the runs, with a card of the chosen one.
struct ModelsScreen: ScreenFeature {
    let title = "Models"
    let keys: [KeyBinding] = [
        KeyBinding(
            "arrows jk", "next or previous model", hint: "choose",
            .on(.down, "j") { select(by: 1, &$0) }, .on(.up, "k") { select(by: -1, &$0) }),
        KeyBinding(
            "PgUp PgDn", "ten models down or up",
            .on(.pageDown) { select(by: 10, &$0) }, .on(.pageUp) { select(by: -10, &$0) }),
        KeyBinding(
            "Home End", "first or last model",
            .on(.home) { select(0, &$0) }, .on(.end) { select($0.models.listings.count - 1, &$0) }),
        KeyBinding("Enter", "load the model into every screen", hint: "load", .on(.enter, do: open)),
        KeyBinding(
            "R", "continue training this run from its last checkpoint",
            hint: { $0.screen == .models && $0.models.current?.canContinue == true ? "continue" : nil },
            .on(continueKey, do: resume)),
        KeyBinding("b", "compare with this model; again to stop", hint: "beside", .on("b", do: toggleBeside)),
        KeyBinding("m", "mark a run, to lay it over others; again to take the mark away", hint: "mark", .on("m", do: toggleMark)),
        TrainScreen.overlayKey,
        KeyBinding("r", "refresh the list", hint: "refresh", .on("r") { listModels($0) }),
    ]

    /// A click chooses, another one loads.
    func mouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] {
        switch kind {
        case .wheelUp: return Self.select(by: -1, &state)
        case .wheelDown: return Self.select(by: 1, &state)
        case .press(1):
            guard let line = ModelsLayout(state).line(atX: x, y: y, state.models) else { return [] }
            if line == state.models.selected { return Self.open(&state) }
            state.models.asked = nil
            return Self.select(line, &state)
        default: return []
        }
    }

    /// The list when the screen is opened; what the chosen model draws, and its holes.
    func effects(_ state: AppState) -> [Effect] {
        var effects = state.models.isListed ? [] : listModels(state)
        if let current = state.models.current, current.card != nil, ModelsLayout(state).samples != nil,
            state.models.samples?.isOf(current) != true
        {
            effects.append(.job(DrawSamples(session: state.shown.session, listing: current)))
        }
        guard let dataset = state.data.dataset, let current = state.models.current, let card = current.card,
            isMeasurable(card, current.path, state)
        else { return effects }
        return effects + [.job(MeasureHoles(model: .listed(current, state.shown.session), set: dataset.train))]
    }

    /// Whether the holes of a model are not known yet and can be: on images like those it was trained on, while no
    /// training needs the processor.
    private func isMeasurable(_ card: ModelCard, _ path: String, _ state: AppState) -> Bool {
        guard !state.training.isActive, state.models.holes[path] == nil else { return false }
        return card.configuration.latent == 2 && card.configuration.classes == nil
            && isOwn(state.data.dataset, card.configuration.image, card.record?.dataset)
    }
}

extension AppState {
    package var models: ModelsState {
        get { screens[ModelsState.self, default: ModelsState()] }
        _modify { yield &screens[ModelsState.self, default: ModelsState()] }
    }
}
