// The weights phase.

extension TrainingStep {
    /// Computes the gradient of every weight. With `update` the optimiser applies it at once; otherwise it is kept.
    func weightsPhase(rows: Int, update: Bool) {
        if !update { _ = gradients }  // lazy: allocate it before the workers share it
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

    /// Copies weights that were just updated, and so are in the worker's cache, in the order the next forward pass reads.
    private func keepTransposed(_ part: WeightChunk, _ piece: WeightChunk.Piece) {
        guard let active = workspace.active, active.hasWeights, let layer = part.layer as? any ZeroSkipping else {
            return
        }
        layer.transposeWeights(parameters.pointer, units: piece.units, to: active)
    }

    /// Applies the kept gradients, scaled so that the norm of the whole gradient is at most `clip`.
    func updatePhase(clip: Double) {
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

    /// Σ g² over the weights and biases of one chunk.
    private func squares(of part: WeightChunk) -> Double {
        part.layer.parameterRanges(units: part.units).reduce(0.0) { sum, range in
            range.reduce(sum) { $0 + Double(gradients.pointer[$1]) * Double(gradients.pointer[$1]) }
        }
    }
}
