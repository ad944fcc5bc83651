import Foundation

/// A run that another process trains, perhaps on another machine, followed by what it writes: the second `RunSource`.
///
/// A thread of its own reads the source and the model files. It holds back when nobody takes what it has read, so that a
/// long record needs little memory. The run cannot be told anything: commands other than `stop`, which ends the
/// following, have no effect.
package final class FollowedRun: RunSource, @unchecked Sendable {
    private let source: FollowSource
    private let series: any SeriesReader
    private let models: ModelWatch?
    private let notify: @Sendable () -> Void
    /// Values read before somebody has taken them: few at first, so that the first curves are there at once.
    private static let (first, limit) = (20_000, 500_000)
    /// Seconds without anything new after which this is said.
    private static let patience = 5.0

    private let condition = NSCondition()
    // Guarded by `condition`.
    private var news = RunNews()
    private var isFresh = false
    private var isStopped = false

    // Used by the thread only.
    private let watch = FolderWatch()
    private var about: RunNews.About?
    private var hasBegun = false
    /// When values last came by the clock of whoever wrote them, since when this has been known, and how long ago it was
    /// then. Clocks of two machines may differ and may be set back, so only the first time is compared with ours.
    private var written: (time: Double, known: ContinuousClock.Instant, age: Double)?
    private var lastSaid: (silence: Int?, hasEnded: Bool)?

    /// - Parameters:
    ///   - model: the models to load: a path, or a pattern such as `checkpoints/*.safetensors`; nil takes the newest
    ///     safetensors file in the run's folder or a folder of it.
    ///   - notify: called from the thread when there is something new to take; must not block.
    package init(_ source: FollowSource, model: String? = nil, notify: @escaping @Sendable () -> Void) {
        self.source = source
        self.notify = notify
        series = switch source {
        case .run(let path): LinesFile(FileSystem.join(path, "metrics.jsonl"))
        case .events(let path): EventSeries(path)
        case .lines(let path): LinesFile(path)
        case .pipe(let descriptor): LinesPipe(descriptor)
        }
        models = (model ?? source.modelPlace).map(ModelWatch.init)
    }

    /// Begins to follow.
    package func start() { _ = startThread { [self] in follow() } }

    // MARK: The front end's side

    package func take() -> TrainingMailbox.Mail {
        condition.lock()
        defer { condition.unlock() }
        var mail = TrainingMailbox.Mail()
        mail.state = isStopped ? .stopped : .running
        mail.news = news
        news = RunNews()
        isFresh = false
        condition.broadcast()
        return mail
    }

    package func wait(seconds: Double) -> TrainingMailbox.Mail {
        condition.lock()
        let limit = Date(timeIntervalSinceNow: seconds)
        while !isFresh, condition.wait(until: limit) {}
        condition.unlock()
        return take()
    }

    /// Models come as they land.
    package func requestSnapshot() {}

    package func obey(_ command: TrainingControl.Command) {
        guard command == .stop else { return }
        condition.lock()
        isStopped = true
        condition.broadcast()
        condition.unlock()
    }

    // MARK: The thread

    private func follow() {
        while waitForRoom() {
            var new = RunNews()
            new.isCatchingUp = series.read(&new, limit: hasBegun ? Self.limit : Self.first)
            hasBegun = true
            lookForModel(&new)
            lookAtRun(&new)
            post(new)
            guard !new.isCatchingUp else { continue }
            for folder in Set(series.folders + (models?.folders ?? [])) { watch.add(folder) }
            watch.wait(seconds: pause(new), wake: new.hasEnded ? -1 : series.descriptor)
        }
    }

    /// Waits until somebody has taken what is there.
    /// - Returns: false when following has ended.
    private func waitForRoom() -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while !isStopped, news.count >= Self.limit { condition.wait() }
        return !isStopped
    }

    /// How long to wait for something new: how long it has been silent is said by the second at first, later by the
    /// minute. A model that is being written is looked at often.
    private func pause(_ new: RunNews) -> Double {
        if models?.isWaiting == true { return 0.15 }
        return (new.silence ?? 0) < 60 ? 1 : 20
    }

    private func lookForModel(_ new: inout RunNews) {
        do throws(CoreError) {
            new.model = try models?.next()
        } catch {
            new.notices.append(error.description)
        }
        new.notices += series.takeNotices()
    }

    private func lookAtRun(_ new: inout RunNews) {
        if case .run(let path) = source {
            if about == nil { about = (try? RunFolder.configuration(in: path)).map(RunNews.About.init) }
            // The lock goes when the run's process ends in peace.
            new.hasEnded = FileSystem.kind(of: FileSystem.join(path, "lock")) == .nothing
        }
        new.hasEnded = new.hasEnded || series.hasEnded
        new.about = about
        if let time = series.lastWritten, time != written?.time {
            written = (time, .now, written == nil ? max(0, secondsSince1970() - time) : 0)
        }
        guard let written else { return }
        let seconds = written.age + (ContinuousClock.now - written.known) / .seconds(1)
        guard seconds >= Self.patience, seconds.isFinite else { return }
        new.silence = seconds < 60 ? Int(seconds) : Int(min(seconds, 1e9) / 60) * 60
    }

    private func post(_ new: RunNews) {
        let isSame = lastSaid.map { $0 == (new.silence, new.hasEnded) } ?? false
        guard !new.isEmpty || !isSame else { return }
        lastSaid = (new.silence, new.hasEnded)
        condition.lock()
        news.append(new)
        let wasFresh = isFresh
        isFresh = true
        condition.broadcast()
        condition.unlock()
        if !wasFresh { notify() }
    }
}

extension RunNews.About {
    fileprivate init(_ run: RunConfiguration) {
        let perEpoch = run.data.map { ($0.train + run.training.batchSize - 1) / max(1, run.training.batchSize) }
        self.init(
            preset: run.preset, dataset: run.dataset, steps: perEpoch.map { $0 * run.epochs }, epochs: run.epochs)
    }
}
