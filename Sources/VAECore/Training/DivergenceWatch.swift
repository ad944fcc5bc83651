/// Tells a run that learns from one whose loss leaves the range where learning can be.
///
/// A loss that is not finite is a divergence, and so is one that has grown ten thousandfold since the first step: what
/// comes down from there has lost everything, often with every dimension inactive, which is then no posterior collapse.
struct DivergenceWatch {
    /// How far above the first step's loss is too far.
    static let growth = 1e4
    /// The loss of the first step, nats per image; at least one a pixel, for a first loss may be near zero.
    private var scale: Double?

    /// What is wrong with a step's losses; nil when nothing is.
    /// - Parameters:
    ///   - terms: nats per image, means over the step's images.
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

    /// Two digits of a large number: "1.2e16".
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
