/// Encodes, decodes and reconstructs with the parameters of one snapshot, which no thread can change.
///
/// The work is done on the calling thread, with the help of the workers given, if any. Not reentrant.
public final class Inference {
    /// The parameters.
    public let snapshot: ParameterSnapshot
    private let workers: Workers?
    private let lanes: Lanes
    /// The largest number of rows carried at a time: as many as a worker's cache holds.
    private let capacity: Int

    /// - Parameters:
    ///   - workers: share the work, and must not be used by anybody else meanwhile; nil uses the calling thread alone.
    ///   - other: an inference over the same network and workers, whose memory this one takes over.
    public init(_ snapshot: ParameterSnapshot, workers: Workers? = nil, reusing other: Inference? = nil) {
        self.snapshot = snapshot
        self.workers = workers
        capacity = snapshot.network.rowsInCache(atMost: 256)
        if let other, other.workers === workers,
            other.snapshot.network.configuration == snapshot.network.configuration
        {
            lanes = other.lanes
        } else {
            lanes = Lanes(snapshot.network, workers, capacity: capacity)
        }
    }

    private var network: Network { snapshot.network }

    /// Decodes points of the latent space: the mean of p(x|z), clipped to [0, 1].
    /// - Parameters:
    ///   - z: (n, latent).
    ///   - labels: the class of each point, for a conditional model; nil gives every class an equal share.
    /// - Returns: (n, pixels).
    public func decode(_ z: [Float], labels: [Int]? = nil) -> [Float] {
        let latent = network.latent
        precondition(z.count % latent == 0)
        return filled(z.count / latent * network.pixels) { pictures in
            eachChunk(z.count / latent) { [self] vae, start, rows in
                vae.work.z.assign(z[start * latent..<(start + rows) * latent])
                setClasses(labels, start, rows, vae.work)
                vae.decode(0..<rows)
                copyMeans(vae.work, rows, to: pictures + start * network.pixels)
            }
        }
    }

    /// The posterior q(z|x) of each image. That of a deterministic model is a point, with the least log variance.
    public struct Posterior: Sendable, Equatable {
        /// μ and log σ², each (n, latent).
        public var mean, logVariance: [Float]
    }

    /// The posterior q(z|x) of each image (AEVB eq. 9).
    /// - Parameters:
    ///   - images: (n, pixels), each in [0, 1].
    ///   - labels: the class of each image, for a conditional model; nil gives every class an equal share.
    public func encode(_ images: [Float], labels: [Int]? = nil) -> Posterior {
        let (pixels, latent, headCount) = (network.pixels, network.latent, network.headCount)
        precondition(images.count % pixels == 0)
        let count = images.count / pixels
        let heads = filled(count * headCount) { heads in
            eachChunk(count) { [self] vae, start, rows in
                vae.work.x.assign(images[start * pixels..<(start + rows) * pixels])
                setClasses(labels, start, rows, vae.work)
                vae.encode(0..<rows)
                (heads + start * headCount).update(from: vae.work.head(0), count: rows * headCount)
            }
        }
        guard headCount > latent else {
            let least = Reparameterization.logVarianceRange.lowerBound
            return Posterior(mean: heads, logVariance: [Float](repeating: least, count: heads.count))
        }
        func part(_ offset: Int) -> [Float] {
            (0..<count).flatMap { heads[$0 * headCount + offset..<$0 * headCount + offset + latent] }
        }
        return Posterior(mean: part(0), logVariance: part(latent))
    }

    /// The model's version of one image.
    public struct Reconstruction: Sendable, Equatable {
        /// The decoded picture (pixels), each in [0, 1].
        public var picture: [Float]
        /// The point it was decoded from (latent).
        public var z: [Float]
        /// The losses of this image, in nats.
        public var terms: LossTerms
        /// The KL of each dimension (latent), in nats.
        public var klPerDimension: [Float]

        public init(picture: [Float], z: [Float], terms: LossTerms, klPerDimension: [Float]) {
            (self.picture, self.z, self.terms, self.klPerDimension) = (picture, z, terms, klPerDimension)
        }
    }

