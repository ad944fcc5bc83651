/// Gradient descent with momentum (Polyak 1964, in PyTorch's form): v ← ηv + g ; p ← p − αv, where g is the gradient plus
/// λ·p.
package final class SGD: Optimizer, @unchecked Sendable {
    private let momentum: Float
    private let weightDecay: Float
    private let velocity: FloatBuffer
    private var learningRate: Float = 0
    package var averages: [(name: String, values: FloatBuffer)] { [("velocity", velocity)] }

    package init(count: Int, momentum: Float = 0.9, weightDecay: Float = 0) {
        self.momentum = momentum
        self.weightDecay = weightDecay
        velocity = FloatBuffer(count: count)
    }

    package func beginStep(learningRate: Float) { self.learningRate = learningRate }

    package func update(
        _ range: Range<Int>, parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>
    ) {
        for i in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
            let lanes = min(16, range.upperBound - i)
            let p = loadVector(parameters + i, count: lanes)
            let g = loadVector(gradient + i - range.lowerBound, count: lanes) + p * weightDecay
            let v = loadVector(velocity.pointer + i, count: lanes) * momentum + g
            storeVector(v, velocity.pointer + i, count: lanes)
            storeVector(p - v * learningRate, parameters + i, count: lanes)
        }
    }
}

// MARK: Building

extension SGD {
    struct Specification: OptimizerSpecification {
        var momentum: Double? = 0.9
        /// λ: the parameter times λ is added to the gradient, as in Adagrad.
        var weightDecay: Double? = 0

        static let kind = "sgd"

        func make(count: Int) -> any Optimizer {
            SGD(count: count, momentum: Float(momentum ?? 0), weightDecay: Float(weightDecay ?? 0))
        }
    }
}

extension OptimizerConfiguration {
    /// Gradient descent with momentum η and weight decay λ.
    public static func sgd(momentum: Double = 0.9, weightDecay: Double = 0) -> OptimizerConfiguration {
        OptimizerConfiguration(SGD.Specification(momentum: momentum, weightDecay: weightDecay))
    }
}
