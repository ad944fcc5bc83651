import Testing
import VAECore

// Comparison with other programs in double precision, tensor by tensor. Tests/Fixtures/README.md describes the files;
// `LATENT_FIXTURES=FOLDER ./test --filter Golden` uses another set, made by `script/make-fixtures`.

/// A dump from PyTorch, and its network.
struct GoldenCase {
    let file: SafetensorsFile
    let model: ModelConfiguration
    let beta: Float
    /// Images in the batch.
    let rows: Int

    init(_ name: String) throws {
        file = try fixture(name)
        let likelihood = file.metadata["likelihood"] ?? "bernoulli"
        let isDeterministic = likelihood == "autoencoder"
        model = .perceptron(
            image: ImageShape(height: 1, width: try file.shape("x")[1]), hidden: [try file.shape("fc1.weight")[0]],
            latent: try file.shape("fc21.weight")[0],
            activation: try #require(Activation(rawValue: file.metadata["activation"] ?? "relu")),
            likelihood: isDeterministic
                ? .bernoulli : try #require(Likelihood(rawValue: likelihood.replacing("_", with: "-"))),
            isDeterministic: isDeterministic)
        beta = try #require(Float(file.metadata["beta"] ?? "1"))
        rows = try file.shape("x")[0]
    }

    /// A training step with the dump's parameters.
    func step(_ objective: Objective = Objective()) throws -> TrainingStep {
        let network = try Network(model)
        let parameters = FloatBuffer(count: network.parameterCount)
        for view in network.layout.views {
            for (i, v) in try file.floats(view.name).enumerated() { parameters[view.offset + i] = v }
        }
        return TrainingStep(
            network: network, parameters: parameters, optimizer: Adam(count: network.parameterCount), batchSize: rows,
            workers: Workers(count: 2), objective: objective)
    }

    /// The noise of one step, or of one sample of all images (rows, latent).
    func epsilon(_ index: Int) throws -> [Float] {
        let count = rows * model.latent
        return Array(try file.floats("eps")[index * count..<(index + 1) * count])
    }
}

/// Perceptrons, compared with PyTorch's tensors.
@Suite struct GoldenTests {
    static let names = [
        "mlp_relu_bernoulli", "mlp_tanh_bernoulli", "mlp_relu_bernoulli_beta4", "mlp_tanh_gaussian",
        "mlp_relu_continuous_bernoulli", "mlp_relu_autoencoder",
    ]

