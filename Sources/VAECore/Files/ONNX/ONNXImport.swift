import Foundation

/// Finds the encoder and the decoder among the graphs of one or more ONNX files, and makes them a network of ours.
///
/// What an input or an output is follows from its shape, and where that is not enough, from its name: an image has the
/// most numbers, z few, a class is joined to one of them.
struct ONNXImport {
    /// One graph and its file.
    private struct Source {
        var model: ONNXModel
        var path: String
    }

    private var encoder: (mean: Trace, logVariance: Trace?)?
    private var decoder: Trace?
    /// The log variances of a Gaussian's pixels.
    private var second: Trace?
    private var likelihood: Likelihood?
    private var notes: [String] = []
    private var assumptions: [String] = []
    private var tensors = 0
    private let place: String

    /// - Parameters:
    ///   - paths: the files. The other part of a pair named `…encoder…` and `…decoder…` is found by itself.
    /// - Throws: `CoreError(.model)` that names what is missing, or has no counterpart here.
    init(_ paths: [String], _ options: ImportOptions) throws(CoreError) {
        place = paths[0]
        try read(paths)
        if encoder == nil || decoder == nil, paths.count == 1, let other = Self.partner(of: paths[0]) {
            try read([other])
            notes.append("the other part was read from '\(FileSystem.lastComponent(other))' beside it")
        }
        guard encoder != nil, decoder != nil else {
            let has = encoder != nil ? "an encoder" : decoder != nil ? "a decoder" : "neither encoder nor decoder"
            throw CoreError(
                .model, "a VAE has an encoder and a decoder", at: place, expected: "both, in one file or two",
                found: has,
                remedy: "name the other file with \(encoder == nil ? "--encoder" : "--decoder")")
        }
        if let chosen = options.likelihood { likelihood = chosen }
    }

    /// The other file of a pair whose names differ in "encoder" and "decoder"; nil if there is none.
    private static func partner(of path: String) -> String? {
        let (folder, name) = (FileSystem.folder(of: path), FileSystem.lastComponent(path))
        for (own, other) in [("encoder", "decoder"), ("decoder", "encoder"), ("enc", "dec"), ("dec", "enc")] {
            guard let range = name.range(of: own, options: [.caseInsensitive, .backwards]) else { continue }
            let partner = FileSystem.join(folder, name.replacingCharacters(in: range, with: other))
            if FileSystem.kind(of: partner) == .file { return partner }
        }
        return nil
    }

    /// The files that a name without the parts' own endings stands for: `digits.onnx` is `digits-encoder.onnx` and
    /// `digits-decoder.onnx`.
    static func pair(_ path: String) -> [String]? {
        guard path.hasSuffix(".onnx") else { return nil }
        let stem = path.dropLast(".onnx".count)
        let files = ["\(stem)-encoder.onnx", "\(stem)-decoder.onnx"]
        return files.allSatisfy { FileSystem.kind(of: $0) == .file } ? files : nil
    }

    private mutating func read(_ paths: [String]) throws(CoreError) {
        for path in paths {
            let source = Source(model: try ONNXReader.read(path: path), path: path)
            tensors += source.model.graph.initializers.count
            try take(source)
            if let text = source.model.metadata["latent.model"],
                let own = try? JSONDecoder().decode(ModelConfiguration.self, from: Data(text.utf8))
            {
                likelihood = own.likelihood
            }
        }
    }

    // MARK: One graph

    private mutating func take(_ source: Source) throws(CoreError) {
        let inputs = ONNXInputs(source.model.graph)
        guard !inputs.values.isEmpty else {
            throw CoreError(.model, "a graph without inputs", at: source.path, expected: "x, or z")
        }
        // What has fewer numbers than its output is a decoder's.
        var translation = try follow(source, inputs.roots(isDecoder: inputs.looksLikeDecoder), [], inputs.batch)
        var outputs = self.outputs(translation, source)
        if !inputs.looksLikeDecoder,
            outputs.allSatisfy({ $0.trace.index.count > inputs.count && $0.trace.root == .image }), !outputs.isEmpty
        {
            translation = try follow(source, inputs.roots(isDecoder: true), [], inputs.batch)
            outputs = self.outputs(translation, source)
        }
        if let drawn = translation.drawn {
            encoder = (drawn.mean, try Self.logVariance(of: drawn.deviation, isDeviation: true, source.path))
        }
        let codes = outputs.filter { $0.trace.root == .image && $0.trace.index.count < inputs.count }
        let whole = outputs.first { $0.trace.root == .image && $0.trace.index.count == inputs.count }
        if let whole, translation.drawn == nil, let mean = Self.mean(codes) {
            // The graph decodes the mean: seen from there, the mean is z.
            translation = try follow(source, inputs.roots(isDecoder: false), [mean.name], inputs.batch)
            decoder = translation.output(whole.name)
        }
        if encoder == nil, !codes.isEmpty { encoder = try heads(codes, source.path) }
        let pictures = outputs.filter { $0.trace.root == .latent && !$0.trace.isRoot }
        if let first = pictures.first {
            let variance = pictures.count > 1 ? pictures.first { Self.isVariance($0.name) } : nil
            decoder = (pictures.first { $0.name != variance?.name } ?? first).trace
            second = variance?.trace
        }
        notes += translation.notes.filter { !notes.contains($0) }
    }

