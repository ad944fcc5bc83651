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
    /// - Parameter labels: the class of each point, for a conditional model; nil is no class said.
    /// - Returns: (n, pixels), each in [0, 1].
    public func decode(_ z: [Float], labels: [Int]? = nil) -> [Float] {
        let latent = network.latent
        let pixels = network.pixels
        precondition(z.count % latent == 0)
        var pictures = [Float]()
        pictures.reserveCapacity(z.count / latent * pixels)
        chunked(z.count / latent) { vae, start, rows in
            workspace.z.assign(z[start * latent..<(start + rows) * latent])
            setClasses(labels, start, rows)
            vae.decode(0..<rows)
            appendMeans(rows, to: &pictures)
        }
        return pictures
    }

    /// The posterior of each image: its mean and log variance, each (n, latent). A deterministic model's is a point:
    /// its log variance is the least there is.
    public struct Posterior: Sendable, Equatable {
        public var mean: [Float]
        public var logVariance: [Float]
    }

    /// q(z|x) of images.
    /// - Parameters:
    ///   - images: (n, pixels), each in [0, 1].
    ///   - labels: the class of each image, for a conditional model; nil is no class said.
    public func encode(_ images: [Float], labels: [Int]? = nil) -> Posterior {
        let pixels = network.pixels
        precondition(images.count % pixels == 0)
        var posterior = Posterior(mean: [], logVariance: [])
        chunked(images.count / pixels) { vae, start, rows in
            workspace.x.assign(images[start * pixels..<(start + rows) * pixels])
            setClasses(labels, start, rows)
            vae.encode(0..<rows)
            for row in 0..<rows {
                let head = UnsafeBufferPointer(start: workspace.head(row), count: network.headCount)
                posterior.mean += head[..<network.latent]
                posterior.logVariance += network.configuration.isDeterministic
                    ? [Float](repeating: Reparameterization.logVarianceRange.lowerBound, count: network.latent)
                    : Array(head[network.latent...])
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
    ///   - sampleSeed: draws z from q(z|x) under this seed; nil takes z = μ, as a deterministic model always does.
    ///   - labels: the class of each image, for a conditional model; nil is no class said.
    public func reconstruct(
        _ images: [Float], sampleSeed: UInt64? = nil, labels: [Int]? = nil
    ) -> [Reconstruction] {
        let pixels = network.pixels
        let latent = network.latent
        precondition(images.count % pixels == 0)
        var result: [Reconstruction] = []
        chunked(images.count / pixels) { vae, start, rows in
            workspace.x.assign(images[start * pixels..<(start + rows) * pixels])
            for row in 0..<rows { fillNoise(row, index: start + row, seed: sampleSeed) }
            setClasses(labels, start, rows)
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

    private func setClasses(_ labels: [Int]?, _ start: Int, _ rows: Int) {
        for row in 0..<rows { workspace.setClass(labels?[start + row], row: row) }
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

    /// Turns the decoder's outputs into pictures, in place, and appends them. A Gaussian's means may leave [0, 1];
    /// the pictures do not.
    private func appendMeans(_ rows: Int, to pictures: inout [Float]) {
        let likelihood = network.configuration.likelihood.pixels
        for row in 0..<rows {
            let output = workspace.output(row)
            likelihood.mean(output, count: network.pixels)
            mapInPlace(output, count: network.pixels) { VectorMath.atMost(1, VectorMath.atLeast(0, $0)) }
            pictures += UnsafeBufferPointer(start: output, count: network.pixels)
        }
    }
}
