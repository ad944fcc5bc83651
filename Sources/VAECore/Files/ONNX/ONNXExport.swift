/// A model of ours as two ONNX graphs, opset 13, with the weights inside.
///
/// Images are (batch, channel, height, width) with values from 0 to 1, classes (batch, classes) one-hot. The encoder
/// has the outputs `mean` and `log_variance`; the decoder `picture`, the mean of p(x|z), and for a Gaussian
/// `picture_log_variance` (for a continuous Bernoulli, whose mean has no operator, `logits`). Sixteen-bit weights are
/// cast to 32 before use.
struct ONNXExport {
    private let model: TrainedModel
    private let network: Network
    private let half: Bool
    private let layout: TorchLayout

    init(_ model: TrainedModel, half: Bool) {
        self.model = model
        network = model.snapshot.network
        self.half = half
        layout = TorchLayout(network)
    }

    private var image: ImageShape { network.configuration.image }
    private var imageShape: [Int] { [-1, image.channels, image.height, image.width] }

    /// The file of x → mean, log variance.
    func encoder() -> [UInt8] {
        var builder = GraphBuilder("encoder", half: half)
        builder.input("x", imageShape)
        var value = "x"
        let startsWithKernel = TorchLayout.input(network.encoder[0]) != nil
        if !startsWithKernel { value = builder.add("Flatten", [value], ["axis": .integer(1)]) }
        if network.classes > 0 {
            builder.input("class", [-1, network.classes])
            var joined = "class"
            if startsWithKernel {
                // The class fills planes of the image's size.
                let shape = builder.constant("class_shape", [-1, network.classes, 1, 1])
                let plane = builder.constant(
                    "plane", [1, 1, image.height, image.width], [Float](repeating: 0, count: image.height * image.width)
                )
                joined = builder.add("Add", [builder.add("Reshape", [joined, shape]), plane])
            }
            value = builder.add("Concat", [value, joined], ["axis": .integer(1)])
        }
        value = run(network.encoder.dropLast(), value, &builder, startsWithKernel: startsWithKernel)
        let head = network.encoder[network.encoder.count - 1]
        if network.encoder.count > 1, let before = network.encoder.dropLast().last(where: { $0.weightUnits > 0 }),
            !(before is Linear)
        {
            value = builder.add("Flatten", [value], ["axis": .integer(1)])
        }
        let names = head.name.split(separator: "+").map(String.init)
        builder.output(gemm(names[0], value, &builder, as: "mean"), [-1, network.latent])
        if names.count > 1 {
            let clamp = Reparameterization.logVarianceRange
            let raw = gemm(names[1], value, &builder)
            let low = builder.constant("lowest", [], [clamp.lowerBound])
            let high = builder.constant("highest", [], [clamp.upperBound])
            builder.output(builder.add("Clip", [raw, low, high], as: "log_variance"), [-1, network.latent])
        }
        return encoded(builder)
    }

    /// The file of z → picture.
    func decoder() -> [UInt8] {
        var builder = GraphBuilder("decoder", half: half)
        builder.input("z", [-1, network.latent])
        var value = "z"
        if network.classes > 0 {
            builder.input("class", [-1, network.classes])
            value = builder.add("Concat", [value, "class"], ["axis": .integer(1)])
        }
        let last = network.decoder[network.decoder.count - 1]
        let isPair = last.name.contains("+")
        value = run(network.decoder.dropLast(isPair ? 1 : 0), value, &builder, startsWithKernel: false)
        let names = last.name.split(separator: "+").map(String.init)
        let first = isPair ? gemm(names[0], value, &builder) : value
        let likelihood = network.configuration.likelihood
        let shape = builder.constant("image_shape", [-1, image.channels, image.height, image.width])
        let isMean = likelihood == .gaussian
        let isSigmoid = likelihood == .bernoulli || likelihood == .gaussianSigmoid
        let name = isMean || isSigmoid ? "picture" : "logits"
        if isSigmoid {
            let pixels = builder.add("Reshape", [first, shape])
            builder.output(builder.add("Sigmoid", [pixels], as: name), imageShape)
        } else {
            builder.output(builder.add("Reshape", [first, shape], as: name), imageShape)
        }
        if isPair {
            let variance = gemm(names[1], value, &builder)
            builder.output(builder.add("Reshape", [variance, shape], as: "picture_log_variance"), imageShape)
        }
        return encoded(builder)
    }

    private func encoded(_ builder: GraphBuilder) -> [UInt8] {
        let metadata = (try? ModelFile.metadata(of: model)) ?? [:]
        let own = ["latent.pixels": model.binarization.rawValue].merging(metadata.filter { $0.key != "format" }) {
            a, _ in a
        }
        return ONNXModel(opset: 13, producer: "latent", metadata: own, graph: builder.graph).encoded()
    }

    // MARK: Layers

    private func run(
        _ layers: ArraySlice<any Layer>, _ input: String, _ builder: inout GraphBuilder, startsWithKernel: Bool
    ) -> String {
        var (value, isImage) = (input, startsWithKernel)
        for layer in layers {
            switch layer {
            case let layer as Conv2D:
                value = image(value, layer, isImage, &builder)
                value = kernel("Conv", layer.name, value, layer.geometry, &builder)
                value = activate(value, layer.activation, &builder)
                isImage = true
            case let layer as ConvTranspose2D:
                value = image(value, layer, isImage, &builder)
                value = kernel("ConvTranspose", layer.name, value, layer.geometry, &builder)
                value = activate(value, layer.activation, &builder)
                isImage = true
            case let layer as Linear:
                if isImage { value = builder.add("Flatten", [value], ["axis": .integer(1)]) }
                value = activate(gemm(layer.name, value, &builder), layer.activation, &builder)
                isImage = false
            case let layer as Pointwise: value = activate(value, layer.activation, &builder)
            default: break
            }
        }
        return value
    }

