extension Plane {
    /// The plane through three points: the first to the second runs across, and what remains of the way from the first to
    /// the third, at right angles to it, runs up (Gram–Schmidt). Both coordinates are zero at the first. It reaches far
    /// enough to hold all three.
    /// - Parameters: the points, each (latent).
    /// - Returns: nil if they span no plane: two of them are the same, or they lie on a line.
    public init?(through a: [Float], _ b: [Float], _ c: [Float]) {
        guard a.count > 1, b.count == a.count, c.count == a.count else { return nil }
        let (ab, ac) = (Self.difference(b, a), Self.difference(c, a))
        let (width, far) = (Self.length(ab), Self.length(ac))
        guard width > 1e-6, far > 1e-6, width.isFinite, far.isFinite else { return nil }
        let across = ab.map { $0 / width }
        let along = Self.product(ac, across)
        var rest = zip(ac, across).map { $0 - along * $1 }
        // Once more: what rounding has left of the first direction.
        let left = Self.product(rest, across)
        rest = zip(rest, across).map { $0 - left * $1 }
        let height = Self.length(rest)
        guard height > 1e-4 * far else { return nil }
        let first = Direction(across.map { Float($0) }, from: a)
        let second = Direction(rest.map { Float($0 / height) }, from: a)
        let (low, high) = (min(0, along), max(width, along))
        self.init(center: a, across: first, up: second, reach: 1)
        self = centered(across: Float((low + high) / 2), up: Float(height / 2))
        // A quarter more than the points need.
        reach = Float(max(high - low, height) * 0.625)
        reachUp = reach
    }

    private static func difference(_ a: [Float], _ b: [Float]) -> [Double] { zip(a, b).map { Double($0) - Double($1) } }
    private static func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    private static func length(_ a: [Double]) -> Double { product(a, a).squareRoot() }
}
