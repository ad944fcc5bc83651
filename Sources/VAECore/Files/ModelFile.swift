import Foundation
import PlainText

/// A trained network as it lies in a file: parameters, and what is known of how they came to be.
public struct TrainedModel: Sendable {
    public var snapshot: ParameterSnapshot
    /// How it was trained; nil in a file that another program wrote.
    public var record: Record?
    /// What the file does not say of the model and is taken for granted; nil when it says all.
    public var assumption: String?

    /// What the file says of the training.
    public struct Record: Sendable, Equatable, Codable {
        public var preset: String
        public var dataset: String
        public var training: TrainingConfiguration
        /// Figures on the held-out images at the time of saving.
        public var evaluation: Evaluation?
        /// What was changed while it trained; nil where nothing was.
        public var changes: [TrainingChange]?

        public init(
            preset: String, dataset: String, training: TrainingConfiguration, evaluation: Evaluation? = nil,
            changes: [TrainingChange] = []
        ) {
            self.changes = changes.isEmpty ? nil : changes
            self.preset = preset
            self.dataset = dataset
            self.training = training
            self.evaluation = evaluation
        }
    }

    public init(snapshot: ParameterSnapshot, record: Record? = nil, assumption: String? = nil) {
        self.snapshot = snapshot
        self.record = record
        self.assumption = assumption
    }

    /// The preset's name, or "imported".
    public var name: String { record?.preset ?? "imported" }
}

/// What a model's file says of it, without its parameters.
public struct ModelCard: Sendable, Equatable {
    public var configuration: ModelConfiguration
    /// Numbers in all.
    public var parameters: Int
    /// How it was trained; nil in a file that another program wrote.
    public var record: TrainedModel.Record?
    public var step: Int
    public var epoch: Int
    /// What the file does not say of the model and is taken for granted; nil when it says all.
    public var assumption: String?

    public init(
        configuration: ModelConfiguration, parameters: Int, record: TrainedModel.Record? = nil, step: Int = 0,
        epoch: Int = 0, assumption: String? = nil
    ) {
        self.assumption = assumption
        self.configuration = configuration
        self.parameters = parameters
        self.record = record
        self.step = step
        self.epoch = epoch
    }
}

/// Reads and writes trained models as safetensors.
///
/// Tensors bear PyTorch's names (see `Network`), so `safetensors.torch.load_file` gives a usable state_dict, and
/// a file without our metadata loads when its names and shapes are those of a perceptron VAE: ReLU is assumed.
public enum ModelFile {
    private enum Key {
        static let configuration = "latent.model"
        static let record = "latent.training"
        static let step = "latent.step"
        static let epoch = "latent.epoch"
    }

    /// Writes `model` to `path`, whole or not at all.
    /// - Throws: `CoreError(.file)` when the file system refuses, `CoreError(.model)` when a parameter is not finite: a
    ///   good file is never replaced by a broken model.
    public static func save(_ model: TrainedModel, to path: String) throws(CoreError) {
        let snapshot = model.snapshot
        if let bad = snapshot.firstNonFinite {
            throw CoreError(
                .model, "not saved: parameter \(bad) is not a finite number", at: path,
                found: "\(snapshot.pointer[bad])", remedy: "save an earlier step")
        }
        var metadata = [
            "format": "pt", Key.configuration: try json(snapshot.network.configuration),
            Key.step: String(snapshot.step), Key.epoch: String(snapshot.epoch),
        ]
        if let record = model.record { metadata[Key.record] = try json(record) }
        let tensors = snapshot.network.layout.views.map { view in
            (name: view.name, shape: view.shape,
             values: UnsafeBufferPointer(start: snapshot.pointer + view.range.lowerBound, count: view.range.count))
        }
        try SafetensorsFile.write(path: path, tensors: tensors, metadata: metadata)
    }

