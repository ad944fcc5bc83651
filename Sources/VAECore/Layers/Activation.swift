import CKernels

/// The function applied to each output of a layer.
///
/// Most derivatives are a function of the output, so that a layer with its activation needs one buffer and not two. For
/// those that are not (`needsInput`), the activation is a layer of its own: `Pointwise`.
public enum Activation: String, Sendable, Codable, CaseIterable {
    case identity
    case relu
    /// x, or 0.01·x below zero (PyTorch's slope).
    case leakyReLU = "leaky-relu"
    /// As `leakyReLU`, with the slopes that Keras and DCGAN use.
    case leakyReLU10 = "leaky-relu-0.1"
    case leakyReLU20 = "leaky-relu-0.2"
    case leakyReLU30 = "leaky-relu-0.3"
    /// x, or eˣ − 1 below zero (Clevert et al. 2015, arXiv:1511.07289).
    case elu
    case tanh
    case sigmoid
    case softplus
    /// x·sigmoid(x), also called swish (Elfwing et al. 2017, arXiv:1702.03118).
    case silu
    /// x·Φ(x), where Φ is the distribution function of a standard normal (Hendrycks & Gimpel 2016, arXiv:1606.08415).
    case gelu

    /// Whether the derivative cannot be computed from the output alone.
    var needsInput: Bool { self == .silu || self == .gelu }

    /// The factor below zero of the leaky kinds; nil of any other.
    var leakySlope: Float? {
        switch self {
        case .leakyReLU: 0.01
        case .leakyReLU10: 0.1
        case .leakyReLU20: 0.2
        case .leakyReLU30: 0.3
        default: nil
        }
    }

    /// y ← f(y), in place, `count` floats.
    func forward(_ y: UnsafeMutablePointer<Float>, count: Int) {
        switch self {
        case .identity: break
        case .relu: latent_relu(y, count)
        case .leakyReLU, .leakyReLU10, .leakyReLU20, .leakyReLU30:
            let slope = leakySlope ?? 0.01
            mapInPlace(y, count: count) { $0.replacing(with: $0 * slope, where: $0 .< Vector(repeating: 0)) }
        case .elu: mapInPlace(y, count: count) { $0.replacing(with: VectorMath.expm1($0), where: $0 .< Vector(repeating: 0)) }
        case .tanh: mapInPlace(y, count: count) { VectorMath.tanh($0) }
        case .sigmoid: mapInPlace(y, count: count) { VectorMath.sigmoid($0) }
        case .softplus: mapInPlace(y, count: count) { VectorMath.softplusAndSigmoid($0).softplus }
        case .silu: mapInPlace(y, count: count) { $0 * VectorMath.sigmoid($0) }
        case .gelu: mapInPlace(y, count: count) { $0 * VectorMath.normalDistribution($0) }
        }
    }

    /// dy ← dy ⊙ f′, in place, where `y` is the result of `forward`; if `needsInput`, the argument of `forward` instead.
    func backward(_ y: UnsafePointer<Float>, _ dy: UnsafeMutablePointer<Float>, count: Int) {
        switch self {
        case .identity: break
        case .relu: latent_relu_backward(y, dy, count)
        case .leakyReLU, .leakyReLU10, .leakyReLU20, .leakyReLU30:
            let slope = leakySlope ?? 0.01
            scale(dy, y, count) { $0.replacing(with: $0 * slope, where: $1 .< Vector(repeating: 0)) }
        case .elu: scale(dy, y, count) { $0.replacing(with: $0 * ($1 + 1), where: $1 .< Vector(repeating: 0)) }
        case .tanh: scale(dy, y, count) { $0 * (1 - $1 * $1) }
        case .sigmoid: scale(dy, y, count) { $0 * ($1 * (1 - $1)) }
        case .softplus: scale(dy, y, count) { $0 * (1 - VectorMath.exp(-$1)) }  // y = log(1 + eˣ) → f′ = 1 − e⁻ʸ
        case .silu:
            scale(dy, y, count) { dy, x in
                let sigmoid = VectorMath.sigmoid(x)
                return dy * (sigmoid * (1 + x * (1 - sigmoid)))
            }
        case .gelu: scale(dy, y, count) { $0 * (VectorMath.normalDistribution($1) + $1 * VectorMath.normalDensity($1)) }
        }
    }

    @inline(__always)
    private func scale(
        _ dy: UnsafeMutablePointer<Float>, _ y: UnsafePointer<Float>, _ count: Int,
        _ body: (Vector, Vector) -> Vector
    ) {
        var i = 0
        while i + 16 <= count {
            storeVector(body(loadVector(dy + i), loadVector(y + i)), dy + i)
            i += 16
        }
        let rest = count - i
        if rest > 0 {
            storeVector(body(loadVector(dy + i, count: rest), loadVector(y + i, count: rest)), dy + i, count: rest)
        }
    }
}
