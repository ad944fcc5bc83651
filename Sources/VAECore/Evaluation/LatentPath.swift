import Foundation

/// A path from one point of the latent space to another.
public enum LatentPath: String, Sendable, CaseIterable {
    /// Along the line. In many dimensions its middle lies nearer to the origin than codes do.
    case straight
    /// Along the arc around the origin, with the distance from the origin changing evenly (White 2016,
    /// arXiv:1609.04468): points between two draws of the prior are themselves typical draws.
    case spherical

    /// The point (latent) at a share of the path; 0 is `start`, 1 is `end`.
    /// - Precondition: both have the same number of dimensions.
    public func point(from start: [Float], to end: [Float], _ share: Float) -> [Float] {
        precondition(start.count == end.count)
        let line = zip(start, end).map { $0 + ($1 - $0) * share }
        guard self == .spherical else { return line }
        let (a, b) = (Self.length(start), Self.length(end))
        guard a > 1e-6, b > 1e-6 else { return line }
        let cosine = zip(start, end).reduce(0) { $0 + $1.0 * $1.1 } / (a * b)
        let angle = acos(max(-1, min(1, cosine)))
        // Parallel: the arc is the line. Opposite: the arc is not unique.
        guard angle > 1e-3, angle < .pi - 1e-3 else { return line }
        let (from, to) = (sin((1 - share) * angle) / sin(angle), sin(share * angle) / sin(angle))
        let radius = a + (b - a) * share
        return zip(start, end).map { radius * (from * $0 / a + to * $1 / b) }
    }

    /// `count` points evenly spaced from start to end, both included.
    public func points(from start: [Float], to end: [Float], count: Int) -> [[Float]] {
        (0..<count).map { point(from: start, to: end, count > 1 ? Float($0) / Float(count - 1) : 0) }
    }

    private static func length(_ z: [Float]) -> Float { z.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}