    private func follow(
        _ source: Source, _ roots: [String: Trace], _ cuts: Set<String>, _ batch: Int?
    ) throws(CoreError) -> ONNXTranslation {
        try ONNXTranslation(
            source.model.graph, inputs: roots, cuts: cuts, batch: batch, folder: FileSystem.folder(of: source.path),
            place: source.path)
    }

    private func outputs(_ translation: ONNXTranslation, _ source: Source) -> [(name: String, trace: Trace)] {
        source.model.graph.outputs.compactMap { output in
            translation.output(output.name).map { (output.name, $0) }
        }
    }

    // MARK: Heads

    private static func words(_ name: String) -> String { name.lowercased().replacingOccurrences(of: "_", with: "") }

    private static func isVariance(_ name: String) -> Bool {
        let text = words(name)
        return ["var", "logv", "sigma", "std", "scale", "lv"].contains { text.contains($0) }
    }

    private static func mean(_ codes: [(name: String, trace: Trace)]) -> (name: String, trace: Trace)? {
        let means = codes.filter { !isVariance($0.name) }
        return means.first { !ModelParts.meanWords.isDisjoint(with: NamedModule.words($0.name)) } ?? means.first
    }

    private mutating func heads(
        _ codes: [(name: String, trace: Trace)], _ path: String
    ) throws(CoreError) -> (Trace, Trace?) {
        guard let mean = Self.mean(codes) else { return (codes[0].trace, nil) }
        let others = codes.filter { $0.name != mean.name && $0.trace.index.count == mean.trace.index.count }
        guard let variance = others.first(where: { Self.isVariance($0.name) }) ?? others.first else {
            return (mean.trace, nil)
        }
        let text = Self.words(variance.name)
        let isDeviation = ["std", "sigma", "scale"].contains { text.contains($0) }
        if !Self.isVariance(variance.name) {
            assumptions.append("output '\(mean.name)' is the mean, '\(variance.name)' the log variance")
        }
        let logVariance = try Self.logVariance(
            of: variance.trace, isDeviation: isDeviation && !text.contains("log"), path)
        guard isDeviation, text.contains("log") else { return (mean.trace, logVariance) }
        var doubled = logVariance
        _ = doubled.affine(axis: 0, scale: [2], shift: [0])
        return (mean.trace, doubled)
    }

    /// The log variance of what is a standard deviation, a variance, or itself.
    private static func logVariance(of trace: Trace, isDeviation: Bool, _ path: String) throws(CoreError) -> Trace {
        var result = trace
        var factor: Float = 1
        if result.steps.last == .function(.squareRoot) {
            result.replaceLast(1, with: [])
        } else if isDeviation {
            factor = 2
        }
        guard result.steps.last == .function(.exp) else {
            if !isDeviation, result.steps.last != .activation(.softplus) { return trace }
            throw CoreError(
                .model, "the standard deviation is no exponential", at: path, expected: "exp(½ log variance)",
                found: trace.steps.last?.label ?? "nothing")
        }
        result.replaceLast(1, with: [])
        if factor != 1 { _ = result.affine(axis: 0, scale: [factor], shift: [0]) }
        return result
    }

    // MARK: Both

