/// Adagrad (Duchi, Hazan, Singer 2011), AEVB's optimiser: G ← G + g² ; p ← p − α g / (√G + ε), with
/// g the gradient plus λ·p. That weight decay is AEVB's N(0, I) prior on the parameters (its appendix F).
public final class Adagrad: Optimizer, @unchecked Sendable {
    private let epsilon: Float
    private let weightDecay: Float
    /// The sum of the squared gradients.
    private let squares: FloatBuffer
    private var learningRate: Float = 0

    public init(count: Int, epsilon: Float = 1e-10, weightDecay: Float = 0) {
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        squares = FloatBuffer(count: count)
    }

    public func beginStep(learningRate: Float) { self.learningRate = learningRate }

    public func update(
        _ range: Range<Int>, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>
    ) {
        var i = range.lowerBound
        while i < range.upperBound {
            let lanes = min(16, range.upperBound - i)
            let p = loadVector(parameters + i, count: lanes)
            let g = loadVector(gradients + i, count: lanes) + p * weightDecay
            let sum = loadVector(squares.pointer + i, count: lanes) + g * g
            storeVector(sum, squares.pointer + i, count: lanes)
            storeVector(p - g * learningRate / (sum.squareRoot() + epsilon), parameters + i, count: lanes)
            i += 16
        }
    }
}
