/// The layers of a state_dict, divided into encoder, heads and decoder.
struct ModelParts {
    var encoder: [NamedModule]
    var mean: NamedModule
    /// The log variance's head; nil if `mean` gives both, or there is none.
    var logVariance: NamedModule?
    var decoder: [NamedModule]
    /// Dimensions of z.
    var latent: Int
    /// Whether the head `mean` gives the mean and then the log variance.
    var isFused = false
    /// What the head of the log variance is multiplied by: 2 where its name says that it is log σ.
    var logFactor: Float = 1
    /// Whether its name says that it is σ or σ², without a logarithm.
    var isNamedPlain = false
    /// Whether nothing but the shapes says that it is divided so.
    var isGuess = false

    static let meanWords: Set = ["mu", "mean", "means", "loc", "mus"]
    private static let varianceWords: Set = [
        "logvar", "var", "logvars", "logsigma", "sigma", "std", "logstd", "logv", "lv", "variance", "logvariance",
        "scale",
        "sd", "log",
    ]

    /// Every way to divide the modules that their names allow, the likeliest first.
    static func divided(_ modules: [NamedModule]) -> [ModelParts] {
        var result: [ModelParts] = []
        for (mean, logVariance) in heads(modules) {
            guard case .linear(let latent, _) = modules[mean].kind else { continue }
            let rest = modules.indices.filter { $0 != mean && $0 != logVariance }
            var parts = ModelParts(
                encoder: [], mean: modules[mean], logVariance: logVariance.map { modules[$0] }, decoder: [],
                latent: latent)
            if let words = parts.logVariance?.words {
                let isDeviation = !Set(["std", "sigma", "sd", "logstd", "logsigma"]).isDisjoint(with: words)
                let isLog = words.contains { $0.hasPrefix("log") }
                parts.logFactor = isDeviation && isLog ? 2 : 1
                parts.isNamedPlain = isDeviation && !isLog
            }
            for (i, isEncoder) in assignments(modules, rest, mean: mean).enumerated() {
                parts.isGuess = i > 1
                parts.encoder = rest.filter { isEncoder.contains($0) }.map { modules[$0] }
                parts.decoder = rest.filter { !isEncoder.contains($0) }.map { modules[$0] }
                if parts.logVariance == nil {
                    guard let inputs = parts.decoderInputs, inputs == latent || 2 * inputs == latent else { continue }
                    parts.isFused = 2 * inputs == latent
                    parts.latent = inputs
                }
                result.append(parts)
                parts.latent = latent
            }
        }
        return result
    }

    /// The largest number of inputs or outputs of a fully connected layer.
    var widest: Int {
        (encoder + decoder).reduce(0) { widest, module in
            if case .linear(let outputs, let inputs) = module.kind { max(widest, outputs, inputs) } else { widest }
        }
    }

    /// Inputs of the decoder's first fully connected layer.
    private var decoderInputs: Int? {
        for module in decoder { if case .linear(_, let inputs) = module.kind { return inputs } }
        return nil
    }

    /// Pairs of modules that may be the heads, the likeliest first.
    private static func heads(_ modules: [NamedModule]) -> [(mean: Int, logVariance: Int?)] {
        func isMean(_ i: Int) -> Bool { !meanWords.isDisjoint(with: modules[i].words) }
        func isVariance(_ i: Int) -> Bool {
            !varianceWords.isDisjoint(with: modules[i].words) || modules[i].words.contains { $0.hasPrefix("logv") }
        }
        let linear = modules.indices.filter {
            if case .linear = modules[$0].kind { modules[$0].part != .decoder } else { false }
        }
        var named: [(Int, Int?)] = []
        var numbered: [(Int, Int?)] = []
        var equal: [(Int, Int?)] = []
        for a in linear {
            for b in linear where a != b && modules[a].kind == modules[b].kind {
                let (first, second) = (modules[a].stem, modules[b].stem)
                if isMean(a), !isVariance(a), isVariance(b) {
                    named.append((a, b))
                } else if first.hasSuffix("1"), second.hasSuffix("2"), first.dropLast() == second.dropLast() {
                    numbered.append((a, b))
                } else if a < b, case .linear(let outputs, let inputs) = modules[a].kind, outputs < inputs {
                    equal.append((a, b))
                }
            }
        }
        // One layer for both, or none for the variance: the last of an encoder that is named as such.
        let single = linear.last { modules[$0].part == .encoder || isMean($0) }.map { [($0, nil as Int?)] } ?? []
        return (named + numbered + equal).prefix(12) + single
    }

    /// Which of the modules belong to the encoder: as the names say; where they do not, those before the heads; and
    /// then any other division.
    private static func assignments(_ modules: [NamedModule], _ rest: [Int], mean: Int) -> [Set<Int>] {
        let fixed = rest.filter { modules[$0].part == .encoder }
        let open = rest.filter { modules[$0].part == .unknown && !modules[$0].isSurelyTransposed }
        // As numbers, and as digits: fc21 stands after fc1 and before fc3.
        let stem = modules[mean].stem
        var result = [Set(fixed + open.filter { modules[$0].stem < stem }), Set(fixed + open.filter { $0 < mean })]
        guard open.count <= 8 else { return result }
        for mask in 0..<(1 << open.count) {
            result.append(Set(fixed + open.enumerated().filter { mask >> $0.offset & 1 == 1 }.map(\.element)))
        }
        return result
    }
}

extension NamedModule {
    /// Whether the length of its bias says that it is a transposed convolution.
    var isSurelyTransposed: Bool {
        if case .kernel(let first, let second, _) = kind { first != second && bias == second } else { false }
    }

    /// Whether it says that it is a plain convolution.
    var isSurelyPlain: Bool {
        if case .kernel(let first, let second, _) = kind { first != second && bias == first } else { false }
    }
}
