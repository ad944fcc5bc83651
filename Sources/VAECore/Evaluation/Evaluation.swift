/// A model's figures on a set of images, and the protocol under which they were measured.
public struct Evaluation: Sendable, Equatable, Codable {
    /// What the model saw of each pixel.
    public var binarization: Binarization
    /// The number of images.
    public var images: Int
    /// Means over the images with one sample of z each, in nats per image (AEVB eq. 7).
    public var terms: LossTerms
    /// Mean KL of each latent dimension (latent), in nats.
    public var klPerDimension: [Double]
    /// Variance of each dimension's posterior mean over the images (latent).
    public var meanVariance: [Double]
    /// Mean of each dimension's posterior mean over the images (latent): the centre of the codes. Nil in older files.
    public var codeMean: [Double]?
    /// Reconstruction loss of each class that occurs; nil when the images have no labels.
    public var perClass: [ClassFigure]?
    /// True for a plain autoencoder: z was μ, there is no KL divergence, and `terms` is no bound on log p(x).
    public var isDeterministic: Bool?

    /// Figures measured before.
    public init(
        binarization: Binarization, images: Int, terms: LossTerms, klPerDimension: [Double], meanVariance: [Double],
        codeMean: [Double]? = nil, perClass: [ClassFigure]? = nil, isDeterministic: Bool? = nil
    ) {
        self.binarization = binarization
        self.images = images
        self.terms = terms
        self.klPerDimension = klPerDimension
        self.meanVariance = meanVariance
        self.codeMean = codeMean
        self.perClass = perClass
        self.isDeterministic = isDeterministic
    }

    /// The figures of one class.
    public struct ClassFigure: Sendable, Equatable, Codable {
        /// The class, and how many images it has.
        public var label, images: Int
        /// Mean of −log p(x|z), in nats per image.
        public var reconstruction: Double
    }

    /// The number of active dimensions: those whose posterior mean has a variance above `activeThreshold` over the
    /// images (Burda, Grosse, Salakhutdinov 2015, §5.2).
    public var activeUnits: Int { meanVariance.count { $0 > Self.activeThreshold } }
    /// The variance above which a dimension is active.
    public static let activeThreshold = 0.01

    /// The protocol in a few words: `grey pixels, one sample of z`.
    public var protocolDescription: String {
        "\(binarization.rawValue) pixels, " + (isDeterministic == true ? "z = μ, no bound" : "one sample of z")
    }
}

/// Evaluates models of one network with a set of workers.
public final class Evaluator {
    let network: Network
    let workers: Workers
    private let workspace: Workspace
    private let lanes: Lanes
    private let rowChunk: Int

    /// - Parameter workers: nobody else may use them during an evaluation.
    public init(network: Network, workers: Workers) {
        self.network = network
        self.workers = workers
        rowChunk = network.rowsInCache(atMost: 64)
        workspace = Workspace(network: network, capacity: rowChunk * 8, gradients: false)
        lanes = Lanes(sharing: workspace, workers, rows: rowChunk)
    }

    /// The terms of the ELBO and the KL of each dimension, over every image of `set`.
    ///
    /// The noise depends only on the seed and the image's index: the same parameters give the same figures.
    /// - Parameter parameters: `network.parameterCount` floats.
    /// - Precondition: the images have the network's size.
    public func evaluate(
        _ parameters: PaddedFloats, on set: ImageSet, binarization: Binarization, seed: UInt64 = 1
    ) -> Evaluation {
        precondition(set.shape.count == network.pixels)
        var sums = Sums(latent: network.latent)
        for start in stride(from: 0, to: set.count, by: workspace.capacity) {
            add(parameters, set, start: start, binarization, seed, to: &sums)
        }
        return evaluation(sums, set, binarization)
    }

