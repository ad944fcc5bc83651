import Foundation

/// The losses of one training step, before it.
public struct StepMetrics: Sendable, Equatable {
    /// Steps taken, this one included.
    public var step: Int
    /// Means over the step's images, nats per image.
    public var terms: LossTerms
    public var learningRate: Double
    public var beta: Double
    /// Nats of each dimension that cost nothing.
    public var freeBits: Double

    public init(step: Int, terms: LossTerms, learningRate: Double, beta: Double, freeBits: Double = 0) {
        self.step = step
        self.terms = terms
        self.learningRate = learningRate
        self.beta = beta
        self.freeBits = freeBits
    }
}

/// What an epoch gave.
public struct EpochReport: Sendable, Equatable {
    /// Epochs completed, this one included.
    public var epoch: Int
    public var step: Int
    /// Time spent on training alone, evaluation apart.
    public var seconds: Double
    public var imagesPerSecond: Double
    /// Means over the epoch's steps, as the parameters moved.
    public var train: LossTerms
    /// On the held-out images, after the epoch.
    public var test: Evaluation

    public init(
        epoch: Int, step: Int, seconds: Double, imagesPerSecond: Double, train: LossTerms, test: Evaluation
    ) {
        self.epoch = epoch
        self.step = step
        self.seconds = seconds
        self.imagesPerSecond = imagesPerSecond
        self.train = train
        self.test = test
    }
}

/// Where a trainer stands.
public enum TrainingState: Sendable, Equatable {
    case starting
    case running
    case evaluating
    case paused
    /// Halted by a loss that was not finite, with the last good snapshot in the mailbox; waits for
    /// `TrainingControl.rollBack()` or `stop()`.
    case diverged(CoreError)
    /// Every epoch is done.
    case finished
    /// Ended on request.
    case stopped
    /// Ended by an error; the last good snapshot is in the mailbox.
    case failed(CoreError)

    /// Whether steps come by themselves.
    public var takesSteps: Bool {
        switch self {
        case .starting, .running, .evaluating: true
        default: false
        }
    }

    /// Whether no further step will come.
    public var isOver: Bool {
        switch self {
        case .finished, .stopped, .failed: true
        default: false
        }
    }
}

/// How far training has come.
public struct TrainingProgress: Sendable, Equatable {
    /// Steps taken and steps in all.
    public var step: Int
    public var totalSteps: Int
    /// Epochs completed and epochs in all.
    public var epoch: Int
    public var epochs: Int
    /// Over the last second or so.
    public var imagesPerSecond: Double
    /// Seconds until the last step at that speed, evaluation included as seen so far; nil before there is a speed.
    public var secondsLeft: Double?

    public init(
        step: Int = 0, totalSteps: Int = 0, epoch: Int = 0, epochs: Int = 0, imagesPerSecond: Double = 0,
        secondsLeft: Double? = nil
    ) {
        self.step = step
        self.totalSteps = totalSteps
        self.epoch = epoch
        self.epochs = epochs
        self.imagesPerSecond = imagesPerSecond
        self.secondsLeft = secondsLeft
    }
}

/// Where the trainer leaves what it has to tell, and the front end picks it up.
///
/// No lock is held while either side computes, and nothing here waits for the reader: a terminal that stops
/// reading cannot stop training.
public final class TrainingMailbox: @unchecked Sendable {
    /// Everything since the last `take()`.
    public struct Mail: Sendable {
        public var state: TrainingState = .starting
        public var progress = TrainingProgress()
        /// In order; thinned by merging neighbours when nobody reads.
        public var steps: [StepMetrics] = []
        /// In order; when nobody reads for thousands of epochs, of those before the last ones every other is left out.
        public var epochs: [EpochReport] = []
        /// The newest parameters published, if any since the last `take()`.
        public var snapshot: ParameterSnapshot?
        /// KL of each dimension, nats: means over the images of the step before that snapshot. Empty where no step was
        /// taken, and for a plain autoencoder.
        public var klPerDimension: [Double] = []
        /// What was changed of the run, in order.
        public var changes: [TrainingChange] = []

        /// Mail that says nothing yet.
        public init() {}
    }

    private static let stepLimit = 8192
    private static let epochLimit = 4096
    private let condition = NSCondition()
    // Guarded by `condition`.
    private var mail = Mail()
    private var fresh = false
    private var snapshotWanted = true
    private let notify: (@Sendable () -> Void)?

    /// - Parameter notify: called from the trainer's thread when mail comes into an empty box; must not block.
    public init(notify: (@Sendable () -> Void)? = nil) {
        self.notify = notify
    }

    /// Everything since the last call. Does not wait.
    public func take() -> Mail {
        condition.lock()
        defer { condition.unlock() }
        let taken = mail
        mail.steps = []
        mail.epochs = []
        mail.snapshot = nil
        mail.klPerDimension = []
        mail.changes = []
        fresh = false
        return taken
    }

    /// As `take()`, after waiting for mail for at most `seconds`.
    public func wait(seconds: Double) -> Mail {
        condition.lock()
        let limit = Date(timeIntervalSinceNow: seconds)
        while !fresh, condition.wait(until: limit) {}
        condition.unlock()
        return take()
    }

    /// Asks for the parameters at the next step boundary.
    public func requestSnapshot() {
        condition.lock()
        snapshotWanted = true
        condition.unlock()
    }

    // MARK: The trainer's side

    func post(_ body: (inout Mail) -> Void) {
        condition.lock()
        body(&mail)
        if mail.steps.count > Self.stepLimit { mail.steps = Self.thinned(mail.steps) }
        if mail.epochs.count > Self.epochLimit { mail.epochs.thin() }
        let wasFresh = fresh
        fresh = true
        condition.broadcast()
        condition.unlock()
        if !wasFresh { notify?() }
    }

    /// Whether a snapshot was asked for since the last one; clears the request.
    func takeSnapshotRequest() -> Bool {
        condition.lock()
        defer {
            snapshotWanted = false
            condition.unlock()
        }
        return snapshotWanted
    }

    /// Half as many entries, each the mean of two.
    private static func thinned(_ steps: [StepMetrics]) -> [StepMetrics] {
        stride(from: 0, to: steps.count - 1, by: 2).map { i in
            var merged = steps[i + 1]
            merged.terms.reconstruction = (steps[i].terms.reconstruction + merged.terms.reconstruction) / 2
            merged.terms.kl = (steps[i].terms.kl + merged.terms.kl) / 2
            return merged
        }
    }
}

extension [EpochReport] {
    /// Leaves out every other report; the last stays.
    public mutating func thin() {
        let last = count - 1
        self = enumerated().filter { (last - $0.offset) % 2 == 0 }.map(\.element)
    }
}
