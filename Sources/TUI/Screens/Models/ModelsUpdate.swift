import Drawing
import VAECore

/// The keys of the Models screen.
func models(_ command: ModelsCommand, _ state: inout AppState) -> [Effect] {
    if command == .refresh { return listModels(state) }
    guard let current = state.models.current else {
        state.message = .init(text: state.models.isListed ? "there is no model to choose" : "the models are being read")
        return []
    }
    let last = state.models.listings.count - 1
    func select(_ line: Int) { state.models.selected = min(last, max(0, line)) }
    switch command {
    case .select(let by): select(state.models.selected + by)
    case .selectPage(let by): select(state.models.selected + 10 * by)
    case .selectEnd(let first): select(first ? 0 : last)
    case .open: return open(current, &state)
    case .beside: return hold(current, &state)
    case .refresh: break
    }
    return modelsEffects(state)
}

/// The mouse on the Models screen: a click chooses, another one loads.
func modelsMouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] {
    switch kind {
    case .wheelUp: return models(.select(by: -1), &state)
    case .wheelDown: return models(.select(by: 1), &state)
    case .press(1):
        guard let line = ModelsLayout(state).line(atX: x, y: y, state.models) else { return [] }
        if line == state.models.selected { return models(.open, &state) }
        state.models.asked = nil
        state.models.selected = line
        return modelsEffects(state)
    default: return []
    }
}

/// What must be computed anew for the Models screen: the list when it is opened, the holes of the chosen model.
func modelsEffects(_ state: AppState) -> [Effect] {
    let effects = state.models.isListed ? [] : listModels(state)
    guard let dataset = state.data.dataset, let current = state.models.current, let card = current.card,
        isMeasurable(card, current.path, state)
    else { return effects }
    return effects + [.job(MeasureHoles(model: .listed(current, state.shown.session), set: dataset.train))]
}

func listModels(_ state: AppState) -> [Effect] { [.job(ListModels(session: state.shown.session))] }

/// Whether the holes of a model are not known yet and can be: on images like those it was trained on, while no
/// training needs the processor.
private func isMeasurable(_ card: ModelCard, _ path: String, _ state: AppState) -> Bool {
    guard !state.training.isActive, state.models.holes[path] == nil else { return false }
    return card.configuration.latent == 2 && card.configuration.classes == nil
        && isOwn(state.data.dataset, card.configuration.image, card.record?.dataset)
}

/// Whether a data set is what a model was trained on, or a part of it.
func isOwn(_ dataset: Dataset?, _ shape: ImageShape, _ trainedOn: String?) -> Bool {
    guard let dataset, dataset.shape.count == shape.count, let trainedOn else { return false }
    return dataset.name == trainedOn || dataset.isSeen(inTrainingOn: trainedOn)
}

// MARK: Load

/// Puts a model on show, unless that would lose what was trained.
private func open(_ listing: ModelListing, _ state: inout AppState) -> [Effect] {
    if case .unreadable(let reason) = listing.content {
        state.message = .init(text: "\(listing.name): \(reason)", isError: true)
        return []
    }
    let isConfirmed = state.models.asked == listing.path
    state.models.asked = nil
    if state.training.isActive {
        guard isConfirmed else {
            return ask("training runs: Enter again stops it, saves it and loads \(listing.name)", listing, &state)
        }
        state.models.opensOnceSaved = listing
        return endAndSave(&state)
    }
    if state.training.run?.isUnsaved == true, !isConfirmed {
        return ask("not saved yet: w saves what was trained, Enter again loses it", listing, &state)
    }
    state.message = .init(text: "loading \(listing.name)")
    return [read(listing, isBeside: false, state)]
}

private func read(_ listing: ModelListing, isBeside: Bool, _ state: AppState) -> Effect {
    .job(OpenModel(session: state.shown.session, model: .listed(listing), isBeside: isBeside))
}

private func ask(_ question: String, _ listing: ModelListing, _ state: inout AppState) -> [Effect] {
    state.models.asked = listing.path
    state.message = .init(text: question, isError: true)
    return []
}

