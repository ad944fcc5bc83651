/// How a pixel is distributed given the decoder's output: p(x|z). A model file and `--likelihood` know each by its name.
///
/// A new likelihood is a file beside this one, with a `PixelLikelihood` and its name in it, and a row in `allCases`.
public struct Likelihood: Sendable {
    /// Its name: "bernoulli".
    public let rawValue: String
    /// What it computes.
    let pixels: any PixelLikelihood

    init(_ name: String, _ pixels: any PixelLikelihood) {
        rawValue = name
        self.pixels = pixels
    }

    /// Outputs of the decoder per pixel.
    public var outputsPerPixel: Int { pixels.outputsPerPixel }
}

extension Likelihood: CaseIterable, RawRepresentable, Hashable, Codable {
    /// The table of likelihoods.
    public static let allCases: [Likelihood] = [.bernoulli, .gaussian, .gaussianSigmoid, .continuousBernoulli]

    /// The likelihood of that name, if there is one.
    public init?(rawValue: String) {
        guard let known = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = known
    }

    public static func == (a: Likelihood, b: Likelihood) -> Bool { a.rawValue == b.rawValue }
    public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
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
