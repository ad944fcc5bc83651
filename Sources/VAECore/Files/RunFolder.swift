import Foundation

/// The folder of one training run: `config.json`, `metrics.jsonl` (a line an epoch), `model.safetensors`.
public final class RunFolder {
    public let path: String
    public var modelPath: String { path + "/model.safetensors" }
    private var lines = ""

    /// Creates `parent/<time>-<name>`, or exactly `exact` when given, and points `parent/latest` at it.
    ///
    /// - Parameter time: as it shall stand in the name, such as `20260131-235959`.
    /// - Throws: `CoreError(.file)`.
    public init(parent: String, name: String, time: String, exact: String? = nil) throws(CoreError) {
        path = exact ?? Self.unused("\(parent)/\(time)-\(name)")
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw CoreError(
                .file, "cannot create the run folder", at: path, found: error.localizedDescription,
                remedy: "choose another with --out")
        }
        if exact == nil { link(parent) }
    }

    private static func unused(_ path: String) -> String {
        var candidate = path
        var n = 2
        while FileManager.default.fileExists(atPath: candidate) {
            candidate = "\(path)-\(n)"
            n += 1
        }
        return candidate
    }

    /// `latest` is a convenience: a file system without links does without.
    private func link(_ parent: String) {
        let latest = parent + "/latest"
        let isOurs = (try? FileManager.default.destinationOfSymbolicLink(atPath: latest)) != nil
        if isOurs { try? FileManager.default.removeItem(atPath: latest) }
        try? FileManager.default.createSymbolicLink(
            atPath: latest, withDestinationPath: URL(fileURLWithPath: path).lastPathComponent)
    }

    /// Everything needed to repeat the run.
    public struct Configuration: Codable {
        public var preset: String
        public var dataset: String
        public var model: ModelConfiguration
        public var training: TrainingConfiguration

        public init(
            preset: String, dataset: String, model: ModelConfiguration, training: TrainingConfiguration
        ) {
            self.preset = preset
            self.dataset = dataset
            self.model = model
            self.training = training
        }
    }

    /// Writes `config.json`.
    public func write(_ configuration: Configuration) throws(CoreError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        guard let data = try? encoder.encode(configuration) else {
            throw CoreError(.file, "cannot be written as JSON", at: path + "/config.json")
        }
        try AtomicFile.write([UInt8](data) + [10], to: path + "/config.json")
    }

    /// Adds a line for each epoch to `metrics.jsonl`; the file is whole after every call.
    public func append(_ epochs: [EpochReport]) throws(CoreError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        for epoch in epochs {
            guard let data = try? encoder.encode(EpochLine(epoch)) else { continue }
            lines += String(decoding: data, as: UTF8.self) + "\n"
        }
        try AtomicFile.write([UInt8](lines.utf8), to: path + "/metrics.jsonl")
    }
}
