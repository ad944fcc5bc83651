/// Builds the traces of an architecture that was found from names, with the numbers of its file.
struct NamedTraces {
    let weights: Weights
    let architecture: NamedArchitecture
    let activation: Activation
    /// What could not be read from names and shapes, beside the activation, in the order of the layers.
    private(set) var assumptions: [String] = []

    init(_ weights: Weights, _ architecture: NamedArchitecture, activation: Activation) {
        (self.weights, self.architecture, self.activation) = (weights, architecture, activation)
    }

    /// PyTorch's default for the number that BatchNorm adds to a variance.
    private static let epsilon: Float = 1e-5

    /// - Throws: `CoreError(.model)` when a tensor cannot be read, or does not fit.
    mutating func lowering(likelihood: Likelihood?) throws(CoreError) -> Lowering {
        let (parts, image, classes) = (architecture.parts, architecture.image, architecture.classes)
        var x = Trace(.image, shape: [image.channels, image.height, image.width])
        if !startsWithKernel {
            _ = x.reshape(to: [image.count])
            if classes > 0 { x = x.joined(classes: classes, first: false) ?? x }
        }
        x = try run(x, architecture.encoder, parts.encoder, isDecoder: false)
        _ = x.reshape(to: [x.index.count])
        var (mean, logVariance) = (x, parts.logVariance == nil && !parts.isFused ? nil : x as Trace?)
        try apply(parts.mean, nil, &mean)
        if let head = parts.logVariance {
            try apply(head, nil, &logVariance!)
        } else if parts.isFused {
            logVariance = mean.slice(axis: 0, parts.latent..<2 * parts.latent)
            mean = mean.slice(axis: 0, 0..<parts.latent) ?? mean
        }
        if parts.logFactor != 1 { _ = logVariance?.affine(axis: 0, scale: [parts.logFactor], shift: [0]) }
        var z = Trace(.latent, shape: [parts.latent])
        if classes > 0 { z = z.joined(classes: classes, first: false) ?? z }
        let decoded = try run(z, architecture.decoder, parts.decoder, isDecoder: true)
        var second: Trace?
        if let other = architecture.second {
            // The layer beside the last: on what the last one was given.
            var trace = try run(z, Array(architecture.decoder.dropLast()), parts.decoder, isDecoder: true, isPart: true)
            try apply(other, nil, &trace)
            second = trace
        }
        note(likelihood)
        return Lowering(
            mean: mean, logVariance: logVariance, decoder: decoded, second: second, image: image,
            likelihood: likelihood ?? (second == nil ? .bernoulli : .gaussian), place: weights.name)
    }

    private var startsWithKernel: Bool {
        architecture.encoder.first.map {
            if case .kernel = architecture.parts.encoder[$0.module].kind { true } else { false }
        } ?? false
    }

    // MARK: Layers

    private mutating func run(
        _ start: Trace, _ placed: [Arrangement.Placed], _ modules: [NamedModule], isDecoder: Bool, isPart: Bool = false
    ) throws(CoreError) -> Trace {
        var trace = start
        var isActive = true
        for (i, layer) in placed.enumerated() {
            let module = modules[layer.module]
            switch layer.input {
            case .row(let count): _ = trace.reshape(to: [count])
            case .image(let channels, let side): _ = trace.reshape(to: [channels, side, side])
            }
            try apply(module, layer.geometry, &trace)
            let isLast = i == placed.count - 1
            if isLast, isDecoder, !isPart { break }
            let next = isLast ? nil : modules[placed[i + 1].module]
            let isNorm = if case .norm = module.kind { true } else { false }
            let follows = isActivated(module, next, modules, wasActive: isNorm && i > 0 && isActive)
            if follows { trace.activate(activation) }
            isActive = follows
        }
        return trace
    }

    /// Whether an activation follows a layer. Where layers have numbers, and some are missing, a missing number is
    /// where it is; else it follows each layer, and BatchNorm stands before it.
    private func isActivated(_ module: NamedModule, _ next: NamedModule?, _ all: [NamedModule], wasActive: Bool) -> Bool
    {
        if module.words.contains("input"), module.part == .decoder { return false }
        guard let next else { return !wasActive }
        let isBeforeNorm = if case .norm = next.kind { true } else { false }
        if let here = module.position, let there = next.position, here.parent == there.parent {
            let numbers = all.compactMap { $0.position }.filter { $0.parent == here.parent }.map(\.number).sorted()
            let hasGaps = zip(numbers, numbers.dropFirst()).contains { $1 - $0 > 1 }
            if hasGaps { return there.number - here.number > 1 }
        }
        return !isBeforeNorm && !wasActive
    }