/// The model on show was saved: it has a file now, and another one that waited for this is opened.
func modelSaved(_ path: String, _ state: inout AppState) -> [Effect] {
    state.shown.path = path
    if let next = state.models.opensOnceSaved {
        state.models.opensOnceSaved = nil
        return [read(next, isBeside: false, state)]
    }
    return state.screen == .models ? listModels(state) : []
}

/// Another model is on show: all that belonged to the one before goes.
func opened(_ session: Session, _ state: inout AppState) -> [Effect] {
    guard !state.training.isActive else {
        state.message = .init(text: "\(session.name): not loaded, for training has begun", isError: true)
        return []
    }
    let before = state.shown
    let keepsData = state.data.dataset.map { session.takes($0.test) && session.keepsData($0) } ?? false
    state.shown = ModelSlot(session, id: state.newID())
    state.explore = ExploreState(state.model)
    state.training.run = nil
    state.training.isWaitingForData = false
    state.training.forgetRun()
    if before.model.shape != state.model.shape { state.draw = DrawState() }
    // The drawing stays; what the model made of it goes.
    forgetPictures(&state)
    if !keepsData { state.draw.example = nil }
    state.compare = CompareState()
    if let dataset = state.data.dataset, keepsData { state.compare.order = Array(0..<dataset.test.count) }
    if !keepsData { state.data = .loading }
    // What was beside the other and is on show now leaves its place to it.
    if state.beside?.path != nil, state.beside?.path == session.path { state.beside = before }
    if state.beside?.model.shape != state.model.shape { state.beside = nil }
    if !keepsData { state.beside?.forgetImages() }
    let assumption = session.assumption.map { "; \($0)" } ?? ""
    state.message = .init(text: "\(state.model.name) is on show" + foreignData(state) + assumption)
    return (keepsData ? [] : [.job(LoadData(session: session))]) + show(.explore, &state)
}

/// That the images at hand are not of the kind the model was trained on.
func foreignData(_ state: AppState) -> String {
    guard let dataset = state.data.dataset, let own = state.model.trainedOn,
        !isOwn(dataset, state.model.shape, own)
    else { return "" }
    return ", trained on \(own); the images are those of \(dataset.name)"
}

// MARK: Two models

/// Holds a model beside the one on show, or drops it when it is held already.
private func hold(_ listing: ModelListing, _ state: inout AppState) -> [Effect] {
    if state.beside?.path == listing.path {
        dropSecond(&state)
        return refresh(state)
    }
    if case .unreadable(let reason) = listing.content {
        state.message = .init(text: "\(listing.name): \(reason)", isError: true)
        return []
    }
    if listing.path == state.shown.path, state.training.run?.isUnsaved != true {
        state.message = .init(text: "\(listing.name) is on show already: choose another one", isError: true)
        return []
    }
    return [read(listing, isBeside: true, state)]
}

/// Holds nothing beside the model on show any more.
func dropSecond(_ state: inout AppState) {
    guard let second = state.beside else { return }
    state.message = .init(text: "\(second.model.name) is no longer beside")
    state.beside = nil
    state.compare.pair?.second = nil
    if state.compare.sorting.needsSecond {
        state.compare.sorting = .index
        sortCompare(&state)
    }
}

func held(_ session: Session, _ state: inout AppState) -> [Effect] {
    let model = session.model
    guard model.shape == state.model.shape else {
        let (own, other) = (state.model.shape.description, model.shape.description)
        state.message = .init(
            text: "\(model.name) is of images of \(other), \(state.model.name) of \(own): choose another one", isError: true)
        return []
    }
    state.beside = ModelSlot(session, id: state.newID())
    state.compare.pair?.second = nil
    let hint = state.screen == .compare ? "b drops it" : "3 compares them"
    state.message = .init(text: "\(model.name) is held beside \(state.model.name): \(hint)")
    return refresh(state)
}

/// A new list. The cursor stays on its model; at first it is on the one on show.
func listed(_ listings: [ModelListing], _ state: inout AppState) -> [Effect] {
    let path = state.models.current?.path ?? state.shown.path
    state.models.listings = listings
    state.models.isListed = true
    let last = max(0, listings.count - 1)
    state.models.selected = listings.firstIndex { $0.path == path } ?? min(last, state.models.selected)
    return state.screen == .models ? modelsEffects(state) : []
}
