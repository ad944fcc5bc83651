/// The variational autoencoder on some rows of a batch, in the paper's order (Kingma & Welling 2013, "AEVB").
///
///     encode          x → μ, log σ²
///     reparameterize  z = μ + σ ⊙ ε                              eq. 10
///     decode          z → the likelihood's parameters
///     losses          −log p(x|z)  and  KL(q(z|x) ‖ p(z))        eq. 7, nats per image
///     backward        of the objective, the same path in reverse
///
/// A row is one image, with one or more samples of z. Every function touches only the rows it is given, so that several
/// workers can each carry their own. Nothing is allocated here: the numbers are in `Workspace`.
struct VAE {
    let network: Network
    let parameters: UnsafePointer<Float>
    let work: Workspace
    /// Memory of the calling worker, for the layers.
    let scratch: UnsafeMutablePointer<Float>

    /// The caller must keep `parameters` and `lane` alive as long as this value is used.
    init(_ parameters: PaddedFloats, _ lane: Lane) {
        network = lane.work.network
        self.parameters = parameters.pointer
        work = lane.work
        scratch = lane.scratch.pointer
    }

    var latent: Int { network.latent }
    private var isDeterministic: Bool { network.configuration.isDeterministic }

    /// x → μ, log σ².
    func encode(_ rows: Range<Int>) {
        if network.classes > 0 { joinClassToPixels(rows) }
        if let active = work.active, active.hasPixels, let first = network.encoder[0] as? any ZeroSkipping {
            let output = work.encoder[0].pointer
            first.forward(parameters, rows: rows, work.x.pointer, active, output)
            run(network.encoder.dropFirst(), rows, input: output, outputs: work.encoder.dropFirst())
        } else {
            run(network.encoder[...], rows, input: work.encoderInput.pointer, outputs: work.encoder[...])
        }
        if isDeterministic { return }
        for row in rows { Reparameterization.clamp(work.head(row) + latent, latent: latent) }
    }

    /// z = μ + σ ⊙ ε, with ε from the workspace; z = μ in a deterministic model.
    func reparameterize(_ rows: Range<Int>) {
        for row in rows {
            for sample in row * work.samples..<(row + 1) * work.samples {
                let z = work.z.pointer + sample * latent
                if isDeterministic {
                    z.update(from: work.head(row), count: latent)
                } else {
                    Reparameterization.forward(
                        mean: work.head(row), logVariance: work.head(row) + latent,
                        epsilon: work.epsilon.pointer + sample * latent, latent: latent, z: z)
                }
            }
        }
    }

    /// z → the likelihood's parameters.
    func decode(_ rows: Range<Int>) {
        if network.classes > 0 { joinClassToSamples(rows) }
        run(network.decoder[...], work.sampleRows(rows), input: work.decoderInput.pointer, outputs: work.decoder[...])
    }

    /// −log p(x|z) of each sample and the KL of each row; with `gradients`, also ∂(−log p)/∂outputs.
    func losses(_ rows: Range<Int>, gradients: Bool) {
        let likelihood = network.configuration.likelihood.pixels
        let output = work.decoder.count - 1
        for row in rows {
            for sample in row * work.samples..<(row + 1) * work.samples {
                work.reconstruction[sample] = likelihood.forwardBackward(
                    outputs: work.output(sample), x: work.x.pointer + row * network.pixels, count: network.pixels,
                    gradient: gradients ? work.decoderGradients[output].pointer + sample * network.outputCount : nil)
            }
            if isDeterministic { continue }
            work.kl[row] = GaussianKL.forward(
                mean: work.head(row), logVariance: work.head(row) + latent, latent: latent,
                perDimension: work.klPerDimension.pointer + row * latent)
        }
    }

    /// The value minimised for each row; multiplies ∂(−log p)/∂outputs by each sample's weight in its gradient.
    /// - Parameter scale: 1, or 1 / images for the mean over a batch.
    func minimized(_ rows: Range<Int>, objective: Objective, beta: Float, scale: Float) {
        let gradient = work.decoderGradients[work.decoder.count - 1].pointer
        for row in rows {
            let weights = work.sampleWeights.pointer + row * work.samples
            if isDeterministic {
                weights[0] = 1
                work.objective[row] = work.reconstruction[row]
            } else {
                work.objective[row] = objective.forward(terms(row), beta: beta, weights: weights)
            }
            for s in 0..<work.samples {
                weights[s] *= scale
                guard weights[s] != 1 else { continue }
                let weight = weights[s]
                mapInPlace(
                    gradient + (row * work.samples + s) * network.outputCount, count: network.outputCount
                ) { $0 * weight }
            }
        }
    }