    @Test(arguments: names)
    func everyTensorOfOneStep(_ name: String) throws {
        let golden = try GoldenCase(name)
        let (file, rows, pixels) = (golden.file, golden.rows, golden.model.image.count)
        let step = try golden.step()
        _ = step.computeGradients(x: try file.floats("x"), epsilon: try golden.epsilon(0), beta: golden.beta)
        let ours = step.inspect(rows: rows)
        var names = [
            "mu": "mu", "z": "z", "hidden": "encoder.0", "decoder_hidden": "decoder.0",
            "reconstruction_per_image": "reconstruction_per_image",
        ]
        if !golden.model.isDeterministic {
            names["logvar"] = "logvar"
            names["kl_per_image_per_dim"] = "kl_per_image_per_dim"
        }
        for (reference, mine) in names {
            let error = relativeError(try #require(ours[mine]), try file.floats(reference))
            #expect(error < 1e-5, "\(reference): \(error)")
        }
        // A Gaussian's output is the means, then the log variances, of each row.
        let output = try #require(ours["output"])
        let width = output.count / rows
        for (part, name) in ["output", "output_logvar"].prefix(width / pixels).enumerated() {
            let mine = (0..<rows).flatMap { row -> ArraySlice<Float> in
                let first = row * width + part * pixels
                return output[first..<first + pixels]
            }
            #expect(relativeError(mine, try file.floats(name)) < 1e-5, "\(name)")
        }
        #expect(relativeError([Float(step.minimized(rows: rows))], try file.floats("loss")) < 1e-5)
        for view in step.network.layout.views {
            let gradient = (view.range).map { step.gradients[$0] }
            let error = relativeError(gradient, try file.floats("grad.\(view.name)"))
            #expect(error < 1e-5, "grad.\(view.name): \(error)")
        }
    }

    @Test(arguments: names)
    func stepsOfAdam(_ name: String) throws {
        let golden = try GoldenCase(name)
        let (step, x) = (try golden.step(), try golden.file.floats("x"))
        let reference = try golden.file.floats("adam_losses")
        var losses: [Float] = []
        for s in reference.indices {
            _ = step.computeGradients(x: x, epsilon: try golden.epsilon(s), beta: golden.beta)
            losses.append(Float(step.minimized(rows: golden.rows)))
            step.applyGradients(learningRate: 1e-2)
        }
        #expect(relativeError(losses, reference) < 1e-5)
        for view in step.network.layout.views {
            let error = relativeError(
                view.range.map { step.parameters[$0] }, try golden.file.floats("after_adam.\(view.name)"))
            #expect(error < 1e-5, "after_adam.\(view.name): \(error)")
        }
    }

    /// The bounds from all samples of an image together.
    @Test func importanceWeightedBound() throws {
        let golden = try GoldenCase("iwae_bound")
        let (rows, latent, samples) = (golden.rows, golden.model.latent, try golden.file.shape("eps")[0])
        let noise = try golden.file.floats("eps")  // (samples, images, latent)
        let epsilon = (0..<rows).flatMap { image in
            (0..<samples).flatMap { sample -> ArraySlice<Float> in
                let first = (sample * rows + image) * latent
                return noise[first..<first + latent]
            }
        }
        for (bound, name) in [(Objective.Bound.iwae, "iwae_bound_per_image"), (.monteCarlo, "elbo_per_image")] {
            let step = try golden.step(Objective(bound, samples: samples))
            _ = step.computeGradients(x: try golden.file.floats("x"), epsilon: epsilon, beta: 1)
            let ours = step.inspect(rows: rows)["objective_per_image"]!.map { -$0 }
            #expect(relativeError(ours, try golden.file.floats(name)) < 1e-5, "\(name)")
        }
    }

    /// log p(x|z) + log p(z) − log q(z|x) of each sample.
    @Test func logWeightsOfManySamples() throws {
        let golden = try GoldenCase("iwae_bound")
        let (rows, latent) = (golden.rows, golden.model.latent)
        let (step, x) = (try golden.step(), try golden.file.floats("x"))
        let reference = try golden.file.floats("log_weights")
        for k in 0..<(try golden.file.shape("eps")[0]) {
            let epsilon = try golden.epsilon(k)
            _ = step.computeGradients(x: x, epsilon: epsilon, beta: 1)
            let ours = step.inspect(rows: rows)
            let weights = (0..<rows).map { row -> Float in
                let at = row * latent..<(row + 1) * latent
                let z = ours["z"]![at].reduce(0) { $0 + $1 * $1 }
                let logVariance = ours["logvar"]![at].reduce(0, +)
                let noise = epsilon[at].reduce(0) { $0 + $1 * $1 }
                return -ours["reconstruction_per_image"]![row] - z / 2 + (logVariance + noise) / 2
            }
            #expect(relativeError(weights, Array(reference[k * rows..<(k + 1) * rows])) < 1e-5)
        }
    }
}

/// An optimiser, compared with PyTorch's steps.
@Suite struct GoldenOptimizerTests {
    @Test func adagrad() throws {
        let file = try fixture("adagrad")
        let shape = try file.shape("gradients")  // (steps, parameters)
        let rate = try #require(file.metadata["lr"].flatMap { Float($0) })
        let epsilon = try #require(file.metadata["eps"].flatMap { Double($0) })
        let optimizer = OptimizerConfiguration.adagrad(epsilon: epsilon).make(count: shape[1])
        let (parameters, gradient) = (FloatBuffer(count: shape[1]), FloatBuffer(count: shape[1]))
        parameters.assign(try file.floats("start"))
        let (gradients, reference) = (try file.floats("gradients"), try file.floats("after_each_step"))
        for s in 0..<shape[0] {
            let part = s * shape[1]..<(s + 1) * shape[1]
            gradient.assign(gradients[part])
            optimizer.beginStep(learningRate: rate)
            optimizer.update(0..<shape[1], parameters: parameters.pointer, gradient: gradient.pointer)
            #expect(relativeError(parameters.array, Array(reference[part])) < 1e-5)
        }
    }
}

/// Convolutions, compared with a small version of the network in TensorFlow's tutorial.
///
/// The repository's fixtures include it; those made without TensorFlow do not.
@Suite(.enabled(if: fixtureFolder.hasSuffix("Tests/Fixtures") || (try? fixture("tf_cvae_small")) != nil))
struct GoldenConvolutionTests {
    /// The dump's network.
    static func model(_ file: SafetensorsFile) throws -> ModelConfiguration {
        let image = try file.shape("x")
        // Kernels are (height, width, in, out); those of transposed convolutions (height, width, out, in).
        func kernel(_ layer: String) throws -> [Int] { try file.shape(layer + ".kernel") }
        func convolution(_ layer: String) throws -> LayerConfiguration {
            .convolution(
                filters: try kernel(layer)[3], kernel: try kernel(layer)[0], stride: 2, padding: .valid, activation: .relu)
        }
        func transposed(_ layer: String) throws -> LayerConfiguration {
            .transposedConvolution(
                filters: try kernel(layer)[2], kernel: try kernel(layer)[0], stride: 2, padding: .same, activation: .relu)
        }
        return ModelConfiguration(
            image: ImageShape(height: image[1], width: image[2], channels: image[3]), latent: try file.shape("eps")[1],
            encoder: [try convolution("encoder.conv1"), try convolution("encoder.conv2")],
            decoder: [
                .linear(units: try kernel("decoder.dense")[1], activation: .relu),
                .reshape(height: image[1] / 4, width: image[2] / 4, channels: try kernel("decoder.deconv1")[3]),
                try transposed("decoder.deconv1"), try transposed("decoder.deconv2"),
            ],
            output: .transposedConvolution(kernel: try kernel("decoder.deconv3")[0], stride: 1))
    }

