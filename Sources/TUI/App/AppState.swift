import VAECore

/// The screens of the program, in the order of their digits.
public enum Screen: Int, Sendable, CaseIterable {
    case train = 1
    case explore
    case compare

    public var title: String {
        switch self {
        case .train: "Train"
        case .explore: "Explore"
        case .compare: "Compare"
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
    public var data = DataState.loading
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

/// What the Train screen shows.
public struct TrainState: Sendable {
    /// A run that was started in this session.
    public var run: Run?
    public var curves = Curves()
    /// Held-out images above what the model makes of them.
    public var strip = Strip()
    /// The plane in small.
    public var thumbnail = PlanePictures()
    public var isLogarithmic = false
    public var showsRecent = false
    public var isSmoothed = true
    /// Which curves are drawn.
    public var shown = Shown.all
    /// Asked to train before the data set was there: begins with it.
    public var isWaitingForData = false

    /// A choice of curves.
    public enum Shown: String, Sendable, CaseIterable {
        case all = "all terms"
        case total = "negative ELBO"
        case reconstruction
        case kl = "KL"
    }

    /// A training run, from its first step to after its last.
    public struct Run: Sendable {
        public var name: String
        public var dataset: String
        public var images: Int
        public var state = TrainingState.starting
        public var progress = TrainingProgress()
        public var lastStep: StepMetrics?
        public var lastEpoch: EpochReport?
        public var learningRateScale = 1.0
        public var beta: Double
        /// Whether the parameters shown differ from what is saved.
        public var isUnsaved = false

        /// A run that has not begun, on so many training images.
        public init(name: String, dataset: String, images: Int, beta: Double) {
            self.name = name
            self.dataset = dataset
            self.images = images
            self.beta = beta
        }
    }

    /// Losses over steps, nats per image: of each step while it trained, and on the held-out images after each epoch.
    public struct Curves: Sendable {
        /// Negative ELBO, reconstruction and KL of the batches.
        public var trainTotal = History(smoothing: 0.9)
        /// −log p(x|z) of the batches.
        public var trainReconstruction = History(smoothing: 0.9)
        public var trainKL = History(smoothing: 0.9)
        /// The same on the held-out images.
        public var testTotal = History(smoothing: 0)
        /// −log p(x|z) of the held-out images.
        public var testReconstruction = History(smoothing: 0)
        public var testKL = History(smoothing: 0)
    }

    /// Held-out images above what the model makes of them.
    public struct Strip: Sendable, Equatable {
        /// (n, pixels) each.
        public var inputs: [Float] = []
        public var outputs: [Float] = []
        public var count = 0
        /// The step the outputs belong to.
        public var step = 0

        /// Nothing to show, unless told.
        public init(inputs: [Float] = [], outputs: [Float] = [], count: Int = 0, step: Int = 0) {
            self.inputs = inputs
            self.outputs = outputs
            self.count = count
            self.step = step
        }
    }

    /// Whether steps are being taken or could be after a pause.
    public var isActive: Bool { run.map { !$0.state.isOver } ?? false }
}

/// Decoded pictures over a plane.
public struct PlanePictures: Sendable, Equatable {
    public var grid: LatentGrid?
    /// (rows · columns, pixels).
    public var pictures: [Float] = []
    /// The step they were decoded at.
    public var step = 0

    /// No pictures, unless told.
    public init(grid: LatentGrid? = nil, pictures: [Float] = [], step: Int = 0) {
        self.grid = grid
        self.pictures = pictures
        self.step = step
    }
}

/// What the Explore screen shows.
public struct ExploreState: Sendable {
    /// The cursor in the latent space, every dimension.
    public var cursor: [Float]
    /// The middle of the plane shown, across and up.
    public var center: (across: Float, up: Float)
    /// From the middle of the plane to its left and right edges, in units of z.
    public var reach: Float
    /// The class a conditional model draws.
    public var label: Int?
    public var dimensions: (across: Int, up: Int)
    public var plane = PlanePictures()
    /// The picture at the cursor (pixels).
    public var picture: [Float] = []

    /// Standard deviations of the prior from the middle to the edge: 98 % of it lie within, each way.
    public static let priorReach: Float = 2.4
    /// How far one can walk. The prior has nothing beyond 8, but the codes of a plain autoencoder, which no prior
    /// holds together, may lie far out.
    public static let limit: Float = 100
    public static let reachRange: ClosedRange<Float> = 0.05...100

    init(_ model: ModelState) {
        dimensions = model.firstDimensions
        (cursor, reach) = model.home(dimensions)
        center = (cursor[dimensions.across], cursor[dimensions.up])
        label = model.classes.map { _ in 0 }
    }

    /// Goes to the plane the model begins with, the cursor in its middle.
    mutating func goHome(_ model: ModelState) {
        (cursor, reach) = model.home(dimensions)
        center = (cursor[dimensions.across], cursor[dimensions.up])
    }

    /// Whether nobody has walked or zoomed away from the plane the model begins with.
    func isHome(_ model: ModelState) -> Bool {
        let home = model.home(dimensions)
        return cursor == home.center && reach == home.reach
            && center == (cursor[dimensions.across], cursor[dimensions.up])
    }
}

/// What the Compare screen shows.
public struct CompareState: Sendable {
    /// Places in the held-out set, in the order listed.
    public var order: [Int] = []
    /// The line of the list the cursor is on.
    public var selected = 0
    public var sorting = Sorting.index
    /// The losses of each held-out image, once computed; by its place in the set.
    public var scores: [LossTerms] = []
    /// The step `scores` belong to.
    public var scoresStep = 0
    /// Draws z instead of taking the mean, under this seed.
    public var sampleSeed: UInt64?
    /// The selected image and what the model makes of it.
    public var pair: Pair?

    /// An order of the list.
    public enum Sorting: String, Sendable, CaseIterable {
        case index = "index"
        case worst = "worst first"
        case label = "class"
    }

    /// One image and what the model makes of it.
    public struct Pair: Sendable, Equatable {
        /// Place in the held-out set.
        public var index: Int
        /// The image as the model saw it (pixels).
        public var input: [Float]
        /// What the model makes of it, and the losses, nats.
        public var reconstruction: Inference.Reconstruction
        public var step: Int

        /// - Parameter step: the training step of the parameters that made it.
        public init(index: Int, input: [Float], reconstruction: Inference.Reconstruction, step: Int) {
            self.index = index
            self.input = input
            self.reconstruction = reconstruction
            self.step = step
        }
    }
}
