import Drawing
import VAECore

/// How well a drawing fits the model, beside the held-out images.
package struct Verdict: Sendable, Equatable {
    /// Where a drawing stands among the held-out images, by its negative ELBO.
    package enum Kind: Sendable, Equatable {
        /// Less drawn than in any image: its negative ELBO says little.
        case sparse
        /// Simpler than almost everything.
        case plain
        case typical
        case unusual
        case unlike
    }

    package var kind: Kind
    /// How many held-out images have a greater negative ELBO, and of how many.
    package var worse: Int
    package var count: Int

    /// Shares of the held-out images that fit worse: fewer than these are unusual, or unlike any; more are plain.
    package static let unusual = 0.05
    package static let unlike = 0.002
    package static let plain = 0.998

    /// Nil without images, or where the drawing's figure is not a number.
    /// - Parameters:
    ///   - terms: the drawing's.
    ///   - isSparse: whether it has less ink than any of them.
    package init?(_ terms: LossTerms, isSparse: Bool = false, among scores: [LossTerms]) {
        let own = terms.negativeELBO
        guard !own.isNaN, !scores.isEmpty else { return nil }
        count = scores.count
        worse = scores.count { $0.negativeELBO > own }
        let share = Double(worse) / Double(count)
        switch share {
        case Self.unusual... where isSparse: kind = .sparse
        case ..<Self.unlike: kind = .unlike
        case ..<Self.unusual: kind = .unusual
        case Self.plain...: kind = .plain
        default: kind = .typical
        }
    }

    /// What it comes to.
    package var word: String {
        switch kind {
        case .sparse: "hardly anything yet"
        case .plain: "simpler than usual"
        case .typical: "typical"
        case .unusual: "unusual"
        case .unlike: "unlike any test image"
        }
    }

    /// The same where there is little room.
    package var shortWord: String { kind == .unlike ? "unlike any image" : word }

    /// Why, in a few words.
    package var reason: String {
        if kind == .sparse { return "less ink than in any test image" }
        if worse == 0 { return "no test image fits worse" }
        if worse == count { return "every test image fits worse" }
        if kind == .unlike { return worse == 1 ? "only 1 test image fits worse" : "only \(worse) test images fit worse" }
        return "\(kind == .unusual ? "only " : "")\(percent(worse)) of the test images fit worse"
    }

    /// Never "100 %" of what is not all, nor "0 %" of what is not none.
    private func percent(_ part: Int) -> String {
        let share = Double(part) / Double(count) * 100
        if share > 99, part < count { return "\(NumberText.fixed(min(99.9, share), decimals: 1)) %" }
        if share < 1, part > 0 { return "\(NumberText.fixed(max(0.1, share), decimals: 1)) %" }
        return "\(Int(share.rounded())) %"
    }
}
