/// The terms of the negative evidence lower bound (AEVB eq. 3), in nats per image.
public struct LossTerms: Sendable, Equatable, Codable {
    /// −log p(x|z), summed over the pixels.
    public var reconstruction: Double
    /// KL(q(z|x) ‖ p(z)), summed over the latent dimensions.
    public var kl: Double

    /// The two terms.
    public init(reconstruction: Double = 0, kl: Double = 0) {
        self.reconstruction = reconstruction
        self.kl = kl
    }

    /// The negative ELBO: reconstruction + KL, whatever β is used in training.
    public var negativeELBO: Double { reconstruction + kl }

    /// The name of the first term that is not finite; nil if both are.
    public var nonFiniteTerm: String? {
        if !reconstruction.isFinite { return "reconstruction loss" }
        if !kl.isFinite { return "KL divergence" }
        return nil
    }

    enum CodingKeys: String, CodingKey {
        case negativeELBO = "negative_elbo"
        case reconstruction, kl
    }

    /// Reads the two terms; their sum is ignored.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        reconstruction = try values.decode(Double.self, forKey: .reconstruction)
        kl = try values.decode(Double.self, forKey: .kl)
    }

    /// Writes the two terms and their sum.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(negativeELBO, forKey: .negativeELBO)
        try values.encode(reconstruction, forKey: .reconstruction)
        try values.encode(kl, forKey: .kl)
    }
}
