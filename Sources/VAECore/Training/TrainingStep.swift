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
    /// The gradient of every parameter; a step that does not clip uses each where it was computed and leaves none here.
    public private(set) lazy var gradients = FloatBuffer(count: network.parameterCount)
    private var optimizer: any Optimizer
    /// What is minimised.
    public private(set) var objective: Objective
    /// The largest norm of the gradient of all parameters together; nil leaves gradients as they are.
    public let gradientClip: Double?
    /// The norm before clipping of the last step's gradient; 0 without clipping.
    public private(set) var gradientNorm = 0.0
    let workspace: Workspace
    private let workers: Workers
    private let lanes: Lanes
    /// For each worker, the gradient of one piece.
    private let pieceGradients: [FloatBuffer]
    private let weightChunks: [WeightChunk]
    /// Σ g² of each chunk of the weights phase, when gradients are clipped.
    private let chunkSquares: DoubleBuffer
    private let rowChunk: Int

    /// - Parameters:
    ///   - parameters: the flat buffer, `network.parameterCount` floats; changed by every step.
    ///   - batchSize: the most images a batch may have.
    ///   - objective: what is minimised; a deterministic network takes one sample.
    ///   - gradientClip: the largest global norm of a gradient; nil clips none.
    public init(
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

    /// Images a worker carries at a time. Many make the products fast; but what is computed of them should stay in
    /// the worker's cache until the backward pass, and no worker be left without. The decoder has a row for each sample.
    private static func rowChunk(_ network: Network, batchSize: Int, samples: Int, workers: Int) -> Int {
        let share = max(1, min(64, (batchSize + workers - 1) / workers))
        let outputs = { (layers: [any Layer]) in layers.reduce(0) { $0 + $1.outputCount } }
        let floats = 2 * (network.pixels + outputs(network.encoder) + samples * outputs(network.decoder))
        let fewest = max(1, min(4, 64 / samples))
        return min(share, max(fewest, cacheFloats / floats))
    }

    /// Floats of a batch that a worker's cache can be expected to hold, beside the weights.
    private static let cacheFloats = 400_000

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

    /// Takes one step on `batch`: minimises the objective's sum (or mean) over its images.
    /// - Parameter beta: weight of the KL divergence.
    /// - Returns: the ELBO's terms before the step, nats, summed over the batch, whatever the objective.
    public func run(_ batch: Batch, beta: Float, learningRate: Float) -> LossTerms {
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

    /// Changes the nats of each dimension that cost nothing, from the next step on.
    /// - Precondition: no step is under way; only an ELBO has free bits.
    public func set(freeBits: Double) {
        precondition(objective.bound == .elbo || freeBits == 0)
        objective.freeBits = freeBits
    }

    /// Puts the parameters back to earlier values; the optimiser starts anew, since its averages may be as broken as
    /// the parameters were.
    /// - Precondition: no step is under way.
    func rollBack(to values: [Float], optimizer: any Optimizer) {
        parameters.assign(values)
        workspace.active?.hasWeights = false
        self.optimizer = optimizer
    }

    /// Computes the gradients of given inputs under given noise into `gradients`, without moving any weight.
    ///
    /// - Parameters:
    ///   - x: inputs (rows, pixels).
    ///   - epsilon: noise (rows, samples, latent).
    ///   - labels: the class of each row, for a conditional model.
    /// - Returns: the ELBO's terms, nats, summed over the rows; `minimized(rows:)` is the objective's value.
    public func computeGradients(
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
    public func applyGradients(learningRate: Float) {
        optimizer.beginStep(learningRate: learningRate)
        optimizer.update(0..<parameters.count, parameters: parameters.pointer, gradient: gradients.pointer)
        workspace.active?.hasWeights = false
    }

    // MARK: The rows phase

    private func eachRowChunk(_ rows: Int, _ body: @escaping (VAE, Range<Int>) -> Void) {
        precondition(rows > 0 && rows <= workspace.capacity)
        lanes.carry(rows, by: rowChunk, parameters.padded, body)
    }

    private func carry(_ vae: VAE, _ rows: Range<Int>, beta: Float, images: Int) {
        let scale = objective.reduction == .mean ? 1 / Float(images) : 1
        vae.encode(rows)
        vae.reparameterize(rows)
        vae.decode(rows)
        vae.losses(rows, gradients: true)
        vae.minimized(rows, objective: objective, beta: beta, scale: scale)
        vae.backward(rows, objective: objective, beta: beta, scale: scale)
    }

    /// Finds the pixels that are not zero, before any row is carried.
    private func findPixels(_ batch: Batch) {
        guard let active = workspace.active, let layer = network.encoder[0] as? any ZeroSkipping else { return }
        let (rows, first) = (batch.indices.count, batch.indices.startIndex)
        eachPart(of: rows) { part in
            batch.images.pixels.withUnsafeBufferPointer { bytes in
                guard let images = bytes.baseAddress else { return }
                for row in part { active.note(images + batch.indices[first + row] * active.pixels, row: row) }
            }
        }
        active.join(rows: rows)
        guard active.hasPixels, !active.hasWeights else { return }
        eachPart(of: layer.weightUnits) { [parameters] units in
            layer.transposeWeights(parameters.pointer, units: units, to: active)
        }
        active.hasWeights = true
    }

    /// As many parts as there are workers, side by side.
    private func eachPart(of count: Int, _ body: @escaping (Range<Int>) -> Void) {
        // In sixteens, so that no two workers write to one line of the cache.
        let size = ((count + workers.count - 1) / workers.count + 15) / 16 * 16
        workers.run(chunks: (count + size - 1) / size) { chunk, _ in
            body(chunk * size..<min(count, (chunk + 1) * size))
        }
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
                let count = objective.samples * network.latent
                noise.fillNormal(workspace.epsilon.pointer + row * count, count: count)
                workspace.setClass(batch.images.labels.map { Int($0[index]) }, row: row)
            }
        }
    }

    // MARK: The weights phase

    /// Gradients of all weights; with `update` the optimiser moves them at once, otherwise the gradients are kept.
    private func weightsPhase(rows: Int, update: Bool) {
        if !update { _ = gradients }  // made before the workers share it
        workers.run(chunks: weightChunks.count) { [self] chunk, worker in
            let part = weightChunks[chunk]
            let gradient = pieceGradients[worker].pointer
            for piece in part.pieces {
                weightGradient(
                    part, piece, rows: rows * part.rowsPerImage, to: gradient, scratch: lanes[worker].scratch.pointer)
                var read = UnsafePointer(gradient)
                for range in piece.ranges {
                    if update {
                        optimizer.update(range, parameters: parameters.pointer, gradient: read)
                    } else {
                        (gradients.pointer + range.lowerBound).update(from: read, count: range.count)
                    }
                    read += range.count
                }
                if update, part.isFirst { keepTransposed(part, piece) }
            }
            if !update { chunkSquares[chunk] = squares(of: part) }
        }
    }

    private func weightGradient(
        _ part: WeightChunk, _ piece: WeightChunk.Piece, rows: Int, to gradient: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        if part.isFirst, let active = workspace.active, active.hasImages, let layer = part.layer as? any ZeroSkipping {
            layer.weightGradient(
                units: piece.units, part.input.pointer, active, part.outputGradient.pointer, rows: rows, gradient,
                scratch: scratch)
        } else {
            part.layer.weightGradient(
                units: piece.units, rows: rows, part.input.pointer, part.outputGradient.pointer, gradient,
                scratch: scratch)
        }
    }

    /// Weights that just moved, and lie in the worker's cache, are copied as the next forward pass wants them.
    private func keepTransposed(_ part: WeightChunk, _ piece: WeightChunk.Piece) {
        guard let active = workspace.active, active.hasWeights, let layer = part.layer as? any ZeroSkipping else {
            return
        }
        layer.transposeWeights(parameters.pointer, units: piece.units, to: active)
    }

    /// Moves the weights along gradients that are there already, scaled to a global norm of at most `clip`.
    private func updatePhase(clip: Double) {
        let sum = (0..<weightChunks.count).reduce(0.0) { $0 + chunkSquares[$1] }
        gradientNorm = sum.squareRoot()
        let scale = gradientNorm > clip ? Float(clip / gradientNorm) : 1
        workspace.active?.hasWeights = false
        workers.run(chunks: weightChunks.count) { [self] chunk, _ in
            let part = weightChunks[chunk]
            for range in part.layer.parameterRanges(units: part.units) {
                let gradient = gradients.pointer + range.lowerBound
                if scale != 1 { mapInPlace(gradient, count: range.count) { $0 * scale } }
                optimizer.update(range, parameters: parameters.pointer, gradient: gradient)
            }
        }
    }

    /// Σ g² of one chunk's weights and biases.
    private func squares(of part: WeightChunk) -> Double {
        part.layer.parameterRanges(units: part.units).reduce(0.0) { sum, range in
            range.reduce(sum) { $0 + Double(gradients.pointer[$1]) * Double(gradients.pointer[$1]) }
        }
    }

    /// The batch's loss, summed in the order of the rows, so that it does not depend on the workers either.
    private func sum(_ rows: Int) -> LossTerms {
        var terms = LossTerms()
        for row in 0..<rows {
            terms.reconstruction += workspace.reconstruction(of: row)
            terms.kl += workspace.kl[row]
        }
        return terms
    }
}
