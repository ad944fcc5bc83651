import Foundation

/// How the points of a plane are spaced.
public enum GridSpacing: String, Sendable, CaseIterable {
    /// Equal steps in z.
    case linear
    /// Equal steps in probability under the prior: the unit square through the inverse Gaussian CDF, as in
    /// AEVB Fig. 4.
    case quantile
}

/// A plane through the latent space: the point in its middle, the two directions it shows, and how far it goes.
///
/// The directions are at right angles, so that distances on it are distances in z: two of z's dimensions, two principal
/// components of the codes, or two directions from one point to others (`Plane+Spanned.swift`). Places on it are given as
/// shares of its width, from the left, and of its height, from below, as in a plot: (0.5, 0.5) is the middle. Pictures lie
/// on it in columns and rows; each is decoded from the middle of its tile.
public struct Plane: Sendable, Equatable {
    /// The point in the middle (latent). What the plane does not show has its values everywhere on it.
    public var center: [Float]
    /// The direction that runs across.
    public var across: Direction
    /// The direction that runs up; the same as `across` for a z of one dimension.
    public var up: Direction
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
    ///   - across, up: at right angles, or the same for a line.
    ///   - reach: to the edges at the sides; `reachUp` to top and bottom, nil for the same.
    public init(
        center: [Float], across: Direction = 0, up: Direction = 1, reach: Float, reachUp: Float? = nil,
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

    /// Whether it shows one direction only.
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
    public func point(_ across: Double, _ up: Double) -> [Float] { point(across: z(across: across), up: z(up: up)) }

    /// The point with these coordinates (latent).
    public func point(across x: Float, up y: Float) -> [Float] {
        let z = across.moved(center, to: x)
        return isLine ? z : up.moved(z, to: y)
    }

    /// The coordinate along `across`, at a share of the width.
    public func z(across share: Double) -> Float { across.coordinate(of: center) + offset(share, reach) }

    /// The coordinate along `up`, at a share of the height.
    public func z(up share: Double) -> Float { up.coordinate(of: center) + offset(share, reachUp) }

    /// The two coordinates of a point; of one beside the plane, those of the nearest point on it.
    public func coordinates(of z: [Float]) -> (across: Float, up: Float) {
        (across.coordinate(of: z), up.coordinate(of: z))
    }

    /// Where a point lies; outside 0…1 it is not on the plane.
    public func shares(of z: [Float]) -> (across: Double, up: Double) {
        shares(across: across.coordinate(of: z), up: up.coordinate(of: z))
    }

    /// The same from a point's two coordinates.
    public func shares(across x: Float, up y: Float) -> (across: Double, up: Double) {
        (share(x - across.coordinate(of: center), reach), isLine ? 0.5 : share(y - up.coordinate(of: center), reachUp))
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

    /// The same plane through a point: what it does not show has the point's values. Itself where the point lies on it but
    /// for rounding, which must not make it another plane at each step.
    public func through(_ point: [Float]) -> Plane {
        let (x, y) = coordinates(of: center)
        if case .vector = across {
            let here = coordinates(of: point)
            let onIt = self.point(across: here.across, up: here.up)
            let scale = point.reduce(1) { max($0, abs($1)) }
            if zip(onIt, point).allSatisfy({ abs($0 - $1) <= 1e-5 * scale }) { return self }
        }
        var plane = self
        plane.center = across.moved(point, to: x)
        if !isLine { plane.center = up.moved(plane.center, to: y) }
        return plane
    }

    /// The same plane with its middle at these coordinates.
    public func centered(across x: Float, up y: Float) -> Plane {
        var plane = self
        plane.center = point(across: x, up: y)
        return plane
    }

    /// The plane through a point, so much wider that the point lies on it; itself for what is no point.
    public func holding(_ point: [Float]) -> Plane {
        guard isPoint(point) else { return self }
        var plane = through(point)
        let (here, middle) = (coordinates(of: point), coordinates(of: center))
        // In steps, so that a map stands still while a drawing changes a little.
        let needed = max(abs(here.across - middle.across) / reach, isLine ? 0 : abs(here.up - middle.up) / reachUp)
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
            let widest = max(across.deviation(deviation) / reach, isLine ? 0 : up.deviation(deviation) / reachUp)
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
