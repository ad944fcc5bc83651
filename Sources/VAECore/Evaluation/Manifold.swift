/// The whole of what a plane shows, as one square picture (AEVB Fig. 4): `latent grid`.
public struct Manifold: Sendable, Equatable {
    /// The point in the middle (latent).
    public var center: [Float]
    /// What runs across and up; the same for a z of one dimension.
    public var across, up: Direction
    /// The standard deviation of the Gaussian shown, across and up: 1 is the prior's.
    public var deviation: (across: Float, up: Float)

    /// The prior in two directions, or the Gaussian of these deviations around `center`.
    public init(center: [Float], across: Direction, up: Direction, deviation: (across: Float, up: Float) = (1, 1)) {
        (self.center, self.across, self.up, self.deviation) = (center, across, up, deviation)
    }

    /// The points (size², latent) of `size`×`size` pictures, row by row from the top left: equal probability steps from
    /// 5 % to 95 % of the Gaussian, or for `.linear` equal steps over ±1.645 deviations, which is the same range.
    public func points(size: Int, spacing: GridSpacing) -> [Float] {
        let plane = Plane(center: center, across: across, up: up, reach: 1)
        let steps = Self.steps(size, spacing)
        let (x, y) = plane.coordinates(of: center)
        return steps.reversed().flatMap { up in
            steps.flatMap { plane.point(across: x + deviation.across * $0, up: y + deviation.up * up) }
        }
    }

    /// How far the pictures lie from the middle, in deviations.
    private static func steps(_ size: Int, _ spacing: GridSpacing) -> [Float] {
        (0..<size).map { i -> Float in
            let p = size > 1 ? 0.05 + 0.9 * Double(i) / Double(size - 1) : 0.5
            switch spacing {
            case .quantile: return Float(inverseNormalCDF(p))
            case .linear: return Float(inverseNormalCDF(0.95) * (2 * (p - 0.05) / 0.9 - 1))
            }
        }
    }

    public static func == (a: Manifold, b: Manifold) -> Bool {
        a.center == b.center && a.across == b.across && a.up == b.up && a.deviation == b.deviation
    }
}
