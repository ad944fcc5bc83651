import Foundation
import Testing
import VAECore

/// Losses and gradients at the extremes that floats can reach in training.
@Suite struct StabilityTests {
    /// A network without hidden layers whose outputs are its biases, so that every logit and log variance can be set.
    func step(
        _ likelihood: Likelihood, output: Float, outputLogVariance: Float, mean: Float, logVariance: Float,
        objective: Objective
    ) throws -> TrainingStep {
        let network = try Network(
            .perceptron(image: ImageShape(height: 4, width: 5), hidden: [], latent: 2, likelihood: likelihood))
        let parameters = FloatBuffer(count: network.parameterCount)
        let outputViews = network.layout.views.filter { $0.name.hasPrefix("decoder") && $0.isBias }
        for (view, value) in zip(outputViews, [output, outputLogVariance]) {
            for i in view.range { parameters[i] = i % 2 == 0 ? value : (view == outputViews[0] ? -value : value) }
        }
        for i in network.layout["fc21.bias"]!.range { parameters[i] = mean }
        for i in network.layout["fc22.bias"]!.range { parameters[i] = logVariance }
        return TrainingStep(
            network: network, parameters: parameters, optimizer: Adam(count: network.parameterCount), batchSize: 3,
            workers: Workers(count: 1), objective: objective)
    }

    @Test(arguments: Likelihood.allCases, [Objective.Bound.elbo, .monteCarlo, .iwae])
    func extremesStayFinite(_ likelihood: Likelihood, _ bound: Objective.Bound) throws {
        let objective = Objective(bound, samples: bound == .iwae ? 4 : 1)
        let x = uniforms(3 * 20, seed: 1).enumerated().map { $0.offset % 3 == 0 ? Float($0.offset % 2) : $0.element }
        for logit: Float in [0, 1e-6, 0.499, 0.501, 20, 88, 89, 1e3, 1e4] {
            for logVariance: Float in [-1e4, -30, 0, 20, 1e4] {
                let step = try step(
                    likelihood, output: logit, outputLogVariance: logVariance, mean: logit == 20 ? 1e4 : 1,
                    logVariance: logVariance, objective: objective)
                let terms = step.computeGradients(
                    x: x, epsilon: normals(3 * objective.samples * 2, seed: 2), beta: 1)
                let place = "\(likelihood), output \(logit), log variance \(logVariance)"
                #expect(terms.nonFiniteTerm == nil, "\(place)")
                #expect(step.minimized(rows: 3).isFinite, "\(place)")
                #expect(step.gradients.array.allSatisfy { $0.isFinite }, "\(place)")
            }
        }
    }

    /// No gradient where a log variance is clamped, and the full one just inside the bounds.
    @Test func heldLogVariancesGetNoGradient() throws {
        for (value, isHeld) in [(-31, true), (-29, false), (19, false), (21, true)] as [(Float, Bool)] {
            let step = try step(
                .bernoulli, output: 0, outputLogVariance: 0, mean: 0, logVariance: value, objective: Objective())
            _ = step.computeGradients(x: uniforms(60, seed: 1), epsilon: normals(6, seed: 2), beta: 1)
            let range = step.network.layout["fc22.bias"]!.range
            #expect(range.allSatisfy { (step.gradients[$0] == 0) == isHeld }, "at \(value)")
        }
    }

    /// The mean picture is the mean of the density, by numerical integration.
    @Test func continuousBernoulliMean() throws {
        for logit: Float in [-30, -3, -0.6, -0.4, -1e-3, 0, 1e-3, 0.4, 0.6, 3, 30] {
            let network = try Network(
                .perceptron(
                    image: ImageShape(height: 1, width: 1), hidden: [], latent: 1, likelihood: .continuousBernoulli))
            var values = [Float](repeating: 0, count: network.parameterCount)
            values[network.layout["decoder.0.bias"]!.offset] = logit
            let ours = Inference(ParameterSnapshot(network: network, values: values)).decode([0])[0]
            var (mass, moment) = (0.0, 0.0)
            for i in 0..<20_000 {
                let x = (Double(i) + 0.5) / 20_000
                let density = exp(Double(logit) * (x - (logit > 0 ? 1 : 0)))
                (mass, moment) = (mass + density, moment + density * x)
            }
            #expect(abs(Double(ours) - moment / mass) < 2e-6, "logit \(logit)")
        }
    }

    /// With a learning rate of a million, training stops, names the term, and leaves finite parameters.
    @Test(arguments: ["pytorch", "autoencoder", "iwae"])
    func divergenceIsNamed(_ name: String) throws {
        let preset = try Preset.named(name)
        var training = preset.training
        training.learningRate = 1e20
        training.schedule = .constant
        training.epochs = 3
        training.objective.samples = min(3, training.objective.samples)
        let trainer = try Trainer(
            model: preset.model, training: training, dataset: .noise(images: 200, seed: 1), threads: 1)
        trainer.start()
        var mail = trainer.mailbox.wait(seconds: 5)
        var snapshot = mail.snapshot
        while !mail.state.isOver {
            mail = trainer.mailbox.wait(seconds: 5)
            snapshot = mail.snapshot ?? snapshot
        }
        guard case .failed(let error) = mail.state else {
            Issue.record("ended with \(mail.state)")
            return
        }
        #expect(error.kind == .training)
        #expect(error.what.contains("no longer a finite number"))
        #expect(snapshot!.values.allSatisfy { $0.isFinite })
    }
}

extension Dataset {
    /// Random images of MNIST's size, with labels 0…9.
    static func noise(images: Int, seed: UInt64, labelled: Bool = true, shape: ImageShape = .mnist) -> Dataset {
        func set(_ seed: UInt64) -> ImageSet {
            ImageSet(
                shape: shape, pixels: uniforms(images * shape.count, seed: seed).map { UInt8($0 * 255) },
                labels: labelled ? (0..<images).map { UInt8($0 % 10) } : nil)
        }
        return Dataset(name: "noise", train: set(seed), test: set(seed + 1), source: "seed \(seed)")
    }
}
