import Foundation

/// What a person asks of a running trainer, from any thread. The trainer looks at it between two steps.
public final class TrainingControl: @unchecked Sendable {
    private let condition = NSCondition()
    // Guarded by `condition`.
    private var paused = false
    private var stopRequested = false
    private var stepsAllowed = 0
    private var rollBackRequested = false
    private var settings = Settings()

    /// What may be changed while training runs.
    public struct Settings: Sendable, Equatable {
        /// Factor on the schedule's learning rate.
        public var learningRateScale = 1.0
        /// Replaces the configuration's β when not nil.
        public var beta: Double?
        /// Replaces the objective's free bits when not nil: nats of each dimension. For the ELBO alone.
        public var freeBits: Double?
    }

    public init() {}

    private func change(_ body: () -> Void) {
        condition.lock()
        body()
        condition.broadcast()
        condition.unlock()
    }

    /// What can be asked of a run.
    public enum Command: Sendable, Equatable {
        /// Hold training after the current step.
        case pause
        /// Go on after a pause.
        case resume
        /// Take one step more and pause; while paused, one for each time it is asked.
        case step
        /// End training after the current step, for good.
        case stop
        /// Go on from the last good parameters, after a loss that was not finite halted training.
        case rollBack
        case learningRateScale(Double)
        case beta(Double)
        /// Nats of each dimension.
        case freeBits(Double)
    }

    /// Notes what is asked, for the trainer to do between two steps.
    public func obey(_ command: Command) {
        change {
            switch command {
            case .pause: (paused, stepsAllowed) = (true, 0)
            case .resume: (paused, stepsAllowed) = (false, 0)
            case .step: (paused, stepsAllowed) = (true, paused ? stepsAllowed + 1 : 1)
            case .stop: stopRequested = true
            case .rollBack: rollBackRequested = true
            case .learningRateScale(let scale): settings.learningRateScale = scale
            case .beta(let beta): settings.beta = beta
            case .freeBits(let freeBits): settings.freeBits = freeBits
            }
        }
    }

    public var isPaused: Bool {
        condition.lock()
        defer { condition.unlock() }
        return paused
    }

    public var isStopped: Bool {
        condition.lock()
        defer { condition.unlock() }
        return stopRequested
    }

    var currentSettings: Settings {
        condition.lock()
        defer { condition.unlock() }
        return settings
    }

    /// Whether a step may be taken; blocks while paused.
    /// - Parameters:
    ///   - takesStep: false for work between two steps, which uses up none of those allowed.
    ///   - pausing: called once, before blocking.
    /// - Returns: false when training is to end.
    func waitForTurn(takesStep: Bool = true, pausing: () -> Void, resuming: () -> Void) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard paused, stepsAllowed == 0, !stopRequested else { return takesStep ? takeTurn() : !stopRequested }
        condition.unlock()
        pausing()
        condition.lock()
        while paused, stepsAllowed == 0, !stopRequested { condition.wait() }
        if !stopRequested, !paused {
            condition.unlock()
            resuming()
            condition.lock()
        }
        return takesStep ? takeTurn() : !stopRequested
    }

    /// Waits until somebody says what to do after a loss that was not finite.
    /// - Returns: whether to go on from the last good parameters, without a pause; false to end.
    func waitForRollBack() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        // Cleared only here: the answer may come before this thread waits for it.
        while !rollBackRequested, !stopRequested { condition.wait() }
        rollBackRequested = false
        paused = false
        stepsAllowed = 0
        return !stopRequested
    }

    private func takeTurn() -> Bool {
        if paused, stepsAllowed > 0 { stepsAllowed -= 1 }
        return !stopRequested
    }
}
