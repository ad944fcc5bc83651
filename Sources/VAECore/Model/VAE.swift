/// The variational autoencoder on some rows of a batch, in the paper's order (Kingma & Welling 2013, "AEVB").
///
///     encode          x → μ, log σ²
///     reparameterize  z = μ + σ ⊙ ε                              eq. 10
///     decode          z → logits
///     losses          −log p(x|z)  and  KL(q(z|x) ‖ p(z))        eq. 7, nats per image
///     backward        of −log p(x|z) + β KL, the same path in reverse
///
/// A row is one image. Every function works on the rows it is given and touches no other, so that several
/// workers can each carry their own rows. Nothing here is allocated: the numbers live in `Workspace`.
struct VAE {
    let network: Network
    let parameters: UnsafePointer<Float>
    let work: Workspace
    /// The calling worker's own memory, for layers that need some.
    let scratch: UnsafeMutablePointer<Float>

    var latent: Int { network.latent }

    /// x → μ, log σ².
    func encode(_ rows: Range<Int>) {
        run(network.encoder, rows, input: work.x.pointer, outputs: work.encoder)
        for row in rows { Reparameterization.clamp(work.head(row) + latent, latent: latent) }
    }

    /// z = μ + σ ⊙ ε, where ε lies in the workspace.
    func reparameterize(_ rows: Range<Int>) {
        for row in rows {
            Reparameterization.forward(
                mean: work.head(row), logVariance: work.head(row) + latent,
                epsilon: work.epsilon.pointer + row * latent, latent: latent, z: work.z.pointer + row * latent)
        }
    }

    /// z → logits.
    func decode(_ rows: Range<Int>) {
        run(network.decoder, rows, input: work.z.pointer, outputs: work.decoder)
    }

    /// −log p(x|z) and KL of each row; with `gradients`, also ∂(−log p)/∂logits.
    func losses(_ rows: Range<Int>, gradients: Bool) {
        let output = work.decoder.count - 1
        let width = network.outputCount
        for row in rows {
            work.reconstruction[row] = BernoulliLoss.forwardBackward(
                logits: work.output(row), x: work.x.pointer + row * network.pixels, count: network.pixels,
                gradient: gradients ? work.decoderGradients[output].pointer + row * width : nil)
            work.kl[row] = GaussianKL.forward(
                mean: work.head(row), logVariance: work.head(row) + latent, latent: latent,
                perDimension: work.klPerDimension.pointer + row * latent)
        }
    }

    /// From ∂/∂logits back to the output gradient of every layer, for the loss −log p(x|z) + β·KL.
    func backward(_ rows: Range<Int>, beta: Float) {
        runBackward(
            network.decoder, rows, outputs: work.decoder, gradients: work.decoderGradients,
            inputGradient: work.zGradient)
        let head = work.encoderGradients[work.encoderGradients.count - 1].pointer
        for row in rows {
            let gradient = head + row * 2 * latent
            gradient.update(repeating: 0, count: 2 * latent)
            let mean = work.head(row)
            Reparameterization.backward(
                dz: work.zGradient.pointer + row * latent, logVariance: mean + latent,
                epsilon: work.epsilon.pointer + row * latent, latent: latent, meanGradient: gradient,
                logVarianceGradient: gradient + latent)
            GaussianKL.backward(
                weight: beta, mean: mean, logVariance: mean + latent, latent: latent, meanGradient: gradient,
                logVarianceGradient: gradient + latent)
            Reparameterization.clampBackward(mean + latent, latent: latent, gradient: gradient + latent)
        }
        runBackward(
            network.encoder, rows, outputs: work.encoder, gradients: work.encoderGradients, inputGradient: nil)
    }

    // MARK: A stack of layers

    private func run(_ layers: [any Layer], _ rows: Range<Int>, input: UnsafePointer<Float>, outputs: [FloatBuffer]) {
        var x = input
        for (layer, output) in zip(layers, outputs) {
            layer.forward(
                parameters, rows: rows.count, x + rows.lowerBound * layer.inputCount,
                output.pointer + rows.lowerBound * layer.outputCount, scratch: scratch)
            x = UnsafePointer(output.pointer)
        }
    }

    private func runBackward(
        _ layers: [any Layer], _ rows: Range<Int>, outputs: [FloatBuffer], gradients: [FloatBuffer],
        inputGradient: FloatBuffer?
    ) {
        for i in layers.indices.reversed() {
            let layer = layers[i]
            let dx = i > 0 ? gradients[i - 1] : inputGradient
            layer.backward(
                parameters, rows: rows.count, outputs[i].pointer + rows.lowerBound * layer.outputCount,
                gradients[i].pointer + rows.lowerBound * layer.outputCount,
                dx.map { $0.pointer + rows.lowerBound * layer.inputCount }, scratch: scratch)
        }
    }
}

extension Network {
    /// Floats of scratch a worker needs for any layer on so many rows.
    func scratchCount(rows: Int) -> Int {
        (encoder + decoder).map { $0.scratchCount(rows: rows) }.max() ?? 0
    }
}
