import Drawing
import VAECore

// What the keys of the Models screen do.

extension ModelsScreen {
    static func select(_ line: Int, _ state: inout AppState) -> [Effect] {
        guard chosen(&state) != nil else { return [] }
        state.models.selected = max(0, min(state.models.listings.count - 1, line))
        return refresh(state)
    }

    static func select(by: Int, _ state: inout AppState) -> [Effect] { select(state.models.selected + by, &state) }

    /// The model the cursor is on; says so when there is none.
    static func chosen(_ state: inout AppState) -> ModelListing? {
        if let current = state.models.current { return current }
        state.message = .init(text: state.models.isListed ? "no models found" : "reading the models")
        return nil
    }

    /// Puts a model on show, unless that would lose what was trained. A run that is being trained elsewhere is followed.
    static func open(_ state: inout AppState) -> [Effect] {
        guard let listing = chosen(&state) else { return [] }
        if case .unreadable(let reason) = listing.content, !listing.isWritten {
            state.message = .init(text: "\(listing.name): \(reason)", isError: true)
            return []
        }
        return open(listing, continues: false, &state)
    }

    static let continueKey = Key.character("R")

    /// Puts the model of a run on show and trains it further, from the run's last checkpoint.
    static func resume(_ state: inout AppState) -> [Effect] {
        guard let listing = chosen(&state) else { return [] }
        guard let run = listing.run, run.canResume, !listing.isWritten else {
            let reason = switch listing.run?.state {
            case nil: "only runs can be continued, and this is none of runs/"
            case .running?: "it is being trained: Enter follows it"
            case .finished?: "every epoch is done; 'latent train --resume \(listing.name) --epochs N' trains it to N epochs"
            default:
                listing.run?.trainer.map { "\($0) trains it, and alone can continue it" }
                    ?? "it has no checkpoint to continue from"
            }
            state.message = .init(text: "\(listing.name): \(reason)", isError: true)
            return []
        }
        return open(listing, continues: true, &state)
    }

    private static func open(_ listing: ModelListing, continues: Bool, _ state: inout AppState) -> [Effect] {
        let job = OpenModel(session: state.shown.session, model: .listed(listing), isBeside: false, continues: continues)
        let (key, then) = continues ? ("R", "continues") : ("Enter", listing.isWritten ? "follows" : "loads")
        let isConfirmed = state.models.asked == job
        state.models.asked = nil
        if state.training.isActive {
            guard isConfirmed else {
                return ask("training is running: \(key) again stops and saves it, then \(then) \(listing.name)", job, &state)
            }
            state.models.opensOnceSaved = job
            return endAndSave(&state)
        }
        if state.training.run?.isUnsaved == true, !isConfirmed {
            return ask("the trained model is not saved: w saves it, \(key) again discards it", job, &state)
        }
        state.message = .init(text: "loading \(listing.name)")
        return [.job(job)]
    }

    private static func ask(_ question: String, _ job: OpenModel, _ state: inout AppState) -> [Effect] {
        state.models.asked = job
        state.message = .init(text: question, isError: true)
        return []
    }

    /// Holds a model beside the one on show, or drops it when it is held already.
    static func toggleBeside(_ state: inout AppState) -> [Effect] {
        guard let listing = chosen(&state) else { return [] }
        if state.beside?.path == listing.path {
            dropSecond(&state)
            return refresh(state)
        }
        if case .unreadable(let reason) = listing.content {
            state.message = .init(text: "\(listing.name): \(reason)", isError: true)
            return []
        }
        if listing.path == state.shown.path, state.training.run?.isUnsaved != true {
            state.message = .init(text: "\(listing.name) is already loaded: choose another one", isError: true)
            return []
        }
        return [.job(OpenModel(session: state.shown.session, model: .listed(listing), isBeside: true))]
    }
}

func listModels(_ state: AppState) -> [Effect] { [.job(ListModels(session: state.shown.session))] }

