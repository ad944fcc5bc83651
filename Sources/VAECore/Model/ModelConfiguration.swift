/// How a pixel is distributed given the decoder's output.
public enum Likelihood: String, Sendable, Codable, CaseIterable {
    /// Each pixel a coin; the decoder gives logits. AEVB appendix C.1.
    case bernoulli

    /// Numbers the decoder gives a pixel.
    public var outputsPerPixel: Int { 1 }
}

/// One layer of a network, as a configuration states it.
public enum LayerConfiguration: Sendable, Hashable, Codable {
    /// Fully connected, `units` outputs.
    case linear(units: Int, activation: Activation)
}

/// What a network is: everything needed to build it, nothing about how it is trained.
public struct ModelConfiguration: Sendable, Hashable, Codable {
    public var image: ImageShape
    /// Dimensions of z.
    public var latent: Int
    /// The encoder's hidden layers, from the image inwards; the mean and log-variance heads follow them.
    public var encoder: [LayerConfiguration]
    /// The decoder's hidden layers, from z outwards; the output layer follows them.
    public var decoder: [LayerConfiguration]
    public var likelihood: Likelihood

    public init(
        image: ImageShape = .mnist, latent: Int, encoder: [LayerConfiguration], decoder: [LayerConfiguration],
        likelihood: Likelihood = .bernoulli
    ) {
        self.image = image
        self.latent = latent
        self.encoder = encoder
        self.decoder = decoder
        self.likelihood = likelihood
    }

    /// A multi-layer perceptron: `hidden` widths from the image inwards, mirrored in the decoder.
    public static func perceptron(
        image: ImageShape = .mnist, hidden: [Int], latent: Int, activation: Activation = .relu,
        likelihood: Likelihood = .bernoulli
    ) -> ModelConfiguration {
        ModelConfiguration(
            image: image, latent: latent,
            encoder: hidden.map { .linear(units: $0, activation: activation) },
            decoder: hidden.reversed().map { .linear(units: $0, activation: activation) },
            likelihood: likelihood)
    }

    /// The architecture in a line: `784-400-20-400-784`.
    public var summary: String {
        let widths = { (layers: [LayerConfiguration]) in
            layers.map { layer in
                switch layer {
                case .linear(let units, _): "\(units)"
                }
            }
        }
        return ([String(image.count)] + widths(encoder) + [String(latent)] + widths(decoder)
            + [String(image.count)]).joined(separator: "-")
    }
}
