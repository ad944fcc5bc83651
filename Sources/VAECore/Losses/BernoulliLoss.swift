/// −log p(x|z) of pixels that are coins, from the decoder's logits (AEVB appendix C.1, eq. 11).
///
/// For a logit l and a target x in [0, 1]: −log p = max(l, 0) − l·x + log(1 + e^−|l|), which is finite for every
/// finite l, where the formula in terms of the probability is not. Its derivative is sigmoid(l) − x.
enum BernoulliLoss {
    /// Loss and gradient of one image, which share the exponential.
    /// - Parameters:
    ///   - logits, x: `count` floats each.
    ///   - gradient: receives ∂/∂logit, or nil when only the loss is wanted.
    /// - Returns: nats, summed over the pixels.
    static func forwardBackward(
        logits: UnsafePointer<Float>, x: UnsafePointer<Float>, count: Int,
        gradient: UnsafeMutablePointer<Float>?
    ) -> Double {
        var sum = Vector()
        var i = 0
        while i + 16 <= count {
            let l = loadVector(logits + i)
            let target = loadVector(x + i)
            let (softplus, sigmoid) = VectorMath.softplusAndSigmoid(l)
            sum += softplus - l * target
            if let gradient { storeVector(sigmoid - target, gradient + i) }
            i += 16
        }
        var total = sumInDouble(sum)
        if i < count {
            let rest = count - i
            let l = loadVector(logits + i, count: rest)
            let target = loadVector(x + i, count: rest)
            let (softplus, sigmoid) = VectorMath.softplusAndSigmoid(l)
            let terms = softplus - l * target
            for j in 0..<rest { total += Double(terms[j]) }
            if let gradient { storeVector(sigmoid - target, gradient + i, count: rest) }
        }
        return total
    }

    /// The picture the decoder means: each pixel's probability, in place of its logit.
    static func mean(_ logits: UnsafeMutablePointer<Float>, count: Int) {
        mapInPlace(logits, count: count) { VectorMath.sigmoid($0) }
    }
}

/// The sum of sixteen lanes, in double precision.
@inline(__always)
func sumInDouble(_ v: Vector) -> Double {
    var total = 0.0
    for j in 0..<16 { total += Double(v[j]) }
    return total
}
