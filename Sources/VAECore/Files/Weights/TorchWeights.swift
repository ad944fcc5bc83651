/// Weights in a file as `torch.save` writes it since PyTorch 1.6: a zip archive of a pickle, which says which tensors
/// there are, and a file for each storage.
enum TorchWeights: WeightReader {
    static let kind = "PyTorch (torch.save)"

    /// A file's number type by the class of its storage: the dtype's name as safetensors spells it.
    private static let types = [
        "FloatStorage": "F32", "DoubleStorage": "F64", "HalfStorage": "F16", "BFloat16Storage": "BF16",
        "LongStorage": "I64", "IntStorage": "I32", "ShortStorage": "I16", "CharStorage": "I8", "ByteStorage": "U8",
        "BoolStorage": "BOOL",
    ]

    static func recognises(_ file: FileStart) -> Bool {
        guard let names = file.zipNames else { return false }
        return names.contains { isPickle($0) } && !names.contains { $0.hasSuffix("/constants.pkl") }
    }

    private static func isPickle(_ name: String) -> Bool { name == "data.pkl" || name.hasSuffix("/data.pkl") }

    static func read(path: String) throws(CoreError) -> Weights {
        let archive = try ZipArchive(path: path)
        guard let entry = archive.entries.first(where: { isPickle($0.name) }) else {
            throw CoreError(.model, "no data.pkl in the archive", at: path, expected: "a file that torch.save wrote")
        }
        guard entry.size <= Pickle.longest else {
            throw CoreError(
                .model, "the pickle in it is too long", at: path, expected: "at most \(Pickle.longest) bytes",
                found: "\(entry.size)", remedy: "save model.state_dict() alone")
        }
        let folder = String(entry.name.dropLast("data.pkl".count))
        try checkByteOrder(archive, folder)
        var pickle = Pickle(try archive.read(entry), at: path)
        let root = try pickle.read()
        let found = try StateDict(root, in: pickle)
        let views = Dictionary(found.tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
        var files: [String: ZipArchive.Entry] = [:]
        for file in archive.entries { files[file.name] = file }
        var tensors: [Weights.Tensor] = []
        for (name, tensor) in found.tensors {
            let dtype = types[tensor.storage.type] ?? tensor.storage.type
            tensors.append(
                Weights.Tensor(name: name, shape: tensor.shape, dtype: dtype, isReal: SafetensorsFile.isReal(dtype)))
            try check(tensor.storage, dtype, files[folder + "data/" + tensor.storage.key], name, path)
        }
        return Weights(name: path, kind: kind, notes: found.notes, tensors: tensors) { name throws(CoreError) in
            guard let view = views[name], let file = files[folder + "data/" + view.storage.key] else {
                throw CoreError(.model, "no tensor named '\(name)'", at: path)
            }
            let dtype = types[view.storage.type] ?? view.storage.type
            guard let elements = SafetensorsFile.decode(try archive.read(file), dtype: dtype) else {
                throw CoreError(
                    .model, "tensor '\(name)' does not hold floating-point numbers", at: path,
                    expected: "float32, float64, float16 or bfloat16", found: view.storage.type)
            }
            return view.gathered(from: elements)
        }
    }

    /// Checks that the storage's file is as long as its count says, before anything of it is read.
    private static func check(
        _ storage: TorchStorage, _ dtype: String, _ file: ZipArchive.Entry?, _ name: String, _ path: String
    ) throws(CoreError) {
        guard let file else {
            throw CoreError(
                .model, "the numbers of tensor '\(name)' are not in the file", at: path,
                expected: "data/\(storage.key) in the archive")
        }
        guard let size = SafetensorsFile.size(ofDtype: dtype) else { return }
        let (bytes, overflow) = storage.count.multipliedReportingOverflow(by: size)
        guard !overflow, bytes == file.size else {
            throw CoreError(
                .model, "the storage of tensor '\(name)' has another size than it says", at: path,
                expected: "\(storage.count) numbers of \(size) bytes", found: "\(file.size) bytes in \(file.name)")
        }
    }

    private static func checkByteOrder(_ archive: ZipArchive, _ folder: String) throws(CoreError) {
        guard let entry = archive.entry(folder + "byteorder"), entry.size < 100 else { return }
        let order = String(decoding: try archive.read(entry), as: UTF8.self)
        guard order == "little" else {
            throw CoreError(
                .model, "the file was written on a big-endian machine", at: archive.path,
                expected: "byte order 'little'",
                found: "'\(order)'",
                remedy: "safetensors.torch.save_file(torch.load('FILE'), 'NEW.safetensors') in Python")
        }
    }
}