    /// Encodes and decodes images.
    /// - Parameters:
    ///   - images: (n, pixels), each in [0, 1].
    ///   - sampleSeed: draws z from q(z|x) with this seed; nil takes z = μ, as a deterministic model always does.
    ///   - labels: the class of each image, for a conditional model; nil gives every class an equal share.
    public func reconstruct(
        _ images: [Float], sampleSeed: UInt64? = nil, labels: [Int]? = nil
    ) -> [Reconstruction] {
        let pixels = network.pixels
        precondition(images.count % pixels == 0)
        let empty = Reconstruction(picture: [], z: [], terms: LossTerms(), klPerDimension: [])
        var result = [Reconstruction](repeating: empty, count: images.count / pixels)
        result.withUnsafeMutableBufferPointer { result in
            guard let made = result.baseAddress else { return }
            eachChunk(result.count) { [self] vae, start, rows in
                vae.work.x.assign(images[start * pixels..<(start + rows) * pixels])
                for row in 0..<rows { fillNoise(vae.work, row, index: start + row, seed: sampleSeed) }
                setClasses(labels, start, rows, vae.work)
                vae.encode(0..<rows)
                vae.reparameterize(0..<rows)
                vae.decode(0..<rows)
                vae.losses(0..<rows, gradients: false)
                for row in 0..<rows { made[start + row] = reconstruction(vae.work, row) }
            }
        }
        return result
    }

    private func reconstruction(_ work: Workspace, _ row: Int) -> Reconstruction {
        func numbers(_ buffer: FloatBuffer) -> [Float] {
            Array(UnsafeBufferPointer(start: buffer.pointer + row * network.latent, count: network.latent))
        }
        return Reconstruction(
            picture: filled(network.pixels) { copyMean(work.output(row), to: $0) }, z: numbers(work.z),
            terms: LossTerms(reconstruction: work.reconstruction[row], kl: work.kl[row]),
            klPerDimension: numbers(work.klPerDimension))
    }

    // MARK: Rows

    private func fillNoise(_ work: Workspace, _ row: Int, index: Int, seed: UInt64?) {
        let epsilon = work.epsilon.pointer + row * network.latent
        if let seed {
            var noise = RandomStream(seed: seed, purpose: .evaluationNoise, index: index)
            noise.fillNormal(epsilon, count: network.latent)
        } else {
            epsilon.update(repeating: 0, count: network.latent)
        }
    }

    private func setClasses(_ labels: [Int]?, _ start: Int, _ rows: Int, _ work: Workspace) {
        for row in 0..<rows { work.setClass(labels?[start + row], row: row) }
    }

    private func copyMeans(_ work: Workspace, _ rows: Int, to pictures: UnsafeMutablePointer<Float>) {
        for row in 0..<rows { copyMean(work.output(row), to: pictures + row * network.pixels) }
    }

    /// The mean of p(x|z), clipped to [0, 1] since the mean of a Gaussian may lie outside.
    private func copyMean(_ output: UnsafeMutablePointer<Float>, to picture: UnsafeMutablePointer<Float>) {
        network.configuration.likelihood.pixels.mean(output, count: network.pixels)
        for i in stride(from: 0, to: network.pixels, by: 16) {
            let lanes = min(16, network.pixels - i)
            let value = VectorMath.atMost(1, VectorMath.atLeast(0, loadVector(output + i, count: lanes)))
            storeVector(value, picture + i, count: lanes)
        }
    }

    /// Cuts `count` rows into chunks of about equal size, the same number for each worker, and calls `body` for each.
    private func eachChunk(_ count: Int, _ body: @escaping (VAE, _ start: Int, _ rows: Int) -> Void) {
        guard count > 0 else { return }
        let share = lanes.count * ((count + lanes.count * capacity - 1) / (lanes.count * capacity))
        // Sixteen rows fill a vector.
        let rows = min(capacity, ((count + share - 1) / share + 15) / 16 * 16)
        lanes.carry(count, by: rows, snapshot.parameters) { body($0, $1.lowerBound, $1.count) }
    }

    private func filled(_ count: Int, _ fill: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
            guard let base = buffer.baseAddress, count > 0 else { return }
            fill(base)
            initialized = count
        }
    }
}