    /// Reads the model at `path`: a file, or a folder that holds `model.safetensors`.
    /// - Throws: `CoreError(.model)` when the file is refused, its tensors do not fit its architecture, or a
    ///   number in it is not finite.
    public static func load(_ path: String) throws(CoreError) -> TrainedModel {
        let name = filePath(path)
        if (name as NSString).lastPathComponent == "model.safetensors", FileSystem.kind(of: name) == .nothing {
            throw CoreError(
                .model, "no model here (yet)", at: name, expected: "the file that a run writes when it saves")
        }
        let file = try SafetensorsFile.read(path: name)
        let network = try network(of: file)
        var values = [Float](repeating: 0, count: network.parameterCount)
        for view in network.layout.views { try fill(&values, view, from: file) }
        let snapshot = ParameterSnapshot(
            network: network, values: values, step: count(file.metadata[Key.step]),
            epoch: count(file.metadata[Key.epoch]))
        return TrainedModel(snapshot: snapshot, record: try record(of: file), assumption: assumption(of: file))
    }

    /// What the model file `path` says of the model, without its parameters: they are neither read nor checked.
    /// - Throws: `CoreError(.model)` when the file is refused, or its tensors do not fit its architecture.
    public static func card(_ path: String) throws(CoreError) -> ModelCard {
        let file = try SafetensorsFile.readHeader(path: path)
        let network = try network(of: file)
        return ModelCard(
            configuration: network.configuration, parameters: network.parameterCount, record: try record(of: file),
            step: count(file.metadata[Key.step]), epoch: count(file.metadata[Key.epoch]),
            assumption: assumption(of: file))
    }

    /// `path`, or `path/model.safetensors` when it is a folder.
    public static func filePath(_ path: String) -> String {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return exists && isFolder.boolValue ? path + (path.hasSuffix("/") ? "" : "/") + "model.safetensors" : path
    }

    // MARK: Reading

    /// The network the file is of, whose every tensor it has, and no other.
    private static func network(of file: SafetensorsFile) throws(CoreError) -> Network {
        let configuration = try configuration(of: file)
        let network = try Network(configuration)
        for view in network.layout.views where file[view.name]?.shape != view.shape {
            throw CoreError(
                .model, "tensor '\(view.name)' does not fit the architecture", at: file.name,
                expected: "shape \(view.shape)", found: file[view.name].map { "shape \($0.shape)" } ?? "no such tensor")
        }
        if let extra = file.tensors.first(where: { network.layout[$0.name] == nil }) {
            throw CoreError(
                .model, "tensor '\(extra.name)' is not part of the architecture", at: file.name,
                expected: configuration.summary)
        }
        return network
    }

    private static func fill(
        _ values: inout [Float], _ view: ParameterView, from file: SafetensorsFile
    ) throws(CoreError) {
        let numbers = try file.floats(view.name)
        if let bad = firstNonFinite(in: numbers) {
            throw CoreError(
                .model, "tensor '\(view.name)' holds a number that is not finite", at: file.name,
                expected: "finite numbers", found: "\(numbers[bad]) at place \(bad)",
                remedy: "the training that wrote it diverged; use an earlier snapshot")
        }
        values.replaceSubrange(view.range, with: numbers)
    }

    private static func configuration(of file: SafetensorsFile) throws(CoreError) -> ModelConfiguration {
        guard let text = file.metadata[Key.configuration] else { return try ShapeInference.configuration(of: file) }
        return try decode(ModelConfiguration.self, text, Key.configuration, file.name)
    }

    /// Names and shapes tell the layers, but not the function between them nor what a pixel is.
    private static func assumption(of file: SafetensorsFile) -> String? {
        guard file.metadata[Key.configuration] == nil else { return nil }
        let pixels = file["fc5.weight"] == nil ? "Bernoulli" : "Gaussian"
        return "assumed, since the file does not say: relu between the layers, \(pixels) pixels, grey images"
    }

