/// KL(q(z|x) ‖ p(z)) for q = N(μ, diag σ²) and p = N(0, I) (AEVB appendix B).
///
/// For each dimension ½ (μ² + σ² − 1 − log σ²), in nats; never negative.
enum GaussianKL {
    /// The divergence of each dimension of one image, written to `perDimension` (latent).
    /// - Returns: their sum, in nats.
    static func forward(
        mean: UnsafePointer<Float>, logVariance: UnsafePointer<Float>, latent: Int,
        perDimension: UnsafeMutablePointer<Float>
    ) -> Double {
        for j in stride(from: 0, to: latent, by: 16) {
            let count = min(16, latent - j)
            let (m, v) = (loadVector(mean + j, count: count), loadVector(logVariance + j, count: count))
            // expm1 keeps the digits where σ² is near 1 and the terms cancel.
            storeVector(0.5 * (m * m + (VectorMath.expm1(v) - v)), perDimension + j, count: count)
        }
        return (0..<latent).reduce(0.0) { $0 + Double(perDimension[$1]) }
    }

    /// Adds weight·∂KL/∂μ = weight·μ and weight·∂KL/∂(log σ²) = weight·½(σ² − 1) in the dimensions whose KL exceeds the
    /// free bits.
    static func backward(
        weight: Float, mean: UnsafePointer<Float>, logVariance: UnsafePointer<Float>, latent: Int,
        freeBits: Float, perDimension: UnsafePointer<Float>, meanGradient: UnsafeMutablePointer<Float>,
        logVarianceGradient: UnsafeMutablePointer<Float>
    ) {
        for j in stride(from: 0, to: latent, by: 16) {
            let count = min(16, latent - j)
            let half = 0.5 * VectorMath.expm1(loadVector(logVariance + j, count: count))
            for lane in 0..<count where freeBits == 0 || perDimension[j + lane] > freeBits {
                meanGradient[j + lane] += weight * mean[j + lane]
                logVarianceGradient[j + lane] += weight * half[lane]
            }
        }
    }
}
