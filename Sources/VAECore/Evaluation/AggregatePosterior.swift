import Foundation

/// The density of a set's codes over a plane, compared with the Gaussian from which z would be drawn: the aggregate
/// posterior q(z) = 1/n Σ q(z|x) (Makhzani et al. 2015, arXiv:1511.05644) in the two directions shown, whatever z is in the
/// others.
///
/// Where q is far below the prior, nothing was encoded and the decoder was not trained: a hole.
public struct AggregatePosterior: Sendable, Equatable {
    /// Cells across and down.
    public let columns, rows: Int
    /// log q(z) − log p(z) in nats, row by row from the top left (rows, columns); at least `floor`.
    public let logRatio: [Float]
    /// The training step of the parameters that gave the codes.
    public let step: Int

    /// The Gaussian from which z would be drawn, with independent dimensions.
    public struct Prior: Sendable, Equatable {
        /// Mean and standard deviation of each dimension (latent).
        public var mean, deviation: [Float]

        /// A Gaussian.
        public init(mean: [Float], deviation: [Float]) {
            self.mean = mean
            self.deviation = deviation
        }
    }

    /// The least `logRatio`, in nats: lower densities all count as empty.
    public static let floor: Float = -8

    /// Measures the density of codes.
    /// - Parameters:
    ///   - plane: where to measure; its pictures do not matter.
    ///   - columns, rows: cells across and down.
    ///   - prior: the Gaussian to compare with; nil is N(0, I).
    ///   - limit: the largest number of codes used, spread evenly over the set.
    public init(
        _ codes: LatentCodes, over plane: Plane, columns: Int, rows: Int,
        prior: Prior? = nil, limit: Int = 4000
    ) {
        // Where ellipses are tilted each code takes several times as long; half of them show the same.
        let most = plane.across.isDimension && plane.up.isDimension ? limit : max(1, limit / 2)
        let step = max(1, (codes.count + most - 1) / most)
        let shown = Array(stride(from: 0, to: codes.count, by: step))
        let across = (0..<columns).map { plane.z(across: (Double($0) + 0.5) / Double(columns)) }
        let up = (0..<rows).map { plane.z(up: 1 - (Double($0) + 0.5) / Double(rows)) }
        // A code is at least as wide as a cell, or it would fall between their middles.
        let least = columns > 1 ? abs(across[columns / 2] - across[columns / 2 - 1]) : 1e-3
        var density = [Float](repeating: 0, count: columns * rows)
        var wide = [Float](repeating: 0, count: columns)
        for index in shown {
            let code = Projected(plane, codes.mean, codes.deviation, at: index * codes.latent, least: least)
            var near = 0..<columns
            if !code.isTilted { Self.fill(&wide, across, near, code.middle(at: 0), code.deviation) }
            for row in 0..<rows {
                let high = plane.isLine ? 1 : code.density(up: up[row])
                guard high > 1e-12 else { continue }
                // Only where the ellipse is tilted does its cross-section move from row to row.
                if code.isTilted {
                    near = Self.near(code.middle(at: up[row]), 6 * code.deviation, in: across)
                    Self.fill(&wide, across, near, code.middle(at: up[row]), code.deviation)
                }
                for column in near { density[row * columns + column] += high * wide[column] }
            }
        }
        let latent = codes.latent
        let gaussian = prior ?? Prior(
            mean: [Float](repeating: 0, count: latent), deviation: [Float](repeating: 1, count: latent))
        let reference = Projected(plane, gaussian.mean, gaussian.deviation.map { max(1e-6, $0) }, at: 0, least: 0)
        let n = Float(max(1, shown.count))
        self.columns = columns
        self.rows = rows
        self.step = codes.step
        logRatio = (0..<rows * columns).map { cell in
            let p = reference.logDensity(across: across[cell % columns], up: plane.isLine ? nil : up[cell / columns])
            return max(Self.floor, Foundation.log(max(1e-30, density[cell] / n)) - p)
        }
    }

    /// The columns no farther than `reach` from `middle`; z ascends.
    private static func near(_ middle: Float, _ reach: Float, in z: [Float]) -> Range<Int> {
        func first(_ bound: Float) -> Int {
            var (low, high) = (0, z.count)
            while low < high {
                let half = (low + high) / 2
                if z[half] < bound { low = half + 1 } else { high = half }
            }
            return low
        }
        let (from, to) = (first(middle - reach), first(middle + reach))
        return from..<max(from, to)
    }

    /// The density N(z; middle, σ²) in some columns.
    private static func fill(
        _ density: inout [Float], _ z: [Float], _ columns: Range<Int>, _ middle: Float, _ deviation: Float
    ) {
        let (scale, slope) = (1 / (deviation * (2 * Float.pi).squareRoot()), 1 / deviation)
        z.withUnsafeBufferPointer { z in
            density.withUnsafeMutableBufferPointer { density in
                guard let from = z.baseAddress, let to = density.baseAddress else { return }
                for i in stride(from: columns.lowerBound, to: columns.upperBound, by: 16) {
                    let count = min(16, columns.upperBound - i)
                    let u = (loadVector(from + i, count: count) - middle) * slope
                    let value = VectorMath.exp(u * u * -0.5) * scale
                    storeVector(value.replacing(with: 0, where: u * u .> 60), to + i, count: count)
                }
            }
        }
    }

    /// A Gaussian with independent dimensions as it lies on a plane: its density up, and across at each height.
    private struct Projected {
        private let mean: (across: Float, up: Float)
        /// Standard deviation up.
        private let deviationUp: Float
        /// How far the middle moves across for each unit up.
        private let tilt: Float
        /// Standard deviation across, at any one height.
        let deviation: Float

        init(_ plane: Plane, _ means: [Float], _ deviations: [Float], at start: Int, least: Float) {
            mean = (plane.across.coordinate(of: means, at: start), plane.up.coordinate(of: means, at: start))
            let wide = hypot(least, plane.across.deviation(deviations, at: start))
            deviationUp = hypot(least, plane.up.deviation(deviations, at: start))
            let shared = plane.isLine ? 0 : plane.across.covariance(plane.up, deviations, at: start)
            // A correlation of a thousandth cannot be seen, and takes a row at a time.
            guard abs(shared) > 1e-3 * wide * deviationUp else {
                (tilt, deviation) = (0, wide)
                return
            }
            tilt = shared / (deviationUp * deviationUp)
            deviation = max(1e-3 * wide, max(0, wide * wide - shared * tilt).squareRoot())
        }

        var isTilted: Bool { tilt != 0 }

        func middle(at up: Float) -> Float { mean.across + (isTilted ? tilt * (up - mean.up) : 0) }

        func density(up: Float) -> Float {
            let u = (up - mean.up) / deviationUp
            return u * u > 60 ? 0 : exp(-0.5 * u * u) / (deviationUp * (2 * Float.pi).squareRoot())
        }

        /// - Parameter up: nil on a line.
        func logDensity(across: Float, up: Float?) -> Float {
            func log(_ u: Float, _ deviation: Float) -> Float {
                -0.5 * u * u - Foundation.log(deviation) - 0.5 * Foundation.log(2 * Float.pi)
            }
            guard let up else { return log((across - mean.across) / deviation, deviation) }
            return log((across - middle(at: up)) / deviation, deviation) + log((up - mean.up) / deviationUp, deviationUp)
        }
    }
}
