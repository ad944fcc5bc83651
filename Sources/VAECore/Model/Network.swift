/// The structure of a VAE: its layers in order, and where their parameters are. It holds no parameters, so threads can
/// share it.
///
/// The encoder is x → hidden layers → head (μ, log σ²); the decoder is z → hidden layers → output (the parameters of each
/// pixel's likelihood). The head of a deterministic model is μ alone. The encoder and decoder of a conditional model also
/// take the image's class, one-hot, after x and z.
public struct Network: Sendable {
    /// What it was built from.
    public let configuration: ModelConfiguration
    /// The hidden layers and, last, the head: its outputs are μ (latent floats), then log σ² (latent floats).
    package let encoder: [any Layer]
    /// The hidden layers and, last, the output layer.
    package let decoder: [any Layer]
    /// The names, shapes and offsets of its parameters.
    public let layout: ParameterLayout

    /// The largest width of a layer or of z, so that a typing error does not allocate all memory.
    public static let widthLimit = 65_536
    /// The largest number of outputs of one layer for one image: filters times places in a convolution.
    static let outputLimit = 1 << 22
    /// The largest number of pixels of an image: somewhat more than the largest colour picture a data set may hold.
    static let imageLimit = 1 << 26
    /// The largest number of layers.
    static let layerLimit = 1000
    /// The largest number of parameters (4 GB).
    static let parameterLimit = 1 << 30

    /// Builds the layers of a configuration and lays out their parameters.
    /// - Throws: `CoreError(.configuration)` that names the layer whose size cannot be built, or OpenBLAS when it
    ///   computes wrong products on this machine.
    public init(_ configuration: ModelConfiguration) throws(CoreError) {
        try BLAS.prepare()
        try Self.check(configuration.image.height, "image height")
        try Self.check(configuration.image.width, "image width")
        try Self.check(configuration.image.channels, "image channels")
        try Self.check(configuration.latent, "latent dimension")
        // With these two limits, no product or sum of sizes from a file overflows.
        try Self.check(configuration.image.count, "numbers in an image", atMost: Self.imageLimit)
        try Self.check(
            1 + configuration.encoder.count + configuration.decoder.count, "layers", atMost: Self.layerLimit)
        if let classes = configuration.classes {
            guard (2...256).contains(classes) else {
                throw CoreError(
                    .configuration, "number of classes out of range", at: "--conditional", expected: "2 to 256",
                    found: "\(classes)")
            }
        }
        if let labels = configuration.classLabels {
            let isAscending = zip(labels, labels.dropFirst()).allSatisfy { $0 < $1 }
            guard labels.count == configuration.classes, isAscending, labels.allSatisfy({ (0...255).contains($0) }) else {
                throw CoreError(
                    .configuration, "labels that are not those of the classes", at: "class_labels",
                    expected: "\(configuration.classes ?? 0) ascending numbers from 0 to 255",
                    found: "\(labels.prefix(12))")
            }
        }
        var builder = NetworkBuilder(configuration)
        encoder = try builder.encoder()
        decoder = try builder.decoder()
        layout = builder.layout
        guard layout.count <= Self.parameterLimit else {
            throw CoreError(
                .configuration, "too many parameters", at: "network \(configuration.summary)",
                expected: "at most \(Self.parameterLimit)", found: "\(layout.count)")
        }
        self.configuration = configuration
    }

    static func check(_ size: Int, _ place: String, atMost limit: Int = widthLimit) throws(CoreError) {
        guard (1...limit).contains(size) else {
            throw CoreError(
                .configuration, "size out of range", at: place, expected: "1 to \(limit)", found: "\(size)")
        }
    }

    /// The label of each class, ascending; empty if the model is not conditional.
    public var classLabels: [Int] { configuration.classLabels ?? Array(0..<classes) }
    /// The number of parameters.
    public var parameterCount: Int { layout.count }
    /// Dimensions of z.
    public var latent: Int { configuration.latent }
    /// Pixels of one image.
    public var pixels: Int { configuration.image.count }
    /// Floats of the decoder's output for one image.
    package var outputCount: Int { decoder[decoder.count - 1].outputCount }
    /// Floats of the encoder's output for one image: μ and log σ², or μ alone when deterministic.
    package var headCount: Int { configuration.isDeterministic ? latent : 2 * latent }
    /// The number of classes; 0 if the model is not conditional.
    public var classes: Int { configuration.classes ?? 0 }
    /// Floats of the encoder's input for one image: the pixels and the class.
    package var encoderInputCount: Int { encoder[0].inputCount }
    /// Floats of the decoder's input for one sample: z and the class.
    package var decoderInputCount: Int { decoder[0].inputCount }

    /// Multiply-adds of training on one image with one sample of z: forward pass, gradients of inputs (except the first
    /// layer's) and of weights.
    public var trainingMultiplyAdds: Int {
        let all = (encoder + decoder).reduce(0) { $0 + $1.multiplyAdds }
        return 3 * all - encoder[0].multiplyAdds
    }
}
