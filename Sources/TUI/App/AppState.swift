import Drawing
import VAECore

/// Everything the screens show. Changed by `update` alone; `render` is a function of it.
package struct AppState: Sendable {
    /// The terminal's size and what it can show.
    package var width: Int
    package var height: Int
    package var capabilities: Capabilities
    package var screen = Screen.explore
    /// The one model every screen shows.
    package var shown: ModelSlot
    /// A second model, held beside it.
    package var beside: ModelSlot?
    package var training = TrainState()
    package var explore: ExploreState
    package var tour: TourState
    /// What the other screens keep, each under its own type.
    package var screens = TypedStore()
    package var data = DataState.loading
    /// The file written last of what was trained.
    package var lastSaved: String?
    /// Asked to save and quit: quits as soon as the model is saved.
    package var quitsOnceSaved = false
    /// What is drawn over the screen, if anything.
    package var overlay: Overlay?
    /// A line for the person in place of the key hints, until the next key.
    package var message: Message?

    /// The number of the next model that is put on show or held.
    private var nextNumber = 1

    /// The Explore screen on a session's model, with no data set and nothing decoded yet.
    package init(width: Int, height: Int, capabilities: Capabilities, _ session: Session) {
        self.width = width
        self.height = height
        self.capabilities = capabilities
        shown = ModelSlot(session, id: .init(number: 0))
        explore = ExploreState(shown.model)
        tour = TourState(language: session.language)
    }

    /// What the model on show is.
    package var model: ModelState {
        get { shown.model }
        set { shown.model = newValue }
    }

    /// Whether a model is on show, or beside it.
    func isOnScreen(_ id: ModelSlot.ID) -> Bool { id == shown.id || id == beside?.id }

    /// Changes what is known of a model, wherever it is.
    mutating func change(_ id: ModelSlot.ID, _ change: (inout ModelSlot) -> Void) {
        if id == shown.id {
            change(&shown)
        } else if var slot = beside, slot.id == id {
            change(&slot)
            beside = slot
        }
    }

    /// An identity that no model has had.
    mutating func newID() -> ModelSlot.ID {
        defer { nextNumber += 1 }
        return .init(number: nextNumber)
    }

    /// What may lie over a screen.
    package enum Overlay: Sendable, Equatable {
        /// The list of keys, from the row `offset` on.
        case help(offset: Int)
        /// Leave although training runs, or its result is not saved?
        case quit
        /// Begin anew although what this run has learnt is not saved?
        case restart
        /// The chapters of the tour, to choose one.
        case chapters(selected: Int)
        /// The series of a run that is followed, to choose what is drawn.
        case series(selected: Int)
        /// The model could not be saved, and why: again, elsewhere, or not at all?
        case saveFailed(reason: String, quits: Bool)
        /// A text, as it is typed.
        case typing(Prompt, String)

        /// Where the cursor shall go, as it is typed.
        package static func goTo(_ text: String) -> Overlay { .typing(.place, text) }
    }

    /// The codes a map of them shows: the held-out images', or where those are few, the training images'.
    package var mappedCodes: (codes: LatentCodes, isTraining: Bool)? {
        if let training = shown.trainingCodes, training.step == model.step,
            training.count > 2 * (shown.codes?.count ?? 0)
        {
            return (training, true)
        }
        return shown.codes.map { ($0, false) }
    }

    /// One line for the person.
    package struct Message: Sendable, Equatable {
        package var text: String
        package var isError = false

        /// Seconds it stays unless a key comes first: time to notice it and to read it; longer where something is wrong.
        package var seconds: Double { (isError ? 15 : 4) + Double(text.count) / 15 }
    }
}

/// The data set, which loads while the first frame is already up.
package enum DataState: Sendable {
    case loading
    case ready(Dataset)
    /// It cannot be had; the text says why and what to do.
    case missing(String)

    package var dataset: Dataset? {
        if case .ready(let dataset) = self { return dataset }
        return nil
    }
}
