import Foundation

/// The files of a run that is recorded. Used by the recorder's thread; only `folder()` may be called from any.
final class RunWriter: @unchecked Sendable {
    private let snapshots: RunSnapshots
    private let makeConfiguration: @Sendable () -> RunConfiguration
    private let makeFolder: @Sendable () throws -> RunFolder
    private let makeEvents: (String) -> RunEvents?
    /// The events of the run, if they are written and the folder is there. Used by the recorder's thread.
    private var events: RunEvents?
    private let creation = NSLock()
    // Guarded by `creation`.
    private var made: (folder: RunFolder, configuration: RunConfiguration)?
    private var isClosed = false
    /// What is missing on disk: the last checkpoint or lines that could not be written.
    private(set) var missing: CoreError?

    init(
        snapshots: RunSnapshots, configuration: @escaping @Sendable () -> RunConfiguration,
        makeFolder: @escaping @Sendable () throws -> RunFolder, events: @escaping (String) -> RunEvents?
    ) {
        self.snapshots = snapshots
        makeConfiguration = configuration
        self.makeFolder = makeFolder
        makeEvents = events
    }

    /// The run's folder with its `config.json`, made at the first call.
    /// - Throws: `CoreError(.file)` when it cannot be made.
    func folder() throws(CoreError) -> RunFolder {
        creation.lock()
        defer { creation.unlock() }
        if let made { return made.folder }
        do {
            let folder = try makeFolder()
            let configuration = makeConfiguration()
            try folder.write(configuration)
            made = (folder, configuration)
            if isClosed { folder.release() }
            return folder
        } catch {
            throw error as? CoreError ?? CoreError(.file, "\(error)", at: "run folder")
        }
    }

    var madeFolder: RunFolder? { current?.folder }

    private var current: (folder: RunFolder, configuration: RunConfiguration)? {
        get {
            creation.lock()
            defer { creation.unlock() }
            return made
        }
        set {
            creation.lock()
            defer { creation.unlock() }
            made = newValue
        }
    }

    /// Writes one thing.
    /// - Returns: the step of a checkpoint that was written.
    /// - Throws: `CoreError(.file)` when the file system refuses.
    func write(_ item: RunRecorder.Item) throws(CoreError) -> Int? {
        guard let (folder, written) = current else { return nil }
        if events == nil { events = makeEvents(folder.path) }
        var configuration = written
        switch item {
        case .line(let line, let change):
            var problem: CoreError?
            do { try folder.metrics.append(line) } catch { problem = error }
            if let change {
                configuration.changes = (configuration.changes ?? []) + [change]
                current = (folder, configuration)
                try folder.write(configuration)
            }
            if let problem { throw problem }
        case .snapshot(let snapshot):
            let record = TrainedModel.Record(
                preset: configuration.preset, dataset: configuration.dataset, training: configuration.training,
                changes: configuration.changes ?? [])
            try snapshots.keep(TrainedModel(snapshot: snapshot, record: record), in: folder.snapshotsPath)
            try events?.write(snapshot, time: Date().timeIntervalSince1970)
        case .figures(let figures, let time): try events?.write(figures, time: time)
        case .state(let state):
            // On the disk before the checkpoint, which says how long the file is.
            folder.metrics.flush()
            let checkpoint = Checkpoint(configuration: configuration, state: state, metricsBytes: folder.metrics.length)
            do throws(CoreError) {
                try checkpoint.write(to: folder.checkpointPath)
                missing = nil
            } catch {
                missing = error
                throw error
            }
            return state.numbers.step
        }
        return nil
    }

    /// Writes what is left and gives the folder free.
    func close() {
        creation.lock()
        defer { creation.unlock() }
        guard !isClosed else { return }
        isClosed = true
        guard let folder = made?.folder else { return }
        do throws(CoreError) {
            try folder.metrics.finish()
            try events?.finish()
        } catch { missing = missing ?? error }
        folder.release()
    }
}
