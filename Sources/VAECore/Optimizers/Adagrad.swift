import CKernels

/// Adagrad (Duchi, Hazan, Singer 2011), the optimiser of AEVB: G ← G + g² ; p ← p − α g / (√G + ε), where g is the gradient
/// plus λ·p. This weight decay is AEVB's N(0, I) prior on the parameters (its appendix F).
package final class Adagrad: Optimizer, @unchecked Sendable {
    private let epsilon: Float
    private let weightDecay: Float
    /// The sum of the squared gradients.
    private let squares: FloatBuffer
    private var learningRate: Float = 0
    package var averages: [(name: String, values: FloatBuffer)] { [("squares", squares)] }

    package init(count: Int, epsilon: Float = 1e-10, weightDecay: Float = 0) {
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        squares = FloatBuffer(count: count)
    }

    package func beginStep(learningRate: Float) { self.learningRate = learningRate }

    package func update(
        _ range: Range<Int>, parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>
    ) {
        let first = range.lowerBound
        latent_adagrad(
            parameters + first, gradient, squares.pointer + first, range.count, learningRate, weightDecay,
            epsilon)
    }
}

// MARK: Building

extension Adagrad {
    struct Specification: OptimizerSpecification {
        var epsilon: Double?
        /// λ: the parameter times λ is added to the gradient, as for a N(0, 1/λ) prior on the parameters. AEVB's MAP
        /// estimate has λ = 1 / training images, with the mean over the batch.
        var weightDecay: Double? = 0

        static let kind = "adagrad"

        func make(count: Int) -> any Optimizer {
            Adagrad(count: count, epsilon: Float(epsilon ?? 1e-10), weightDecay: Float(weightDecay ?? 0))
        }
    }
}

extension OptimizerConfiguration {
    /// Adagrad.
    /// - Parameter epsilon: nil is 1e-10.
    public static func adagrad(epsilon: Double? = nil, weightDecay: Double = 0) -> OptimizerConfiguration {
        OptimizerConfiguration(Adagrad.Specification(epsilon: epsilon, weightDecay: weightDecay))
    }
}
