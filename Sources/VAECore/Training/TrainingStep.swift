/// One step of training on one batch, in two phases with a barrier between them.
///
/// Rows phase: a worker claims some rows of the batch and carries them all the way, from bytes through the
/// encoder and the decoder to the loss and back to the first layer's output gradient. It needs nobody else.
/// Weights phase: a worker claims some weights of one layer, computes their gradient from the whole batch and
/// lets the optimiser move them while they are in its cache.
/// How rows and weights are cut into chunks depends on the sizes alone, so the results are the same bits
/// whichever worker takes which chunk.
public final class TrainingStep {
    public let network: Network
    public let parameters: FloatBuffer
    public let gradients: FloatBuffer
    let optimizer: any Optimizer
    private let workspace: Workspace
    private let workers: Workers
    private let scratch: [FloatBuffer]
    private let weightChunks: [WeightChunk]
    private let rowChunk: Int

    /// Some weights of one layer, the unit of work of the weights phase.
    private struct WeightChunk {
        let layer: any Layer
        let units: Range<Int>
        /// The layer's input and the gradient of its output, for the whole batch.
        let input: FloatBuffer
        let outputGradient: FloatBuffer
    }

    /// - Parameters:
    ///   - parameters: the flat buffer, `network.parameterCount` floats; changed by every step.
    ///   - batchSize: the most images a batch may have.
    public init(
        network: Network, parameters: FloatBuffer, optimizer: any Optimizer, batchSize: Int, workers: Workers
    ) {
        precondition(parameters.count == network.parameterCount)
        self.network = network
        self.parameters = parameters
        self.optimizer = optimizer
        self.workers = workers
        gradients = FloatBuffer(count: network.parameterCount)
        workspace = Workspace(network: network, capacity: batchSize, gradients: true)
        // Few rows a product waste time on packing the weights, many leave workers idle.
        rowChunk = max(8, min(64, (batchSize + workers.count - 1) / workers.count))
        let scratchCount = network.scratchCount(rows: batchSize)
        scratch = (0..<workers.count).map { _ in FloatBuffer(count: scratchCount) }
        weightChunks = Self.weightChunks(network, workspace)
    }

    /// What a batch is made of and how it is weighed.
    public struct Batch {
        public var images: ImageSet
        /// Places in `images`.
        public var indices: ArraySlice<Int>
        public var binarization: Binarization
        public var seed: UInt64
        /// Steps taken before this one; picks the noise.
        public var step: Int
        /// Epochs completed; picks the draws of stochastic binarization.
        public var epoch: Int

        public init(
            images: ImageSet, indices: ArraySlice<Int>, binarization: Binarization, seed: UInt64, step: Int,
            epoch: Int
        ) {
            self.images = images
            self.indices = indices
            self.binarization = binarization
            self.seed = seed
            self.step = step
            self.epoch = epoch
        }
    }

    /// Takes one step on `batch`: minimises the sum over its images of reconstruction + β·KL.
    /// - Returns: the terms before the step, nats, summed over the batch.
    public func run(_ batch: Batch, beta: Float, learningRate: Float) -> LossTerms {
        let rows = batch.indices.count
        eachRowChunk(rows) { [self] vae, range in
            load(batch, range)
            carry(vae, range, beta: beta)
        }
        optimizer.beginStep(learningRate: learningRate)
        weightsPhase(rows: rows, update: true)
        return sum(rows)
    }

    /// Computes the gradients of given inputs under given noise into `gradients`, without moving any weight.
    ///
    /// - Parameters:
    ///   - x: inputs (rows, pixels).
    ///   - epsilon: noise (rows, latent).
    /// - Returns: the terms, nats, summed over the rows.
    public func computeGradients(x: [Float], epsilon: [Float], beta: Float) -> LossTerms {
        let rows = x.count / network.pixels
        precondition(rows * network.pixels == x.count && rows * network.latent == epsilon.count)
        workspace.x.assign(x)
        workspace.epsilon.assign(epsilon)
        eachRowChunk(rows) { [self] vae, range in carry(vae, range, beta: beta) }
        weightsPhase(rows: rows, update: false)
        return sum(rows)
    }

    /// Applies the gradients that `computeGradients` left.
    public func applyGradients(learningRate: Float) {
        optimizer.beginStep(learningRate: learningRate)
        optimizer.update(0..<parameters.count, parameters: parameters.pointer, gradients: gradients.pointer)
    }

    // MARK: The rows phase

    private func eachRowChunk(_ rows: Int, _ body: @escaping (VAE, Range<Int>) -> Void) {
        precondition(rows > 0 && rows <= workspace.capacity)
        workers.run(chunks: (rows + rowChunk - 1) / rowChunk) { [self] chunk, worker in
            let vae = VAE(
                network: network, parameters: parameters.pointer, work: workspace,
                scratch: scratch[worker].pointer)
            body(vae, chunk * rowChunk..<min(rows, (chunk + 1) * rowChunk))
        }
    }

