/// One training step: its losses, computed before the update, and its settings.
public struct StepMetrics: Sendable, Equatable {
    /// Steps taken, including this one.
    public var step: Int
    /// Means over the images of the step, in nats per image.
    public var terms: LossTerms
    /// The learning rate and the weight of the KL divergence.
    public var learningRate, beta: Double
    /// Free bits, in nats per dimension.
    public var freeBits: Double

    /// The metrics of one step.
    public init(step: Int, terms: LossTerms, learningRate: Double, beta: Double, freeBits: Double = 0) {
        self.step = step
        self.terms = terms
        self.learningRate = learningRate
        self.beta = beta
        self.freeBits = freeBits
    }
}

/// The results of one epoch.
public struct EpochReport: Sendable, Equatable, Codable {
    /// Epochs and steps completed, including this epoch.
    public var epoch, step: Int
    /// Training time and speed, without the evaluation.
    public var seconds, imagesPerSecond: Double
    /// Means over the training images in nats per image, each computed with the parameters of its step.
    public var train: LossTerms
    /// Figures on the held-out images after the epoch.
    public var test: Evaluation

    /// The report of one epoch.
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

/// A checkpoint that is on the disk.
public struct CheckpointReport: Sendable, Equatable {
    /// The step it was taken after.
    public var step: Int
    /// The time of day at which it was written, such as `14:32:05`.
    public var time: String

    /// The report of one checkpoint.
    public init(step: Int, time: String) {
        self.step = step
        self.time = time
    }
}

extension [EpochReport] {
    /// Drops every other report, and keeps the last.
    public mutating func thin() {
        let last = count - 1
        self = enumerated().filter { (last - $0.offset) % 2 == 0 }.map(\.element)
    }
}

/// What a trainer is doing.
public enum TrainingState: Sendable, Equatable {
    case starting, running, evaluating, paused
    /// Halted by a divergence, with the last good snapshot in the mailbox; waits for the command `rollBack` or `stop`.
    case diverged(CoreError)
    /// Every epoch is done.
    case finished
    /// Ended on request.
    case stopped
    /// Ended by an error, with the last good snapshot in the mailbox.
    case failed(CoreError)

    /// Whether steps follow without a further command.
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
    /// Steps taken, and steps in the whole run.
    public var step, totalSteps: Int
    /// Epochs completed, and epochs in the whole run.
    public var epoch, epochs: Int
    /// The speed over about the last second.
    public var imagesPerSecond: Double
    /// Seconds until the last step at that speed, including evaluations as long as those so far; nil while the speed is
    /// unknown.
    public var secondsLeft: Double?

    /// Progress at the given numbers.
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
