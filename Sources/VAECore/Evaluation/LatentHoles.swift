import Foundation

/// How much of a two-dimensional latent space is holes: points that decode to something the model itself does not
/// recognise, or that no training image is encoded near.
///
/// Both figures are shares of the distribution from which z is drawn to make new images, so that a VAE and an
/// autoencoder can be compared although the scale of an autoencoder's codes is arbitrary:
/// - For a VAE that is its prior, N(0, I).
/// - A plain autoencoder has no prior; the best guess is the Gaussian with the mean and covariance of its training codes.
///
/// Distances are in standard deviations of that distribution (Mahalanobis distances).
/// - `lost` is the share of 4,096 draws of z whose decoded picture, encoded again, lands more than half a standard
///   deviation from z. Between two clusters of codes an autoencoder decodes a blend, which its encoder sends to one of
///   the clusters. A VAE is trained on such points, because noise moves its codes there.
/// - `empty` is the share of the draws with none of 10,000 training codes within 0.1 standard deviations. Codes are
///   samples of q(z|x) for a VAE (what its decoder is trained on), and μ for an autoencoder. Codes drawn from the
///   distribution itself leave about 2 % empty, at its rim.
public struct LatentHoles: Sendable, Equatable, Codable {
    /// Share of the draws that do not return to their place, 0…1.
    public var lost: Double
    /// Share of the draws without a training code nearby, 0…1.
    public var empty: Double
    /// Median distance between a draw and the code of its picture, in standard deviations.
    public var medianDistance: Double
    /// The number of training codes used.
    public var codes: Int

    /// Figures measured before.
    public init(lost: Double, empty: Double, medianDistance: Double, codes: Int) {
        self.lost = lost
        self.empty = empty
        self.medianDistance = medianDistance
        self.codes = codes
    }

    /// Draws of z.
    public static let draws = 4096
    /// The distances beyond which a draw counts as lost or empty, in standard deviations.
    public static let lostDistance: Float = 0.5, emptyDistance: Float = 0.1
    /// The largest number of training codes used.
    public static let codeLimit = 10_000

    /// Measures a model with a two-dimensional latent space.
    /// - Parameters:
    ///   - images: training images, of which the first 10,000 are used.
    ///   - binarization: what the model sees of a pixel. Decoded pictures are encoded unchanged, in grey.
    /// - Returns: nil unless z has two dimensions and the model is not conditional.
    public static func measure(
        _ snapshot: ParameterSnapshot, trainingImages images: ImageSet, binarization: Binarization, seed: UInt64 = 1
    ) -> LatentHoles? {
        let configuration = snapshot.network.configuration
        guard configuration.latent == 2, configuration.classes == nil, images.count > 1 else { return nil }
        let inference = Inference(snapshot)
        let codes = codes(inference, images, binarization, seed)
        let frame = configuration.isDeterministic ? Frame(fitting: codes) : Frame.standard
        var random = RandomStream(seed: seed, purpose: .prior)
        let whitened = random.normals(draws * 2)
        let pictures = inference.decode(frame.points(whitened))
        let returned = frame.whitened(inference.encode(pictures).mean)
        let distances = (0..<draws).map { i -> Float in
            let across: Float = whitened[2 * i] - returned[2 * i]
            let up: Float = whitened[2 * i + 1] - returned[2 * i + 1]
            return hypot(across, up)
        }
        let grid = CodeGrid(frame.whitened(codes), cell: emptyDistance)
        let empty = (0..<draws).count { !grid.hasPoint(near: whitened[2 * $0], whitened[2 * $0 + 1]) }
        return LatentHoles(
            lost: Double(distances.count { !($0 <= lostDistance) }) / Double(draws),
            empty: Double(empty) / Double(draws), medianDistance: Double(distances.sorted()[draws / 2]),
            codes: codes.count / 2)
    }