    /// From ∂/∂outputs, as weighted by `minimized`, back to the output gradient of every layer.
    func backward(_ rows: Range<Int>, objective: Objective, beta: Float, scale: Float) {
        runBackward(
            network.decoder, work.sampleRows(rows), input: work.decoderInput, outputs: work.decoder, gradients: work.decoderGradients,
            inputGradient: work.decoderInputGradient)
        let head = work.encoderGradients[work.encoderGradients.count - 1].pointer
        let stride = network.decoderInputCount
        for row in rows {
            let gradient = head + row * network.headCount
            let dz = work.decoderInputGradient.pointer + row * work.samples * stride
            if isDeterministic {
                gradient.update(from: dz, count: latent)
                continue
            }
            gradient.update(repeating: 0, count: network.headCount)
            objective.backward(
                terms(row), beta: beta, weights: work.sampleWeights.pointer + row * work.samples, scale: scale,
                dz: dz, stride: stride, meanGradient: gradient, logVarianceGradient: gradient + latent)
            Reparameterization.clampBackward(work.head(row) + latent, latent: latent, gradient: gradient + latent)
        }
        runBackward(
            network.encoder, rows, input: work.encoderInput, outputs: work.encoder, gradients: work.encoderGradients, inputGradient: nil)
    }

    /// What an objective needs of one row.
    func terms(_ row: Int) -> ObjectiveTerms {
        let first = row * work.samples
        return ObjectiveTerms(
            latent: latent, samples: work.samples, reconstruction: work.reconstruction.pointer + first,
            klPerDimension: work.klPerDimension.pointer + row * latent, mean: work.head(row),
            logVariance: work.head(row) + latent, epsilon: work.epsilon.pointer + first * latent,
            z: work.z.pointer + first * latent)
    }

    // MARK: A stack of layers

    private func run(
        _ layers: ArraySlice<any Layer>, _ rows: Range<Int>, input: UnsafePointer<Float>, outputs: ArraySlice<FloatBuffer>
    ) {
        var x = input
        for (layer, output) in zip(layers, outputs) {
            layer.forward(
                parameters, rows: rows.count, x + rows.lowerBound * layer.inputCount,
                output.pointer + rows.lowerBound * layer.outputCount, scratch: scratch)
            x = UnsafePointer(output.pointer)
        }
    }

    private func runBackward(
        _ layers: [any Layer], _ rows: Range<Int>, input: FloatBuffer, outputs: [FloatBuffer],
        gradients: [FloatBuffer], inputGradient: FloatBuffer?
    ) {
        for i in layers.indices.reversed() {
            let layer = layers[i]
            let dx = i > 0 ? gradients[i - 1] : inputGradient
            layer.backward(
                parameters, rows: rows.count,
                (i > 0 ? outputs[i - 1] : input).pointer + rows.lowerBound * layer.inputCount,
                outputs[i].pointer + rows.lowerBound * layer.outputCount,
                gradients[i].pointer + rows.lowerBound * layer.outputCount,
                dx.map { $0.pointer + rows.lowerBound * layer.inputCount }, scratch: scratch)
        }
    }

    // MARK: The class of a conditional model

    /// Joins x and the class, one-hot: after the pixels or, before a convolution, as additional channels of every pixel.
    private func joinClassToPixels(_ rows: Range<Int>) {
        let classes = network.classes
        let isImage = network.configuration.encoder.first?.specification.takesImage == true
        let width = isImage ? network.configuration.image.channels : network.pixels
        for row in rows {
            let source = work.x.pointer + row * network.pixels
            let target = work.encoderInput.pointer + row * network.encoderInputCount
            for part in 0..<network.pixels / width {
                let joined = target + part * (width + classes)
                joined.update(from: source + part * width, count: width)
                (joined + width).update(from: work.classes.pointer + row * classes, count: classes)
            }
        }
    }

    /// Joins z and the class, one-hot.
    private func joinClassToSamples(_ rows: Range<Int>) {
        let classes = network.classes
        for row in rows {
            for sample in row * work.samples..<(row + 1) * work.samples {
                let joined = work.decoderInput.pointer + sample * (latent + classes)
                joined.update(from: work.z.pointer + sample * latent, count: latent)
                (joined + latent).update(from: work.classes.pointer + row * classes, count: classes)
            }
        }
    }
}
