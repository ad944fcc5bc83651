/// Encoding, decoding and reconstructing with one snapshot's parameters, on the calling thread.
///
/// What the front end uses: it holds a snapshot, and no thread can change it underneath.
public final class Inference {
    public let snapshot: ParameterSnapshot
    private let workspace: Workspace
    private let scratch: FloatBuffer
    private static let capacity = 64

    public init(_ snapshot: ParameterSnapshot, reusing other: Inference? = nil) {
        self.snapshot = snapshot
        if let other, other.snapshot.network.configuration == snapshot.network.configuration {
            workspace = other.workspace
            scratch = other.scratch
        } else {
            workspace = Workspace(network: snapshot.network, capacity: Self.capacity, gradients: false)
            scratch = FloatBuffer(count: snapshot.network.scratchCount(rows: Self.capacity))
        }
    }

    private var network: Network { snapshot.network }

    /// The pictures that points of the latent space mean.
    /// - Parameter z: (n, latent).
    /// - Returns: (n, pixels), each in [0, 1].
    public func decode(_ z: [Float]) -> [Float] {
        let latent = network.latent
        let pixels = network.pixels
        precondition(z.count % latent == 0)
        var pictures = [Float]()
        pictures.reserveCapacity(z.count / latent * pixels)
        chunked(z.count / latent) { vae, start, rows in
            workspace.z.assign(z[start * latent..<(start + rows) * latent])
            vae.decode(0..<rows)
            appendMeans(rows, to: &pictures)
        }
        return pictures
    }

    /// The posterior of each image: its mean and log variance, each (n, latent).
    public struct Posterior: Sendable, Equatable {
        public var mean: [Float]
        public var logVariance: [Float]
    }

    /// q(z|x) of images.
    /// - Parameter images: (n, pixels), each in [0, 1].
    public func encode(_ images: [Float]) -> Posterior {
        let pixels = network.pixels
        precondition(images.count % pixels == 0)
        var posterior = Posterior(mean: [], logVariance: [])
        chunked(images.count / pixels) { vae, start, rows in
            workspace.x.assign(images[start * pixels..<(start + rows) * pixels])
            vae.encode(0..<rows)
            for row in 0..<rows {
                let head = UnsafeBufferPointer(start: workspace.head(row), count: 2 * network.latent)
                posterior.mean += head[..<network.latent]
                posterior.logVariance += head[network.latent...]
            }
        }
        return posterior
    }

    /// One image beside what the model makes of it.
    public struct Reconstruction: Sendable, Equatable {
        /// The decoded picture (pixels), each in [0, 1].
        public var picture: [Float]
        /// Where it was decoded from (latent).
        public var z: [Float]
        /// Nats of this image.
        public var terms: LossTerms
        public var klPerDimension: [Float]
    }

    /// Encodes and decodes images, with the loss of each.
    /// - Parameters:
    ///   - images: (n, pixels), each in [0, 1].
    ///   - sampleSeed: draws z from q(z|x) under this seed; nil takes z = μ.
    public func reconstruct(_ images: [Float], sampleSeed: UInt64? = nil) -> [Reconstruction] {
        let pixels = network.pixels
        let latent = network.latent
        precondition(images.count % pixels == 0)
        var result: [Reconstruction] = []
        chunked(images.count / pixels) { vae, start, rows in
            workspace.x.assign(images[start * pixels..<(start + rows) * pixels])
            for row in 0..<rows { fillNoise(row, index: start + row, seed: sampleSeed) }
            vae.encode(0..<rows)
            vae.reparameterize(0..<rows)
            vae.decode(0..<rows)
            vae.losses(0..<rows, gradients: false)
            var pictures: [Float] = []
            appendMeans(rows, to: &pictures)
            for row in 0..<rows {
                result.append(
                    Reconstruction(
                        picture: Array(pictures[row * pixels..<(row + 1) * pixels]),
                        z: Array(UnsafeBufferPointer(start: workspace.z.pointer + row * latent, count: latent)),
                        terms: LossTerms(reconstruction: workspace.reconstruction[row], kl: workspace.kl[row]),
                        klPerDimension: Array(
                            UnsafeBufferPointer(start: workspace.klPerDimension.pointer + row * latent, count: latent))
                    ))
            }
        }
        return result
    }

    private func fillNoise(_ row: Int, index: Int, seed: UInt64?) {
        let epsilon = workspace.epsilon.pointer + row * network.latent
        if let seed {
            var noise = RandomStream(seed: seed, purpose: .evaluationNoise, index: index)
            noise.fillNormal(epsilon, count: network.latent)
        } else {
            epsilon.update(repeating: 0, count: network.latent)
        }
    }

    private func chunked(_ count: Int, _ body: (VAE, _ start: Int, _ rows: Int) -> Void) {
        snapshot.values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return }
            let vae = VAE(network: network, parameters: base, work: workspace, scratch: scratch.pointer)
            for start in stride(from: 0, to: count, by: Self.capacity) {
                body(vae, start, min(Self.capacity, count - start))
            }
        }
    }

    /// Turns the decoder's outputs into pictures, in place, and appends them.
    private func appendMeans(_ rows: Int, to pictures: inout [Float]) {
        BernoulliLoss.mean(workspace.output(0), count: rows * network.outputCount)
        for row in 0..<rows {
            pictures += UnsafeBufferPointer(start: workspace.output(row), count: network.pixels)
        }
    }
}
