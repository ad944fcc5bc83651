/// Builds and names the layers of a network in order, and refuses sizes that do not fit.
///
/// With one hidden layer the names are those of PyTorch's example: `fc1`, `fc21`, `fc22`, `fc3`, `fc4`, and `fc5` for the
/// log variance of a Gaussian. Other networks have `encoder.0 …`, the heads `fc21` and `fc22`, and `decoder.0 …`, of
/// which the last is the output layer (for a Gaussian the last two: mean and log variance).
struct NetworkBuilder {
    private let configuration: ModelConfiguration
    private(set) var layout = ParameterLayout()
    private let shallow: Bool

    init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
        func isOneLinear(_ layers: [LayerConfiguration]) -> Bool {
            layers.count == 1 && layers[0].specification is Linear.Specification
        }
        shallow = isOneLinear(configuration.encoder) && isOneLinear(configuration.decoder)
            && configuration.output == .linear
    }

    /// x (and the class) → hidden layers → head.
    mutating func encoder() throws(CoreError) -> [any Layer] {
        var input = configuration.image
        let classes = configuration.classes ?? 0
        var flow: LayerFlow
        if configuration.encoder.first?.specification.takesImage == true {
            input.channels += classes  // the class fills one plane of the image
            flow = LayerFlow(input)
        } else {
            flow = LayerFlow(input)
            flow.count += classes
            if classes > 0 { flow.image = nil }
        }
        var layers = try hidden(configuration.encoder, stem: "encoder", shallowName: "fc1", &flow)
        layers.append(
            configuration.isDeterministic
                ? Linear("fc21", flow.count, configuration.latent, in: &layout)
                : Linear(pair: "fc21", "fc22", flow.count, configuration.latent, in: &layout))
        return layers
    }

    /// z (and the class) → hidden layers → the likelihood's parameters of every pixel.
    mutating func decoder() throws(CoreError) -> [any Layer] {
        layout.beginDecoder()
        var flow = LayerFlow(count: configuration.latent + (configuration.classes ?? 0))
        var layers = try hidden(configuration.decoder, stem: "decoder", shallowName: "fc3", &flow)
        let name = shallow ? "fc4" : "decoder.\(Self.withWeights(layers))"
        let pixels = configuration.image.count
        switch (configuration.output, configuration.likelihood.outputsPerPixel) {
        case (.linear, 1):
            layers.append(Linear(name, flow.count, pixels, in: &layout))
        case (.linear, _):
            let second = shallow ? "fc5" : "decoder.\(Self.withWeights(layers) + 1)"
            layers.append(Linear(pair: name, second, flow.count, pixels, in: &layout))
        case (.hidden, let outputs):
            guard flow.count == pixels * outputs, !layers.isEmpty, flow.image == nil || flow.image == configuration.image else {
                throw CoreError(
                    .configuration, "the output has another size than the image", at: "the decoder's last layer",
                    expected: "\(pixels * outputs) numbers, \(configuration.image)",
                    found: flow.image?.description ?? "\(flow.count) numbers")
            }
        case (.transposedConvolution(let kernel, let stride), 1):
            layers += try pixelLayer(name, &flow, kernel: kernel, stride: stride)
        case (.transposedConvolution, let outputs):
            throw CoreError(
                .configuration, "a convolution gives one number per pixel", at: "layer \(name)",
                expected: "a likelihood with one number per pixel, or a linear output layer",
                found: "--likelihood \(configuration.likelihood.rawValue), which takes \(outputs)")
        }
        return layers
    }

    /// The layers in `configurations`. `flow` is their input and, after the call, their output.
    private mutating func hidden(
        _ configurations: [LayerConfiguration], stem: String, shallowName: String, _ flow: inout LayerFlow
    ) throws(CoreError) -> [any Layer] {
        var layers: [any Layer] = []
        for configuration in configurations {
            let name = shallow ? shallowName : "\(stem).\(Self.withWeights(layers))"
            let function = configuration.activation.flatMap { $0.needsInput ? $0 : nil }
            let specification = function == nil ? configuration.specification
                : configuration.with(activation: .identity).specification
            if let layer = try specification.build(name, &flow, in: &layout) { layers.append(layer) }
            if let function {
                layers.append(Pointwise(name: "\(name).\(function)", activation: function, inputCount: flow.count))
            }
        }
        return layers
    }

    /// The number of layers that have weights, by which layers are named.
    private static func withWeights(_ layers: [any Layer]) -> Int { layers.count { $0.weightUnits > 0 } }

    /// A transposed convolution as the output layer, whose output must have the image's size.
    private mutating func pixelLayer(
        _ name: String, _ flow: inout LayerFlow, kernel: Int, stride: Int
    ) throws(CoreError) -> [any Layer] {
        let wanted = configuration.image
        let output = ConvTranspose2D.Specification(
            filters: wanted.channels, kernel: kernel, stride: stride, padding: .same, activation: .identity)
        let layer = try output.build(name, &flow, in: &layout)
        guard let given = flow.image, given == wanted else {
            throw CoreError(
                .configuration, "the output has another size than the image", at: "layer \(name)",
                expected: wanted.description, found: flow.image?.description ?? "\(flow.count) numbers")
        }
        return layer.map { [$0] } ?? []
    }
}