    /// As `evaluate` above, but asks `goesOn` before every few hundred images whether to continue.
    /// - Returns: nil when it was told not to.
    func evaluate(
        _ parameters: PaddedFloats, on set: ImageSet, binarization: Binarization, seed: UInt64,
        while goesOn: () -> Bool
    ) -> Evaluation? {
        precondition(set.shape.count == network.pixels)
        var sums = Sums(latent: network.latent)
        for start in stride(from: 0, to: set.count, by: workspace.capacity) {
            guard goesOn() else { return nil }
            add(parameters, set, start: start, binarization, seed, to: &sums)
        }
        return evaluation(sums, set, binarization)
    }

    /// Adds the figures of as many images as the workspace holds, from `start` on.
    private func add(
        _ parameters: PaddedFloats, _ set: ImageSet, start: Int, _ binarization: Binarization, _ seed: UInt64,
        to sums: inout Sums
    ) {
        let rows = min(workspace.capacity, set.count - start)
        lanes.carry(rows, by: rowChunk, parameters) { [workspace, latent = network.latent] vae, range in
            for row in range {
                workspace.load(set, image: start + row, row: row, binarization, seed: seed)
                var noise = RandomStream(seed: seed, purpose: .evaluationNoise, index: start + row)
                noise.fillNormal(workspace.epsilon.pointer + row * latent, count: latent)
            }
            vae.encode(range)
            vae.reparameterize(range)
            vae.decode(range)
            vae.losses(range, gradients: false)
        }
        for row in 0..<rows { sums.add(workspace, row, label: set.labels.map { Int($0[start + row]) }) }
    }

    private func evaluation(_ sums: Sums, _ set: ImageSet, _ binarization: Binarization) -> Evaluation {
        sums.evaluation(
            binarization, isDeterministic: network.configuration.isDeterministic, hasLabels: set.labels != nil)
    }
}

/// The sums of an evaluation, in the order of the images.
private struct Sums {
    var images = 0
    var terms = LossTerms()
    var kl: [Double]
    var means: [Double]
    var squares: [Double]
    var classImages = [Int](repeating: 0, count: 256)
    var classReconstruction = [Double](repeating: 0, count: 256)

    init(latent: Int) {
        kl = [Double](repeating: 0, count: latent)
        means = kl
        squares = kl
    }

    mutating func add(_ work: Workspace, _ row: Int, label: Int?) {
        images += 1
        terms.reconstruction += work.reconstruction[row]
        terms.kl += work.kl[row]
        let mean = work.head(row)
        for j in kl.indices {
            kl[j] += Double(work.klPerDimension.pointer[row * kl.count + j])
            means[j] += Double(mean[j])
            squares[j] += Double(mean[j]) * Double(mean[j])
        }
        guard let label else { return }
        classImages[label] += 1
        classReconstruction[label] += work.reconstruction[row]
    }

    func evaluation(_ binarization: Binarization, isDeterministic: Bool, hasLabels: Bool) -> Evaluation {
        let n = Double(max(1, images))
        let figures = classImages.indices.filter { classImages[$0] > 0 }.map {
            Evaluation.ClassFigure(
                label: $0, images: classImages[$0],
                reconstruction: classReconstruction[$0] / Double(classImages[$0]))
        }
        return Evaluation(
            binarization: binarization, images: images,
            terms: LossTerms(reconstruction: terms.reconstruction / n, kl: terms.kl / n),
            klPerDimension: kl.map { $0 / n },
            meanVariance: zip(means, squares).map { max(0, $1 / n - ($0 / n) * ($0 / n)) },
            codeMean: means.map { $0 / n },
            perClass: hasLabels ? figures : nil, isDeterministic: isDeterministic ? true : nil)
    }
}

extension Workspace {
    /// Puts an image into row `row` for evaluation: its pixels as the protocol shows them, and its class.
    func load(_ set: ImageSet, image: Int, row: Int, _ binarization: Binarization, seed: UInt64) {
        set.load(image, to: x.pointer + row * network.pixels, binarization, seed: seed)
        setClass(set.labels.map { Int($0[image]) }, row: row)
    }
}
