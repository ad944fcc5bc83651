import Dispatch
import Drawing
import VAECore

/// Does jobs: those of a frame at once, the others where the executor puts them.
final class JobRunner {
    private let executor: any JobExecutor
    private let wake: @Sendable () -> Void
    /// Answers from other threads.
    private let inbox = Locked<[(key: JobKey, action: AppAction?)]>([])
    /// The models on the screens.
    private let wanted = Locked<Set<ModelSlot.ID>>([])
    private let workers = Workers(count: Workers.resolve(threads: nil))
    private let bench: Bench
    private var underWay: Set<JobKey> = []
    private var began: [JobKey: ContinuousClock.Instant] = [:]

    init(_ executor: any JobExecutor, wake: @escaping @Sendable () -> Void) {
        self.executor = executor
        self.wake = wake
        bench = Bench(workers: workers, patience: executor.patience)
    }

    deinit { workers.stop() }

    /// What is computed for other models than these is not wanted any more.
    func keep(_ models: Set<ModelSlot.ID>) { wanted.withLock { $0 = models } }

    /// Does a job, or begins it.
    /// - Returns: its answer, if it comes at once.
    func perform(_ job: any Job) -> AppAction? {
        switch job.policy {
        case .frame: return job.action(on: bench)
        case .once(let lane, let seconds):
            let key = job.key
            if seconds > 0, let last = began[key], ContinuousClock.now - last < .seconds(seconds) { return nil }
            guard underWay.insert(key).inserted else { return nil }
            began[key] = .now
            begin(job, on: lane)
        case .each(let lane): begin(job, on: lane)
        }
        return nil
    }

    private func begin(_ job: some Job, on lane: JobPolicy.Lane) {
        executor.run(on: lane) { [inbox, wanted, wake] in
            let about = job.about
            func isWanted() -> Bool { about.map { id in wanted.withLock { $0.contains(id) } } ?? true }
            let action = isWanted() ? job.action(on: Bench(isWanted: isWanted)) : nil
            inbox.withLock { $0.append((job.key, action)) }
            wake()
        }
    }

    /// The answers that have come since the last call.
    func collect() -> [AppAction] {
        let arrived = inbox.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for answer in arrived { underWay.remove(answer.key) }
        let models = wanted.withLock { $0 }
        began = began.filter { $0.key.about.map(models.contains) ?? true }
        return arrived.compactMap(\.action)
    }

    /// Waits for the work under way, for so many seconds at most.
    func finish(_ lane: JobPolicy.Lane, seconds: Double = .infinity) { executor.finish(lane, seconds: seconds) }
}

/// Where jobs are done that are not for a frame.
package protocol JobExecutor: Sendable {
    func run(on lane: JobPolicy.Lane, _ work: @escaping @Sendable () -> Void)
    /// Waits for the work of a lane to end.
    func finish(_ lane: JobPolicy.Lane, seconds: Double)
    /// How long the work of one frame may take.
    var patience: Duration { get }
}

/// A thread for each lane.
package final class ThreadedJobs: JobExecutor {
    package init() {}

    package let patience = Duration.milliseconds(60)
    private let queues: [JobPolicy.Lane: DispatchQueue] = Dictionary(
        uniqueKeysWithValues: JobPolicy.Lane.allCases.map {
            ($0, DispatchQueue(label: "latent-\($0)", qos: $0 == .measuring ? .utility : .unspecified))
        })

    package func run(on lane: JobPolicy.Lane, _ work: @escaping @Sendable () -> Void) {
        queues[lane]?.async {
            Signals.protectThread()
            work()
        }
    }

    package func finish(_ lane: JobPolicy.Lane, seconds: Double) {
        let group = DispatchGroup()
        queues[lane]?.async(group: group) {}
        _ = seconds.isFinite ? group.wait(timeout: .now() + seconds) : { group.wait(); return .success }()
    }
}

/// At once, on the calling thread: for tests, and for one frame as text.
package struct InlineJobs: JobExecutor {
    package init() {}
    package let patience = Duration.seconds(3600)
    package func run(on lane: JobPolicy.Lane, _ work: @escaping @Sendable () -> Void) { work() }
    package func finish(_ lane: JobPolicy.Lane, seconds: Double) {}
}
