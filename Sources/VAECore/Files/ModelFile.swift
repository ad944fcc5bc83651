import Foundation
import PlainText

/// Reads and writes trained models.
///
/// We write safetensors. Tensors have PyTorch's names (see `NetworkBuilder`), so `safetensors.torch.load_file` gives a usable
/// state_dict. A file without our metadata, of any kind in `Weights.readers`, loads if its names and shapes are those of a
/// VAE (`NamedArchitecture`); what they do not tell is assumed, and every assumption is a part of the model.
public enum ModelFile {
    private enum Key {
        static let configuration = "latent.model"
        static let record = "latent.training"
        static let step = "latent.step"
        static let epoch = "latent.epoch"
        static let layout = "latent.layout"
    }

    /// Writes `model` to `path`, whole or not at all.
    /// - Throws: `CoreError(.file)` when the file system refuses; `CoreError(.model)` when a parameter is not finite, so
    ///   that a broken model never replaces a good file.
    public static func save(_ model: TrainedModel, to path: String) throws(CoreError) {
        try save(model, to: path, half: false, flushes: true)
    }

    /// As above.
    /// - Parameters:
    ///   - half: store each number in 16 bits.
    ///   - flushes: wait until the disk has the file.
    static func save(_ model: TrainedModel, to path: String, half: Bool, flushes: Bool) throws(CoreError) {
        let snapshot = model.snapshot
        if let bad = snapshot.firstNonFinite {
            throw CoreError(
                .model, "not saved: parameter \(bad) is not a finite number", at: path,
                found: "\(snapshot.pointer[bad])", remedy: "save an earlier step")
        }
        let metadata = try metadata(of: model)
        let tensors = snapshot.network.layout.views.map { view in
            (name: view.name, shape: view.shape,
             values: UnsafeBufferPointer(start: snapshot.pointer + view.range.lowerBound, count: view.range.count))
        }
        let bytes = try SafetensorsFile.encode(tensors: tensors, half: half, metadata: metadata)
        try AtomicFile.write(bytes, to: path, flushes: flushes)
    }

    /// Writes `model` for other programs, in PyTorch's layout.
    /// - Throws: as `save`.
    static func export(_ model: TrainedModel, to path: String, half: Bool) throws(CoreError) {
        var metadata = try metadata(of: model)
        metadata[Key.layout] = "pytorch"
        let layout = TorchLayout(model.snapshot.network)
        let numbers = layout.entries.map { layout.values($0, of: model.snapshot.pointer) }
        let all = UnsafeMutableBufferPointer<Float>.allocate(capacity: model.snapshot.network.parameterCount)
        defer { all.deallocate() }
        var tensors: [(name: String, shape: [Int], values: UnsafeBufferPointer<Float>)] = []
        for (entry, values) in zip(layout.entries, numbers) {
            _ = all[entry.range].initialize(fromContentsOf: values)
            tensors.append((entry.name, entry.shape, UnsafeBufferPointer(rebasing: all[entry.range])))
        }
        try AtomicFile.write(SafetensorsFile.encode(tensors: tensors, half: half, metadata: metadata), to: path)
    }

    /// What a file says of its model beside the parameters.
    static func metadata(of model: TrainedModel) throws(CoreError) -> [String: String] {
        let snapshot = model.snapshot
        var metadata = [
            "format": "pt", Key.configuration: try json(snapshot.network.configuration),
            Key.step: String(snapshot.step), Key.epoch: String(snapshot.epoch),
        ]
        if let record = model.record { metadata[Key.record] = try json(record) }
        return metadata
    }

    /// Reads the model at `path`: a file, or a folder that holds `model.safetensors`. A run's checkpoint is a model too.
    /// - Parameter options: what a file of another program does not say.
    /// - Throws: `CoreError(.model)` when the file is damaged, its tensors do not fit its architecture, or a number in it
    ///   is not finite.
    public static func load(_ path: String, _ options: ImportOptions = .init()) throws(CoreError) -> TrainedModel {
        var model = try read(path, options)
        model.chosenBinarization = options.binarization
        return model
    }

    private static func read(_ path: String, _ options: ImportOptions) throws(CoreError) -> TrainedModel {
        let name = filePath(path)
        if (name as NSString).lastPathComponent == "model.safetensors", FileSystem.kind(of: name) == .nothing {
            throw CoreError(
                .model, "no model here (yet)", at: name, expected: "the file in which a run saves its model")
        }
        if let checkpoint = try checkpoint(name) { return try Checkpoint(checkpoint).model }
        if let files = try onnxFiles(name, options) {
            let imported = try ImportedModel(onnx: files, options)
            return TrainedModel(
                snapshot: ParameterSnapshot(network: imported.network, values: imported.values), source: imported.source)
        }
        let file = try Weights.read(path: name)
        guard file.metadata[Key.configuration] != nil else {
            let imported = try ImportedModel(file, options)
            return TrainedModel(
                snapshot: ParameterSnapshot(network: imported.network, values: imported.values), source: imported.source)
        }
        return try own(file, options)
    }

    /// The file at `path` if it is a run's checkpoint.
    private static func checkpoint(_ path: String) throws(CoreError) -> SafetensorsFile? {
        guard FileSystem.kind(of: path) == .file, SafetensorsWeights.recognises(try FileStart(path: path)),
            Checkpoint.isOne(try SafetensorsFile.readHeader(path: path))
        else { return nil }
        return try SafetensorsFile.read(path: path)
    }

