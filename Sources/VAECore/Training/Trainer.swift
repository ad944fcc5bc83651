import CProcessor
import Foundation
import Synchronization

/// Trains a network on a data set, on a thread of its own.
///
/// The trainer owns every number that changes. It tells of its work through `mailbox` and listens to `control`
/// between steps; nobody else touches its buffers.
public final class Trainer: @unchecked Sendable {
    public let network: Network
    public let configuration: TrainingConfiguration
    public let dataset: Dataset
    public let threads: Int
    public let mailbox: TrainingMailbox
    public let control = TrainingControl()
    let firstStep = Atomic<UInt64>(0)

    /// When the first step was done, in `DispatchTime`'s nanoseconds; nil before.
    public var firstStepUptime: UInt64? {
        let time = firstStep.load(ordering: .relaxed)
        return time == 0 ? nil : time
    }

    /// Steps in one epoch; the last may be of fewer images.
    public var stepsPerEpoch: Int {
        (dataset.train.count + configuration.batchSize - 1) / configuration.batchSize
    }
    public var totalSteps: Int { stepsPerEpoch * configuration.epochs }

    /// - Parameter threads: workers that share each step; nil takes one a core.
    /// - Throws: `CoreError` when the configuration cannot be built, or does not fit the data.
    public init(
        model: ModelConfiguration, training: TrainingConfiguration, dataset: Dataset, threads: Int? = nil,
        notify: (@Sendable () -> Void)? = nil
    ) throws(CoreError) {
        try training.validate()
        if model.isDeterministic, training.objective.samples > 1 {
            throw CoreError(
                .configuration, "a deterministic autoencoder has one z an image", at: "--samples", expected: "1",
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
    }

    /// Starts training on a new thread and returns at once.
    /// - Parameters:
    ///   - givingWay: let whoever else wants a core go first, as the thread that answers keys must.
    ///   - asksWhenDiverged: halt at a loss that is not finite, as `TrainingState.diverged`, and wait to be told to go
    ///     on from the last good parameters or to end; otherwise such a loss ends the run.
    public func start(givingWay: Bool = false, asksWhenDiverged: Bool = false) {
        let isStarted = startThread { [self] in
            if givingWay { Self.giveWay() }
            let run = TrainingRun(self, asksWhenDiverged: asksWhenDiverged)
            run.train()
        }
        guard !isStarted else { return }
        let error = CoreError(
            .configuration, "the system gives no thread to train on", at: "--threads",
            remedy: "end other programs, or raise the limit of processes ('ulimit -u')")
        mailbox.post { $0.state = .failed(error) }
    }

    /// Lowers the calling thread's priority; the workers it makes inherit it. Costs nothing where nobody else wants
    /// the cores.
    private static func giveWay() {
        #if os(Linux)
            // On Linux 0 is the calling thread, not the process.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5)
        #endif
    }
}
