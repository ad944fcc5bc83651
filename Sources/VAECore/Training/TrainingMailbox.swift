import Foundation

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
