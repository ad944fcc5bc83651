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

extension [EpochReport] {
    /// Leaves out every other report; the last stays.
    public mutating func thin() {
        let last = count - 1
        self = enumerated().filter { (last - $0.offset) % 2 == 0 }.map(\.element)
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