    /// z of the first training images (n, 2).
    private static func codes(
        _ inference: Inference, _ images: ImageSet, _ binarization: Binarization, _ seed: UInt64
    ) -> [Float] {
        let count = min(codeLimit, images.count)
        var z: [Float] = []
        for start in stride(from: 0, to: count, by: 500) {
            let range = start..<min(count, start + 500)
            let pixels = images.inputs(range, binarization: binarization, seed: seed)
            let posterior = inference.encode(pixels)
            guard !inference.snapshot.network.configuration.isDeterministic else {
                z += posterior.mean
                continue
            }
            var noise = RandomStream(seed: seed, purpose: .evaluationNoise, index: start, lane: 1)
            let epsilon = noise.normals(posterior.mean.count)
            for j in posterior.mean.indices {
                z.append(posterior.mean[j] + exp(0.5 * posterior.logVariance[j]) * epsilon[j])
            }
        }
        return z
    }
}

/// A Gaussian over the plane, as a map from N(0, I): z = mean + L·u, with L lower triangular.
private struct Frame {
    var mean: (Float, Float)
    var l11: Float
    var l21: Float
    var l22: Float

    static let standard = Frame(mean: (0, 0), l11: 1, l21: 0, l22: 1)

    init(mean: (Float, Float), l11: Float, l21: Float, l22: Float) {
        (self.mean, self.l11, self.l21, self.l22) = (mean, l11, l21, l22)
    }

    /// Fits mean and covariance to points (n, 2); L is the Cholesky factor of the covariance.
    init(fitting points: [Float]) {
        let n = Double(points.count / 2)
        var (a, b, aa, ab, bb) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for i in stride(from: 0, to: points.count, by: 2) {
            let (x, y) = (Double(points[i]), Double(points[i + 1]))
            (a, b, aa, ab, bb) = (a + x, b + y, aa + x * x, ab + x * y, bb + y * y)
        }
        (a, b) = (a / n, b / n)
        // Keeps a collapsed dimension from dividing by zero.
        let least = 1e-12
        let l11 = max(aa / n - a * a, least).squareRoot()
        let l21 = (ab / n - a * b) / l11
        let l22 = max(bb / n - b * b - l21 * l21, least).squareRoot()
        self.init(mean: (Float(a), Float(b)), l11: Float(l11), l21: Float(l21), l22: Float(l22))
    }

    func points(_ u: [Float]) -> [Float] {
        stride(from: 0, to: u.count, by: 2).flatMap { i -> [Float] in
            let across: Float = mean.0 + l11 * u[i]
            let up: Float = mean.1 + l21 * u[i] + l22 * u[i + 1]
            return [across, up]
        }
    }

    func whitened(_ z: [Float]) -> [Float] {
        stride(from: 0, to: z.count, by: 2).flatMap { i -> [Float] in
            let first = (z[i] - mean.0) / l11
            return [first, (z[i + 1] - mean.1 - l21 * first) / l22]
        }
    }
}

/// Points of the plane sorted into square cells, to find out whether one lies within a cell's width of a place.
private struct CodeGrid {
    private struct Cell: Hashable {
        var x: Int
        var y: Int
    }

    private var cells: [Cell: [(Float, Float)]] = [:]
    private let width: Float

    init(_ points: [Float], cell width: Float) {
        self.width = width
        for i in stride(from: 0, to: points.count, by: 2) {
            guard let cell = cell(points[i], points[i + 1]) else { continue }
            cells[cell, default: []].append((points[i], points[i + 1]))
        }
    }

    /// The cell of a place; nil if it is not finite, or so far out that no point can be near.
    private func cell(_ x: Float, _ y: Float) -> Cell? {
        let (column, row) = (x / width, y / width)
        guard abs(column) < 1e9, abs(row) < 1e9 else { return nil }
        return Cell(x: Int(column.rounded(.down)), y: Int(row.rounded(.down)))
    }

    func hasPoint(near x: Float, _ y: Float) -> Bool {
        guard let center = cell(x, y) else { return false }
        for dx in -1...1 {
            for dy in -1...1 {
                let near = cells[Cell(x: center.x + dx, y: center.y + dy)] ?? []
                if near.contains(where: { hypot($0.0 - x, $0.1 - y) <= width }) { return true }
            }
        }
        return false
    }
}
