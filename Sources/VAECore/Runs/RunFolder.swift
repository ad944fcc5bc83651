import Foundation

/// The folder of one run. `docs/FORMATS.md` describes its files.
///
/// As long as the object lives, no other process can write into the folder.
package final class RunFolder: @unchecked Sendable {
    package let path: String
    private let lock: RunLock
    package var modelPath: String { path + "/model.safetensors" }
    package var configurationPath: String { path + "/config.json" }
    package var checkpointPath: String { path + "/checkpoint.safetensors" }
    package var metricsPath: String { path + "/metrics.jsonl" }
    package var snapshotsPath: String { path + "/snapshots" }
    /// The record of the run, for one that is written line by line.
    package private(set) var metrics: MetricsLog

    /// Creates `parent/<time>-<name>` and points `parent/latest` at it; or takes the folder `exact`, if given.
    ///
    /// - Parameters:
    ///   - name: a plain name; any other becomes `run`.
    ///   - time: the time as in the folder's name, such as `20260131-235959`.
    ///   - linksLatest: false leaves `parent/latest` alone.
    ///   - replacing: whether a run in `exact` that could be resumed is given up.
    /// - Throws: `CoreError(.file)` when the folder cannot be created, another process writes into it, or it has such a run.
    package init(
        parent: String, name: String, time: String, exact: String? = nil, linksLatest: Bool = true,
        replacing: Bool = false
    ) throws(CoreError) {
        do {
            if let exact {
                try FileManager.default.createDirectory(atPath: exact, withIntermediateDirectories: true)
                path = exact
            } else {
                try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
                path = try Self.createUnused("\(parent)/\(time)-\(PlainName.isOne(name) ? name : "run")")
            }
        } catch {
            throw CoreError(
                .file, "cannot create the run folder", at: exact ?? parent, found: error.localizedDescription,
                remedy: "'latent train --out FOLDER' saves elsewhere")
        }
        lock = try RunLock(folder: path)
        metrics = MetricsLog(path: path + "/metrics.jsonl")
        if exact != nil { try clear(replacing: replacing) }
        if exact == nil, linksLatest { linkLatest(in: parent) }
    }

    /// The folder in which a run has saved the model at `path`.
    package static func containing(_ path: String) -> String { FileSystem.folder(of: path) }

    /// Whether a folder holds a run's files.
    package static func isRun(_ path: String) -> Bool {
        ["config.json", "metrics.jsonl", "checkpoint.safetensors"].contains {
            FileSystem.kind(of: FileSystem.join(path, $0)) == .file
        }
    }

    /// Takes the folder of a run to continue it; `cutBack` follows.
    /// - Throws: `CoreError(.file)` when there is no run, or another process writes into it.
    package init(resuming path: String) throws(CoreError) {
        self.path = path
        let files = ["checkpoint.safetensors", "config.json"].map { FileSystem.kind(of: FileSystem.join(path, $0)) }
        guard files.contains(.file) else {
            throw CoreError(
                .file, "no run that could be resumed", at: path, expected: "a folder with checkpoint.safetensors or config.json")
        }
        lock = try RunLock(folder: path)
        metrics = MetricsLog(path: path + "/metrics.jsonl")
        AtomicFile.sweep(folder: path)
    }

    /// Removes what was written after a checkpoint: the lines after `bytes` of `metrics.jsonl`, and snapshots of steps
    /// after `step`.
    /// - Throws: `CoreError(.file)` when the file system refuses.
    package func cutBack(metrics bytes: Int, step: Int) throws(CoreError) {
        metrics = try MetricsLog(path: metricsPath, keeping: bytes)
        RunSnapshots.remove(after: step, in: snapshotsPath)
    }

    /// Lets others write into the folder; to be called once, when the run is over.
    package func release() { lock.release() }

    /// Who writes into a run's folder now; nil if nobody does.
    package static func writer(of folder: String) -> (process: Int32, host: String)? { RunLock.writer(of: folder) }

    /// Removes the folder if it is empty.
    package func removeIfEmpty() { rmdir(path) }

    /// Removes what a former run left in the folder and could be taken for this one's.
    private func clear(replacing: Bool) throws(CoreError) {
        if !replacing, (try? Self.configuration(in: path))?.trainer != nil {
            throw CoreError(
                .file, "a run of another program is in this folder", at: path,
                remedy: "choose another folder for a new run, or remove this one")
        }
        guard FileSystem.kind(of: checkpointPath) != .nothing else {
            RunEvents.remove(in: path)
            return
        }
        if !replacing, let old = try? Checkpoint.summary(checkpointPath), old.numbers.epoch < old.run.epochs {
            throw CoreError(
                .file, "a run that has not ended is in this folder", at: path,
                found: "\(old.numbers.epoch) of \(old.run.epochs) epochs done",
                remedy: "'latent train --resume' continues it; choose another folder for a new run")
        }
        unlink(checkpointPath)
        RunEvents.remove(in: path)
        for name in FileSystem.names(in: snapshotsPath) ?? [] where RunSnapshots.isOne(name) {
            unlink(FileSystem.join(snapshotsPath, name))
        }
    }

    /// Creates a folder under the first free name. A name is free if creating the folder succeeds, since other processes
    /// may be creating theirs at the same time.
    private static func createUnused(_ path: String) throws -> String {
        var candidate = path
        var n = 2
        while true {
            do {
                try FileManager.default.createDirectory(atPath: candidate, withIntermediateDirectories: false)
                return candidate
            } catch CocoaError.fileWriteFileExists where n < 10_000 {
                candidate = "\(path)-\(n)"
                n += 1
            }
        }
    }

    /// Points `parent/latest` at this run, if the file system has links. At no moment is there no link.
    package func linkLatest(in parent: String) {
        let latest = parent + "/latest"
        let isOurs = (try? FileManager.default.destinationOfSymbolicLink(atPath: latest)) != nil
        guard isOurs || FileSystem.kind(of: latest) == .nothing else { return }
        let name = FileSystem.lastComponent(path)
        let temporary = "\(parent)/.latest-\(getpid())-\(name)"
        guard symlink(name, temporary) == 0 else { return }
        if rename(temporary, latest) != 0 { unlink(temporary) }
    }

    /// Moves a model that was saved earlier to `snapshots/saved-<step>.safetensors`, so that saving another step does not
    /// lose it.
    package func keepSavedModel(unlessOf step: Int) {
        guard let old = try? ModelFile.card(modelPath), old.step != step else { return }
        _ = mkdir(snapshotsPath, 0o777)
        _ = rename(modelPath, "\(snapshotsPath)/saved-\(RunSnapshots.name(step: old.step))")
    }

    /// Writes `config.json`.
    /// - Throws: `CoreError(.file)` when the file system refuses.
    package func write(_ configuration: RunConfiguration) throws(CoreError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(configuration) else {
            throw CoreError(.file, "cannot be written as JSON", at: configurationPath)
        }
        try AtomicFile.write([UInt8](data) + [10], to: configurationPath)
    }

    /// Reads `config.json` of the run in `folder`.
    /// - Throws: `CoreError(.file)` when it is missing, or cannot be read or used.
    package static func configuration(in folder: String) throws(CoreError) -> RunConfiguration {
        let path = FileSystem.join(folder, "config.json")
        let bytes = try FileSystem.read(path, kind: .file, limit: 16 << 20)
        do {
            let configuration = try JSONDecoder().decode(RunConfiguration.self, from: Data(bytes))
            try configuration.currentTraining.validate()
            return configuration
        } catch let error as CoreError {
            throw error
        } catch {
            throw CoreError(.file, "cannot be read as the configuration of a run", at: path, remedy: "was it written by a newer version?")
        }
    }

    /// Writes the whole `metrics.jsonl` of a run that was not recorded line by line: epochs and changes, by step.
    /// - Throws: `CoreError(.file)` when the file system refuses.
    package func write(_ epochs: [EpochReport], _ changes: [TrainingChange]) throws(CoreError) {
        var bytes: [UInt8] = []
        var rest = changes[...]
        for epoch in epochs {
            while let change = rest.first, change.step < epoch.step {
                bytes += try MetricsLog.line(ChangeLine(change), metrics.path)
                rest = rest.dropFirst()
            }
            bytes += try MetricsLog.line(EpochLine(epoch), metrics.path)
        }
        for change in rest { bytes += try MetricsLog.line(ChangeLine(change), metrics.path) }
        try AtomicFile.write(bytes, to: metrics.path)
    }
}
