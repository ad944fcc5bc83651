import CKernels
import Foundation

/// Adam (Kingma & Ba 2014, algorithm 1): m ← β₁m + (1−β₁)g ; v ← β₂v + (1−β₂)g² ; p ← p − α m̂ / (√v̂ + ε), where m̂ and v̂
/// are bias-corrected. As in PyTorch, ε is added to the bias-corrected root. (Keras adds it to the uncorrected root, which
/// differs only in the first steps, and uses 1e-7.)
package final class Adam: Optimizer, @unchecked Sendable {
    package let beta1: Float
    package let beta2: Float
    package let epsilon: Float
    /// Steps begun.
    package var step = 0
    /// Running means of the gradient and of its square.
    let firstMoment: FloatBuffer
    let secondMoment: FloatBuffer
    private var stepSize: Float = 0
    private var rootCorrection: Float = 1
    package var averages: [(name: String, values: FloatBuffer)] {
        [("first_moment", firstMoment), ("second_moment", secondMoment)]
    }

    package init(count: Int, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        firstMoment = FloatBuffer(count: count)
        secondMoment = FloatBuffer(count: count)
    }

    package func beginStep(learningRate: Float) {
        step += 1
        stepSize = Float(Double(learningRate) / (1 - pow(Double(beta1), Double(step))))
        rootCorrection = Float(1 / (1 - pow(Double(beta2), Double(step))).squareRoot())
    }

    package func update(
        _ range: Range<Int>, parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>
    ) {
        let first = range.lowerBound
        latent_adam(
            parameters + first, gradient, firstMoment.pointer + first, secondMoment.pointer + first,
            range.count, beta1, beta2, stepSize, rootCorrection, epsilon)
    }
}

// MARK: Building

extension Adam {
    struct Specification: OptimizerSpecification {
        var epsilon: Double?

        static let kind = "adam"

        func make(count: Int) -> any Optimizer { Adam(count: count, epsilon: Float(epsilon ?? 1e-8)) }
    }
}

extension OptimizerConfiguration {
    /// Adam.
    /// - Parameter epsilon: nil is 1e-8.
    public static func adam(epsilon: Double? = nil) -> OptimizerConfiguration {
        OptimizerConfiguration(Adam.Specification(epsilon: epsilon))
    }
}
