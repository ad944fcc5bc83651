import CKernels

extension Likelihood {
    /// Each pixel a coin; the decoder gives logits (AEVB appendix C.1).
    public static let bernoulli = Likelihood("bernoulli", BernoulliLoss())
}

/// −log p(x|z) of pixels that are coins, from the decoder's logits (AEVB appendix C.1, eq. 11).
///
/// For a logit l and a target x in [0, 1]: −log p = max(l, 0) − l·x + log(1 + e^−|l|), which is finite for every
/// finite l, where the formula in terms of the probability is not. Its derivative is sigmoid(l) − x. For grey
/// targets it is the cross-entropy that PyTorch's example sums, and no density.
struct BernoulliLoss: PixelLikelihood {
    let outputsPerPixel = 1

    /// Loss and gradient share the exponential.
    func forwardBackward(
        outputs: UnsafePointer<Float>, x: UnsafePointer<Float>, count: Int,
        gradient: UnsafeMutablePointer<Float>?
    ) -> Double {
        latent_bernoulli(outputs, x, count, gradient)
    }

    /// Each pixel's probability, in place of its logit.
    func mean(_ outputs: UnsafeMutablePointer<Float>, count: Int) {
        latent_sigmoid(outputs, count)
    }
}
