import CKernels

extension Likelihood {
    /// Each pixel a coin; the decoder gives logits (AEVB appendix C.1).
    public static let bernoulli = Likelihood("bernoulli", BernoulliLoss())
}

/// −log p(x|z) of Bernoulli pixels, from the decoder's logits (AEVB appendix C.1, eq. 11).
///
/// For a logit l and a target x in [0, 1], −log p = max(l, 0) − l·x + log(1 + e^−|l|), which is finite for every finite l;
/// the formula in terms of the probability is not. Its derivative is sigmoid(l) − x. For grey targets it is the
/// cross-entropy that PyTorch's example sums, and not the negative log of a density.
struct BernoulliLoss: PixelLikelihood {
    let outputsPerPixel = 1

    func forwardBackward(
        outputs: UnsafePointer<Float>, x: UnsafePointer<Float>, count: Int,
        gradient: UnsafeMutablePointer<Float>?
    ) -> Double {
        latent_bernoulli(outputs, x, count, gradient)
    }

    /// Replaces each pixel's logit by its probability.
    func mean(_ outputs: UnsafeMutablePointer<Float>, count: Int) {
        latent_sigmoid(outputs, count)
    }
}
