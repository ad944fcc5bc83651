import Foundation

/// Commands to a running trainer, from any thread. The trainer carries them out between two steps.
public final class TrainingControl: @unchecked Sendable {
    private let condition = NSCondition()
    // Guarded by `condition`.
    private var paused = false
    private var stopRequested = false
    private var stepsAllowed = 0
    private var rollBackRequested = false
    private var settings = Settings()
    /// The least time from one step to the next, and when the next may begin; no pause asks for none.
    private var secondsPerStep = 0.0
    private var nextTurn = Date.distantPast

    /// What can be changed while training runs.
    public struct Settings: Sendable, Equatable, Codable {
        /// Factor on the schedule's learning rate.
        public var learningRateScale = 1.0
        /// Replaces the configuration's β if not nil.
        public var beta: Double?
        /// Replaces the objective's free bits if not nil: nats per dimension. Only the ELBO has any.
        public var freeBits: Double?
    }

    /// No command yet.
    public init() {}

    private func change(_ body: () -> Void) {
        condition.lock()
        body()
        condition.broadcast()
        condition.unlock()
    }

    /// A command to a run.
    public enum Command: Sendable, Equatable {
        /// Pause after the current step.
        case pause
        /// Continue after a pause.
        case resume
        /// Take one more step and pause; while paused, take one step for each command.
        case step
        /// End training after the current step.
        case stop
        /// Take at most so many steps a second, so that one can watch them; nil takes them as fast as they go.
        case pace(Double?)
        /// Continue from the last good parameters after a divergence has halted training.
        case rollBack
        /// Set the factor on the schedule's learning rate.
        case learningRateScale(Double)
        /// Set the weight of the KL divergence.
        case beta(Double)
        /// Set the free bits, in nats per dimension.
        case freeBits(Double)
    }

    /// Records a command, which the trainer carries out between two steps.
    public func obey(_ command: Command) {
        change {
            switch command {
            case .pause: (paused, stepsAllowed) = (true, 0)
            case .resume: (paused, stepsAllowed) = (false, 0)
            case .step: (paused, stepsAllowed) = (true, paused ? stepsAllowed + 1 : 1)
            case .stop: stopRequested = true
            case .pace(let stepsPerSecond): secondsPerStep = stepsPerSecond.map { $0 > 0 ? 1 / $0 : 0 } ?? 0
            case .rollBack: rollBackRequested = true
            case .learningRateScale(let scale): settings.learningRateScale = scale
            case .beta(let beta): settings.beta = beta
            case .freeBits(let freeBits): settings.freeBits = freeBits
            }
        }
    }

    /// Whether a pause was asked for.
    public var isPaused: Bool {
        condition.lock()
        defer { condition.unlock() }
        return paused
    }

    /// Whether training was asked to stop.
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

    /// Begins with the settings of a run that is continued, before any command is given.
    func begin(with settings: Settings) { change { self.settings = settings } }

    /// Blocks while paused.
    /// - Parameters:
    ///   - takesStep: false for work between two steps, which does not count as one of the single steps asked for.
    ///   - pausing: called once, before blocking.
    ///   - resuming: called when the pause ends.
    /// - Returns: false when training is to stop.
    func waitForTurn(takesStep: Bool = true, pausing: () -> Void, resuming: () -> Void) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        if takesStep { keepPace() }
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

    /// Waits until the next step may begin, or a command comes that changes that.
    private func keepPace() {
        while secondsPerStep > 0, !paused, !stopRequested, nextTurn.timeIntervalSinceNow > 0 {
            _ = condition.wait(until: min(nextTurn, Date(timeIntervalSinceNow: secondsPerStep)))
        }
        nextTurn = Date(timeIntervalSinceNow: secondsPerStep)
    }

    /// Waits for the command after a divergence.
    /// - Returns: true to continue from the last good parameters, without a pause; false to stop.
    func waitForRollBack() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        // Cleared only here, since the command may arrive before this thread waits for it.
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
