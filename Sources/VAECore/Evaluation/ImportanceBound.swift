import Foundation

/// A lower bound on log p(x), and the protocol under which it was estimated.
public struct ImportanceBound: Sendable, Equatable, Codable {
    /// Samples of z per image, K.
    public var samples: Int
    /// Mean over the images of log 1/K Σₛ p(x, zₛ) / q(zₛ|x), in nats per image (Burda et al. 2015, eq. 8). In
    /// expectation at most log p(x), and closer to it for larger K.
    public var logLikelihood: Double
    /// The number of images.
    public var images: Int
    /// What the model saw of each pixel.
    public var binarization: Binarization
}

extension Evaluator {
    /// Samples of z decoded at a time, so that memory does not grow with K.
    private static var batch: Int { 100 }

    /// The importance-weighted bound with K samples of z per image, summed in log space and double precision.
    ///
    /// Noise and pixels depend only on the seed, the image's index and the sample's.
    /// - Parameters:
    ///   - parameters: `network.parameterCount` floats.
    ///   - samples: K.
    ///   - images: how many images to use, from the first; nil uses all.
    ///   - progress: called on the calling thread with the number of images done.
    /// - Throws: `CoreError(.configuration)` for a deterministic model, which has no q(z|x), or a K out of range.
    /// - Precondition: the images have the network's size.
    public func importanceBound(
        _ parameters: PaddedFloats, on set: ImageSet, binarization: Binarization, samples: Int,
        images: Int? = nil, seed: UInt64 = 1, progress: ((Int) -> Void)? = nil
    ) throws(CoreError) -> ImportanceBound {
        precondition(set.shape.count == network.pixels)
        guard !network.configuration.isDeterministic else {
            throw CoreError(
                .configuration, "a deterministic autoencoder has no posterior to sample", at: "--importance-samples",
                expected: "a variational autoencoder", found: network.configuration.summary)
        }
        guard (1...1_000_000).contains(samples) else {
            throw CoreError(
                .configuration, "value out of range", at: "--importance-samples", expected: "1 to 1000000",
                found: "\(samples)")
        }
        let count = max(0, min(images ?? set.count, set.count))
        let lanes = Lanes(network, workers, capacity: 1, samples: min(Self.batch, samples))
        let bounds = DoubleBuffer(count: count)
        let stretch = 16 * workers.count
        for start in stride(from: 0, to: count, by: stretch) {
            lanes.carry(min(stretch, count - start), by: 1, parameters) { vae, row in
                let image = start + row.lowerBound
                bounds[image] = vae.bound(set, image: image, binarization, samples: samples, seed: seed)
            }
            progress?(min(count, start + stretch))
        }
        let sum = (0..<count).reduce(0.0) { $0 + bounds[$1] }
        return ImportanceBound(
            samples: samples, logLikelihood: sum / Double(max(1, count)), images: count, binarization: binarization)
    }
}

extension VAE {
    /// log 1/K Σₛ wₛ of one image in nats, in a workspace for one image.
    fileprivate func bound(
        _ set: ImageSet, image: Int, _ binarization: Binarization, samples: Int, seed: UInt64
    ) -> Double {
        work.load(set, image: image, row: 0, binarization, seed: seed)
        encode(0..<1)
        // A running log-sum-exp: the largest log weight so far, and the sum of the weights relative to it.
        var largest = -Double.infinity
        var sum = 0.0
        for first in stride(from: 0, to: samples, by: work.samples) {
            var noise = RandomStream(
                seed: seed, purpose: .evaluationNoise, index: image, lane: 1 + first / work.samples)
            noise.fillNormal(work.epsilon.pointer, count: work.samples * latent)
            reparameterize(0..<1)
            decode(0..<1)
            losses(0..<1, gradients: false)
            let terms = terms(0)
            for s in 0..<min(work.samples, samples - first) {
                let logWeight = -terms.negativeLogWeight(s, beta: 1)
                if logWeight > largest {
                    sum = sum * exp(largest - logWeight) + 1
                    largest = logWeight
                } else {
                    sum += exp(logWeight - largest)
                }
            }
        }
        return largest + log(sum / Double(samples))
    }
}
