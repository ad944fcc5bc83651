import VAECore

/// The screens of the program, in the order of their digits.
public enum Screen: Int, Sendable, CaseIterable {
    case train = 1
    case explore
    case compare
    case draw
    case models

    public var title: String {
        switch self {
        case .train: "Train"
        case .explore: "Explore"
        case .compare: "Compare"
        case .draw: "Draw"
        case .models: "Models"
        }
    }
}

/// Everything the screens show. Changed by `update` alone; `render` is a function of it.
public struct AppState: Sendable {
    /// The terminal's size and what it can show.
    public var width: Int
    public var height: Int
    public var capabilities: Capabilities
    public var screen = Screen.explore
    /// The one model every screen shows.
    public var shown: ModelSlot
    /// A second model, held beside it.
    public var beside: ModelSlot?
    public var training = TrainState()
    public var explore: ExploreState
    public var compare = CompareState()
    public var draw = DrawState()
    public var models = ModelsState()
    public var data = DataState.loading
    /// The file written last of what was trained.
    public var lastSaved: String?
    /// Asked to save and quit: quits as soon as the model is saved.
    public var quitsOnceSaved = false
    /// What is drawn over the screen, if anything.
    public var overlay: Overlay?
    /// A line for the person in place of the key hints, until the next key.
    public var message: Message?

    /// The number of the next model that is put on show or held.
    private var nextNumber = 1

    /// The Explore screen on a session's model, with no data set and nothing decoded yet.
    public init(width: Int, height: Int, capabilities: Capabilities, _ session: Session) {
        self.width = width
        self.height = height
        self.capabilities = capabilities
        shown = ModelSlot(session, id: .init(number: 0))
        explore = ExploreState(shown.model)
    }

    /// What the model on show is.
    public var model: ModelState {
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
    public enum Overlay: Sendable, Equatable {
        /// The list of keys, from the row `offset` on.
        case help(offset: Int)
        /// Leave although training runs, or its result is not saved?
        case quit
        /// Begin anew although what this run has learnt is not saved?
        case restart
        /// The model could not be saved, and why: again, elsewhere, or not at all?
        case saveFailed(reason: String, quits: Bool)
        /// Where the cursor shall go, as it is typed.
        case goTo(String)
    }

    /// The codes a map of them shows: the held-out images', or where those are few, the training images'.
    public var mappedCodes: (codes: LatentCodes, isTraining: Bool)? {
        if let training = shown.trainingCodes, training.step == model.step,
            training.count > 2 * (shown.codes?.count ?? 0)
        {
            return (training, true)
        }
        return shown.codes.map { ($0, false) }
    }

    /// One line for the person.
    public struct Message: Sendable, Equatable {
        public var text: String
        public var isError = false
    }
}

/// The data set, which loads while the first frame is already up.
public enum DataState: Sendable {
    case loading
    case ready(Dataset)
    /// It cannot be had; the text says why and what to do.
    case missing(String)

    public var dataset: Dataset? {
        if case .ready(let dataset) = self { return dataset }
        return nil
    }
}