    /// - Throws: `CoreError(.model)` when encoder and decoder do not fit each other, or have something without a counterpart.
    mutating func model() throws(CoreError) -> ImportedModel {
        guard var (mean, logVariance) = encoder, var decoder else {
            throw CoreError(.model, "a VAE has an encoder and a decoder", at: place)
        }
        if logVariance == nil, mean.index.count == 2 * decoder.rootCount, mean.reshape(to: [mean.index.count]),
            let first = mean.slice(axis: 0, 0..<decoder.rootCount),
            let other = mean.slice(axis: 0, decoder.rootCount..<2 * decoder.rootCount)
        {
            assumptions.append("the encoder gives the mean, then the log variance")
            (mean, logVariance) = (first, other)
        }
        guard mean.index.count == decoder.rootCount else {
            throw CoreError(
                .model, "the encoder and the decoder do not fit each other", at: place,
                expected: "as many numbers from one as the other takes",
                found: "\(mean.index.count) and \(decoder.rootCount)")
        }
        if logVariance == nil { assumptions.append("no log variance: a plain autoencoder") }
        let image = try image(mean, decoder)
        decoder = try withoutOutput(decoder, &mean, &logVariance, channels: image.channels)
        if decoder.classes > 0 { assumptions.append("the class, one of \(decoder.classes), is one-hot") }
        guard mean.classes == decoder.classes else {
            throw CoreError(
                .model, "only one of encoder and decoder takes a class", at: place,
                expected: "both, or neither", found: "\(mean.classes) and \(decoder.classes) classes")
        }
        if likelihood == nil {
            assumptions.append(second == nil ? "Bernoulli pixels" : "Gaussian pixels")
            likelihood = second == nil ? .bernoulli : .gaussian
        }
        let lowering = Lowering(
            mean: mean, logVariance: logVariance, decoder: decoder, second: second, image: image,
            likelihood: likelihood ?? .bernoulli, place: place)
        let made = try lowering.build()
        return ImportedModel(
            network: made.network, values: made.values,
            source: .init(kind: "ONNX", notes: notes, assumptions: assumptions, tensors: tensors))
    }

    /// The size of the images: the encoder's, or else the decoder's, or else the square that so many numbers make.
    private mutating func image(_ mean: Trace, _ decoder: Trace) throws(CoreError) -> ImageShape {
        if let image = mean.rootImage { return image }
        let pixels = mean.rootCount
        if let image = decoder.image, image.count == pixels { return image }
        if decoder.shape.count == 3, decoder.index.count == pixels {
            return ImageShape(height: decoder.shape[1], width: decoder.shape[2], channels: decoder.shape[0])
        }
        if let found = ONNXInputs.square(pixels) {
            if found.channels > 1 { assumptions.append("images of \(found), channel by channel") }
            return found
        }
        return ImageShape(height: 1, width: pixels)
    }

    /// The decoder without what turns its numbers into pixels: a sigmoid, or a hyperbolic tangent, which is one of
    /// twice the argument, on a scale from -1 to 1; then the encoder's images are on that scale too.
    private mutating func withoutOutput(
        _ decoder: Trace, _ mean: inout Trace, _ logVariance: inout Trace?, channels: Int
    ) throws(CoreError) -> Trace {
        var result = decoder.folded()
        var isScaled = false
        if case .affine(let scale, let shift)? = result.steps.last, result.steps.dropLast().last == .activation(.tanh),
            scale.allSatisfy({ abs($0 - 0.5) < 1e-6 }), shift.allSatisfy({ abs($0 - 0.5) < 1e-6 })
        {
            result.replaceLast(1, with: [])
            isScaled = true
        }
        switch result.steps.last {
        case .activation(.sigmoid)?:
            result.replaceLast(1, with: [])
        case .activation(.tanh)?:
            result.replaceLast(1, with: [])
            _ = result.affine(axis: 0, scale: [2], shift: [0])
            if !isScaled {
                assumptions.append("pixels from -1 to 1, since the decoder ends in tanh")
                let step = Trace.Step.affine(
                    scale: [Float](repeating: 2, count: channels), shift: [Float](repeating: -1, count: channels))
                guard mean.classes == 0 else {
                    throw CoreError(.model, "pixels from -1 to 1 beside a class have no counterpart here", at: place)
                }
                mean.prepend(step)
                logVariance?.prepend(step)
            }
        case .activation(let function)?:
            throw CoreError(
                .model, "the decoder ends in \(function.rawValue)", at: place,
                expected: "sigmoid, tanh, or nothing after the last weights")
        default:
            if likelihood == nil { assumptions.append("the decoder's output is what a sigmoid makes pixels of") }
        }
        return result
    }
}
