import Foundation

/// How densely the codes of a set lie over a plane: the aggregate posterior q(z) = 1/n Σ q(z|x) (Makhzani et al. 2015,
/// arXiv:1511.05644), of the two dimensions shown, beside the Gaussian one would draw z from.
///
/// Where q is far below the prior, nothing was ever encoded, and the decoder was never trained: a hole.
public struct AggregatePosterior: Sendable, Equatable {
    public let columns: Int
    public let rows: Int
    /// log q(z) − log p(z) in nats, row by row from the top left (rows, columns); at least `floor`.
    public let logRatio: [Float]
    /// The step of the codes' parameters.
    public let step: Int

    /// The Gaussian one would draw z from, each dimension on its own (latent).
    public struct Prior: Sendable, Equatable {
        public var mean: [Float]
        public var deviation: [Float]

        public init(mean: [Float], deviation: [Float]) {
            self.mean = mean
            self.deviation = deviation
        }
    }

    /// Below this many nats under the prior there is nothing to tell apart.
    public static let floor: Float = -8

    /// - Parameters:
    ///   - plane: where; its pictures do not matter.
    ///   - columns: cells across; `rows` down.
    ///   - prior: mean and deviation of the Gaussian compared with, in each dimension; nil is N(0, I).
    ///   - limit: codes used at most, spread over the set.
    public init(
        _ codes: LatentCodes, over plane: Plane, columns: Int, rows: Int,
        prior: Prior? = nil, limit: Int = 4000
    ) {
        let step = max(1, (codes.count + limit - 1) / limit)
        let shown = Array(stride(from: 0, to: codes.count, by: step))
        let across = (0..<columns).map { plane.z(across: (Double($0) + 0.5) / Double(columns)) }
        let up = (0..<rows).map { plane.z(up: 1 - (Double($0) + 0.5) / Double(rows)) }
        let isLine = plane.isLine
        // A code is at least as wide as a cell, or it would fall between their middles.
        let least = columns > 1 ? abs(across[columns / 2] - across[columns / 2 - 1]) : 1e-3
        var density = [Float](repeating: 0, count: columns * rows)
        for index in shown {
            let wide = Self.gaussian(across, codes, index, plane.across, least)
            let high = isLine
                ? [Float](repeating: 1, count: rows) : Self.gaussian(up, codes, index, plane.up, least)
            for row in 0..<rows where high[row] > 1e-12 {
                for column in 0..<columns { density[row * columns + column] += high[row] * wide[column] }
            }
        }
        func log(prior z: Float, _ dimension: Int) -> Float {
            let (mean, deviation) = (prior?.mean[dimension] ?? 0, max(1e-6, prior?.deviation[dimension] ?? 1))
            let u = (z - mean) / deviation
            return -0.5 * u * u - Foundation.log(deviation) - 0.5 * Foundation.log(2 * Float.pi)
        }
        let n = Float(max(1, shown.count))
        self.columns = columns
        self.rows = rows
        self.step = codes.step
        logRatio = (0..<rows * columns).map { cell in
            let p = log(prior: across[cell % columns], plane.across)
                + (isLine ? 0 : log(prior: up[cell / columns], plane.up))
            return max(Self.floor, Foundation.log(max(1e-30, density[cell] / n)) - p)
        }
    }

    /// N(z; μ, σ²) of one code's dimension at each z.
    private static func gaussian(
        _ z: [Float], _ codes: LatentCodes, _ index: Int, _ dimension: Int, _ least: Float
    ) -> [Float] {
        let place = index * codes.latent + dimension
        let deviation = hypot(least, codes.deviation[place])
        let scale = 1 / (deviation * (2 * Float.pi).squareRoot())
        return z.map {
            let u = ($0 - codes.mean[place]) / deviation
            return u * u > 60 ? 0 : scale * exp(-0.5 * u * u)
        }
    }
}
