import Foundation

/// Where the trainer leaves its reports and the front end collects them.
///
/// No lock is held while either side computes, and the trainer never waits for the reader: a terminal that stops
/// reading cannot stop training.
public final class TrainingMailbox: @unchecked Sendable {
    /// Everything reported since the last `take()`.
    public struct Mail: Sendable {
        /// Where the trainer is now.
        public var state: TrainingState = .starting
        /// How far it has come.
        public var progress = TrainingProgress()
        /// The steps in order. When nobody reads, neighbours are merged to bound their number.
        public var steps: [StepMetrics] = []
        /// The epochs in order. When nobody reads for thousands of epochs, every other report is dropped.
        public var epochs: [EpochReport] = []
        /// The newest parameters published since the last `take()`, if any.
        public var snapshot: ParameterSnapshot?
        /// KL of each dimension in nats: means over the images of the step before that snapshot. Empty before the first
        /// step, and for a plain autoencoder.
        public var klPerDimension: [Double] = []
        /// Changes made to the run, in order.
        public var changes: [TrainingChange] = []
        /// The newest checkpoint of the run; nil before the first.
        public var checkpoint: CheckpointReport?
        /// What could last not be written of the run, if anything since the last `take()`.
        public var problem: CoreError?
        /// What a run that another process trains has told; nil for a trainer of this one, which tells all else.
        package var news: RunNews?

        /// Empty mail.
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

    /// An empty mailbox.
    /// - Parameter notify: called from the trainer's thread when mail arrives in an empty mailbox; must not block.
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
        mail.problem = nil
        fresh = false
        return taken
    }

    /// As `take()`, after waiting at most `seconds` for mail.
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

    /// Adds to the mail.
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

    /// Whether a snapshot has been requested since the last one. Clears the request.
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