    private func carry(_ vae: VAE, _ rows: Range<Int>, beta: Float) {
        vae.encode(rows)
        vae.reparameterize(rows)
        vae.decode(rows)
        vae.losses(rows, gradients: true)
        vae.backward(rows, beta: beta)
    }

    /// Bytes to pixels, and the noise of the rows.
    private func load(_ batch: Batch, _ rows: Range<Int>) {
        let pixels = network.pixels
        batch.images.pixels.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            for row in rows {
                let index = batch.indices[batch.indices.startIndex + row]
                batch.binarization.apply(
                    base + index * pixels, count: pixels, to: workspace.x.pointer + row * pixels,
                    random: RandomStream(
                        seed: batch.seed, purpose: .binarization, index: batch.epoch, lane: index))
                var noise = RandomStream(seed: batch.seed, purpose: .trainingNoise, index: batch.step, lane: row)
                noise.fillNormal(workspace.epsilon.pointer + row * network.latent, count: network.latent)
            }
        }
    }

    // MARK: The weights phase

    private func weightsPhase(rows: Int, update: Bool) {
        workers.run(chunks: weightChunks.count) { [self] chunk, worker in
            let part = weightChunks[chunk]
            part.layer.weightGradient(
                units: part.units, rows: rows, part.input.pointer, part.outputGradient.pointer,
                gradients.pointer, scratch: scratch[worker].pointer)
            guard update else { return }
            for range in part.layer.parameterRanges(units: part.units) {
                optimizer.update(range, parameters: parameters.pointer, gradients: gradients.pointer)
            }
        }
    }

    /// Every layer's weights cut into chunks of about `chunkParameters`, the dearest first so that the workers
    /// end together.
    private static func weightChunks(_ network: Network, _ work: Workspace) -> [WeightChunk] {
        let chunkParameters = 80_000
        func chunks(_ layers: [any Layer], input: FloatBuffer, outputs: [FloatBuffer], gradients: [FloatBuffer])
            -> [WeightChunk]
        {
            layers.indices.flatMap { i -> [WeightChunk] in
                let layer = layers[i]
                let size = layer.parameterRanges(units: 0..<layer.weightUnits).reduce(0) { $0 + $1.count }
                let pieces = min(layer.weightUnits, max(1, (size + chunkParameters / 2) / chunkParameters))
                return (0..<pieces).map { piece in
                    WeightChunk(
                        layer: layer,
                        units: layer.weightUnits * piece / pieces..<layer.weightUnits * (piece + 1) / pieces,
                        input: i == 0 ? input : outputs[i - 1], outputGradient: gradients[i])
                }
            }
        }
        let all =
            chunks(network.encoder, input: work.x, outputs: work.encoder, gradients: work.encoderGradients)
            + chunks(network.decoder, input: work.z, outputs: work.decoder, gradients: work.decoderGradients)
        let cost = { (c: WeightChunk) in c.layer.multiplyAdds * c.units.count / c.layer.weightUnits }
        return all.sorted { cost($0) > cost($1) }
    }

    /// The batch's loss, summed in the order of the rows, so that it does not depend on the workers either.
    private func sum(_ rows: Int) -> LossTerms {
        var terms = LossTerms()
        for row in 0..<rows {
            terms.reconstruction += workspace.reconstruction[row]
            terms.kl += workspace.kl[row]
        }
        return terms
    }
}

extension TrainingStep {
    /// The numbers of the last step by name, for comparing with a reference: `mu`, `logvar`, `z`, `output`, the
    /// first hidden layers, the losses of each row.
    public func inspect(rows: Int) -> [String: [Float]] {
        func take(_ buffer: FloatBuffer, _ width: Int) -> [Float] {
            Array(UnsafeBufferPointer(start: buffer.pointer, count: rows * width))
        }
        let latent = network.latent
        let head = take(workspace.encoder[workspace.encoder.count - 1], 2 * latent)
        func half(_ which: Int) -> [Float] {
            (0..<rows).flatMap { head[($0 * 2 + which) * latent..<($0 * 2 + which + 1) * latent] }
        }
        var result = [
            "mu": half(0), "logvar": half(1), "z": take(workspace.z, latent),
            "kl_per_image_per_dim": take(workspace.klPerDimension, latent),
            "reconstruction_per_image": (0..<rows).map { Float(workspace.reconstruction[$0]) },
            "output": take(workspace.decoder[workspace.decoder.count - 1], network.outputCount),
        ]
        for (i, layer) in network.encoder.dropLast().enumerated() {
            result["encoder.\(i)"] = take(workspace.encoder[i], layer.outputCount)
        }
        for (i, layer) in network.decoder.dropLast().enumerated() {
            result["decoder.\(i)"] = take(workspace.decoder[i], layer.outputCount)
        }
        return result
    }
}