    /// The ONNX files that make the model at `path`; nil if it is of another kind.
    private static func onnxFiles(_ path: String, _ options: ImportOptions) throws(CoreError) -> [String]? {
        let others = [options.encoder, options.decoder].compactMap { $0 }
        if FileSystem.kind(of: path) == .nothing, others.isEmpty { return ONNXImport.pair(path) }
        if FileSystem.kind(of: path) == .nothing || others.contains(path) { return others }
        guard ONNXReader.recognises(try FileStart(path: path)) else {
            guard others.isEmpty else {
                throw CoreError(
                    .configuration, "only ONNX has its encoder and decoder in files of their own", at: path,
                    remedy: "leave out --encoder and --decoder")
            }
            return nil
        }
        return [path] + others
    }

    /// A model that this program wrote.
    private static func own(_ file: Weights, _ options: ImportOptions) throws(CoreError) -> TrainedModel {
        let network = try network(of: file.metadata, file.tensors, file.name)
        try options.check(network.configuration, at: file.name)
        var values = [Float](repeating: 0, count: network.parameterCount)
        if file.metadata[Key.layout] == nil {
            for view in network.layout.views { values.replaceSubrange(view.range, with: try file.floats(view.name)) }
        } else {
            let layout = TorchLayout(network)
            for entry in layout.entries { layout.put(try file.floats(entry.name), entry, to: &values) }
        }
        let snapshot = ParameterSnapshot(
            network: network, values: values, step: count(file.metadata[Key.step]),
            epoch: count(file.metadata[Key.epoch]))
        return TrainedModel(
            snapshot: snapshot, record: try record(of: file.metadata, file.name),
            source: .init(kind: file.kind, notes: file.notes, tensors: file.tensors.count))
    }

    /// What the model file at `path` says about the model. The parameters of our own files are neither read nor checked.
    /// - Throws: `CoreError(.model)` when the file is damaged, or its tensors do not fit its architecture.
    public static func card(_ path: String) throws(CoreError) -> ModelCard {
        if SafetensorsWeights.recognises(try FileStart(path: path)) {
            let file = try SafetensorsFile.readHeader(path: path)
            if Checkpoint.isOne(file) { return try Checkpoint.card(file) }
            if file.metadata[Key.configuration] != nil {
                let tensors = file.tensors.map { Weights.Tensor(name: $0.name, shape: $0.shape, dtype: $0.dtype, isReal: true) }
                let network = try network(of: file.metadata, tensors, file.name)
                return ModelCard(
                    configuration: network.configuration, parameters: network.parameterCount,
                    record: try record(of: file.metadata, file.name), step: count(file.metadata[Key.step]),
                    epoch: count(file.metadata[Key.epoch]))
            }
        }
        let model = try load(path)
        return ModelCard(
            configuration: model.snapshot.network.configuration, parameters: model.snapshot.network.parameterCount,
            record: model.record, step: model.snapshot.step, epoch: model.snapshot.epoch, assumption: model.assumption)
    }

    /// `path`, or `path/model.safetensors` if `path` is a folder.
    public static func filePath(_ path: String) -> String {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return exists && isFolder.boolValue ? path + (path.hasSuffix("/") ? "" : "/") + "model.safetensors" : path
    }

    // MARK: Reading

    /// The network of the file, after checking that the file has exactly its tensors.
    private static func network(
        of metadata: [String: String], _ tensors: [Weights.Tensor], _ name: String
    ) throws(CoreError) -> Network {
        let configuration = try decode(
            ModelConfiguration.self, metadata[Key.configuration] ?? "", Key.configuration, name)
        let network = try Network(configuration)
        let shapes = Dictionary(tensors.map { ($0.name, $0.shape) }) { first, _ in first }
        let own = network.layout.views.map { ($0.name, $0.shape) }
        let wanted = metadata[Key.layout] == nil ? own : TorchLayout(network).entries.map { ($0.name, $0.shape) }
        for (tensor, shape) in wanted where shapes[tensor] != shape {
            throw CoreError(
                .model, "tensor '\(tensor)' does not fit the architecture", at: name,
                expected: "shape \(shape)", found: shapes[tensor].map { "shape \($0)" } ?? "no such tensor")
        }
        if let extra = tensors.first(where: { network.layout[$0.name] == nil }) {
            throw CoreError(
                .model, "tensor '\(extra.name)' is not part of the architecture", at: name,
                expected: configuration.summary)
        }
        return network
    }

    private static func record(
        of metadata: [String: String], _ name: String
    ) throws(CoreError) -> TrainedModel.Record? {
        guard let text = metadata[Key.record] else { return nil }
        var record = try decode(TrainedModel.Record.self, text, Key.record, name)
        // The preset's name becomes part of the name of a run folder.
        guard PlainName.isOne(record.preset) else {
            throw CoreError(
                .model, "metadata '\(Key.record)' has a preset that is not a plain name", at: name,
                expected: PlainName.expected, found: "'\(sanitize(record.preset, limit: 80))'")
        }
        record.dataset = sanitize(record.dataset, limit: 100)
        do throws(CoreError) {
            try record.training.validate()
        } catch {
            throw CoreError(
                .model, "metadata '\(Key.record)' has an impossible value: \(error.place), \(error.what)",
                at: name, expected: error.expected, found: error.found)
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

    /// What the decoder expected: "a layer is one of linear, …".
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
