/// The principal components of a set of codes: the directions, at right angles, along which the codes vary most, in the
/// order of how much (Pearson 1901; the eigenvectors of the codes' covariance).
public struct PrincipalComponents: Sendable, Equatable {
    /// The codes' mean (latent).
    public let mean: [Float]
    /// The components, each a vector of length 1 (latent), the one of the most variance first. The entry of the largest
    /// magnitude (of equals the first) is positive, so that the same codes always give the same directions.
    public let vectors: [[Float]]
    /// The codes' variance along each component, with the divisor n − 1.
    public let variances: [Double]
    /// The training step of the parameters that gave the codes.
    public let step: Int

    /// Components found before.
    /// - Precondition: `vectors` (components, latent) are of length 1 and at right angles, with a variance each.
    public init(mean: [Float], vectors: [[Float]], variances: [Double], step: Int) {
        precondition(vectors.count == variances.count && vectors.allSatisfy { $0.count == mean.count })
        (self.mean, self.vectors, self.variances, self.step) = (mean, vectors, variances, step)
    }

    /// Finds the components of the codes μ.
    /// - Returns: nil where there are none: fewer than two codes, codes that do not vary, or codes that are not finite.
    public init?(_ codes: LatentCodes) {
        let (n, d) = (codes.count, codes.latent)
        guard n > 1 else { return nil }
        var mean = [Double](repeating: 0, count: d)
        for index in 0..<n {
            for j in 0..<d { mean[j] += Double(codes.mean[index * d + j]) }
        }
        for j in 0..<d { mean[j] /= Double(n) }
        let centered = codes.mean.indices.map { Double(codes.mean[$0]) - mean[$0 % d] }
        let covariance = BLAS.gram(centered, n: n, d: d).map { $0 / Double(n - 1) }
        guard let (values, vectors) = BLAS.symmetricEigenvectors(covariance, d: d), let most = values.last, most > 0 else {
            return nil
        }
        self.mean = mean.map { Float($0) }
        step = codes.step
        // LAPACK has the least first. Rounding may leave a variance of nothing a little below zero.
        variances = values.reversed().map { max(0, $0) }
        self.vectors = (0..<d).reversed().map { Self.signed(Array(vectors[$0 * d..<($0 + 1) * d])) }
    }

    /// The vector or its opposite, by its largest entry. Entries as large but for rounding count as equal.
    private static func signed(_ vector: [Double]) -> [Float] {
        let largest = vector.reduce(0) { max($0, abs($1)) }
        let isNegative = (vector.first { abs($0) >= largest * (1 - 1e-9) } ?? 0) < 0
        return vector.map { Float(isNegative ? -$0 : $0) }
    }

    /// A component as a direction whose coordinate is zero at `origin` (latent).
    public func direction(_ component: Int, from origin: [Float]) -> Direction {
        Direction(vectors[component], from: origin)
    }

    /// How much of the codes' variance, summed over all dimensions, lies along a component: 0…1.
    public func share(_ component: Int) -> Double {
        variances[component] / variances.reduce(0, +)
    }
}
