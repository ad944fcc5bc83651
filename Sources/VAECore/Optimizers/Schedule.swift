import Foundation

/// How the learning rate changes over a run.
public enum Schedule: String, Sendable, Codable, CaseIterable {
    /// The same throughout.
    case constant
    /// A tenth after 60 % of the run, a hundredth after 85 %.
    case step
    /// Down to zero along half a cosine (Loshchilov & Hutter 2017, without restarts).
    case cosine
    /// Eight levels, each a seventh of a decade lower and three times as long as the one before: 10^(−i/7) for 3^i parts
    /// of the run, i = 0…7 (Burda, Grosse, Salakhutdinov 2015, §5, where a part is an epoch).
    case burda
    /// Up to the learning rate over the first 30 % of the run, then down to almost zero, both along a cosine (Smith &
    /// Topin 2017, with the shape and constants of PyTorch's OneCycleLR).
    case oneCycle = "one-cycle"

    /// The factor on the learning rate at step `step` (from 0) of `total`.
    public func factor(step: Int, total: Int) -> Double {
        switch self {
        case .constant: return 1
        case .step:
            let done = Double(step) / Double(total)
            return done < 0.6 ? 1 : done < 0.85 ? 0.1 : 0.01
        case .cosine:
            return Self.cosine(from: 1, to: 0, at: Double(min(step, total)) / Double(total))
        case .burda:
            let part = Double(min(step, total - 1)) / Double(total) * 3280  // 3280 = 3⁰ + 3¹ + … + 3⁷
            let i = (0..<7).first { part < (pow(3, Double($0 + 1)) - 1) / 2 } ?? 7
            return pow(10, -Double(i) / 7)
        case .oneCycle:
            let start = 1.0 / 25
            let end = start / 1e4
            let peak = 0.3 * Double(total) - 1
            let last = Double(total - 1)
            let at = Double(min(step, total - 1))
            if at <= peak { return Self.cosine(from: start, to: 1, at: peak > 0 ? at / peak : 1) }
            return Self.cosine(from: 1, to: end, at: last > peak ? (at - peak) / (last - peak) : 1)
        }
    }

    private static func cosine(from a: Double, to b: Double, at t: Double) -> Double {
        b + (a - b) / 2 * (cos(Double.pi * t) + 1)
    }
}
