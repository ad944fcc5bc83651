import Foundation

/// Adam (Kingma & Ba 2014, algorithm 1), with PyTorch's placing of ε: outside the bias-corrected root.
/// (Keras puts it outside the uncorrected root, which differs in the first steps only, and takes 1e-7.)
public final class Adam: Optimizer, @unchecked Sendable {
    public let beta1: Float
    public let beta2: Float
    public let epsilon: Float
    /// Steps begun.
    public private(set) var step = 0
    /// Running means of the gradient and of its square.
    let firstMoment: FloatBuffer
    let secondMoment: FloatBuffer
    private var stepSize: Float = 0
    private var rootCorrection: Float = 1

    public init(count: Int, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        firstMoment = FloatBuffer(count: count)
        secondMoment = FloatBuffer(count: count)
    }

    public func beginStep(learningRate: Float) {
        step += 1
        stepSize = Float(Double(learningRate) / (1 - pow(Double(beta1), Double(step))))
        rootCorrection = Float(1 / (1 - pow(Double(beta2), Double(step))).squareRoot())
    }

    public func update(
        _ range: Range<Int>, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>
    ) {
        let m = firstMoment.pointer
        let v = secondMoment.pointer
        // A loop over whole vectors plus one padded vector for the tail.
        var i = range.lowerBound
        while i + 16 <= range.upperBound {
            let (p, first, second) = moved(
                loadVector(parameters + i), loadVector(gradients + i), loadVector(m + i), loadVector(v + i))
            storeVector(p, parameters + i)
            storeVector(first, m + i)
            storeVector(second, v + i)
            i += 16
        }
        let rest = range.upperBound - i
        guard rest > 0 else { return }
        let (p, first, second) = moved(
            loadVector(parameters + i, count: rest), loadVector(gradients + i, count: rest),
            loadVector(m + i, count: rest), loadVector(v + i, count: rest))
        storeVector(p, parameters + i, count: rest)
        storeVector(first, m + i, count: rest)
        storeVector(second, v + i, count: rest)
    }

    /// m ← β₁m + (1−β₁)g ; v ← β₂v + (1−β₂)g² ; p ← p − α̂ m / (√v̂ + ε)
    @inline(__always)
    private func moved(_ p: Vector, _ g: Vector, _ m: Vector, _ v: Vector) -> (Vector, Vector, Vector) {
        let first = m * beta1 + g * (1 - beta1)
        let second = v * beta2 + g * g * (1 - beta2)
        return (p - first * stepSize / (second.squareRoot() * rootCorrection + epsilon), first, second)
    }
}
