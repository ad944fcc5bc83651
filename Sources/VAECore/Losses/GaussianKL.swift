import Foundation

/// KL(q(z|x) ‖ p(z)) for q = N(μ, diag σ²) and p = N(0, I) (AEVB appendix B).
///
/// For each dimension ½ (μ² + σ² − 1 − log σ²), in nats; never negative.
enum GaussianKL {
    /// The divergence of each dimension of one image, written to `perDimension` (latent).
    /// - Returns: their sum, nats.
    static func forward(
        mean: UnsafePointer<Float>, logVariance: UnsafePointer<Float>, latent: Int,
        perDimension: UnsafeMutablePointer<Float>
    ) -> Double {
        var total = 0.0
        for j in 0..<latent {
            let v = logVariance[j]
            // expm1 keeps the digits where σ² is near 1 and the terms cancel.
            let kl = 0.5 * (mean[j] * mean[j] + (expm1(v) - v))
            perDimension[j] = kl
            total += Double(kl)
        }
        return total
    }

    /// Adds weight·∂KL/∂μ = weight·μ and weight·∂KL/∂(log σ²) = weight·½(σ² − 1), in the dimensions whose KL is
    /// not within its free bits.
    static func backward(
        weight: Float, mean: UnsafePointer<Float>, logVariance: UnsafePointer<Float>, latent: Int,
        freeBits: Float, perDimension: UnsafePointer<Float>, meanGradient: UnsafeMutablePointer<Float>,
        logVarianceGradient: UnsafeMutablePointer<Float>
    ) {
        for j in 0..<latent where freeBits == 0 || perDimension[j] > freeBits {
            meanGradient[j] += weight * mean[j]
            logVarianceGradient[j] += weight * 0.5 * expm1(logVariance[j])
        }
    }
}
