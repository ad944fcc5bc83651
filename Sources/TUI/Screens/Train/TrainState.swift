import Drawing
import VAECore

/// What the Train screen shows.
package struct TrainState: Sendable {
    /// A run that was started in this session, or the one that the model on show came from.
    package var run: Run?
    /// A run that another process trains; never beside a run of this session.
    package var followed: Followed?
    package var curves = Curves()
    /// Held-out images above what the model makes of them.
    package var strip = Strip()
    /// The plane in small.
    package var thumbnail = PlanePictures()
    /// The run's parameters at some of its steps.
    package internal(set) var past = Past()
    /// What the run has told of its epochs; of very many, evenly spread ones and the last.
    package private(set) var epochs: [EpochReport] = []
    /// What was changed of it.
    package private(set) var changes: [TrainingChange] = []
    private static let epochLimit = 1024
    /// KL of each dimension in the last batch told of, nats; empty before, and for a plain autoencoder.
    package var klPerDimension: [Double] = []
    package var isLogarithmic = false
    package var isSmoothed = true
    /// Whether the first steep fall of the loss is shown too, which presses all that follows into a line.
    package var showsAllValues = false
    /// Which curves are drawn.
    package var shown = Shown.all
    /// The step the legends read at; nil reads the newest values.
    package var cursor: Int?
    package var view = View.all
    /// Where a view that follows training is held while there is a cursor.
    package var held: ClosedRange<Double>?
    package var panel = Panel.both
    /// Runs that were marked on Models.
    package var overlay = RunOverlay()
    /// Frames to wait before the parameters for new pictures are asked for.
    var framesToPictures = 0
    /// What was asked for before the data set was there: begins with it.
    package var waitsForData: Waiting?
    /// What is to be said when the next run begins.
    var startNote: String?

    package enum Waiting: Sendable, Equatable {
        /// To train from scratch.
        case starting
        /// To continue the run that the model on show came from.
        case continuing
    }

    /// A choice of curves.
    package enum Shown: String, Sendable, CaseIterable {
        case all = "all terms"
        case total = "negative ELBO"
        case reconstruction
        case kl = "KL"
    }

    /// What stands beside the curves; in their place where there is no room beside them.
    package enum Panel: String, Sendable, CaseIterable {
        /// Both, as far as there is room.
        case both = "both"
        case bars = "KL per dimension"
        case map = "the latent plane"
    }

    /// A training run, from its first step to after its last.
    package struct Run: Sendable {
        package var name: String
        package var dataset: String
        package var images: Int
        package var state = TrainingState.starting
        package var progress = TrainingProgress()
        /// Negative ELBO of the first step told of, nats per image.
        package var firstLoss: Double?
        package var lastStep: StepMetrics?
        package var lastEpoch: EpochReport?
        /// The newest checkpoint on the disk.
        package var checkpoint: CheckpointReport?
        package var learningRateScale: Double
        package var beta: Double
        /// Nats of each dimension that cost nothing; nil where the objective knows none.
        package var freeBits: Double?
        /// True for a plain autoencoder, which has no KL divergence.
        package var isDeterministic: Bool
        /// The step of the newest parameters there are; after a loss that was not finite, of the last good ones.
        package var keptStep = 0
        /// Asked to pause (true) or to go on, which it has not done yet.
        package var pauseRequest: Bool?
        /// Asked to stop, which it does after the step or evaluation under way.
        package var isStopping = false
        /// Asked to save while it was stopping: done when it has stopped.
        package var savesAtEnd = false
        /// Whether the parameters shown differ from what is saved.
        package var isUnsaved = false
        /// What was chosen for it; nil where its trainer does not tell.
        package var settings: RunSettings?
        /// The step from which an earlier run is continued.
        package var continuedFrom: Int?
        /// Whether it is read from its folder: it was trained by another process, or earlier, and is over.
        package var isRecorded = false
        /// Why it cannot be continued once it is over; nil if it can, from its last checkpoint.
        package var refusal: String?

        /// A run that has not begun, on so many training images.
        package init(
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
        package var isPausing: Bool { pauseRequest ?? (state == .paused) }

        /// The loss that was not finite, while the run waits to be told what to do about it.
        package var divergence: CoreError? {
            if case .diverged(let error) = state { return error }
            return nil
        }
    }

    /// Losses over steps, nats per image: of each step while it trained, and on the held-out images after each epoch.
    package struct Curves: Sendable {
        /// Negative ELBO, reconstruction and KL of the batches.
        package var trainTotal = History(smoothing: 0.9)
        /// −log p(x|z) of the batches.
        package var trainReconstruction = History(smoothing: 0.9)
        package var trainKL = History(smoothing: 0.9)
        /// The same on the held-out images.
        package var testTotal = History(smoothing: 0)
        /// −log p(x|z) of the held-out images.
        package var testReconstruction = History(smoothing: 0)
        package var testKL = History(smoothing: 0)

        init() {}

        /// What a record tells. Where it tells of no step, the epochs' means are drawn in their place.
        init(_ history: RunHistory) {
            for metrics in history.steps { append(metrics.terms, at: metrics.step, isTest: false) }
            for epoch in history.epochs {
                if history.steps.isEmpty, let train = epoch.train { append(train, at: epoch.step, isTest: false) }
                append(epoch.test, at: epoch.step, isTest: true)
            }
        }

        /// Adds the losses at a step: of a batch, or on the held-out images.
        mutating func append(_ terms: LossTerms, at step: Int, isTest: Bool) {
            let x = Double(step)
            if isTest {
                testTotal.append(x: x, y: terms.negativeELBO)
                testReconstruction.append(x: x, y: terms.reconstruction)
                testKL.append(x: x, y: terms.kl)
            } else {
                trainTotal.append(x: x, y: terms.negativeELBO)
                trainReconstruction.append(x: x, y: terms.reconstruction)
                trainKL.append(x: x, y: terms.kl)
            }
        }

        /// The first and the last step there is a value of.
        package var steps: ClosedRange<Double>? {
            let all = [trainTotal, trainReconstruction, trainKL, testTotal, testReconstruction, testKL].compactMap(\.steps)
            guard let first = all.map(\.lowerBound).min(), let last = all.map(\.upperBound).max() else { return nil }
            return first...last
        }
    }

    /// Held-out images above what the model makes of them.
    package struct Strip: Sendable, Equatable {
        /// (n, pixels) each.
        package var inputs: [Float] = []
        package var outputs: [Float] = []
        package var count = 0
        /// The step the outputs belong to.
        package var step = 0

        /// Nothing to show, unless told.
        package init(inputs: [Float] = [], outputs: [Float] = [], count: Int = 0, step: Int = 0) {
            self.inputs = inputs
            self.outputs = outputs
            self.count = count
            self.step = step
        }
    }

    /// Whether the model on show was trained in this session.
    package var isOwn: Bool { run.map { !$0.isRecorded } ?? false }

    /// Whether steps are being taken or could be after a pause.
    package var isActive: Bool { run.map { !$0.state.isOver } ?? false }

    /// Whether leaving now loses something: nothing of a run that is saved and takes no steps.
    package var hasUnsaved: Bool {
        guard let run else { return false }
        return run.isUnsaved || isActive && run.state != .paused
    }

    /// Keeps what is saved with a model.
    mutating func remember(_ mail: TrainingMailbox.Mail) {
        changes += mail.changes
        epochs += mail.epochs
        while epochs.count > Self.epochLimit { epochs.thin() }
    }

    /// Takes what a folder tells of a run.
    mutating func take(_ record: RecordedRun) {
        (run, curves, epochs, changes) = (record.run, record.curves, record.epochs, record.changes)
        while epochs.count > Self.epochLimit { epochs.thin() }
    }

    /// Another run begins, or another model is on show.
    mutating func forgetRun() {
        (epochs, changes) = ([], [])
        past = Past()
        forgetSteps()
    }
}

extension CaseIterable where Self: Equatable {
    /// The case after this one; after the last, the first.
    var next: Self {
        let all = Array(Self.allCases)
        let at = all.firstIndex(of: self) ?? 0
        return all[(at + 1) % all.count]
    }
}
