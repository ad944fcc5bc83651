import Foundation

/// Writes a run into its folder while it trains, on a thread of its own: the lines of `metrics.jsonl`, checkpoints,
/// snapshots, and changes in `config.json`. The trainer hands over copies and never waits.
///
/// What is handed over is written in order. So a checkpoint always follows the lines of the steps before it, and says how
/// long `metrics.jsonl` was then.
package final class RunRecorder: RunRecord, @unchecked Sendable {
    /// When and what to write.
    package struct Options: Sendable {
        /// Seconds between two checkpoints; 0 makes one as often as the disk can.
        package var seconds = 60.0
        package var snapshots = RunSnapshots.Options()
        /// Step lines in an epoch, at most.
        package var linesPerEpoch = 50
        /// The time of day, to say when a checkpoint was made.
        package var clock: @Sendable () -> String = { "" }
        /// Whether TensorBoard's event files are written too.
        package var writesEvents = false

        package init() {}
    }

    /// Something to write.
    enum Item: Sendable {
        case line(TimedLine, change: TrainingChange? = nil)
        case state(RunState)
        case snapshot(ParameterSnapshot)
        case figures(RunEvents.Figures, time: Double)

        /// Bytes it occupies while it waits; lines do not count.
        var bytes: Int {
            switch self {
            case .line, .figures: 0
            case .state(let state): 4 * state.parameters.network.parameterCount * (state.averages.count + 1)
            case .snapshot(let snapshot): 4 * snapshot.network.parameterCount
            }
        }
    }

    private let options: Options
    private let stepsPerLine: Int
    /// A snapshot that would make more bytes than this wait is left out.
    private static let patience = 48 << 20
    /// Step lines are left out while so many lines wait.
    private static let lineLimit = 100_000
    private let condition = NSCondition()
    // Guarded by `condition`.
    private var queue: [Item] = []
    private var isWriting = false
    private var isClosing = false
    private var hasThread = false
    /// Before this time nothing is written, unless the folder is asked for.
    private var due: ContinuousClock.Instant
    private var mailbox: TrainingMailbox?
    private var lastProblem: CoreError?
    private var allChanges: [TrainingChange]
    // Used by the trainer's thread only.
    private var lastState = ContinuousClock.now
    private let snapshots: RunSnapshots
    private let writer: RunWriter

    /// What is known of a run before its first step.
    package struct Plan: Sendable {
        package var stepsPerEpoch, epochs, parameters: Int
        /// Changes made before a run is continued.
        package var changes: [TrainingChange]
        /// Steps taken before a run is continued, -1 if it has no checkpoint and begins anew; nil for a new run.
        package var resumedAt: Int?
        /// Held-out images to show in event files; nil for none.
        package var samples: RunEvents.Samples?

        package init(
            stepsPerEpoch: Int, epochs: Int, parameters: Int, changes: [TrainingChange] = [], resumedAt: Int? = nil,
            samples: RunEvents.Samples? = nil
        ) {
            self.stepsPerEpoch = stepsPerEpoch
            self.epochs = epochs
            self.parameters = parameters
            self.changes = changes
            self.resumedAt = resumedAt
            self.samples = samples
        }
    }

    /// A record that is written into a folder from the start.
    /// - Throws: `CoreError(.file)` when `config.json` cannot be written.
    package convenience init(
        folder: RunFolder, configuration: RunConfiguration, plan: Plan, options: Options = Options()
    ) throws(CoreError) {
        self.init(plan, options: options, configuration: { configuration }) { folder }
        _ = try self.folder()
    }

    /// A record that gets its folder with the first checkpoint, or when `folder()` is called: a run of a few seconds that
    /// nobody saves leaves nothing behind.
    /// - Parameters:
    ///   - configuration: called once, when the folder is made.
    ///   - makeFolder: called when the folder is needed, and again later if it throws.
    package init(
        _ plan: Plan, options: Options, configuration: @escaping @Sendable () -> RunConfiguration,
        makeFolder: @escaping @Sendable () throws -> RunFolder
    ) {
        self.options = options
        stepsPerLine = max(1, plan.stepsPerEpoch / max(1, options.linesPerEpoch))
        snapshots = RunSnapshots(
            options.snapshots, totalSteps: plan.stepsPerEpoch * plan.epochs, parameters: plan.parameters)
        writer = RunWriter(snapshots: snapshots, configuration: configuration, makeFolder: makeFolder) { folder in
            guard options.writesEvents else { return nil }
            return RunEvents(folder: folder, samples: plan.samples, from: plan.resumedAt.map { $0 + 1 })
        }
        allChanges = plan.changes
        due = .now + .seconds(options.seconds)
    }

    // MARK: The trainer's side

    package func step(_ metrics: StepMetrics) {
        guard metrics.step == 1 || metrics.step % stepsPerLine == 0 else { return }
        let line = timed(StepLine(metrics))
        add(.line(line), isLine: true)
        if options.writesEvents { add(.figures(.step(metrics), time: line.time), isLine: true) }
    }

    package func epoch(_ report: EpochReport) {
        let line = timed(EpochLine(report))
        add(.line(line))
        if options.writesEvents { add(.figures(.epoch(report), time: line.time)) }
    }

    package func change(_ change: TrainingChange) {
        condition.lock()
        allChanges.append(change)
        condition.unlock()
        add(.line(timed(ChangeLine(change)), change: change))
    }

    package func pause(_ hasBegun: Bool, step: Int) {
        add(.line(timed(EventLine(event: hasBegun ? "pause" : "continue", step: step))))
    }

    package func failed(_ error: CoreError, step: Int) {
        add(.line(timed(EventLine(event: "failed", step: step, message: error.what))))
    }

    package var wantsState: Bool {
        guard ContinuousClock.now - lastState >= .seconds(options.seconds) else { return false }
        condition.lock()
        defer { condition.unlock() }
        return !isWriting && !queue.contains { if case .state = $0 { true } else { false } }
    }

    package func keep(_ state: RunState) {
        lastState = .now
        add(.state(state))
    }

    package func wantsSnapshot(step: Int) -> Bool { snapshots.wants(step: step) }

    package func keep(_ snapshot: ParameterSnapshot) {
        condition.lock()
        let waiting = queue.reduce(0) { $0 + $1.bytes }
        condition.unlock()
        if waiting < Self.patience { add(.snapshot(snapshot)) }
    }

    /// Reports checkpoints and problems into `mailbox` from now on.
    package func report(to mailbox: TrainingMailbox) {
        condition.lock()
        self.mailbox = mailbox
        condition.unlock()
    }

    private func timed(_ line: any Encodable & Sendable) -> TimedLine {
        TimedLine(line: line, time: Date().timeIntervalSince1970)
    }

    private func add(_ item: Item, isLine: Bool = false) {
        condition.lock()
        defer { condition.unlock() }
        guard !isClosing, !(isLine && queue.count > Self.lineLimit) else { return }
        // Only the newest state matters.
        if case .state = item { queue.removeAll { if case .state = $0 { true } else { false } } }
        queue.append(item)
        if !hasThread { hasThread = startThread { [self] in write() } }
        condition.broadcast()
    }

    // MARK: The writer's thread

    private func write() {
        condition.lock()
        while true {
            while !isClosing && (queue.isEmpty || isEarly) {
                if queue.isEmpty {
                    condition.wait()
                } else {
                    _ = condition.wait(until: Date(timeIntervalSinceNow: (due - .now) / .seconds(1)))
                }
            }
            if queue.isEmpty || isEarly { break }
            let items = queue
            queue = []
            isWriting = true
            condition.unlock()
            let problem = write(items)
            condition.lock()
            isWriting = false
            if let problem { note(problem) }
            condition.broadcast()
        }
        condition.unlock()
        writer.close()
        condition.lock()
        hasThread = false
        condition.broadcast()
        condition.unlock()
    }

    /// Whether the run is too young for a folder. A run that ends before that leaves nothing.
    private var isEarly: Bool { ContinuousClock.now < due }

    private func write(_ items: [Item]) -> CoreError? {
        do {
            _ = try folder()
        } catch {
            return error
        }
        var problem: CoreError?
        for item in items {
            do throws(CoreError) {
                if let step = try writer.write(item) { tell(step) }
            } catch {
                problem = problem ?? error
            }
        }
        return problem
    }

    private func tell(_ step: Int) {
        condition.lock()
        let mailbox = mailbox
        condition.unlock()
        mailbox?.post { $0.checkpoint = CheckpointReport(step: step, time: options.clock()) }
    }

    /// - Precondition: `condition` is locked.
    private func note(_ problem: CoreError) {
        lastProblem = problem
        mailbox?.post { $0.problem = problem }
    }

    // MARK: The front end's side

    /// The run's folder, which is created now if there is none yet; everything that waits is written from then on.
    /// - Throws: `CoreError(.file)` when it cannot be created.
    package func folder() throws(CoreError) -> RunFolder {
        let folder = Result { () throws(CoreError) in try writer.folder() }
        condition.lock()
        if case .success = folder { due = .now } else { due = .now + .seconds(max(1, options.seconds)) }
        condition.broadcast()
        condition.unlock()
        return try folder.get()
    }

    /// The run's folder, if it has one.
    package var madeFolder: RunFolder? { writer.madeFolder }

    /// The changes made so far, with those of a run that is continued.
    package var changes: [TrainingChange] {
        condition.lock()
        defer { condition.unlock() }
        return allChanges
    }

    /// Ends the record: no more is taken, what waits is written if the run has a folder, and the folder is given free.
    package func end() {
        condition.lock()
        isClosing = true
        condition.broadcast()
        condition.unlock()
    }

    /// Ends the record and waits, at most `seconds`, until all is written.
    /// - Throws: `CoreError(.file)` when something is not.
    package func finish(seconds: Double = 86_400) throws(CoreError) {
        end()
        condition.lock()
        defer { condition.unlock() }
        let limit = Date(timeIntervalSinceNow: seconds)
        while hasThread, condition.wait(until: limit) {}
        guard !hasThread else {
            throw lastProblem ?? CoreError(.file, "the run's last lines are not written yet", at: "run folder")
        }
        writer.close()
        if let problem = writer.missing { throw problem }
    }
}