    private func apply(_ module: NamedModule, _ geometry: Arrangement.Geometry?, _ trace: inout Trace) throws(CoreError)
    {
        let problem: String?
        switch module.kind {
        case .linear(let outputs, let inputs):
            let weight = try weights.floats(module.stem + ".weight")
            problem = trace.linear(
                LinearWeights(
                    inputs: inputs, outputs: outputs, weight: weight, bias: try bias(module) ?? zeros(outputs)))
        case .norm(let channels):
            let (mean, variance) = (
                try weights.floats(module.stem + ".running_mean"), try weights.floats(module.stem + ".running_var")
            )
            let gain = weights[module.stem + ".weight"] == nil ? nil : try weights.floats(module.stem + ".weight")
            let offset = try bias(module) ?? zeros(channels)
            guard variance.count == channels, variance.allSatisfy({ $0 >= 0 }) else {
                throw refused(module, "its variances are not those of \(channels) channels")
            }
            let scale = (0..<channels).map { (gain?[$0] ?? 1) / (variance[$0] + Self.epsilon).squareRoot() }
            problem = trace.affine(
                axis: 0, scale: scale, shift: (0..<channels).map { offset[$0] - mean[$0] * scale[$0] })
        case .kernel(let first, let second, let size):
            guard let geometry else { throw refused(module, "it is a convolution after a row of numbers") }
            if geometry.enlarged > 1, let problem = trace.enlarge(geometry.enlarged) { throw refused(module, problem) }
            var edges = Edges(geometry.padding)
            edges.bottom -= geometry.extra
            edges.right -= geometry.extra
            guard
                let kernel = ConvolutionWeights(
                    isTransposed: geometry.isTransposed, shape: [first, second, size, size], groups: 1, dilation: 1,
                    stride: geometry.stride, edges: edges, weight: try weights.floats(module.stem + ".weight"),
                    bias: try bias(module))
            else { throw refused(module, "its shape fits no convolution") }
            problem = trace.convolution(kernel)
        }
        if let problem { throw refused(module, problem) }
    }

    private func bias(_ module: NamedModule) throws(CoreError) -> [Float]? {
        weights[module.stem + ".bias"] == nil ? nil : try weights.floats(module.stem + ".bias")
    }

    private func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }

    private func refused(_ module: NamedModule, _ problem: String) -> CoreError {
        CoreError(.model, "layer '\(module.stem)': \(problem)", at: weights.name)
    }

    // MARK: What is assumed

    private mutating func note(_ likelihood: Likelihood?) {
        let (parts, image) = (architecture.parts, architecture.image)
        if likelihood == nil { assumptions.append("\(architecture.second == nil ? "Bernoulli" : "Gaussian") pixels") }
        assumptions.append(image.channels == 1 ? "grey images" : "images of \(image)")
        if parts.isFused { assumptions.append("'\(parts.mean.stem)' gives the mean, then the log variance") }
        if parts.isNamedPlain, let head = parts.logVariance {
            assumptions.append("'\(head.stem)' gives the log variance")
        }
        if parts.logVariance == nil, !parts.isFused { assumptions.append("no log variance: a plain autoencoder") }
        if architecture.classes > 0 {
            assumptions.append("the class, one of \(architecture.classes), stands after the pixels and after z")
        }
        for (name, placed) in [("encoder", architecture.encoder), ("decoder", architecture.decoder)] {
            let sizes = placed.compactMap { layer in
                layer.geometry.map { geometry in
                    (geometry.enlarged > 1 ? "enlarged by \(geometry.enlarged), " : "")
                        + "\(geometry.stride)/\(geometry.padding)" + (geometry.extra > 0 ? "+\(geometry.extra)" : "")
                }
            }
            if !sizes.isEmpty {
                assumptions.append("stride/padding of the \(name)'s convolutions " + sizes.joined(separator: " "))
            }
        }
        if parts.decoder.contains(where: { $0.words.contains("input") }) {
            assumptions.append("no activation after the decoder's input layer")
        }
    }
}
