import Foundation
import PlainText

/// `checkpoint.safetensors`: everything needed to continue a run to the same bits.
///
/// The parameters have the names of a model file (`fc1.weight`). What the optimiser keeps of each is
/// `optimizer.<average>.fc1.weight`; the parameters for a roll-back are `last_good.fc1.weight`.
package struct Checkpoint: Sendable {
    /// The run: network, training, data, machine, and changes so far.
    package var configuration: RunConfiguration
    package var state: RunState
    /// Bytes of `metrics.jsonl` that belong to the steps before this one.
    package var metricsBytes: Int

    package init(configuration: RunConfiguration, state: RunState, metricsBytes: Int) {
        self.configuration = configuration
        self.state = state
        self.metricsBytes = metricsBytes
    }

    /// Whether every epoch is done.
    package var isFinished: Bool { state.numbers.epoch >= configuration.epochs }

    private enum Key {
        static let version = "latent.checkpoint"
        static let run = "latent.run"
        static let state = "latent.state"
        static let metrics = "latent.metrics_bytes"
    }
    /// Counts changes after which an older program cannot read a checkpoint.
    private static let version = "1"
    private static let lastGood = "last_good"

    // MARK: Writing

    /// Writes the checkpoint, whole or not at all.
    /// - Throws: `CoreError(.file)` when the file system refuses.
    package func write(to path: String) throws(CoreError) {
        let network = state.parameters.network
        var tensors: [(name: String, shape: [Int], values: UnsafeBufferPointer<Float>)] = []
        func add(_ prefix: String, _ values: UnsafePointer<Float>) {
            for view in network.layout.views {
                let numbers = UnsafeBufferPointer(start: values + view.range.lowerBound, count: view.count)
                tensors.append((prefix + view.name, view.shape, numbers))
            }
        }
        // The arrays are copied to buffers whose addresses stay.
        let averages = state.averages.map { average in
            let buffer = FloatBuffer(count: average.values.count)
            buffer.assign(average.values)
            return (name: average.name, buffer: buffer)
        }
        add("", state.parameters.pointer)
        for average in averages { add(Self.prefix(average.name), average.buffer.pointer) }
        add(Self.lastGood + ".", state.lastGood.pointer)
        let metadata = [
            Key.version: Self.version, Key.run: try Self.json(configuration), Key.state: try Self.json(state.numbers),
            Key.metrics: String(metricsBytes),
        ]
        let bytes = try withExtendedLifetime(averages) { () throws(CoreError) in
            try SafetensorsFile.encode(tensors: tensors, metadata: metadata)
        }
        try AtomicFile.write(bytes, to: path)
    }

    private static func prefix(_ average: String) -> String { "optimizer.\(average)." }

    private static func json(_ value: some Encodable) throws(CoreError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else {
            throw CoreError(.file, "cannot be written as JSON", at: "checkpoint", expected: "finite numbers")
        }
        return String(decoding: data, as: UTF8.self)
    }

    // MARK: Reading

    /// Reads the checkpoint at `path`.
    /// - Throws: `CoreError(.model)` when the file is damaged, or its parts do not fit each other.
    package static func read(_ path: String) throws(CoreError) -> Checkpoint {
        try Checkpoint(SafetensorsFile.read(path: path))
    }

    /// Whether a file says that it is a checkpoint.
    static func isOne(_ file: SafetensorsFile) -> Bool { file.metadata[Key.version] != nil }

    /// Reads a checkpoint.
    /// - Throws: `CoreError(.model)` when the file is damaged, or its parts do not fit each other.
    init(_ file: SafetensorsFile) throws(CoreError) {
        let version = file.metadata[Key.version]
        guard version == Self.version else {
            throw CoreError(
                .model, "not a checkpoint that this version can read", at: file.name, expected: "checkpoint version \(Self.version)",
                found: version.map { "version \($0)" } ?? "another kind of file")
        }
        let configuration = try Self.decode(RunConfiguration.self, file, Key.run)
        let numbers = try Self.decode(RunState.Numbers.self, file, Key.state)
        try configuration.currentTraining.validate()
        let network = try Network(configuration.model)
        let names = configuration.training.optimizer.make(count: 0).averages.map(\.name)
        let averages = try names.map { name throws(CoreError) in
            (name: name, values: try Self.values(Self.prefix(name), network, file))
        }
        let state = RunState(
            numbers: numbers,
            parameters: ParameterSnapshot(
                network: network, values: try Self.values("", network, file), step: numbers.step, epoch: numbers.epoch),
            averages: averages,
            lastGood: ParameterSnapshot(
                network: network, values: try Self.values(Self.lastGood + ".", network, file), step: numbers.lastGoodStep,
                epoch: numbers.lastGoodEpoch))
        self.init(
            configuration: configuration, state: state,
            metricsBytes: max(0, file.metadata[Key.metrics].flatMap { Int($0) } ?? 0))
    }

    /// The model as it stands in the checkpoint.
    var model: TrainedModel {
        TrainedModel(
            snapshot: state.parameters,
            record: Self.record(configuration, state.numbers))
    }

    /// What a checkpoint says about its model. The parameters are neither read nor checked.
    static func card(_ file: SafetensorsFile) throws(CoreError) -> ModelCard {
        let configuration = try decode(RunConfiguration.self, file, Key.run)
        let numbers = try decode(RunState.Numbers.self, file, Key.state)
        return ModelCard(
            configuration: configuration.model, parameters: try Network(configuration.model).parameterCount,
            record: record(configuration, numbers), step: numbers.step, epoch: numbers.epoch)
    }

    /// The figures of the last epoch are those of the model only if no step followed it.
    private static func record(_ run: RunConfiguration, _ numbers: RunState.Numbers) -> TrainedModel.Record {
        let report = numbers.report.flatMap { $0.step == numbers.step ? $0 : nil }
        return TrainedModel.Record(
            preset: PlainName.isOne(run.preset) ? run.preset : "run", dataset: sanitize(run.dataset, limit: 100),
            training: run.training, evaluation: report?.test, changes: run.changes ?? [])
    }

    /// The run of the checkpoint at `path` and where it had come to. The parameters are neither read nor checked.
    /// - Throws: `CoreError(.model)` when the file is damaged.
    package static func summary(_ path: String) throws(CoreError) -> (run: RunConfiguration, numbers: RunState.Numbers) {
        let file = try SafetensorsFile.readHeader(path: path)
        return (try decode(RunConfiguration.self, file, Key.run), try decode(RunState.Numbers.self, file, Key.state))
    }

    private static func values(_ prefix: String, _ network: Network, _ file: SafetensorsFile) throws(CoreError) -> [Float] {
        var values = [Float](repeating: 0, count: network.parameterCount)
        for view in network.layout.views {
            guard let tensor = file[prefix + view.name], tensor.shape == view.shape, tensor.dtype == "F32" else {
                throw CoreError(
                    .model, "tensor '\(prefix + view.name)' is missing or of another shape", at: file.name,
                    expected: "F32 of shape \(view.shape)", found: file[prefix + view.name].map { "\($0.dtype) of \($0.shape)" })
            }
            values.replaceSubrange(view.range, with: try file.floats(prefix + view.name))
        }
        return values
    }

    private static func decode<T: Decodable>(_ type: T.Type, _ file: SafetensorsFile, _ key: String) throws(CoreError) -> T {
        guard let text = file.metadata[key], let value = try? JSONDecoder().decode(type, from: Data(text.utf8)) else {
            throw CoreError(
                .model, "metadata '\(key)' is missing or cannot be read", at: file.name,
                remedy: "was it written by a newer version?")
        }
        return value
    }
}
