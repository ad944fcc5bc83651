import VAECore

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
