/// Recognises a run that has diverged.
///
/// A loss that is not finite is a divergence. So is one that has grown ten thousandfold since the first step: a run that
/// comes down from there has lost what it learnt, often with every dimension inactive, and would look like a posterior
/// collapse.
struct DivergenceWatch {
    /// The largest allowed loss, as a multiple of the first step's.
    static let growth = 1e4
    /// The loss of the first step, nats per image; at least one nat per pixel, since a first loss may be near zero.
    var scale: Double?

    /// What is wrong with the losses of a step; nil when nothing is.
    /// - Parameters:
    ///   - terms: nats per image, means over the images of the step.
    ///   - minimized: the value that was minimised.
    mutating func problem(_ terms: LossTerms, minimized: Double, pixels: Int) -> String? {
        if let term = terms.nonFiniteTerm { return "\(term) is no longer a finite number" }
        if !minimized.isFinite { return "importance-weighted bound is no longer a finite number" }
        let loss = terms.negativeELBO
        let limit = (scale ?? .infinity) * Self.growth
        if scale == nil { scale = max(abs(loss), Double(pixels)) }
        guard loss > limit else { return nil }
        return "training diverges: the loss has grown to \(Self.rounded(loss)) nats per image"
    }

    /// A large number to two digits: "1.2e16".
    private static func rounded(_ value: Double) -> String {
        var (digits, exponent) = (value, 0)
        while digits >= 9.95 {
            digits /= 10
            exponent += 1
        }
        let tenths = Int((digits * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)e\(exponent)"
    }
}
