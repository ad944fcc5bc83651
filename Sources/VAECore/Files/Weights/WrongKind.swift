/// A kind of file that people take for a model and that is none, or that is not read: how to tell it, and what converts
/// it.
struct WrongKind {
    /// What it is: "an HTML page".
    let name: String
    /// What the user can do, in one line.
    let remedy: String
    let matches: @Sendable (FileStart) -> Bool

    func error(_ file: FileStart) -> CoreError {
        CoreError(
            .model, "this is \(name), not a file of weights", at: file.path,
            expected: "safetensors, .pt as torch.save writes it, or ONNX", remedy: remedy)
    }

    private init(_ name: String, remedy: String, _ matches: @escaping @Sendable (FileStart) -> Bool) {
        self.name = name
        self.remedy = remedy
        self.matches = matches
    }

    private static let resave = "torch.save(torch.load('FILE', weights_only=True), 'NEW.pt') in Python writes it anew"
    private static let keras =
        "tf2onnx exports it: python -m tf2onnx.convert --saved-model FOLDER --output MODEL.onnx, "
        + "after model.export('FOLDER') in Keras"

    /// Every kind that is named. A new one is a new row here.
    static let all: [WrongKind] = [
        WrongKind("an empty file", remedy: "copy or download it again") { $0.size == 0 },
        WrongKind("a git-lfs pointer", remedy: "git lfs pull, in its repository, fetches the file itself") {
            $0.text.hasPrefix("version https://git-lfs")
        },
        WrongKind(
            "an HTML page", remedy: "the link led to a page about the file: download the file itself (its raw form)"
        ) {
            $0.text.hasPrefix("<!doctype html") || $0.text.hasPrefix("<html") || $0.text.hasPrefix("<?xml")
        },
        WrongKind("a torch.save file from before PyTorch 1.6", remedy: resave) {
            // The pickled magic number 0x1950a86a20f9469cfc6c, in protocol 2 or later.
            $0.begins(with: [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19], at: 2)
        },
        WrongKind(
            "a plain Python pickle",
            remedy: "if it holds a state_dict: torch.save(pickle.load(open('FILE', 'rb')), 'NEW.pt') in Python, "
                + "which runs whatever code the pickle names"
        ) { $0.bytes.count > 2 && $0.bytes[0] == 0x80 && (2...5).contains($0.bytes[1]) },
        WrongKind("a Keras or other HDF5 file", remedy: keras) {
            $0.begins(with: [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a])
        },
        WrongKind("a Keras model", remedy: keras) {
            $0.zipNames?.contains { $0 == "model.weights.h5" || $0 == "config.json" } == true
        },
        WrongKind(
            "a TorchScript archive",
            remedy: "torch.save(torch.jit.load('FILE').state_dict(), 'NEW.pt') in Python writes its weights"
        ) { $0.zipNames?.contains { $0.hasSuffix("/constants.pkl") && !$0.hasPrefix("/") } == true },
        WrongKind(
            "a NumPy archive (.npz)",
            remedy:
                "as pictures it is a data set: --data FILE; as weights: safetensors.numpy.save_file(dict(numpy.load('FILE')), 'NEW.safetensors') in Python"
        ) { $0.zipNames?.contains { $0.hasSuffix(".npy") } == true },
        WrongKind(
            "a NumPy array (.npy)",
            remedy: "one array is no model: safetensors.numpy.save_file({name: array, …}, 'NEW.safetensors') in Python"
        ) { $0.begins(with: [0x93] + Array("NUMPY".utf8)) },
        WrongKind("a zip archive without a PyTorch model", remedy: "unpack it and name the file inside") {
            $0.zipNames != nil
        },
        WrongKind("a TensorFlow checkpoint", remedy: keras) {
            $0.path.hasSuffix(".index") || $0.path.contains(".data-0") || $0.text.hasPrefix("model_checkpoint_path")
        },
        WrongKind("a TensorFlow SavedModel", remedy: keras) { $0.path.hasSuffix("saved_model.pb") },
        WrongKind("a TensorFlow Lite model", remedy: "python -m tf2onnx.convert --tflite FILE --output MODEL.onnx") {
            $0.begins(with: Array("TFL3".utf8), at: 4)
        },
        WrongKind("a compressed file", remedy: "unpack it first, with gunzip, unxz or tar") {
            $0.begins(with: [0x1f, 0x8b]) || $0.begins(with: [0xfd, 0x37, 0x7a, 0x58, 0x5a])
                || $0.begins(with: Array("ustar".utf8), at: 257)
        },
        WrongKind("a GGUF file", remedy: "language models are not read here") { $0.begins(with: Array("GGUF".utf8)) },
        WrongKind("an IDX data set", remedy: "pictures are given with --data FOLDER") {
            $0.begins(with: [0, 0, 8]) && $0.bytes.count > 3 && (1...4).contains($0.bytes[3])
        },
    ]
}

extension WrongKind {
    /// What to do about a file that is given as a data set and is none; nil if its kind is not known either.
    static func remedy(forDataAt path: String) -> String? {
        guard let start = try? FileStart(path: path), let wrong = all.first(where: { $0.matches(start) }) else {
            return nil
        }
        return "it is \(wrong.name): \(wrong.remedy)"
    }
}
