import Foundation

/// z = μ + σ ⊙ ε with ε ~ N(0, I): a sample of q(z|x) as a differentiable function of μ and log σ²
/// (AEVB eq. 10).
enum Reparameterization {
    /// The range that log σ² is clamped to. e⁻³⁰ and e²⁰ are far beyond any useful variance, and between them every
    /// exponential is finite. The VAE of the diffusers library has the same bounds.
    static let logVarianceRange: ClosedRange<Float> = -30...20

    /// Writes z (latent) for one row; `logVariance` has been clamped.
    static func forward(
        mean: UnsafePointer<Float>, logVariance: UnsafePointer<Float>, epsilon: UnsafePointer<Float>,
        latent: Int, z: UnsafeMutablePointer<Float>
    ) {
        for j in 0..<latent { z[j] = mean[j] + exp(0.5 * logVariance[j]) * epsilon[j] }
    }

    /// Adds ∂loss/∂μ = dz and ∂loss/∂(log σ²) = dz · ½ σ ε.
    static func backward(
        dz: UnsafePointer<Float>, logVariance: UnsafePointer<Float>, epsilon: UnsafePointer<Float>,
        latent: Int, meanGradient: UnsafeMutablePointer<Float>,
        logVarianceGradient: UnsafeMutablePointer<Float>
    ) {
        for j in 0..<latent {
            meanGradient[j] += dz[j]
            logVarianceGradient[j] += dz[j] * 0.5 * exp(0.5 * logVariance[j]) * epsilon[j]
        }
    }

    /// Clamps log σ² to its range, in place.
    static func clamp(_ logVariance: UnsafeMutablePointer<Float>, latent: Int) {
        for j in 0..<latent where !logVariance[j].isNaN {
            logVariance[j] = min(max(logVariance[j], logVarianceRange.lowerBound), logVarianceRange.upperBound)
        }
    }

    /// Sets the gradient to zero where log σ² was clamped.
    static func clampBackward(
        _ logVariance: UnsafePointer<Float>, latent: Int, gradient: UnsafeMutablePointer<Float>
    ) {
        for j in 0..<latent
        where logVariance[j] <= logVarianceRange.lowerBound || logVariance[j] >= logVarianceRange.upperBound {
            gradient[j] = 0
        }
    }
}
