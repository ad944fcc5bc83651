/// How a pixel is distributed given the decoder's output: p(x|z).
///
/// A new likelihood is a `PixelLikelihood` in a file of its own, and a case and a row here.
public enum Likelihood: String, Sendable, Codable, CaseIterable {
    /// Each pixel 0 or 1; the decoder gives logits (AEVB appendix C.1).
    case bernoulli
    /// Each pixel Gaussian; the decoder gives mean and log variance (AEVB appendix C.2).
    case gaussian
    /// As `gaussian`, with the mean through a sigmoid so that it stays in (0, 1), as in AEVB for Frey faces.
    case gaussianSigmoid = "gaussian-sigmoid"
    /// A density on [0, 1] of the Bernoulli's form; the decoder gives logits (Loaiza-Ganem & Cunningham 2019).
    case continuousBernoulli = "continuous-bernoulli"

    /// The computation.
    var pixels: any PixelLikelihood {
        switch self {
        case .bernoulli: BernoulliLoss()
        case .gaussian: GaussianLoss(meanThroughSigmoid: false)
        case .gaussianSigmoid: GaussianLoss(meanThroughSigmoid: true)
        case .continuousBernoulli: ContinuousBernoulliLoss()
        }
    }

    /// Outputs of the decoder per pixel.
    public var outputsPerPixel: Int { pixels.outputsPerPixel }
}

/// −log p(x|z) of one image, its gradient, and the mean picture.
protocol PixelLikelihood: Sendable {
    /// Outputs of the decoder per pixel. If more than one, the first of every pixel comes first, then the second.
    var outputsPerPixel: Int { get }

    /// Loss and gradient of one image.
    /// - Parameters:
    ///   - outputs: the decoder's output (outputsPerPixel, count).
    ///   - x: the image (count).
    ///   - gradient: receives ∂loss/∂outputs, or nil when only the loss is wanted.
    /// - Returns: the loss in nats, summed over the pixels. Negative where a density is above 1.
    func forwardBackward(
        outputs: UnsafePointer<Float>, x: UnsafePointer<Float>, count: Int,
        gradient: UnsafeMutablePointer<Float>?
    ) -> Double

    /// Replaces the first `count` outputs by the mean of p(x|z), which is in [0, 1] or, for `gaussian`, near it.
    func mean(_ outputs: UnsafeMutablePointer<Float>, count: Int)
}

/// The sum over pixels of a loss with one output per pixel, sixteen pixels at a time; `body` gives loss and slope.
@inline(__always)
func sumOverPixels(
    _ outputs: UnsafePointer<Float>, _ x: UnsafePointer<Float>, count: Int,
    gradient: UnsafeMutablePointer<Float>?, _ body: (_ output: Vector, _ x: Vector) -> (loss: Vector, slope: Vector)
) -> Double {
    var sum = Vector()
    var i = 0
    while i + 16 <= count {
        let (loss, slope) = body(loadVector(outputs + i), loadVector(x + i))
        sum += loss
        if let gradient { storeVector(slope, gradient + i) }
        i += 16
    }
    var total = sumInDouble(sum)
    if i < count {
        let rest = count - i
        let (loss, slope) = body(loadVector(outputs + i, count: rest), loadVector(x + i, count: rest))
        for j in 0..<rest { total += Double(loss[j]) }
        if let gradient { storeVector(slope, gradient + i, count: rest) }
    }
    return total
}

/// The sum of the lanes, in double precision.
@inline(__always)
func sumInDouble(_ v: Vector) -> Double {
    var total = 0.0
    for j in 0..<16 { total += Double(v[j]) }
    return total
}