    /// The dump's tensor for one of ours, in our layout. Convolution kernels have the same layout; TensorFlow's dense
    /// kernels are (in, out), and the last one of its encoder holds mean and log variance side by side.
    static func reference(_ view: ParameterView, _ file: SafetensorsFile, prefix: String = "") throws -> [Float] {
        let layers = [
            "encoder.0": "encoder.conv1", "encoder.1": "encoder.conv2", "fc21": "encoder.dense",
            "fc22": "encoder.dense", "decoder.0": "decoder.dense", "decoder.1": "decoder.deconv1",
            "decoder.2": "decoder.deconv2", "decoder.3": "decoder.deconv3",
        ]
        let stem = view.name.split(separator: ".").dropLast().joined(separator: ".")
        let values = try file.floats("\(prefix)\(layers[stem]!).\(view.isBias ? "bias" : "kernel")")
        let latent = try file.shape("eps")[1]
        let first = stem == "fc22" ? latent : 0
        let isHead = stem.hasPrefix("fc")
        if view.isBias { return isHead ? Array(values[first..<first + latent]) : values }
        guard view.shape.count == 2 else { return values }
        let columns = isHead ? 2 * latent : view.shape[0]
        return (0..<view.shape[0]).flatMap { row in
            (0..<view.shape[1]).map { values[$0 * columns + first + row] }
        }
    }

    @Test(arguments: [1, 2])
    func tensorFlowsTutorialInSmall(_ workers: Int) throws {
        let file = try fixture("tf_cvae_small")
        let rows = try file.shape("x")[0]
        let network = try Network(Self.model(file))
        let parameters = FloatBuffer(count: network.parameterCount)
        for view in network.layout.views {
            for (i, v) in try Self.reference(view, file).enumerated() { parameters[view.offset + i] = v }
        }
        let step = TrainingStep(
            network: network, parameters: parameters, optimizer: Adam(count: network.parameterCount), batchSize: rows,
            workers: Workers(count: workers), objective: Objective(.monteCarlo))
        _ = step.computeGradients(x: try file.floats("x"), epsilon: try file.floats("eps"), beta: 1)
        let ours = step.inspect(rows: rows)
        let names = [
            "encoder.conv1.output": "encoder.0", "encoder.conv2.output": "encoder.1", "mu": "mu", "logvar": "logvar",
            "z": "z", "decoder.dense.output": "decoder.0", "decoder.deconv1.output": "decoder.1",
            "decoder.deconv2.output": "decoder.2", "decoder.deconv3.output": "output", "output": "output",
            "reconstruction_per_image": "reconstruction_per_image",
        ]
        for (reference, mine) in names {
            let error = relativeError(try #require(ours[mine]), try file.floats(reference))
            #expect(error < 1e-5, "\(reference): \(error)")
        }
        #expect(relativeError([Float(step.minimized(rows: rows))], try file.floats("loss")) < 1e-5)
        for view in network.layout.views {
            let error = relativeError(
                view.range.map { step.gradients[$0] }, try Self.reference(view, file, prefix: "grad."))
            #expect(error < 1e-5, "grad.\(view.name): \(error)")
        }
    }
}
