import Foundation

/// The folder of one training run: `config.json`, `metrics.jsonl` (a line an epoch and a line a change made while it
/// trained), `model.safetensors`.
package final class RunFolder {
    package let path: String
    package var modelPath: String { path + "/model.safetensors" }
    /// The run's record, for a run that writes it as it goes.
    package let metrics: MetricsLog

    /// Creates `parent/<time>-<name>`, or exactly `exact` when given, and points `parent/latest` at it.
    ///
    /// - Parameters:
    ///   - name: a plain name; another becomes `run`.
    ///   - time: as it shall stand in the name, such as `20260131-235959`.
    ///   - linksLatest: false leaves `parent/latest` alone.
    /// - Throws: `CoreError(.file)`.
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

    /// Takes the folder away again, when nothing is in it.
    package func removeIfEmpty() { rmdir(path) }

    /// Creates a folder under the first free name. Creating is the test: another process may be creating one too.
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

    /// Points `parent/latest` at this run. It is a convenience: a file system without links does without.
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
        /// What was changed while it trained; nil where nothing was.
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
    package func write(_ configuration: Configuration) throws(CoreError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let data = try? encoder.encode(configuration) else {
            throw CoreError(.file, "cannot be written as JSON", at: path + "/config.json")
        }
        try AtomicFile.write([UInt8](data) + [10], to: path + "/config.json")
    }

    /// Writes `metrics.jsonl` whole, for a run that is over or saved on the way: its epochs and its changes, by step.
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
