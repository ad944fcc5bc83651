/// Everything needed to build a network, and nothing about its training.
public struct ModelConfiguration: Sendable, Hashable, Codable {
    /// The size of an image.
    public var image: ImageShape
    /// Dimensions of z.
    public var latent: Int
    /// The encoder's hidden layers, from the image inwards; the mean and log-variance heads follow them.
    public var encoder: [LayerConfiguration]
    /// The decoder's hidden layers, from z outwards; the output layer follows them.
    public var decoder: [LayerConfiguration]
    /// The decoder's last layer.
    public var output: OutputConfiguration
    /// How a pixel is distributed given the decoder's output.
    public var likelihood: Likelihood
    /// A plain autoencoder: the encoder gives a point without a variance, z = μ, and no prior constrains the codes.
    public var isDeterministic: Bool
    /// The number of classes of a conditional VAE (Sohn, Lee, Yan 2015), whose encoder and decoder also get the image's
    /// class, one-hot. Nil if the model is not conditional.
    public var classes: Int?
    /// The label of each class, ascending, where they are others than 0, 1, 2…: data that count from 1, or have gaps.
    public var classLabels: [Int]?

    /// A configuration; `Network.init` checks it.
    public init(
        image: ImageShape = .mnist, latent: Int, encoder: [LayerConfiguration], decoder: [LayerConfiguration],
        output: OutputConfiguration = .linear, likelihood: Likelihood = .bernoulli, isDeterministic: Bool = false,
        classes: Int? = nil, classLabels: [Int]? = nil
    ) {
        self.image = image
        self.latent = latent
        self.encoder = encoder
        self.decoder = decoder
        self.output = output
        self.likelihood = likelihood
        self.isDeterministic = isDeterministic
        self.classes = classes
        self.classLabels = classLabels
    }

    /// A multi-layer perceptron: `hidden` widths from the image inwards, mirrored in the decoder.
    public static func perceptron(
        image: ImageShape = .mnist, hidden: [Int], latent: Int, activation: Activation = .relu,
        likelihood: Likelihood = .bernoulli, isDeterministic: Bool = false, classes: Int? = nil
    ) -> ModelConfiguration {
        ModelConfiguration(
            image: image, latent: latent,
            encoder: hidden.map { .linear(units: $0, activation: activation) },
            decoder: hidden.reversed().map { .linear(units: $0, activation: activation) },
            likelihood: likelihood, isDeterministic: isDeterministic, classes: classes)
    }

    /// The architecture in a line: `784-400-20-400-784`, `784-conv32-conv64-2-1568-deconv64-deconv32-784`.
    public var summary: String {
        let labels = { (layers: [LayerConfiguration]) in layers.compactMap(\.specification.label) }
        let widths = ([String(image.count)] + labels(encoder) + [String(latent)] + labels(decoder)
            + [String(image.count)]).joined(separator: "-")
        return widths + (likelihood == .bernoulli ? "" : " \(likelihood.rawValue)")
            + (isDeterministic ? " autoencoder" : "") + (classes.map { " given \($0) classes" } ?? "")
    }

    enum CodingKeys: String, CodingKey {
        case image, latent, encoder, decoder, output, likelihood, classes
        case classLabels = "class_labels"
        case isDeterministic = "deterministic"
    }

    /// Reads a configuration. A key that is missing in an older file has the value that was then the only one.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        image = try values.decode(ImageShape.self, forKey: .image)
        latent = try values.decode(Int.self, forKey: .latent)
        encoder = try values.decode([LayerConfiguration].self, forKey: .encoder)
        self.decoder = try values.decode([LayerConfiguration].self, forKey: .decoder)
        output = try values.decodeIfPresent(OutputConfiguration.self, forKey: .output) ?? .linear
        likelihood = try values.decode(Likelihood.self, forKey: .likelihood)
        isDeterministic = try values.decodeIfPresent(Bool.self, forKey: .isDeterministic) ?? false
        classes = try values.decodeIfPresent(Int.self, forKey: .classes)
        classLabels = try values.decodeIfPresent([Int].self, forKey: .classLabels)
    }
}
