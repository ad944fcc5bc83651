import Foundation

/// How the points of a latent grid are spaced.
public enum GridSpacing: String, Sendable, CaseIterable {
    /// Equal steps in z.
    case linear
    /// Equal steps in probability under the prior: the unit square through the inverse Gaussian CDF, as in
    /// AEVB Fig. 4.
    case quantile
}

/// Points of a plane through the latent space, row by row from the top left.
///
/// The second dimension grows upwards, as in a plot.
public struct LatentGrid: Sendable, Equatable {
    public var columns: Int
    public var rows: Int
    /// The point in the middle of the plane, all dimensions; those not shown stay as they are here.
    public var center: [Float]
    /// The two dimensions shown: across and up.
    public var dimensions: (across: Int, up: Int)
    /// z at the left and right edges' outermost points, relative to the centre.
    public var reach: Float
    /// As `reach`, from the centre up; equal to it unless the plane is not square.
    public var reachUp: Float

    public init(
        columns: Int, rows: Int, center: [Float], dimensions: (across: Int, up: Int) = (0, 1), reach: Float,
        reachUp: Float? = nil
    ) {
        self.columns = columns
        self.rows = rows
        self.center = center
        self.dimensions = dimensions
        self.reach = reach
        self.reachUp = reachUp ?? reach
    }

    public static func == (a: LatentGrid, b: LatentGrid) -> Bool {
        a.columns == b.columns && a.rows == b.rows && a.center == b.center && a.dimensions == b.dimensions
            && a.reach == b.reach && a.reachUp == b.reachUp
    }

    /// The points (rows · columns, latent).
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
        var z = center
        z[dimensions.across] += reach * Self.position(column, of: columns)
        if dimensions.up != dimensions.across { z[dimensions.up] -= reachUp * Self.position(row, of: rows) }
        return z
    }

    /// -1 at the first of `count`, 1 at the last, 0 when there is but one.
    private static func position(_ index: Int, of count: Int) -> Float {
        count > 1 ? 2 * Float(index) / Float(count - 1) - 1 : 0
    }

    /// Points for a `size`×`size` picture of the whole manifold: equal probability steps from 5 % to 95 %, or for
    /// `.linear` equal steps over ±1.645, which is the same range.
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
