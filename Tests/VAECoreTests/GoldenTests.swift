import Testing
import VAECore

/// The core against tensors that PyTorch computed in double precision, tensor by tensor.
@Suite struct GoldenTests {
    static let cases = [
        ("mlp_relu_bernoulli", Activation.relu, Float(1)),
        ("mlp_tanh_bernoulli", .tanh, 1),
        ("mlp_relu_bernoulli_beta4", .relu, 4),
    ]

    /// A step over the parameters, inputs and noise of a dump.
    func step(_ file: SafetensorsFile, _ activation: Activation, workers: Int = 2) throws -> TrainingStep {
        let network = try smallNetwork(activation: activation)
        let parameters = FloatBuffer(count: network.parameterCount)
        for view in network.layout.views {
            for (i, v) in try file.floats(view.name).enumerated() { parameters[view.offset + i] = v }
        }
        return TrainingStep(
            network: network, parameters: parameters, optimizer: Adam(count: network.parameterCount), batchSize: 5,
            workers: Workers(count: workers))
    }

    @Test(arguments: cases)
    func everyTensorOfOneStep(_ name: String, _ activation: Activation, _ beta: Float) throws {
        let file = try fixture(name)
        let step = try step(file, activation)
        let epsilon = try Array(file.floats("eps")[..<15])
        let terms = step.computeGradients(x: try file.floats("x"), epsilon: epsilon, beta: beta)
        let ours = step.inspect(rows: 5)
        let names = [
            "mu": "mu", "logvar": "logvar", "z": "z", "output": "output", "hidden": "encoder.0",
            "decoder_hidden": "decoder.0", "reconstruction_per_image": "reconstruction_per_image",
            "kl_per_image_per_dim": "kl_per_image_per_dim",
        ]
        for (reference, mine) in names {
            let error = relativeError(try #require(ours[mine]), try file.floats(reference))
            #expect(error < 1e-5, "\(reference): \(error)")
        }
        let loss = Float(terms.reconstruction + Double(beta) * terms.kl)
        let reference = try file.floats("loss")
        #expect(relativeError([loss], reference) < 1e-5)
        for view in step.network.layout.views {
            let gradient = (view.range).map { step.gradients[$0] }
            let error = relativeError(gradient, try file.floats("grad.\(view.name)"))
            #expect(error < 1e-5, "grad.\(view.name): \(error)")
        }
    }

    @Test(arguments: cases)
    func sixStepsOfAdam(_ name: String, _ activation: Activation, _ beta: Float) throws {
        let file = try fixture(name)
        let step = try step(file, activation)
        let x = try file.floats("x")
        let noise = try file.floats("eps")
        var losses: [Float] = []
        for s in 0..<6 {
            let terms = step.computeGradients(x: x, epsilon: Array(noise[s * 15..<(s + 1) * 15]), beta: beta)
            losses.append(Float(terms.reconstruction + Double(beta) * terms.kl))
            step.applyGradients(learningRate: 1e-2)
        }
        let reference = try file.floats("adam_losses")
        #expect(relativeError(losses, reference) < 1e-5)
        for view in step.network.layout.views {
            let error = relativeError(
                view.range.map { step.parameters[$0] }, try file.floats("after_adam.\(view.name)"))
            #expect(error < 1e-5, "after_adam.\(view.name): \(error)")
        }
    }

    /// The ELBO of the importance-weighting dump: log p(x|z) + log p(z) − log q(z|x) per sample.
    @Test func logWeightsOfManySamples() throws {
        let file = try fixture("iwae_bound")
        let step = try step(file, .relu)
        let x = try file.floats("x")
        let noise = try file.floats("eps")
        let reference = try file.floats("log_weights")
        for k in 0..<50 {
            let epsilon = Array(noise[k * 12..<(k + 1) * 12])
            _ = step.computeGradients(x: x, epsilon: epsilon, beta: 1)
            let ours = step.inspect(rows: 4)
            let weights = (0..<4).map { row -> Float in
                let at = row * 3..<(row + 1) * 3
                let z = ours["z"]![at].reduce(0) { $0 + $1 * $1 }
                let logVariance = ours["logvar"]![at].reduce(0, +)
                let noise = epsilon[at].reduce(0) { $0 + $1 * $1 }
                return -ours["reconstruction_per_image"]![row] - z / 2 + (logVariance + noise) / 2
            }
            #expect(relativeError(weights, Array(reference[k * 4..<(k + 1) * 4])) < 1e-5)
        }
    }
}
