extension Likelihood {
    /// A density on [0, 1] with the Bernoulli's form; the decoder gives logits (Loaiza-Ganem & Cunningham 2019).
    public static let continuousBernoulli = Likelihood("continuous-bernoulli", ContinuousBernoulliLoss())
}

/// −log p(x|z) of grey pixels in [0, 1], under a density of the Bernoulli's form that integrates to 1 (Loaiza-Ganem &
/// Cunningham 2019, eq. 3).
///
/// p(x) = C(λ) λˣ (1−λ)¹⁻ˣ with λ = sigmoid(l). In terms of the logit the normaliser is C = l / tanh(l/2), so
/// −log p = softplus(l) − l·x − log C. Since l is the natural parameter, the slope is mean − x, where the mean is
/// sigmoid(l) − 1/l + 1/sinh(l).
struct ContinuousBernoulliLoss: PixelLikelihood {
    let outputsPerPixel = 1

    func forwardBackward(
        outputs: UnsafePointer<Float>, x: UnsafePointer<Float>, count: Int,
        gradient: UnsafeMutablePointer<Float>?
    ) -> Double {
        sumOverPixels(outputs, x, count: count, gradient: gradient) { logit, target in
            let (softplus, sigmoid) = VectorMath.softplusAndSigmoid(logit)
            let (logC, slope) = Self.logNormalizer(logit)
            return (softplus - logit * target - logC, sigmoid - slope - target)
        }
    }

    func mean(_ outputs: UnsafeMutablePointer<Float>, count: Int) {
        mapInPlace(outputs, count: count) { VectorMath.sigmoid($0) - Self.logNormalizer($0).slope }
    }

    /// log(l / tanh(l/2)) and its derivative 1/l − 1/sinh(l); near zero, where the terms cancel, by their series.
    @inline(__always)
    static func logNormalizer(_ l: Vector) -> (value: Vector, slope: Vector) {
        let zero = Vector(repeating: 0)
        let magnitude = l.replacing(with: -l, where: l .< zero)
        let isNear = magnitude .< 0.5
        let y = l * 0.5
        let q = y * y
        var series = 62.0 / 2835 - q * (127.0 / 18900)
        series = 7.0 / 90 - q * series
        let nearValue = (1.0 / 3 - q * series) * q + 0.693_147_18
        var derivative = 186.0 / 2835 - q * (508.0 / 18900)
        derivative = 14.0 / 90 - q * derivative
        let nearSlope = y * (1.0 / 3 - q * derivative)
        // Away from zero; the replacement keeps unused lanes from dividing by zero.
        let far = magnitude.replacing(with: 1, where: isNear)
        let e = VectorMath.exp(far)
        let ratio = (e + 1) / (e - 1)  // 1 / tanh(|l|/2)
        let farSlope = 1 / far - 2 / (e - 1 / e)
        return (
            VectorMath.log(far * ratio).replacing(with: nearValue, where: isNear),
            farSlope.replacing(with: -farSlope, where: l .< zero).replacing(with: nearSlope, where: isNear)
        )
    }
}