    private func image(_ value: String, _ layer: any Layer, _ isImage: Bool, _ builder: inout GraphBuilder) -> String {
        guard !isImage, let shape = TorchLayout.input(layer) else { return value }
        let target = builder.constant("\(layer.name)_shape", [-1, shape.channels, shape.height, shape.width])
        return builder.add("Reshape", [value, target])
    }

    private func weights(_ name: String, _ builder: inout GraphBuilder) -> [String] {
        layout.entries.filter { $0.name == name + ".weight" || $0.name == name + ".bias" }.map { entry in
            builder.weights(entry.name, entry.shape, layout.values(entry, of: model.snapshot.pointer))
        }
    }

    private func gemm(_ name: String, _ value: String, _ builder: inout GraphBuilder, as output: String? = nil)
        -> String
    {
        builder.add("Gemm", [value] + weights(name, &builder), ["transB": .integer(1)], as: output)
    }

    private func kernel(
        _ kind: String, _ name: String, _ value: String, _ geometry: ConvolutionGeometry, _ builder: inout GraphBuilder
    ) -> String {
        func rest(_ places: Int, _ size: Int, _ before: Int) -> Int {
            (places - 1) * geometry.stride + geometry.kernel - before - size
        }
        let below = rest(geometry.placesDown, geometry.image.height, geometry.padTop)
        let right = rest(geometry.placesAcross, geometry.image.width, geometry.padLeft)
        var attributes: [String: ONNXAttribute] = [
            "kernel_shape": .integers([geometry.kernel, geometry.kernel]),
            "strides": .integers([geometry.stride, geometry.stride]),
            "pads": .integers([geometry.padTop, geometry.padLeft, max(0, below), max(0, right)]),
        ]
        // Where a transposed convolution has rows that no place reaches.
        if kind == "ConvTranspose", below < 0 || right < 0 {
            attributes["output_padding"] = .integers([max(0, -below), max(0, -right)])
        }
        return builder.add(kind, [value] + weights(name, &builder), attributes)
    }

    private func activate(_ x: String, _ activation: Activation, _ builder: inout GraphBuilder) -> String {
        if let slope = activation.leakySlope { return builder.add("LeakyRelu", [x], ["alpha": .float(slope)]) }
        switch activation {
        case .relu: return builder.add("Relu", [x])
        case .elu: return builder.add("Elu", [x])
        case .tanh: return builder.add("Tanh", [x])
        case .sigmoid: return builder.add("Sigmoid", [x])
        case .softplus: return builder.add("Softplus", [x])
        case .silu: return builder.add("Mul", [x, builder.add("Sigmoid", [x])])
        case .gelu:
            let scaled = builder.add("Mul", [x, builder.constant("root_half", [], [Float(0.5).squareRoot()])])
            let one = builder.constant("one", [], [1])
            let half = builder.constant("half", [], [0.5])
            let shifted = builder.add("Add", [builder.add("Erf", [scaled]), one])
            return builder.add("Mul", [builder.add("Mul", [x, shifted]), half])
        default: return x
        }
    }
}

/// Collects the nodes and constants of a graph, and gives them names.
private struct GraphBuilder {
    private(set) var graph = ONNXGraph()
    private let half: Bool

    init(_ name: String, half: Bool) {
        graph.name = name
        self.half = half
    }

    mutating func input(_ name: String, _ shape: [Int]) { graph.inputs.append(ONNXValue(name: name, shape: shape)) }
    mutating func output(_ name: String, _ shape: [Int]) { graph.outputs.append(ONNXValue(name: name, shape: shape)) }

    /// A node; its name and that of its output follow from its number.
    mutating func add(
        _ kind: String, _ inputs: [String], _ attributes: [String: ONNXAttribute] = [:], as output: String? = nil
    ) -> String {
        let name = "\(kind)_\(graph.nodes.count)"
        let result = output ?? "value_\(graph.nodes.count)"
        graph.nodes.append(ONNXNode(kind: kind, name: name, inputs: inputs, outputs: [result], attributes: attributes))
        return result
    }

    /// A constant, once for each name.
    mutating func constant(_ name: String, _ shape: [Int], _ values: [Float]) -> String {
        if !graph.initializers.contains(where: { $0.name == name }) {
            graph.initializers.append(ONNXTensor(name, shape, values))
        }
        return name
    }

    mutating func constant(_ name: String, _ values: [Int]) -> String {
        if !graph.initializers.contains(where: { $0.name == name }) {
            graph.initializers.append(ONNXTensor(name, values))
        }
        return name
    }

    /// Weights, in 16 bits if so chosen; then a node makes them 32-bit floats.
    mutating func weights(_ name: String, _ shape: [Int], _ values: [Float]) -> String {
        graph.initializers.append(ONNXTensor(name, shape, values, half: half))
        return half ? add("Cast", [name], ["to": .integer(1)]) : name
    }
}
