import Foundation

/// How the points of a latent grid are spaced.
public enum GridSpacing: String, Sendable, CaseIterable {
    /// Equal steps in z.
    case linear
    /// Equal steps in probability under the prior: the unit square through the inverse Gaussian CDF (AEVB Fig. 4).
    case quantile
}

/// Points on a plane through the latent space, row by row from the top left.
///
/// The second dimension grows upwards, as in a plot.
public struct LatentGrid: Sendable, Equatable {
    /// Points across and down.
    public var columns, rows: Int
    /// The point in the middle of the plane (latent). The dimensions not shown keep these values everywhere.
    public var center: [Float]
    /// The two dimensions shown.
    public var dimensions: (across: Int, up: Int)
    /// How far the outermost points to the left and right lie from the centre.
    public var reach: Float
    /// How far the outermost points up and down lie from the centre; equal to `reach` on a square plane.
    public var reachUp: Float
    /// Equal steps in probability under a Gaussian with this deviation around the centre, instead of equal steps in z.
    /// Deviation 1 around the origin is the prior (AEVB Fig. 4). The reaches are then unused.
    public var quantileDeviation: Float?

    /// A grid; on a square plane without `reachUp`.
    public init(
        columns: Int, rows: Int, center: [Float], dimensions: (across: Int, up: Int) = (0, 1), reach: Float,
        reachUp: Float? = nil, quantileDeviation: Float? = nil
    ) {
        self.columns = columns
        self.rows = rows
        self.center = center
        self.dimensions = dimensions
        self.reach = reach
        self.reachUp = reachUp ?? reach
        self.quantileDeviation = quantileDeviation
    }

    /// Whether both have the same points.
    public static func == (a: LatentGrid, b: LatentGrid) -> Bool {
        a.columns == b.columns && a.rows == b.rows && a.center == b.center && a.dimensions == b.dimensions
            && a.reach == b.reach && a.reachUp == b.reachUp
            && a.quantileDeviation == b.quantileDeviation
    }

    /// All points (rows · columns, latent).
    public var points: [Float] {
        var z: [Float] = []
        z.reserveCapacity(rows * columns * center.count)
        for row in 0..<rows {
            for column in 0..<columns { z += point(column: column, row: row) }
        }
        return z
    }

    /// One point of the grid (latent).
    public func point(column: Int, row: Int) -> [Float] {
        point((Double(column) + 0.5) / Double(columns), 1 - (Double(row) + 0.5) / Double(rows))
    }

    /// The point (latent) at a share of the plane's width, from the left, and of its height, from the bottom. A point of
    /// the grid lies in the middle of its share.
    public func point(_ across: Double, _ up: Double) -> [Float] {
        var z = center
        z[dimensions.across] = self.across(across)
        if dimensions.up != dimensions.across { z[dimensions.up] = self.up(up) }
        return z
    }

    /// The coordinate across, at a share of the width.
    public func across(_ share: Double) -> Float {
        center[dimensions.across] + offset(share, reach: reach, count: columns)
    }

    /// The coordinate up, at a share of the height.
    public func up(_ share: Double) -> Float {
        center[dimensions.up] + offset(share, reach: reachUp, count: rows)
    }

    /// The shares of the width and the height at which a point (latent) lies; outside 0…1 it is off the plane.
    public func shares(of z: [Float]) -> (across: Double, up: Double) {
        shares(across: z[dimensions.across], up: z[dimensions.up])
    }

    /// The shares of the width and the height for the two coordinates of a point.
    public func shares(across x: Float, up y: Float) -> (across: Double, up: Double) {
        let across = share(x - center[dimensions.across], reach: reach, count: columns)
        guard dimensions.up != dimensions.across else { return (across, 0.5) }
        return (across, share(y - center[dimensions.up], reach: reachUp, count: rows))
    }

    private func offset(_ share: Double, reach: Float, count: Int) -> Float {
        if let quantileDeviation {
            return quantileDeviation * Float(inverseNormalCDF(min(1 - 1e-9, max(1e-9, share))))
        }
        guard count > 1 else { return 0 }
        return Float((2 * share - 1) * Double(count) / Double(count - 1)) * reach
    }

    private func share(_ offset: Float, reach: Float, count: Int) -> Double {
        if let quantileDeviation {
            return 0.5 * erfc(-Double(offset / quantileDeviation) / 2.0.squareRoot())
        }
        guard count > 1, reach > 0 else { return 0.5 + Double(offset) }
        return 0.5 + Double(offset / reach) * Double(count - 1) / Double(count) / 2
    }

    /// The points (size · size, latent) for a picture of the whole manifold: equal steps in probability from 5 % to 95 %
    /// or, for `.linear`, equal steps over the same range, ±1.645.
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
/// A rational first guess (Abramowitz & Stegun 26.2.23), refined by Newton steps on the error function.
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
