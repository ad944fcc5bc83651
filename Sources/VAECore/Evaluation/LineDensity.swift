import Foundation

/// The density of a set's codes along a line, by class: the aggregate posterior q(z) = 1/n Σ q(z|x) (Makhzani et al. 2015,
/// arXiv:1511.05644) of a z of one dimension, cut into what each class adds to it.
public struct LineDensity: Sendable, Equatable {
    /// The classes there are, in ascending order; a single nil where the data has none.
    public let labels: [Int?]
    /// What the codes of each class add to q(z), at the middle of each column (labels, columns), per unit of z. The sum over
    /// the classes is q(z).
    public let density: [[Float]]
    /// The density there of the Gaussian from which z would be drawn (columns).
    public let prior: [Float]
    /// The training step of the parameters that gave the codes.
    public let step: Int

    /// q(z) at the middle of each column (columns).
    public var total: [Float] {
        density.reduce([Float](repeating: 0, count: prior.count)) { zip($0, $1).map { $0 + $1 } }
    }

    /// Densities measured before.
    /// - Precondition: `density` has a row for each label, as long as `prior`.
    public init(labels: [Int?], density: [[Float]], prior: [Float], step: Int) {
        precondition(labels.count == density.count && density.allSatisfy { $0.count == prior.count })
        (self.labels, self.density, self.prior, self.step) = (labels, density, prior, step)
    }

    /// Measures codes along the direction that runs across a plane.
    /// - Parameters:
    ///   - columns: cells across.
    ///   - prior: the Gaussian to compare with; nil is N(0, I).
    ///   - limit: the largest number of codes used, spread evenly over the set.
    public init(
        _ codes: LatentCodes, over plane: Plane, columns: Int, prior: AggregatePosterior.Prior? = nil, limit: Int = 4000
    ) {
        let z = (0..<columns).map { plane.z(across: (Double($0) + 0.5) / Double(columns)) }
        let step = max(1, (codes.count + limit - 1) / limit)
        let shown = Array(stride(from: 0, to: codes.count, by: step))
        let labels: [Int?] = codes.labels.map { all in Set(shown.map { Int(all[$0]) }).sorted() } ?? [nil]
        var density = [[Float]](repeating: [Float](repeating: 0, count: columns), count: labels.count)
        var row: [Int?: Int] = [:]
        for (n, label) in labels.enumerated() { row[label] = n }
        // A code is at least as wide as a column, or it would fall between their middles.
        let least = columns > 1 ? abs(z[columns / 2] - z[columns / 2 - 1]) : 1e-3
        for index in shown {
            guard let n = row[codes.labels.map { Int($0[index]) }] else { continue }
            let start = index * codes.latent
            let middle = plane.across.coordinate(of: codes.mean, at: start)
            let deviation = hypot(least, plane.across.deviation(codes.deviation, at: start))
            for column in 0..<columns {
                density[n][column] += Self.gaussian(z[column], middle, deviation) / Float(shown.count)
            }
        }
        let latent = codes.latent
        let mean = prior?.mean ?? [Float](repeating: 0, count: latent)
        let deviations = prior?.deviation ?? [Float](repeating: 1, count: latent)
        let (middle, deviation) = (plane.across.coordinate(of: mean), max(1e-6, plane.across.deviation(deviations)))
        self.labels = labels
        self.density = density
        self.prior = z.map { Self.gaussian($0, middle, deviation) }
        self.step = codes.step
    }

    private static func gaussian(_ z: Float, _ middle: Float, _ deviation: Float) -> Float {
        let u = (z - middle) / deviation
        return u * u > 60 ? 0 : exp(-0.5 * u * u) / (deviation * (2 * Float.pi).squareRoot())
    }
}
