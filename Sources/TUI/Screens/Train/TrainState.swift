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
    /// The run's parameters at some of its steps.
    public internal(set) var past = Past()
    /// What the run has told of its epochs; of very many, evenly spread ones and the last.
    public private(set) var epochs: [EpochReport] = []
    /// What was changed of it.
    public private(set) var changes: [TrainingChange] = []
    private static let epochLimit = 1024
    /// KL of each dimension in the last batch told of, nats; empty before, and for a plain autoencoder.
    public var klPerDimension: [Double] = []
    public var isLogarithmic = false
    public var isSmoothed = true
    /// Which curves are drawn.
    public var shown = Shown.all
    /// The step the legends read at; nil reads the newest values.
    public var cursor: Int?
    public var view = View.all
    /// Where a view that follows training is held while there is a cursor.
    public var held: ClosedRange<Double>?
    public var panel = Panel.both
    /// Asked to train before the data set was there: begins with it.
    public var isWaitingForData = false

    /// A choice of curves.
    public enum Shown: String, Sendable, CaseIterable {
        case all = "all terms"
        case total = "negative ELBO"
        case reconstruction
        case kl = "KL"
    }

    /// What stands beside the curves; in their place where there is no room beside them.
    public enum Panel: String, Sendable, CaseIterable {
        /// Both, as far as there is room.
        case both = "both, beside the curves"
        case bars = "KL of each dimension"
        case map = "the latent plane"
    }

    /// A training run, from its first step to after its last.
    public struct Run: Sendable {
        public var name: String
        public var dataset: String
        public var images: Int
        public var state = TrainingState.starting
        public var progress = TrainingProgress()
        /// Negative ELBO of the first step told of, nats per image.
        public var firstLoss: Double?
        public var lastStep: StepMetrics?
        public var lastEpoch: EpochReport?
        public var learningRateScale: Double
        public var beta: Double
        /// Nats of each dimension that cost nothing; nil where the objective knows none.
        public var freeBits: Double?
        /// True for a plain autoencoder, which has no KL divergence.
        public var isDeterministic: Bool
        /// The step of the newest parameters there are; after a loss that was not finite, of the last good ones.
        public var keptStep = 0
        /// Asked to pause (true) or to go on, which it has not done yet.
        public var pauseRequest: Bool?
        /// Asked to stop, which it does after the step or evaluation under way.
        public var isStopping = false
        /// Asked to save while it was stopping: done when it has stopped.
        public var savesAtEnd = false
        /// Whether the parameters shown differ from what is saved.
        public var isUnsaved = false

        /// A run that has not begun, on so many training images.
        public init(
            name: String, dataset: String, images: Int, beta: Double, freeBits: Double? = 0,
            isDeterministic: Bool = false, learningRateScale: Double = 1
        ) {
            self.name = name
            self.dataset = dataset
            self.images = images
            self.beta = beta
            self.freeBits = freeBits
            self.isDeterministic = isDeterministic
            self.learningRateScale = learningRateScale
        }

        /// Whether it is paused, or will be as soon as it can.
        public var isPausing: Bool { pauseRequest ?? (state == .paused) }

        /// The loss that was not finite, while the run waits to be told what to do about it.
        public var divergence: CoreError? {
            if case .diverged(let error) = state { return error }
            return nil
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

        /// The first and the last step there is a value of.
        public var steps: ClosedRange<Double>? { trainTotal.steps }
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

    /// Whether leaving now loses something: nothing of a run that is saved and takes no steps.
    public var hasUnsaved: Bool {
        guard let run else { return false }
        return run.isUnsaved || isActive && run.state != .paused
    }

    /// Keeps what is saved with a model.
    mutating func remember(_ mail: TrainingMailbox.Mail) {
        changes += mail.changes
        epochs += mail.epochs
        while epochs.count > Self.epochLimit { epochs.thin() }
    }

    /// Another run begins, or another model is on show.
    mutating func forgetRun() {
        (epochs, changes) = ([], [])
        past = Past()
        forgetSteps()
    }
}
