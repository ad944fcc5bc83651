import Foundation

/// The folder of one training run: `config.json`, `metrics.jsonl` (one line per epoch, and per change made while it
/// trained), `model.safetensors`.
package final class RunFolder {
    package let path: String
    package var modelPath: String { path + "/model.safetensors" }
    /// The record of the run, for one that is written line by line.
    package let metrics: MetricsLog

    /// Creates `parent/<time>-<name>` and points `parent/latest` at it; or creates `exact`, if given.
    ///
    /// - Parameters:
    ///   - name: a plain name; any other becomes `run`.
    ///   - time: the time as in the folder's name, such as `20260131-235959`.
    ///   - linksLatest: false leaves `parent/latest` alone.
    /// - Throws: `CoreError(.file)` when the folder cannot be created.
    package init(
        parent: String, name: String, time: String, exact: String? = nil, linksLatest: Bool = true
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
        metrics = MetricsLog(path: path + "/metrics.jsonl")
        if exact == nil, linksLatest { linkLatest(in: parent) }
    }

    /// Removes the folder if it is empty.
    package func removeIfEmpty() { rmdir(path) }

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

    /// Points `parent/latest` at this run, if the file system has links.
    package func linkLatest(in parent: String) {
        let latest = parent + "/latest"
        let isOurs = (try? FileManager.default.destinationOfSymbolicLink(atPath: latest)) != nil
        if isOurs { try? FileManager.default.removeItem(atPath: latest) }
        try? FileManager.default.createSymbolicLink(
            atPath: latest, withDestinationPath: URL(fileURLWithPath: path).lastPathComponent)
    }

    /// Everything needed to repeat the run.
    package struct Configuration: Codable {
        package var preset: String
        package var dataset: String
        package var model: ModelConfiguration
        package var training: TrainingConfiguration
        /// Changes made while it trained; nil if there were none.
        package var changes: [TrainingChange]?

        package init(
            preset: String, dataset: String, model: ModelConfiguration, training: TrainingConfiguration,
            changes: [TrainingChange] = []
        ) {
            self.changes = changes.isEmpty ? nil : changes
            self.preset = preset
            self.dataset = dataset
            self.model = model
            self.training = training
        }
    }

    /// Writes `config.json`.
    /// - Throws: `CoreError(.file)` when the file system refuses.
    package func write(_ configuration: Configuration) throws(CoreError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let data = try? encoder.encode(configuration) else {
            throw CoreError(.file, "cannot be written as JSON", at: path + "/config.json")
        }
        try AtomicFile.write([UInt8](data) + [10], to: path + "/config.json")
    }

    /// Writes the whole `metrics.jsonl` of a run that is over or saved while it trains: epochs and changes, by step.
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
