/// A model's figures on a set of images, with the protocol they hold under.
public struct Evaluation: Sendable, Equatable, Codable {
    /// What the model saw of each pixel.
    public var binarization: Binarization
    public var images: Int
    /// Means over the images, one sample of z each, nats per image.
    public var terms: LossTerms
    /// Mean KL of each latent dimension, nats.
    public var klPerDimension: [Double]
    /// Variance over the images of each dimension's posterior mean.
    public var meanVariance: [Double]

    /// Dimensions whose posterior mean varies by more than 0.01 over the images (Burda, Grosse, Salakhutdinov
    /// 2015, §5.2).
    public var activeUnits: Int { meanVariance.count { $0 > Self.activeThreshold } }
    public static let activeThreshold = 0.01
}

/// Computes `Evaluation`s with a set of workers.
public final class Evaluator {
    private let network: Network
    private let workers: Workers
    private let workspace: Workspace
    private let scratch: [FloatBuffer]
    private static let rowChunk = 64

    public init(network: Network, workers: Workers) {
        self.network = network
        self.workers = workers
        workspace = Workspace(network: network, capacity: Self.rowChunk * 8, gradients: false)
        let scratchCount = network.scratchCount(rows: Self.rowChunk)
        scratch = (0..<workers.count).map { _ in FloatBuffer(count: scratchCount) }
    }

    /// The ELBO's terms and the KL of each dimension, over every image of `set`.
    ///
    /// The noise depends on the seed and the image's place alone: the same parameters give the same figures.
    /// - Parameter parameters: `network.parameterCount` floats.
    /// - Precondition: the images have the network's size.
    public func evaluate(
        _ parameters: UnsafePointer<Float>, on set: ImageSet, binarization: Binarization, seed: UInt64 = 1
    ) -> Evaluation {
        precondition(set.shape.count == network.pixels)
        let latent = network.latent
        var terms = LossTerms()
        var kl = [Double](repeating: 0, count: latent)
        var sums = [Double](repeating: 0, count: latent)
        var squares = [Double](repeating: 0, count: latent)
        for start in stride(from: 0, to: set.count, by: workspace.capacity) {
            let rows = min(workspace.capacity, set.count - start)
            pass(parameters, set, start: start, rows: rows, binarization, seed)
            for row in 0..<rows {
                terms.reconstruction += workspace.reconstruction[row]
                terms.kl += workspace.kl[row]
                let mean = workspace.head(row)
                for j in 0..<latent {
                    kl[j] += Double(workspace.klPerDimension.pointer[row * latent + j])
                    sums[j] += Double(mean[j])
                    squares[j] += Double(mean[j]) * Double(mean[j])
                }
            }
        }
        let n = Double(max(1, set.count))
        return Evaluation(
            binarization: binarization, images: set.count,
            terms: LossTerms(reconstruction: terms.reconstruction / n, kl: terms.kl / n),
            klPerDimension: kl.map { $0 / n },
            meanVariance: zip(sums, squares).map { max(0, $1 / n - ($0 / n) * ($0 / n)) })
    }

    private func pass(
        _ parameters: UnsafePointer<Float>, _ set: ImageSet, start: Int, rows: Int,
        _ binarization: Binarization, _ seed: UInt64
    ) {
        let pixels = network.pixels
        workers.run(chunks: (rows + Self.rowChunk - 1) / Self.rowChunk) { [self] chunk, worker in
            let range = chunk * Self.rowChunk..<min(rows, (chunk + 1) * Self.rowChunk)
            set.pixels.withUnsafeBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return }
                for row in range {
                    let image = start + row
                    binarization.apply(
                        base + image * pixels, count: pixels, to: workspace.x.pointer + row * pixels,
                        random: RandomStream(seed: seed, purpose: .evaluationBinarization, index: image))
                    var noise = RandomStream(seed: seed, purpose: .evaluationNoise, index: image)
                    noise.fillNormal(workspace.epsilon.pointer + row * network.latent, count: network.latent)
                }
            }
            let vae = VAE(
                network: network, parameters: parameters, work: workspace, scratch: scratch[worker].pointer)
            vae.encode(range)
            vae.reparameterize(range)
            vae.decode(range)
            vae.losses(range, gradients: false)
        }
    }
}
