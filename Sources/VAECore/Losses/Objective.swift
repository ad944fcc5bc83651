import Foundation

/// What training minimises, in nats per image.
///
/// A deterministic model minimises −log p(x|μ), whatever the bound.
public struct Objective: Sendable, Hashable, Codable {
    /// The bound on log p(x) whose negative is minimised, for k samples z₁ … z_k of q(z|x).
    public enum Bound: String, Sendable, Codable, CaseIterable {
        /// The mean of −log p(x|zₛ), plus β·Σⱼ max(λ, KLⱼ) with the KL divergence in closed form (AEVB eq. 10) and λ the
        /// free bits.
        case elbo
        /// The mean of −log p(x|zₛ) + β·(log q(zₛ|x) − log p(zₛ)): the KL divergence is sampled too (AEVB eq. 6;
        /// TensorFlow's tutorial).
        case monteCarlo = "monte-carlo"
        /// −log of the mean of wₛ, where −log wₛ = −log p(x|zₛ) + β·(log q(zₛ|x) − log p(zₛ)) (Burda, Grosse,
        /// Salakhutdinov 2015, eq. 8). With k = 1 it is `monteCarlo`.
        case iwae
    }

    /// How the losses of a batch's images become one, whose gradient the optimiser sees.
    public enum Reduction: String, Sendable, Codable, CaseIterable {
        /// The sum over the images, as in PyTorch's example.
        case sum
        /// The mean over the images, as in Keras.
        case mean
    }

    /// The bound.
    public var bound: Bound
    /// Samples of z per image, k.
    public var samples: Int
    /// Free bits λ: nats of KL per image and dimension that cost nothing (Kingma et al. 2016, eq. 15, which averages over
    /// the batch; here each image counts alone, so that no sum crosses images). For `elbo` only.
    public var freeBits: Double
    /// How the losses of a batch's images become one.
    public var reduction: Reduction

    /// An objective; by default that of PyTorch's example.
    public init(
        _ bound: Bound = .elbo, samples: Int = 1, freeBits: Double = 0, reduction: Reduction = .sum
    ) {
        self.bound = bound
        self.samples = samples
        self.freeBits = freeBits
        self.reduction = reduction
    }
}

/// What an objective needs of one image with k samples of z.
struct ObjectiveTerms {
    let latent: Int
    let samples: Int
    /// −log p(x|zₛ) (k), nats.
    let reconstruction: UnsafePointer<Double>
    /// KL of each dimension (latent), nats.
    let klPerDimension: UnsafePointer<Float>
    let mean: UnsafePointer<Float>
    let logVariance: UnsafePointer<Float>
    /// ε and z (k, latent).
    let epsilon: UnsafePointer<Float>
    let z: UnsafePointer<Float>

    /// log q(zₛ|x) − log p(zₛ) = ½ Σⱼ (z² − log σ² − ε²); the 2π cancel.
    func logRatio(_ sample: Int) -> Double {
        var sum = 0.0
        for j in 0..<latent {
            let (z, e) = (z[sample * latent + j], epsilon[sample * latent + j])
            sum += Double(z * z - logVariance[j]) - Double(e * e)
        }
        return sum / 2
    }

    /// −log wₛ, with the KL part weighted by β.
    func negativeLogWeight(_ sample: Int, beta: Float) -> Double {
        reconstruction[sample] + Double(beta) * logRatio(sample)
    }
}

extension Objective {
    /// The value minimised for one image in nats, and the weight of each sample's gradient in it.
    /// - Parameter weights: receives k weights that sum to 1.
    func forward(_ terms: ObjectiveTerms, beta: Float, weights: UnsafeMutablePointer<Float>) -> Double {
        let k = terms.samples
        weights.update(repeating: 1 / Float(k), count: k)
        func mean(_ value: (Int) -> Double) -> Double { (0..<k).reduce(0) { $0 + value($1) } / Double(k) }
        switch bound {
        case .elbo:
            let kl = (0..<terms.latent).reduce(0.0) { $0 + max(freeBits, Double(terms.klPerDimension[$1])) }
            return mean { terms.reconstruction[$0] } + Double(beta) * kl
        case .monteCarlo:
            return mean { terms.negativeLogWeight($0, beta: beta) }
        case .iwae:
            // −log mean e^−t, with the smallest t factored out so that no exponential overflows. Its gradient weights
            // each sample by the softmax of −t.
            let t = (0..<k).map { terms.negativeLogWeight($0, beta: beta) }
            let least = t.min() ?? 0
            let sum = t.reduce(0) { $0 + exp(least - $1) }
            for s in 0..<k { weights[s] = Float(exp(least - t[s]) / sum) }
            return least - log(sum / Double(k))
        }
    }

    /// From ∂/∂z of the weighted reconstruction losses to ∂/∂μ and ∂/∂ log σ² of the whole objective.
    /// - Parameters:
    ///   - weights: those of `forward`, times `scale`.
    ///   - scale: 1, or 1 / images for the mean over a batch.
    ///   - dz: ∂/∂z of Σ weightₛ · (−log p(x|zₛ)), rows `stride` floats apart; changed.
    func backward(
        _ terms: ObjectiveTerms, beta: Float, weights: UnsafePointer<Float>, scale: Float,
        dz: UnsafeMutablePointer<Float>, stride: Int, meanGradient: UnsafeMutablePointer<Float>,
        logVarianceGradient: UnsafeMutablePointer<Float>
    ) {
        let latent = terms.latent
        for s in 0..<terms.samples {
            let slope = dz + s * stride
            if bound != .elbo {
                // ∂(log q − log p)/∂z along z = μ + σε is z. The direct part, −½ log σ², is added below.
                let weight = weights[s] * beta
                for j in 0..<latent { slope[j] += weight * terms.z[s * latent + j] }
            }
            Reparameterization.backward(
                dz: slope, logVariance: terms.logVariance, epsilon: terms.epsilon + s * latent, latent: latent,
                meanGradient: meanGradient, logVarianceGradient: logVarianceGradient)
        }
        switch bound {
        case .elbo:
            GaussianKL.backward(
                weight: beta * scale, mean: terms.mean, logVariance: terms.logVariance, latent: latent,
                freeBits: Float(freeBits), perDimension: terms.klPerDimension, meanGradient: meanGradient,
                logVarianceGradient: logVarianceGradient)
        case .monteCarlo, .iwae:
            for j in 0..<latent { logVarianceGradient[j] -= 0.5 * beta * scale }
        }
    }
}
