import Foundation

/// How the points of a plane are spaced.
public enum GridSpacing: String, Sendable, CaseIterable {
    /// Equal steps in z.
    case linear
    /// Equal steps in probability under the prior: the unit square through the inverse Gaussian CDF, as in
    /// AEVB Fig. 4.
    case quantile
}

/// A plane through the latent space: the point in its middle, the two dimensions it shows, and how far it goes.
///
/// Places on it are given as shares of its width, from the left, and of its height, from below, as in a plot:
/// (0.5, 0.5) is the middle. Pictures lie on it in columns and rows; each is decoded from the middle of its tile.
public struct Plane: Sendable, Equatable {
    /// The point in the middle (latent). The dimensions that are not shown have its values everywhere on the plane.
    public var center: [Float]
    /// The dimension that runs across.
    public var across: Int
    /// The dimension that runs up; the same as `across` for a z of one dimension.
    public var up: Int
    /// From the middle to the left and right edges, in units of z.
    public var reach: Float
    /// From the middle to the top and bottom edges, in units of z.
    public var reachUp: Float
    /// Equal steps in probability of a Gaussian with this deviation around the centre, instead of equal steps in z: the
    /// deviation 1 around the origin is the prior (AEVB Fig. 4). The reaches have no meaning then.
    public var quantileDeviation: Float?
    /// Pictures across and down.
    public var columns: Int
    public var rows: Int

    /// - Parameters:
    ///   - center: (latent).
    ///   - reach: to the edges at the sides; `reachUp` to top and bottom, nil for the same.
    public init(
        center: [Float], across: Int = 0, up: Int = 1, reach: Float, reachUp: Float? = nil,
        quantileDeviation: Float? = nil, columns: Int = 1, rows: Int = 1
    ) {
        self.center = center
        self.across = across
        self.up = up
        self.reach = reach
        self.reachUp = reachUp ?? reach
        self.quantileDeviation = quantileDeviation
        self.columns = columns
        self.rows = rows
    }

    /// Whether it shows one dimension only.
    public var isLine: Bool { across == up }

    // MARK: Points

    /// The points of the pictures (rows · columns, latent), row by row from the top left.
    public var points: [Float] {
        var z: [Float] = []
        z.reserveCapacity(rows * columns * center.count)
        for row in 0..<rows {
            for column in 0..<columns { z += point(column: column, row: row) }
        }
        return z
    }

    /// The point of one picture (latent); row 0 is at the top.
    public func point(column: Int, row: Int) -> [Float] {
        point((Double(column) + 0.5) / Double(columns), 1 - (Double(row) + 0.5) / Double(rows))
    }

    /// The point at a place (latent).
    public func point(_ across: Double, _ up: Double) -> [Float] {
        var z = center
        z[self.across] = self.z(across: across)
        if !isLine { z[self.up] = self.z(up: up) }
        return z
    }

    /// z of the dimension that runs across, at a share of the width.
    public func z(across share: Double) -> Float { center[across] + offset(share, reach) }

    /// z of the dimension that runs up, at a share of the height.
    public func z(up share: Double) -> Float { center[up] + offset(share, reachUp) }

    /// Where a point lies; outside 0…1 it is not on the plane.
    public func shares(of z: [Float]) -> (across: Double, up: Double) { shares(across: z[across], up: z[up]) }

    /// The same from a point's two coordinates.
    public func shares(across x: Float, up y: Float) -> (across: Double, up: Double) {
        (share(x - center[across], reach), isLine ? 0.5 : share(y - center[up], reachUp))
    }

    private func offset(_ share: Double, _ reach: Float) -> Float {
        guard let quantileDeviation else { return Float(2 * share - 1) * reach }
        return quantileDeviation * Float(inverseNormalCDF(min(1 - 1e-9, max(1e-9, share))))
    }

    private func share(_ offset: Float, _ reach: Float) -> Double {
        if let quantileDeviation { return 0.5 * erfc(-Double(offset / quantileDeviation) / 2.0.squareRoot()) }
        return reach > 0 ? 0.5 + Double(offset / reach) / 2 : 0.5 + Double(offset)
    }

    // MARK: Other planes

    /// The same plane through a point: what it does not show has the point's values.
    public func through(_ point: [Float]) -> Plane {
        var plane = self
        plane.center = point
        plane.center[across] = center[across]
        plane.center[up] = center[up]
        return plane
    }

    /// The plane through a point, so much wider that the point lies on it; itself for what is no point.
    public func holding(_ point: [Float]) -> Plane {
        guard isPoint(point) else { return self }
        var plane = through(point)
        // In steps, so that a map stands still while a drawing changes a little.
        let needed = max(abs(point[across] - center[across]) / reach, isLine ? 0 : abs(point[up] - center[up]) / reachUp)
        var factor: Float = 1
        while factor < needed * 1.05, factor < 1e6 { factor *= 1.5 }
        plane.reach *= factor
        plane.reachUp *= factor
        return plane
    }

    /// A close look at a posterior: its ellipse takes a third of the plane, or a point's surroundings a sixth.
    /// - Parameter deviation: (latent); empty for a deterministic model.
    public func close(to mean: [Float], deviation: [Float]) -> Plane {
        guard isPoint(mean) else { return self }
        var factor: Float = 1 / 6
        if deviation.count == mean.count {
            let widest = max(deviation[across] / reach, isLine ? 0 : deviation[up] / reachUp)
            factor = widest.isFinite ? max(1e-4, min(1, 3 * widest)) : 1
        }
        var plane = self
        plane.center = mean
        plane.reach *= factor
        plane.reachUp *= factor
        return plane
    }

    private func isPoint(_ z: [Float]) -> Bool {
        z.count == center.count && z.allSatisfy(\.isFinite) && reach > 0 && reachUp > 0
    }

    // MARK: The whole manifold

    /// Points (size², latent) for a `size`×`size` picture of the whole manifold: equal probability steps from 5 % to
    /// 95 %, or for `.linear` equal steps over ±1.645, which is the same range (AEVB Fig. 4).
    public static func manifold(size: Int, latent: Int, spacing: GridSpacing) -> [Float] {
        let axis = (0..<size).map { i -> Float in
            let p = size > 1 ? 0.05 + 0.9 * Double(i) / Double(size - 1) : 0.5
            switch spacing {
            case .quantile: return Float(inverseNormalCDF(p))
            case .linear: return Float(inverseNormalCDF(0.95) * (2 * (p - 0.05) / 0.9 - 1))
            }
        }
        return (0..<size).flatMap { row in
            (0..<size).flatMap { column -> [Float] in
                var z = [Float](repeating: 0, count: latent)
                z[0] = axis[column]
                if latent > 1 { z[1] = axis[size - 1 - row] }
                return z
            }
        }
    }
}

/// The z below which a share `p` of N(0, 1) lies, for p in (0, 1); accurate to about 1e-9.
///
/// A rational first guess (Abramowitz & Stegun 26.2.23) and Newton steps on the error function.
public func inverseNormalCDF(_ p: Double) -> Double {
    precondition(p > 0 && p < 1)
    if p > 0.5 { return -inverseNormalCDF(1 - p) }
    let t = (-2 * log(p)).squareRoot()
    var x = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))))
    for _ in 0..<3 {
        let error = 0.5 * erfc(-x / 2.0.squareRoot()) - p
        x -= error * (2 * Double.pi).squareRoot() * exp(x * x / 2)
    }
    return x
}
