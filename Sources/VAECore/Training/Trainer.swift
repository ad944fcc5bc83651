import CProcessor
import Foundation
import Synchronization

/// Trains a network on a data set, on a thread of its own.
///
/// The trainer owns every number that changes; nobody else touches its buffers. It reports through `mailbox` and obeys
/// `control` between two steps.
public final class Trainer: @unchecked Sendable {
    /// The network's structure.
    public let network: Network
    /// How it is trained, as configured at the start; `control` may have changed some of it since.
    public let configuration: TrainingConfiguration
    /// The images trained and evaluated on.
    public let dataset: Dataset
    /// Workers that share each step.
    public let threads: Int
    /// Where reports arrive.
    public let mailbox: TrainingMailbox
    /// Where commands are given.
    public let control = TrainingControl()
    let firstStep = Atomic<UInt64>(0)
    /// What outlasts the process: the record of the run on disk. Nil keeps none.
    let record: (any RunRecord)?
    /// Where a run that is continued had come to; nil for one that begins.
    let past: RunState?

    /// The step from which an earlier run is continued; nil for a run that begins.
    public var resumedAt: Int? { past?.numbers.step }
    /// When the first step ended, in nanoseconds of `DispatchTime`; nil before that.
    public var firstStepUptime: UInt64? {
        let time = firstStep.load(ordering: .relaxed)
        return time == 0 ? nil : time
    }

    /// Steps in one epoch; the last step may have fewer images.
    public var stepsPerEpoch: Int {
        (dataset.train.count + configuration.batchSize - 1) / configuration.batchSize
    }
    /// Steps in the whole run.
    public var totalSteps: Int { stepsPerEpoch * configuration.epochs }

    /// A trainer that has not started yet.
    /// - Parameters:
    ///   - threads: workers that share each step; nil takes one per core.
    ///   - notify: called from the trainer's thread when mail arrives in an empty mailbox; must not block.
    /// - Throws: `CoreError` when the configuration cannot be built, or does not fit the data.
    public convenience init(
        model: ModelConfiguration, training: TrainingConfiguration, dataset: Dataset, threads: Int? = nil,
        notify: (@Sendable () -> Void)? = nil
    ) throws(CoreError) {
        try self.init(
            model: model, training: training, dataset: dataset, threads: threads, record: nil, past: nil, notify: notify)
    }

    /// As above, for a run that is recorded, or one that continues from `past`.
    /// - Throws: also when `past` is of another network or optimiser.
    package init(
        model: ModelConfiguration, training: TrainingConfiguration, dataset: Dataset, threads: Int? = nil,
        record: (any RunRecord)?, past: RunState? = nil, notify: (@Sendable () -> Void)? = nil
    ) throws(CoreError) {
        try training.validate()
        if model.isDeterministic, training.objective.samples > 1 {
            throw CoreError(
                .configuration, "a deterministic autoencoder has one z per image", at: "--samples", expected: "1",
                found: "\(training.objective.samples)")
        }
        for set in [dataset.train, dataset.test] {
            try model.requireFit(set, of: dataset.name, sameShape: true)
        }
        guard dataset.train.count > 0, dataset.test.count > 0 else {
            throw CoreError(.data, "no images to train or test on", at: dataset.name)
        }
        network = try Network(model)
        configuration = training
        self.dataset = dataset
        self.threads = Workers.resolve(threads: threads)
        mailbox = TrainingMailbox(notify: notify)
        self.record = record
        self.past = past
        if let past { try require(past) }
        record?.report(to: mailbox)
    }

    /// The settings that a command can change, as they are before the next step.
    package var settings: TrainingControl.Settings { past == nil ? control.currentSettings : past!.numbers.settings }

    /// Starts training on a new thread and returns at once.
    /// - Parameters:
    ///   - givingWay: run at a lower priority, so that the thread that answers keys goes first.
    ///   - asksWhenDiverged: on divergence, halt as `TrainingState.diverged` and wait for the command to continue from
    ///     the last good parameters or to stop. Otherwise a divergence ends the run.
    public func start(givingWay: Bool = false, asksWhenDiverged: Bool = false) {
        let isStarted = startThread { [self] in
            if givingWay { Self.giveWay() }
            let run = TrainingRun(self, asksWhenDiverged: asksWhenDiverged)
            run.train()
        }
        guard !isStarted else { return }
        let error = CoreError(
            .configuration, "the system cannot start a thread to train on", at: "--threads",
            remedy: "close other programs, or raise the limit on processes ('ulimit -u')")
        mailbox.post { $0.state = .failed(error) }
    }

    /// Lowers the calling thread's priority, which the workers it starts inherit. Costs nothing on idle cores.
    private static func giveWay() {
        #if os(Linux)
            // On Linux 0 is the calling thread, not the process.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5)
        #endif
    }
}