/// Whether a data set is what a model was trained on, or a part of it.
func isOwn(_ dataset: Dataset?, _ shape: ImageShape, _ trainedOn: String?) -> Bool {
    guard let dataset, dataset.shape.count == shape.count, let trainedOn else { return false }
    return dataset.name == trainedOn || dataset.isSeen(inTrainingOn: trainedOn)
}

// MARK: What came of it

/// The model on show was saved: it has a file now, and another one that waited for this is opened.
func modelSaved(_ path: String, _ state: inout AppState) -> [Effect] {
    state.shown.path = path
    if let next = state.models.opensOnceSaved {
        state.models.opensOnceSaved = nil
        return [.job(next)]
    }
    return state.screen == .models ? listModels(state) : []
}

/// Another model is on show: all that belonged to the one before goes.
/// - Parameter continues: whether its run is to be continued at once.
func opened(_ session: Session, continues: Bool = false, _ state: inout AppState) -> [Effect] {
    guard !state.training.isActive else {
        state.message = .init(text: "\(session.name): not loaded, because training has started", isError: true)
        return []
    }
    let before = state.shown
    let ends: [Effect] = state.training.followed == nil ? [] : [.control(.stop)]
    let keepsData = state.data.dataset.map { session.takes($0.test) && session.keepsData($0) } ?? false
    state.shown = ModelSlot(session, id: state.newID())
    forget(.model(shape: before.model.shape != state.model.shape, keepsData: keepsData), &state)
    if !keepsData { state.data = .loading }
    // What was beside the other and is on show now leaves its place to it.
    if state.beside?.path != nil, state.beside?.path == session.path { state.beside = before }
    if state.beside?.model.shape != state.model.shape { state.beside = nil }
    if !keepsData { state.beside?.forgetImages() }
    let assumption = session.assumption.map { "; \($0)" } ?? ""
    state.message = .init(text: "loaded \(state.model.name)" + foreignData(state) + assumption)
    if let following = session.following {
        state.training.followed = Followed(following)
        state.message = .init(text: "following \(session.name), which another process trains")
        return ends + (keepsData ? [] : [.job(LoadData(session: session))]) + [.follow] + show(.train, &state)
    }
    return ends + (keepsData ? [] : [.job(LoadData(session: session))]) + readRecord(state) + (continues ? takeUpRun(&state) + show(.train, &state) : show(.explore, &state))
}

/// That the images at hand are not of the kind the model was trained on.
func foreignData(_ state: AppState) -> String {
    guard let dataset = state.data.dataset, let own = state.model.trainedOn,
        !isOwn(dataset, state.model.shape, own)
    else { return "" }
    return ", trained on \(own); the images here are from \(dataset.name)"
}

/// Holds nothing beside the model on show any more.
func dropSecond(_ state: inout AppState) {
    guard let second = state.beside else { return }
    state.message = .init(text: "\(second.model.name) is no longer beside")
    state.beside = nil
    state.compare.pair?.second = nil
    state.explore.second = .init()
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
            text: "\(model.name) takes images of \(other), \(state.model.name) takes \(own): choose another one", isError: true)
        return []
    }
    state.beside = ModelSlot(session, id: state.newID())
    state.compare.pair?.second = nil
    state.explore.second = .init()
    let hint = state.screen == .compare ? "b removes it" : state.screen == .explore ? "B removes it" : "3 compares them"
    state.message = .init(text: "\(model.name) is now beside \(state.model.name): \(hint)")
    return refresh(state)
}

/// A new list. The cursor stays on its model; at first it is on the one on show.
func listed(_ listings: [ModelListing], _ state: inout AppState) -> [Effect] {
    let path = state.models.current?.path ?? state.shown.path
    state.models.listings = listings
    state.models.isListed = true
    let last = max(0, listings.count - 1)
    state.models.selected = listings.firstIndex { $0.path == path } ?? min(last, state.models.selected)
    return state.screen == .models ? refresh(state) : []
}
