/// Names and places the layers of one network, in order, and refuses those whose sizes do not fit.
///
/// With one hidden layer the names are those of PyTorch's example (`fc1`, `fc21`, `fc22`, `fc3`, `fc4`, and `fc5`
/// for the log variance of a Gaussian); other stacks are `encoder.0 …`, the heads `fc21` and `fc22`, `decoder.0 …`,
/// the output layer being the last (the last two for a Gaussian: mean, log variance).
struct NetworkBuilder {
    private let configuration: ModelConfiguration
    private(set) var layout = ParameterLayout()
    private let shallow: Bool

    init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
        func isOneLinear(_ layers: [LayerConfiguration]) -> Bool {
            if layers.count == 1, case .linear = layers[0] { return true }
            return false
        }
        shallow = isOneLinear(configuration.encoder) && isOneLinear(configuration.decoder)
            && configuration.output == .linear
    }

    /// What flows between two layers: some numbers, and the image they form, if they form one.
    private struct Flow {
        var count: Int
        var image: ImageShape?

        init(_ image: ImageShape) {
            count = image.count
            self.image = image
        }

        init(count: Int) { self.count = count }
    }

    /// x (and the class) → hidden layers → head.
    mutating func encoder() throws(CoreError) -> [any Layer] {
        var input = configuration.image
        let classes = configuration.classes ?? 0
        var flow: Flow
        if case .convolution? = configuration.encoder.first {
            input.channels += classes  // the class fills one plane of the image
            flow = Flow(input)
        } else {
            flow = Flow(input)
            flow.count += classes
            if classes > 0 { flow.image = nil }
        }
        var layers = try hidden(configuration.encoder, stem: "encoder", shallowName: "fc1", &flow)
        layers.append(
            configuration.isDeterministic
                ? linear("fc21", flow.count, configuration.latent, activation: .identity)
                : pair("fc21", "fc22", inputCount: flow.count, each: configuration.latent))
        return layers
    }

    /// z (and the class) → hidden layers → the likelihood's parameters of every pixel.
    mutating func decoder() throws(CoreError) -> [any Layer] {
        var flow = Flow(count: configuration.latent + (configuration.classes ?? 0))
        var layers = try hidden(configuration.decoder, stem: "decoder", shallowName: "fc3", &flow)
        let name = shallow ? "fc4" : "decoder.\(layers.count)"
        let pixels = configuration.image.count
        switch (configuration.output, configuration.likelihood.outputsPerPixel) {
        case (.linear, 1):
            layers.append(linear(name, flow.count, pixels, activation: .identity))
        case (.linear, _):
            let second = shallow ? "fc5" : "decoder.\(layers.count + 1)"
            layers.append(pair(name, second, inputCount: flow.count, each: pixels))
        case (.transposedConvolution(let kernel, let stride), 1):
            layers.append(
                try transposed(
                    name, flow, filters: configuration.image.channels, kernel: kernel, stride: stride,
                    padding: .same, activation: .identity, mustGive: configuration.image))
        case (.transposedConvolution, let outputs):
            throw CoreError(
                .configuration, "a convolution gives one number a pixel", at: "layer \(name)",
                expected: "a likelihood with one number a pixel, or a linear output layer",
                found: "--likelihood \(configuration.likelihood.rawValue), which takes \(outputs)")
        }
        return layers
    }

    /// The layers a configuration lists; `flow` is what goes in and, after the call, what comes out.
    private mutating func hidden(
        _ configurations: [LayerConfiguration], stem: String, shallowName: String, _ flow: inout Flow
    ) throws(CoreError) -> [any Layer] {
        var layers: [any Layer] = []
        for layer in configurations {
            let name = shallow ? shallowName : "\(stem).\(layers.count)"
            switch layer {
            case .linear(let units, let activation):
                try Network.check(units, "layer \(name)")
                layers.append(linear(name, flow.count, units, activation: activation))
                flow = Flow(count: units)
            case .convolution(let filters, let kernel, let stride, let padding, let activation):
                let built = try convolution(
                    name, flow, filters: filters, kernel: kernel, stride: stride, padding: padding,
                    activation: activation)
                layers.append(built)
                flow = Flow(built.outputShape)
            case .transposedConvolution(let filters, let kernel, let stride, let padding, let activation):
                let built = try transposed(
                    name, flow, filters: filters, kernel: kernel, stride: stride, padding: padding,
                    activation: activation)
                layers.append(built)
                flow = Flow(built.outputShape)
            case .reshape(let height, let width, let channels):
                let shape = ImageShape(height: height, width: width, channels: channels)
                guard min(height, width, channels) > 0, max(height, width, channels) <= Network.widthLimit,
                    shape.count == flow.count
                else {
                    throw CoreError(
                        .configuration, "the reshape does not fit", at: "before layer \(name)",
                        expected: "\(flow.count) numbers", found: "\(height)x\(width)x\(channels)")
                }
                flow = Flow(shape)
            }
        }
        return layers
    }

    // MARK: Single layers

    private mutating func linear(_ name: String, _ n: Int, _ m: Int, activation: Activation) -> Linear {
        let weight = layout.append("\(name).weight", [m, n], fanIn: n, fanOut: m)
        let bias = layout.append("\(name).bias", [m], fanIn: n, fanOut: m, isBias: true)
        return Linear(
            name: name, inputCount: n, outputCount: m, activation: activation, weightOffset: weight,
            biasOffset: bias)
    }

    /// Two layers with one input, side by side in the buffer, so that one matrix product computes both.
    private mutating func pair(_ first: String, _ second: String, inputCount n: Int, each m: Int) -> Linear {
        let weight = layout.append("\(first).weight", [m, n], fanIn: n, fanOut: 2 * m)
        _ = layout.append("\(second).weight", [m, n], fanIn: n, fanOut: 2 * m)
        let bias = layout.append("\(first).bias", [m], fanIn: n, fanOut: 2 * m, isBias: true)
        _ = layout.append("\(second).bias", [m], fanIn: n, fanOut: 2 * m, isBias: true)
        return Linear(
            name: "\(first)+\(second)", inputCount: n, outputCount: 2 * m, activation: .identity,
            weightOffset: weight, biasOffset: bias)
    }

    private mutating func convolution(
        _ name: String, _ flow: Flow, filters: Int, kernel: Int, stride: Int, padding: Padding,
        activation: Activation
    ) throws(CoreError) -> Conv2D {
        let image = try checkedImage(name, flow, filters: filters, kernel: kernel, stride: stride)
        guard padding == .same || kernel <= min(image.height, image.width) else {
            throw CoreError(
                .configuration, "kernel larger than its image", at: "layer \(name)",
                expected: "at most \(min(image.height, image.width))", found: "\(kernel)")
        }
        let geometry = ConvolutionGeometry(over: image, kernel: kernel, stride: stride, padding: padding)
        try checkOutput(geometry.places * filters, name)
        let area = kernel * kernel
        let (fanIn, fanOut) = (area * image.channels, area * filters)
        let weight = layout.append(
            "\(name).weight", [kernel, kernel, image.channels, filters], fanIn: fanIn, fanOut: fanOut)
        let bias = layout.append("\(name).bias", [filters], fanIn: fanIn, fanOut: fanOut, isBias: true)
        return Conv2D(
            name: name, geometry: geometry, filters: filters, activation: activation, weightOffset: weight,
            biasOffset: bias)
    }

    private mutating func transposed(
        _ name: String, _ flow: Flow, filters: Int, kernel: Int, stride: Int, padding: Padding,
        activation: Activation, mustGive wanted: ImageShape? = nil
    ) throws(CoreError) -> ConvTranspose2D {
        let image = try checkedImage(name, flow, filters: filters, kernel: kernel, stride: stride)
        try checkOutput((image.height * stride + kernel) * (image.width * stride + kernel) * filters, name)
        let geometry = ConvolutionGeometry(
            transposedFrom: image, channels: filters, kernel: kernel, stride: stride, padding: padding)
        if let wanted, geometry.image != wanted {
            throw CoreError(
                .configuration, "the output has another size than the image", at: "layer \(name)",
                expected: "\(wanted.height)x\(wanted.width)x\(wanted.channels)",
                found: "\(geometry.image.height)x\(geometry.image.width)x\(geometry.image.channels)")
        }
        let area = kernel * kernel
        // PyTorch counts fan-in of a transposed convolution over its second dimension, the filters.
        let (fanIn, fanOut) = (area * filters, area * image.channels)
        let weight = layout.append(
            "\(name).weight", [kernel, kernel, filters, image.channels], fanIn: fanIn, fanOut: fanOut)
        let bias = layout.append("\(name).bias", [filters], fanIn: fanIn, fanOut: fanOut, isBias: true)
        return ConvTranspose2D(
            name: name, geometry: geometry, inputChannels: image.channels, activation: activation,
            weightOffset: weight, biasOffset: bias)
    }

    // MARK: Checks

    private func checkedImage(
        _ name: String, _ flow: Flow, filters: Int, kernel: Int, stride: Int
    ) throws(CoreError) -> ImageShape {
        try Network.check(filters, "layer \(name), filters")
        func small(_ value: Int, _ what: String) throws(CoreError) {
            guard (1...256).contains(value) else {
                throw CoreError(
                    .configuration, "size out of range", at: "layer \(name), \(what)", expected: "1 to 256",
                    found: "\(value)")
            }
        }
        try small(kernel, "kernel")
        try small(stride, "stride")
        guard let image = flow.image else {
            throw CoreError(
                .configuration, "a convolution takes an image", at: "layer \(name)",
                expected: "a reshape before it", found: "a row of \(flow.count) numbers")
        }
        return image
    }

    private func checkOutput(_ count: Int, _ name: String) throws(CoreError) {
        guard count <= Network.outputLimit else {
            throw CoreError(
                .configuration, "output too large", at: "layer \(name)",
                expected: "at most \(Network.outputLimit) numbers an image", found: "\(count)")
        }
    }
}
