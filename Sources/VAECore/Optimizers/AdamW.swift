/// Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2, in PyTorch's form):
/// p ← (1 − αλ) p, then Adam's step.
package final class AdamW: Optimizer, @unchecked Sendable {
    private let adam: Adam
    private let weightDecay: Float
    private var kept: Float = 1
    package var averages: [(name: String, values: FloatBuffer)] { adam.averages }
    package var step: Int { get { adam.step } set { adam.step = newValue } }

    package init(
        count: Int, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0.01
    ) {
        adam = Adam(count: count, beta1: beta1, beta2: beta2, epsilon: epsilon)
        self.weightDecay = weightDecay
    }

    package func beginStep(learningRate: Float) {
        kept = 1 - learningRate * weightDecay
        adam.beginStep(learningRate: learningRate)
    }

    package func update(
        _ range: Range<Int>, parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>
    ) {
        let kept = kept
        mapInPlace(parameters + range.lowerBound, count: range.count) { $0 * kept }
        adam.update(range, parameters: parameters, gradient: gradient)
    }
}

// MARK: Building

extension AdamW {
    struct Specification: OptimizerSpecification {
        var epsilon: Double?
        /// λ: each step takes the share λ · learning rate off every parameter.
        var weightDecay: Double? = 0.01

        static let kind = "adamw"

        func make(count: Int) -> any Optimizer {
            AdamW(count: count, epsilon: Float(epsilon ?? 1e-8), weightDecay: Float(weightDecay ?? 0))
        }
    }
}

extension OptimizerConfiguration {
    /// AdamW.
    /// - Parameters:
    ///   - epsilon: nil is 1e-8.
    ///   - weightDecay: λ; by default PyTorch's.
    public static func adamW(epsilon: Double? = nil, weightDecay: Double = 0.01) -> OptimizerConfiguration {
        OptimizerConfiguration(AdamW.Specification(epsilon: epsilon, weightDecay: weightDecay))
    }
}
