/// Adam with weight decay apart from the gradient (Loshchilov & Hutter 2019, algorithm 2, as PyTorch has it):
/// p ← (1 − αλ) p, then Adam's step.
public final class AdamW: Optimizer, @unchecked Sendable {
    private let adam: Adam
    private let weightDecay: Float
    private var kept: Float = 1

    public init(
        count: Int, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0.01
    ) {
        adam = Adam(count: count, beta1: beta1, beta2: beta2, epsilon: epsilon)
        self.weightDecay = weightDecay
    }

    public func beginStep(learningRate: Float) {
        kept = 1 - learningRate * weightDecay
        adam.beginStep(learningRate: learningRate)
    }

    public func update(
        _ range: Range<Int>, parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>
    ) {
        let kept = kept
        mapInPlace(parameters + range.lowerBound, count: range.count) { $0 * kept }
        adam.update(range, parameters: parameters, gradient: gradient)
    }
}
