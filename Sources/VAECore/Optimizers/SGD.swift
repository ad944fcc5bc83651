/// Gradient descent with momentum (Polyak 1964, as PyTorch has it): v ← ηv + g ; p ← p − αv, with g the gradient
/// plus λ·p.
public final class SGD: Optimizer, @unchecked Sendable {
    private let momentum: Float
    private let weightDecay: Float
    private let velocity: FloatBuffer
    private var learningRate: Float = 0

    public init(count: Int, momentum: Float = 0.9, weightDecay: Float = 0) {
        self.momentum = momentum
        self.weightDecay = weightDecay
        velocity = FloatBuffer(count: count)
    }

    public func beginStep(learningRate: Float) { self.learningRate = learningRate }

    public func update(
        _ range: Range<Int>, parameters: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>
    ) {
        updateEach(range, parameters, gradients, memory: velocity) { p, gradient, velocity in
            let v = velocity * momentum + (gradient + p * weightDecay)
            return (p - v * learningRate, v)
        }
    }
}
