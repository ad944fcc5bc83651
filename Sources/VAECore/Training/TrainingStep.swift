/// One step of training on one batch, in two phases with a barrier between them.
///
/// - Rows phase: a worker claims some rows of the batch and carries them all the way, from bytes through the encoder
///   and the decoder to the loss, and back to the output gradient of the first layer. No row depends on another.
/// - Weights phase: a worker claims some weights of one layer, computes their gradient over the whole batch, and lets
///   the optimiser update them while they are in its cache.
///
/// Chunks depend on sizes alone, so the results are the same bits whichever worker takes which chunk.
package final class TrainingStep {
    package let network: Network
    package let parameters: FloatBuffer
    /// The gradient of every parameter, filled only by `computeGradients` and by steps that clip. Other steps use each
    /// piece of the gradient where it was computed.
    package private(set) lazy var gradients = FloatBuffer(count: network.parameterCount)
    var optimizer: any Optimizer
    /// What is minimised.
    package private(set) var objective: Objective
    /// The largest allowed norm of the whole gradient; nil does not clip.
    package let gradientClip: Double?
    /// The norm of the last step's gradient before clipping; 0 without clipping.
    package internal(set) var gradientNorm = 0.0
    let workspace: Workspace
    let workers: Workers
    let lanes: Lanes
    /// The gradient of one piece, one buffer per worker.
    let pieceGradients: [FloatBuffer]
    let weightChunks: [WeightChunk]
    /// Σ g² of each chunk of the weights phase; used for clipping.
    let chunkSquares: DoubleBuffer
    let rowChunk: Int

    /// - Parameters:
    ///   - parameters: the flat buffer, `network.parameterCount` floats; changed by every step.
    ///   - batchSize: the largest number of images in a batch.
    ///   - objective: what is minimised; one sample of z for a deterministic network.
    ///   - gradientClip: the largest allowed norm of the whole gradient; nil does not clip.
    package init(
        network: Network, parameters: FloatBuffer, optimizer: any Optimizer, batchSize: Int, workers: Workers,
        objective: Objective = Objective(), gradientClip: Double? = nil
    ) {
        precondition(parameters.count == network.parameterCount)
        precondition(!network.configuration.isDeterministic || objective.samples == 1)
        self.network = network
        self.parameters = parameters
        self.optimizer = optimizer
        self.workers = workers
        self.objective = objective
        self.gradientClip = gradientClip
        workspace = Workspace(
            network: network, capacity: batchSize, samples: objective.samples, gradients: true)
        rowChunk = Self.rowChunk(
            network, batchSize: batchSize, samples: objective.samples, workers: workers.count)
        lanes = Lanes(sharing: workspace, workers, rows: rowChunk)
        weightChunks = WeightChunk.all(network, workspace)
        let largest = weightChunks.flatMap { $0.pieces.map(\.count) }.max() ?? 0
        pieceGradients = (0..<workers.count).map { _ in FloatBuffer(count: largest) }
        chunkSquares = DoubleBuffer(count: weightChunks.count)
    }

    /// Images a worker carries at a time. More images make faster products, but their intermediate results should stay
    /// in the worker's cache until the backward pass, and every worker should get some. The decoder has one row per
    /// sample.
    private static func rowChunk(_ network: Network, batchSize: Int, samples: Int, workers: Int) -> Int {
        let share = max(1, min(64, (batchSize + workers - 1) / workers))
        let outputs = { (layers: [any Layer]) in layers.reduce(0) { $0 + $1.outputCount } }
        let floats = 2 * (network.pixels + outputs(network.encoder) + samples * outputs(network.decoder))
        let fewest = max(1, min(4, 64 / samples))
        return min(share, max(fewest, cacheFloats / floats))
    }

    /// Floats that a worker's cache can be expected to hold beside the weights.
    private static let cacheFloats = 400_000

    /// Which images a step trains on, and under which random draws.
    package struct Batch {
        package var images: ImageSet
        /// Indices into `images`.
        package var indices: ArraySlice<Int>
        package var binarization: Binarization
        package var seed: UInt64
        /// Steps taken before this one; selects the noise.
        package var step: Int
        /// Epochs completed; selects the draws of stochastic binarization.
        package var epoch: Int

        package init(
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

    /// Takes one step on `batch`, minimising the objective's sum (or mean) over its images.
    /// - Parameter beta: weight of the KL divergence.
    /// - Returns: the terms of the ELBO before the step in nats, summed over the batch, whatever the objective.
    package func run(_ batch: Batch, beta: Float, learningRate: Float) -> LossTerms {
        let rows = batch.indices.count
        findPixels(batch)
        eachRowChunk(rows) { [self] vae, range in
            load(batch, range)
            carry(vae, range, beta: beta, images: rows)
        }
        optimizer.beginStep(learningRate: learningRate)
        if let gradientClip {
            weightsPhase(rows: rows, update: false)
            updatePhase(clip: gradientClip)
        } else {
            weightsPhase(rows: rows, update: true)
        }
        return sum(rows)
    }

    /// Changes the free bits (nats per dimension) from the next step on.
    /// - Precondition: no step is running; only the ELBO has free bits.
    package func set(freeBits: Double) {
        precondition(objective.bound == .elbo || freeBits == 0)
        objective.freeBits = freeBits
    }

    /// Restores earlier parameters, with a fresh optimiser: the old one's averages may be as broken as the parameters.
    /// - Precondition: no step is running.
    func rollBack(to values: [Float], optimizer: any Optimizer) {
        parameters.assign(values)
        workspace.active?.hasWeights = false
        self.optimizer = optimizer
    }

    /// Computes `gradients` for the given inputs and noise, without updating any weight.
    ///
    /// - Parameters:
    ///   - x: inputs (rows, pixels).
    ///   - epsilon: noise (rows, samples, latent).
    ///   - labels: the class of each row, for a conditional model.
    /// - Returns: the terms of the ELBO in nats, summed over the rows. `minimized(rows:)` is the objective's value.
    package func computeGradients(
        x: [Float], epsilon: [Float], beta: Float, labels: [Int]? = nil
    ) -> LossTerms {
        let rows = x.count / network.pixels
        precondition(rows * network.pixels == x.count)
        precondition(rows * objective.samples * network.latent == epsilon.count)
        workspace.x.assign(x)
        workspace.epsilon.assign(epsilon)
        for row in 0..<rows { workspace.setClass(labels?[row], row: row) }
        workspace.active?.skipNone()
        eachRowChunk(rows) { [self] vae, range in carry(vae, range, beta: beta, images: rows) }
        weightsPhase(rows: rows, update: false)
        return sum(rows)
    }

    /// Applies the gradients that `computeGradients` left.
    package func applyGradients(learningRate: Float) {
        optimizer.beginStep(learningRate: learningRate)
        optimizer.update(0..<parameters.count, parameters: parameters.pointer, gradient: gradients.pointer)
        workspace.active?.hasWeights = false
    }
}