    private static func record(of file: SafetensorsFile) throws(CoreError) -> TrainedModel.Record? {
        guard let text = file.metadata[Key.record] else { return nil }
        var record = try decode(TrainedModel.Record.self, text, Key.record, file.name)
        // The name becomes part of a run folder's.
        guard PlainName.isOne(record.preset) else {
            throw CoreError(
                .model, "metadata '\(Key.record)' names a preset that is no plain name", at: file.name,
                expected: PlainName.expected, found: "'\(sanitize(record.preset, limit: 80))'")
        }
        record.dataset = sanitize(record.dataset, limit: 100)
        do throws(CoreError) {
            try record.training.validate()
        } catch {
            throw CoreError(
                .model, "metadata '\(Key.record)' says what no training can have: \(error.place), \(error.what)",
                at: file.name, expected: error.expected, found: error.found)
        }
        return record
    }

    private static func decode<T: Decodable>(
        _ type: T.Type, _ text: String, _ key: String, _ name: String
    ) throws(CoreError) -> T {
        do {
            return try JSONDecoder().decode(type, from: Data(text.utf8))
        } catch {
            throw CoreError(
                .model, "metadata '\(key)' cannot be read", at: name, expected: reason(error),
                found: sanitize(text, limit: 60), remedy: "was it written by a newer version?")
        }
    }

    /// What the decoder missed: "a layer is one of linear, …".
    private static func reason(_ error: any Error) -> String {
        if case DecodingError.dataCorrupted(let context) = error, !context.codingPath.isEmpty {
            return sanitize(context.debugDescription, limit: 120)
        }
        return "JSON written by this program"
    }

    private static func json(_ value: some Encodable) throws(CoreError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw CoreError(.model, "cannot be written as JSON", at: "metadata", found: "\(error)")
        }
    }

    private static func count(_ text: String?) -> Int { max(0, text.flatMap { Int($0) } ?? 0) }
}

/// Reads an architecture from the names and shapes of tensors alone.
private enum ShapeInference {
    static func configuration(of file: SafetensorsFile) throws(CoreError) -> ModelConfiguration {
        let encoder = widths(file, first: "fc1.weight", stem: "encoder")
        var decoder = widths(file, first: "fc3.weight", stem: "decoder")
        // Under the deep names the decoder's last layer is the output.
        if file["fc4.weight"] == nil, !decoder.isEmpty { decoder.removeLast() }
        guard let mean = file["fc21.weight"], mean.shape.count == 2, let latent = mean.shape.first,
            let input = file["fc1.weight"] ?? file["encoder.0.weight"] ?? file["fc21.weight"],
            input.shape.count == 2, let image = square(input.shape[1])
        else {
            throw CoreError(
                .model, "not a model this program knows", at: file.name,
                expected: "tensors fc1, fc21, fc22, fc3, fc4 (PyTorch's VAE example) or encoder.N, fc21, fc22, decoder.N",
                found: file.tensors.prefix(6).map(\.name).joined(separator: ", "))
        }
        return ModelConfiguration(
            image: image, latent: latent, encoder: encoder.map { .linear(units: $0, activation: .relu) },
            decoder: decoder.map { .linear(units: $0, activation: .relu) },
            likelihood: file["fc5.weight"] == nil ? .bernoulli : .gaussian)
    }

    private static func widths(_ file: SafetensorsFile, first: String, stem: String) -> [Int] {
        if let tensor = file[first], let width = tensor.shape.first { return [width] }
        var widths: [Int] = []
        while let tensor = file["\(stem).\(widths.count).weight"], let width = tensor.shape.first {
            widths.append(width)
        }
        return widths
    }

    private static func square(_ pixels: Int) -> ImageShape? {
        guard pixels > 0, pixels < 1 << 26 else { return nil }
        let side = Int(Double(pixels).squareRoot().rounded())
        return side * side == pixels
            ? ImageShape(height: side, width: side) : ImageShape(height: 1, width: pixels)
    }
}
