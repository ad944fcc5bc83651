// The rows phase.

extension TrainingStep {
    func eachRowChunk(_ rows: Int, _ body: @escaping (VAE, Range<Int>) -> Void) {
        precondition(rows > 0 && rows <= workspace.capacity)
        lanes.carry(rows, by: rowChunk, parameters.padded, body)
    }

    func carry(_ vae: VAE, _ rows: Range<Int>, beta: Float, images: Int) {
        let scale = objective.reduction == .mean ? 1 / Float(images) : 1
        vae.encode(rows)
        vae.reparameterize(rows)
        vae.decode(rows)
        vae.losses(rows, gradients: true)
        vae.minimized(rows, objective: objective, beta: beta, scale: scale)
        vae.backward(rows, objective: objective, beta: beta, scale: scale)
    }

    /// Finds the nonzero pixels of the batch, before the rows phase.
    func findPixels(_ batch: Batch) {
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

    /// Cuts `0..<count` into one part per worker and does `body` for each in parallel.
    private func eachPart(of count: Int, _ body: @escaping (Range<Int>) -> Void) {
        // Multiples of sixteen, so that no two workers write to the same cache line.
        let size = ((count + workers.count - 1) / workers.count + 15) / 16 * 16
        workers.run(chunks: (count + size - 1) / size) { chunk, _ in
            body(chunk * size..<min(count, (chunk + 1) * size))
        }
    }

    /// Loads pixels, noise and classes of some rows.
    func load(_ batch: Batch, _ rows: Range<Int>) {
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

    /// The loss of the batch, summed in row order so that it does not depend on the workers.
    func sum(_ rows: Int) -> LossTerms {
        var terms = LossTerms()
        for row in 0..<rows {
            terms.reconstruction += workspace.reconstruction(of: row)
            terms.kl += workspace.kl[row]
        }
        return terms
    }
}
