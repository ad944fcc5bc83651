/// A layer of a state_dict: the tensors whose names differ in their last part only.
struct NamedModule {
    /// What its shapes say it is.
    enum Kind: Equatable {
        case linear(outputs: Int, inputs: Int)
        /// A convolution of either kind: the first two dimensions of its weight, and its square kernel.
        case kernel(first: Int, second: Int, size: Int)
        case norm(channels: Int)
    }

    /// Which part of the model the name says it belongs to.
    enum Part: Equatable { case encoder, decoder, unknown }

    let stem: String
    let kind: Kind
    /// The length of the bias; nil without one.
    let bias: Int?
    let part: Part
    /// The words in its name, in small letters: "fc", "mu".
    let words: [String]
    /// Its place among the others, by which lists of names are put in order.
    private let key: [Key]

    private struct Key: Comparable {
        var number: Int
        var rank: Int
        var word: String

        static func < (a: Key, b: Key) -> Bool { (a.number, a.rank, a.word) < (b.number, b.rank, b.word) }
    }

    private static let decoderWords: Set = [
        "decoder", "dec", "decode", "deconv", "convt", "convtrans", "upconv", "generator", "final", "recon",
        "reconstruct",
    ]
    private static let encoderWords: Set = ["encoder", "enc", "encode"]
    private static let first: Set = ["input", "in"], last: Set = ["final", "out", "output", "recon"]

    init(stem: String, kind: Kind, bias: Int?) {
        (self.stem, self.kind, self.bias) = (stem, kind, bias)
        let words = Self.words(stem)
        self.words = words
        part =
            words.contains { Self.decoderWords.contains($0) }
            ? .decoder
            : words.contains { Self.encoderWords.contains($0) } ? .encoder : .unknown
        let place = !Self.first.isDisjoint(with: words) ? -2 : !Self.last.isDisjoint(with: words) ? 1 << 40 : -1
        let kindRank =
            switch kind {
            case .kernel: 0
            case .linear: 1
            case .norm: 2
            }
        key = stem.split(separator: ".").enumerated().map { level, component in
            let digits = component.reversed().prefix { $0.isNumber }.reversed()
            let word = String(component.dropLast(digits.count))
            let number = Int(String(digits)) ?? (level == 0 ? place : -1)
            return Key(number: number, rank: word.isEmpty ? 0 : kindRank, word: word)
        }
    }

    /// "encoder.fc_logVar2" is ["encoder", "fc", "log", "var"].
    static func words(_ stem: String) -> [String] {
        var (words, word) = ([String](), "")
        for character in stem {
            let isStart = character.isUppercase && word.last?.isLowercase == true
            if !character.isLetter || isStart {
                if !word.isEmpty { words.append(word.lowercased()) }
                word = ""
            }
            if character.isLetter { word.append(character) }
        }
        return word.isEmpty ? words : words + [word.lowercased()]
    }

    /// Whether it stands before another where only the names say it.
    func precedes(_ other: NamedModule) -> Bool {
        key.lexicographicallyPrecedes(other.key)
    }

    /// The Sequential it is in, and its number there; nil if its name does not end in a number.
    var position: (parent: String, number: Int)? {
        let parts = stem.split(separator: ".", omittingEmptySubsequences: false)
        return parts.last.flatMap { Int($0) }.map { (parts.dropLast().joined(separator: "."), $0) }
    }

    // MARK: From tensors

    /// The modules among `weights`, in the order of their names.
    /// - Throws: `CoreError(.model)` that names a tensor of no known kind of layer.
    static func all(in weights: Weights) throws(CoreError) -> [NamedModule] {
        var groups: [String: [String: Weights.Tensor]] = [:]
        for tensor in weights.tensors where tensor.isReal {
            let dot = tensor.name.lastIndex(of: ".") ?? tensor.name.startIndex
            let end = tensor.name[dot...].drop { $0 == "." }
            groups[String(tensor.name[..<dot]), default: [:]][String(end)] = tensor
        }
        var modules: [NamedModule] = []
        for (stem, parts) in groups.sorted(by: { $0.key < $1.key }) {
            guard let kind = kind(parts), parts.keys.allSatisfy({ names.contains($0) }) else {
                let all = parts.sorted { $0.key < $1.key }.prefix(4)
                throw refused(
                    weights, "'\(stem)': " + all.map { "\($0.key) \($0.value.shape)" }.joined(separator: ", "))
            }
            modules.append(NamedModule(stem: stem, kind: kind, bias: parts["bias"]?.count))
        }
        return modules.sorted { $0.precedes($1) }
    }

    private static let names: Set = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]

    private static func kind(_ parts: [String: Weights.Tensor]) -> Kind? {
        if let mean = parts["running_mean"], mean.shape.count == 1, mean.count > 0 {
            let fits = parts.values.allSatisfy { $0.shape == mean.shape || $0.shape.isEmpty }
            return fits && parts["running_var"] != nil ? .norm(channels: mean.count) : nil
        }
        guard let shape = parts["weight"]?.shape, shape.allSatisfy({ $0 > 0 && $0 <= 1 << 26 }),
            parts["bias"].map({ $0.shape.count == 1 }) ?? true
        else { return nil }
        switch shape.count {
        case 2 where parts["bias"].map { $0.count == shape[0] } ?? true:
            return .linear(outputs: shape[0], inputs: shape[1])
        case 4
        where shape[2] == shape[3] && shape[2] <= 64 && (parts["bias"].map { shape[..<2].contains($0.count) } ?? true):
            return .kernel(first: shape[0], second: shape[1], size: shape[2])
        default: return nil
        }
    }

    static func refused(_ weights: Weights, _ found: String) -> CoreError {
        CoreError(
            .model, "not a model that this program knows", at: weights.name,
            expected:
                "Linear, Conv2d, ConvTranspose2d and BatchNorm layers of a VAE: encoder, heads for mean and log variance"
                + " (fc21 and fc22, fc_mu and fc_var), decoder",
            found: found, remedy: "export its encoder and decoder as ONNX, which says how layers are joined")
    }
}
