import Foundation

/// How much of a two-dimensional latent space is holes: places that decode to something the model itself does not
/// recognise, or where no image of the training set has its code.
///
/// Both figures are shares of the probability of the distribution one would draw z from to make new images, so that
/// the twins can be compared though the scale of an autoencoder's codes is arbitrary:
/// - for a VAE that is its prior, N(0, I);
/// - a plain autoencoder has none; it is given the best guess there is, the Gaussian with the mean and the
///   covariance of its training codes.
/// Distances are in standard deviations of that distribution (Mahalanobis distances).
///
/// - `lost`: the share of 4,096 draws z whose decoded picture, encoded again, lands more than half a standard
///   deviation from z. Between two clusters of codes an autoencoder decodes a blend that its encoder sends to one of
///   them; a VAE is trained to know such points, for noise takes its codes there.
/// - `empty`: the share of the draws with no code of 10,000 training images within 0.1 standard deviations. Codes are
///   samples of q(z|x) for a VAE (they are what its decoder is trained on) and μ for an autoencoder. Codes that fill
///   the distribution exactly leave about 2 % empty, at its rim.
public struct LatentHoles: Sendable, Equatable, Codable {
    /// Share of probability that does not come back, 0…1.
    public var lost: Double
    /// Share of probability with no training code near, 0…1.
    public var empty: Double
    /// Median distance between a draw and where its picture is encoded, standard deviations.
    public var medianDistance: Double
    /// Training images whose codes were used.
    public var codes: Int

    public init(lost: Double, empty: Double, medianDistance: Double, codes: Int) {
        self.lost = lost
        self.empty = empty
        self.medianDistance = medianDistance
        self.codes = codes
    }

    public static let draws = 4096
    public static let lostDistance: Float = 0.5
    public static let emptyDistance: Float = 0.1
    public static let codeLimit = 10_000

    /// Measures a model with a two-dimensional latent space.
    /// - Parameters:
    ///   - images: training images; the first 10,000 are used.
    ///   - binarization: what the model sees of a pixel. Decoded pictures are encoded as they are, in grey.
    /// - Returns: nil unless z has two dimensions and the model takes no class.
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

/// A Gaussian over the plane, as the map between its points and N(0, I): z = mean + L·u with L lower triangular.
private struct Frame {
    var mean: (Float, Float)
    var l11: Float
    var l21: Float
    var l22: Float

    static let standard = Frame(mean: (0, 0), l11: 1, l21: 0, l22: 1)

    init(mean: (Float, Float), l11: Float, l21: Float, l22: Float) {
        (self.mean, self.l11, self.l21, self.l22) = (mean, l11, l21, l22)
    }

    /// Mean and covariance of points (n, 2), the covariance as its Cholesky factor.
    init(fitting points: [Float]) {
        let n = Double(points.count / 2)
        var (a, b, aa, ab, bb) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for i in stride(from: 0, to: points.count, by: 2) {
            let (x, y) = (Double(points[i]), Double(points[i + 1]))
            (a, b, aa, ab, bb) = (a + x, b + y, aa + x * x, ab + x * y, bb + y * y)
        }
        (a, b) = (a / n, b / n)
        // The least keeps a collapsed dimension from dividing by zero.
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

/// Points of the plane in square cells, to ask whether one lies within a cell's width of a place.
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

    /// Nil for what is not finite, or so far out that nothing is near it.
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
