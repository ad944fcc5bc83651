/// A VAE's structure: its layers in order and where their parameters lie. Holds no numbers; every thread may
/// share it.
///
/// encoder: x → hidden layers → head (μ, log σ²) ; decoder: z → hidden layers → output (one logit a pixel).
public struct Network: Sendable {
    public let configuration: ModelConfiguration
    /// The hidden layers and, last, the head: its outputs are μ (latent floats), then log σ² (latent floats).
    public let encoder: [any Layer]
    /// The hidden layers and, last, the output layer.
    public let decoder: [any Layer]
    public let layout: ParameterLayout

    /// Largest layer width and latent size accepted: beyond it a typing error would ask for all memory.
    public static let widthLimit = 65_536

    /// Lays out the parameters of a configuration.
    /// - Throws: `CoreError(.configuration)` naming the layer whose size cannot be built, or OpenBLAS when it
    ///   computes wrong products on this machine.
    public init(_ configuration: ModelConfiguration) throws(CoreError) {
        try BLAS.prepare()
        let pixels = configuration.image.count
        try Self.check(configuration.image.height, "image height")
        try Self.check(configuration.image.width, "image width")
        try Self.check(configuration.image.channels, "image channels")
        try Self.check(configuration.latent, "latent dimension")
        var builder = NetworkBuilder(configuration)
        encoder = try builder.encoder(inputCount: pixels)
        decoder = try builder.decoder(outputCount: pixels * configuration.likelihood.outputsPerPixel)
        layout = builder.layout
        self.configuration = configuration
    }

    static func check(_ size: Int, _ place: String) throws(CoreError) {
        guard (1...widthLimit).contains(size) else {
            throw CoreError(
                .configuration, "size out of range", at: place, expected: "1 to \(widthLimit)", found: "\(size)")
        }
    }

    /// Numbers in all.
    public var parameterCount: Int { layout.count }
    public var latent: Int { configuration.latent }
    /// Pixels of one image.
    public var pixels: Int { configuration.image.count }
    /// Floats of the decoder's output for one image.
    public var outputCount: Int { decoder[decoder.count - 1].outputCount }

    /// Multiply-adds to train on one image once: forward, input gradients (none for the first layer), weight
    /// gradients.
    public var trainingMultiplyAdds: Int {
        let all = (encoder + decoder).reduce(0) { $0 + $1.multiplyAdds }
        return 3 * all - encoder[0].multiplyAdds
    }
}

/// Names and places the layers of one network, in order.
///
/// With one hidden layer the names are those of PyTorch's example (`fc1`, `fc21`, `fc22`, `fc3`, `fc4`); deeper
/// stacks are `encoder.0 …`, the heads `fc21` and `fc22`, `decoder.0 …`, the output layer being the last.
private struct NetworkBuilder {
    let configuration: ModelConfiguration
    var layout = ParameterLayout()
    let shallow: Bool

    init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
        shallow = configuration.encoder.count == 1 && configuration.decoder.count == 1
    }

    mutating func encoder(inputCount: Int) throws(CoreError) -> [any Layer] {
        var layers: [any Layer] = []
        var width = inputCount
        for (i, layer) in configuration.encoder.enumerated() {
            layers.append(try hidden(layer, name: shallow ? "fc1" : "encoder.\(i)", inputCount: width))
            width = layers[i].outputCount
        }
        layers.append(pair("fc21", "fc22", inputCount: width, each: configuration.latent))
        return layers
    }

    mutating func decoder(outputCount: Int) throws(CoreError) -> [any Layer] {
        var layers: [any Layer] = []
        var width = configuration.latent
        for (i, layer) in configuration.decoder.enumerated() {
            layers.append(try hidden(layer, name: shallow ? "fc3" : "decoder.\(i)", inputCount: width))
            width = layers[i].outputCount
        }
        layers.append(
            linear(shallow ? "fc4" : "decoder.\(layers.count)", width, outputCount, activation: .identity))
        return layers
    }

    private mutating func hidden(
        _ layer: LayerConfiguration, name: String, inputCount: Int
    ) throws(CoreError) -> any Layer {
        switch layer {
        case .linear(let units, let activation):
            try Network.check(units, "layer \(name)")
            return linear(name, inputCount, units, activation: activation)
        }
    }

    private mutating func linear(_ name: String, _ n: Int, _ m: Int, activation: Activation) -> Linear {
        let weight = layout.append("\(name).weight", [m, n], fanIn: n, fanOut: m)
        let bias = layout.append("\(name).bias", [m], fanIn: n, fanOut: m, isBias: true)
        return Linear(
            name: name, inputCount: n, outputCount: m, activation: activation, weightOffset: weight,
            biasOffset: bias)
    }

    /// Two layers with one input, side by side in the buffer, so that one matrix product computes both.
    private mutating func pair(_ first: String, _ second: String, inputCount n: Int, each m: Int) -> Linear {
        let weight = layout.append("\(first).weight", [m, n], fanIn: n, fanOut: m)
        _ = layout.append("\(second).weight", [m, n], fanIn: n, fanOut: m)
        let bias = layout.append("\(first).bias", [m], fanIn: n, fanOut: m, isBias: true)
        _ = layout.append("\(second).bias", [m], fanIn: n, fanOut: m, isBias: true)
        return Linear(
            name: "\(first)+\(second)", inputCount: n, outputCount: 2 * m, activation: .identity,
            weightOffset: weight, biasOffset: bias)
    }
}
