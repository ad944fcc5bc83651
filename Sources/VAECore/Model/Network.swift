/// A VAE's structure: its layers in order and where their parameters lie. Holds no numbers; every thread may
/// share it.
///
/// encoder: x → hidden layers → head (μ, log σ²) ; decoder: z → hidden layers → output (the likelihood's parameters
/// of each pixel). A deterministic model's head is μ alone; a conditional model's encoder and decoder take the
/// image's class beside x and z, one-hot.
public struct Network: Sendable {
    public let configuration: ModelConfiguration
    /// The hidden layers and, last, the head: its outputs are μ (latent floats), then log σ² (latent floats).
    package let encoder: [any Layer]
    /// The hidden layers and, last, the output layer.
    package let decoder: [any Layer]
    public let layout: ParameterLayout

    /// Largest layer width and latent size accepted: beyond it a typing error would ask for all memory.
    public static let widthLimit = 65_536
    /// Most numbers one layer may give for one image, a convolution's filters and places together.
    static let outputLimit = 1 << 22
    /// Most numbers in one image: somewhat over the largest picture that data may hold, in colour.
    static let imageLimit = 1 << 26
    /// Most hidden layers of the encoder and the decoder together.
    static let layerLimit = 1000
    /// Most parameters in all: 4 GB of them.
    static let parameterLimit = 1 << 30

    /// Lays out the parameters of a configuration.
    /// - Throws: `CoreError(.configuration)` naming the layer whose size cannot be built, or OpenBLAS when it
    ///   computes wrong products on this machine.
    public init(_ configuration: ModelConfiguration) throws(CoreError) {
        try BLAS.prepare()
        try Self.check(configuration.image.height, "image height")
        try Self.check(configuration.image.width, "image width")
        try Self.check(configuration.image.channels, "image channels")
        try Self.check(configuration.latent, "latent dimension")
        // With these two, no product or sum of sizes that a file states is beyond an integer.
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

    /// Numbers in all.
    public var parameterCount: Int { layout.count }
    public var latent: Int { configuration.latent }
    /// Pixels of one image.
    public var pixels: Int { configuration.image.count }
    /// Floats of the decoder's output for one image.
    package var outputCount: Int { decoder[decoder.count - 1].outputCount }
    /// Floats of the encoder's output for one image: μ and log σ², or μ alone when deterministic.
    package var headCount: Int { configuration.isDeterministic ? latent : 2 * latent }
    /// How many classes the model knows; 0 for one that takes none.
    public var classes: Int { configuration.classes ?? 0 }
    /// Floats of the encoder's input for one image: the pixels and the class.
    package var encoderInputCount: Int { encoder[0].inputCount }
    /// Floats of the decoder's input for one sample: z and the class.
    package var decoderInputCount: Int { decoder[0].inputCount }

    /// Multiply-adds to train on one image once, with one sample of z: forward, input gradients (none for the
    /// first layer), weight gradients.
    public var trainingMultiplyAdds: Int {
        let all = (encoder + decoder).reduce(0) { $0 + $1.multiplyAdds }
        return 3 * all - encoder[0].multiplyAdds
    }
}
