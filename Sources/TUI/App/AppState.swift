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
    public var model: ModelState
    public var training = TrainState()
    public var explore: ExploreState
    public var compare = CompareState()
    public var draw = DrawState()
    public var models = ModelsState()
    /// Where the held-out images lie in the latent space, once encoded.
    public var codes: LatentCodes?
    /// The same of the first training images, the cursor's neighbours.
    public var trainingCodes: LatentCodes?
    public var data = DataState.loading
    /// Asked to save and quit: quits as soon as the model is saved.
    public var quitsOnceSaved = false
    /// What is drawn over the screen, if anything.
    public var overlay: Overlay?
    /// A line for the person in place of the key hints, until the next key.
    public var message: Message?

    /// The Explore screen on `model`, with no data set and nothing decoded yet.
    public init(width: Int, height: Int, capabilities: Capabilities, model: ModelState) {
        self.width = width
        self.height = height
        self.capabilities = capabilities
        self.model = model
        explore = ExploreState(model)
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
        if let training = trainingCodes, training.step == model.step, training.count > 2 * (codes?.count ?? 0) {
            return (training, true)
        }
        return codes.map { ($0, false) }
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
