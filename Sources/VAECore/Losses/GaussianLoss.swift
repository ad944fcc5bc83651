import Foundation

extension Likelihood {
    /// Each pixel normal; the decoder gives mean and log variance (AEVB appendix C.2).
    public static let gaussian = Likelihood("gaussian", GaussianLoss(meanThroughSigmoid: false))
    /// As `gaussian`, the mean through a sigmoid so that it stays in (0, 1), as AEVB has it for Frey faces.
    public static let gaussianSigmoid = Likelihood("gaussian-sigmoid", GaussianLoss(meanThroughSigmoid: true))
}

/// −log p(x|z) of Gaussian pixels, from the decoder's mean m and log variance v (AEVB appendix C.2, eq. 12):
/// ½ (log 2π + v + (x − m)² e⁻ᵛ), with ∂/∂m = (m − x) e⁻ᵛ and ∂/∂v = ½ (1 − (x − m)² e⁻ᵛ).
///
/// The outputs are the means of all pixels, then their log variances. The log variance is clamped to `logVarianceRange`
/// and gets no gradient where it is clamped: a pixel that is always black would otherwise drive its variance to zero
/// and the likelihood to infinity. The mean can go through a sigmoid, which keeps it in (0, 1).
struct GaussianLoss: PixelLikelihood {
    let outputsPerPixel = 2
    let meanThroughSigmoid: Bool

    /// From a standard deviation of one grey level in 256 (e⁻¹¹ ≈ 1/255²) to one far beyond the pixels' range.
    static let logVarianceRange: ClosedRange<Float> = -11...10

    func forwardBackward(
        outputs: UnsafePointer<Float>, x: UnsafePointer<Float>, count: Int,
        gradient: UnsafeMutablePointer<Float>?
    ) -> Double {
        var total = 0.5 * log(2 * Double.pi) * Double(count)
        var i = 0
        while i < count {
            let lanes = min(16, count - i)
            let value = terms(
                loadVector(outputs + i, count: lanes), loadVector(outputs + count + i, count: lanes),
                loadVector(x + i, count: lanes))
            for j in 0..<lanes { total += Double(value.loss[j]) }
            if let gradient {
                storeVector(value.meanSlope, gradient + i, count: lanes)
                storeVector(value.varianceSlope, gradient + count + i, count: lanes)
            }
            i += 16
        }
        return total
    }

    @inline(__always)
    private func terms(
        _ output: Vector, _ logVariance: Vector, _ x: Vector
    ) -> (loss: Vector, meanSlope: Vector, varianceSlope: Vector) {
        let (low, high) = (Self.logVarianceRange.lowerBound, Self.logVarianceRange.upperBound)
        let v = VectorMath.atMost(high, VectorMath.atLeast(low, logVariance))
        let mean = meanThroughSigmoid ? VectorMath.sigmoid(output) : output
        let precision = VectorMath.exp(-v)
        let difference = mean - x
        let square = difference * difference * precision
        var meanSlope = difference * precision
        if meanThroughSigmoid { meanSlope *= mean * (1 - mean) }
        let isHeld = (logVariance .<= low) .| (logVariance .>= high)
        let zero = Vector(repeating: 0)
        return ((v + square) * 0.5, meanSlope, ((1 - square) * 0.5).replacing(with: zero, where: isHeld))
    }

    func mean(_ outputs: UnsafeMutablePointer<Float>, count: Int) {
        if meanThroughSigmoid { mapInPlace(outputs, count: count) { VectorMath.sigmoid($0) } }
    }
}
