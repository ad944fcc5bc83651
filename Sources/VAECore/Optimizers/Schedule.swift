import Foundation

/// How the learning rate moves over a run.
public enum Schedule: String, Sendable, Codable, CaseIterable {
    case constant
    /// Up to the learning rate over the first 30 % of the run and down to almost nothing, both along a cosine
    /// (Smith & Topin 2017; the shape and the constants of PyTorch's OneCycleLR).
    case oneCycle = "one-cycle"

    /// The factor on the learning rate for step `step` (from 0) of `total`.
    public func factor(step: Int, total: Int) -> Double {
        switch self {
        case .constant: return 1
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
