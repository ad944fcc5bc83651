import Testing
import VAECore

/// A dump of PyTorch's, and what the network in it was.
struct GoldenCase: Sendable, CustomTestStringConvertible {
    let file: String
    var activation = Activation.relu
    var likelihood = Likelihood.bernoulli
    var beta: Float = 1
    var isDeterministic = false
    var testDescription: String { file }

    var model: ModelConfiguration {
        .perceptron(
            image: ImageShape(height: 3, width: 4), hidden: [8], latent: 3, activation: activation,
            likelihood: likelihood, isDeterministic: isDeterministic)
    }
}

/// The core against tensors that PyTorch computed in double precision, tensor by tensor.
@Suite struct GoldenTests {
    static let cases = [
        GoldenCase(file: "mlp_relu_bernoulli"),
        GoldenCase(file: "mlp_tanh_bernoulli", activation: .tanh),
        GoldenCase(file: "mlp_relu_bernoulli_beta4", beta: 4),
        GoldenCase(file: "mlp_tanh_gaussian", activation: .tanh, likelihood: .gaussian),
        GoldenCase(file: "mlp_relu_continuous_bernoulli", likelihood: .continuousBernoulli),
        GoldenCase(file: "mlp_relu_autoencoder", isDeterministic: true),
    ]

    /// A step over the parameters, inputs and noise of a dump.
    func step(
        _ file: SafetensorsFile, _ model: ModelConfiguration, objective: Objective = Objective()
    ) throws -> TrainingStep {
        let network = try Network(model)
        let parameters = FloatBuffer(count: network.parameterCount)
        for view in network.layout.views {
            for (i, v) in try file.floats(view.name).enumerated() { parameters[view.offset + i] = v }
        }
        return TrainingStep(
            network: network, parameters: parameters, optimizer: Adam(count: network.parameterCount), batchSize: 5,
            workers: Workers(count: 2), objective: objective)
    }

    @Test(arguments: cases)
    func everyTensorOfOneStep(_ test: GoldenCase) throws {
        let file = try fixture(test.file)
        let step = try step(file, test.model)
        let epsilon = try Array(file.floats("eps")[..<15])
        _ = step.computeGradients(x: try file.floats("x"), epsilon: epsilon, beta: test.beta)
        let ours = step.inspect(rows: 5)
        var names = [
            "mu": "mu", "z": "z", "hidden": "encoder.0", "decoder_hidden": "decoder.0",
            "reconstruction_per_image": "reconstruction_per_image",
        ]
        if !test.isDeterministic {
            names["logvar"] = "logvar"
            names["kl_per_image_per_dim"] = "kl_per_image_per_dim"
        }
        for (reference, mine) in names {
            let error = relativeError(try #require(ours[mine]), try file.floats(reference))
            #expect(error < 1e-5, "\(reference): \(error)")
        }
        // A Gaussian's output is the means, then the log variances, of each row.
        let output = try #require(ours["output"])
        let width = output.count / 5
        for (part, name) in ["output", "output_logvar"].prefix(width / 12).enumerated() {
            let mine = (0..<5).flatMap { row -> ArraySlice<Float> in
                let first = row * width + part * 12
                return output[first..<first + 12]
            }
            #expect(relativeError(mine, try file.floats(name)) < 1e-5, "\(name)")
        }
        #expect(relativeError([Float(step.minimized(rows: 5))], try file.floats("loss")) < 1e-5)
        for view in step.network.layout.views {
            let gradient = (view.range).map { step.gradients[$0] }
            let error = relativeError(gradient, try file.floats("grad.\(view.name)"))
            #expect(error < 1e-5, "grad.\(view.name): \(error)")
        }
    }

    @Test(arguments: cases)
    func sixStepsOfAdam(_ test: GoldenCase) throws {
        let file = try fixture(test.file)
        let step = try step(file, test.model)
        let x = try file.floats("x")
        let noise = try file.floats("eps")
        var losses: [Float] = []
        for s in 0..<6 {
            _ = step.computeGradients(x: x, epsilon: Array(noise[s * 15..<(s + 1) * 15]), beta: test.beta)
            losses.append(Float(step.minimized(rows: 5)))
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

    /// Fifty samples an image at once: every log weight, and the bound they give.
    @Test func importanceWeightedBound() throws {
        let file = try fixture("iwae_bound")
        let noise = try file.floats("eps")  // (50 samples, 4 images, 3)
        let epsilon = (0..<4).flatMap { image in
            (0..<50).flatMap { sample -> ArraySlice<Float> in
                let first = (sample * 4 + image) * 3
                return noise[first..<first + 3]
            }
        }
        let reference = GoldenCase(file: "iwae_bound")
        for (bound, name) in [(Objective.Bound.iwae, "iwae_bound_per_image"), (.monteCarlo, "elbo_per_image")] {
            let step = try step(file, reference.model, objective: Objective(bound, samples: 50))
            _ = step.computeGradients(x: try file.floats("x"), epsilon: epsilon, beta: 1)
            let ours = step.inspect(rows: 4)["objective_per_image"]!.map { -$0 }
            #expect(relativeError(ours, try file.floats(name)) < 1e-5, "\(name)")
        }
    }

    /// The ELBO of the importance-weighting dump: log p(x|z) + log p(z) − log q(z|x) per sample.
    @Test func logWeightsOfManySamples() throws {
        let file = try fixture("iwae_bound")
        let step = try step(file, GoldenCase(file: "iwae_bound").model)
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
