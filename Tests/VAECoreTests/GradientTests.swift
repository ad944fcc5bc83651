import Testing
import VAECore

/// A network and an objective whose gradient is compared with central differences.
struct GradientCase: Sendable, CustomTestStringConvertible {
    let name: String
    let model: ModelConfiguration
    var objective = Objective()
    var testDescription: String { name }

    init(_ name: String, _ model: ModelConfiguration, _ objective: Objective = Objective()) {
        self.name = name
        self.model = model
        self.objective = objective
    }

    static func small(
        _ likelihood: Likelihood = .bernoulli, isDeterministic: Bool = false, classes: Int? = nil
    ) -> ModelConfiguration {
        .perceptron(
            image: ImageShape(height: 3, width: 6), hidden: [9], latent: 3, activation: .tanh,
            likelihood: likelihood, isDeterministic: isDeterministic, classes: classes)
    }

    /// Convolutions of every kind: both paddings, strides 1 to 3, several channels in and out.
    static func convolutional(_ activation: Activation, classes: Int? = nil) -> ModelConfiguration {
        ModelConfiguration(
            image: ImageShape(height: 8, width: 6, channels: 2), latent: 2,
            encoder: [
                .convolution(filters: 5, kernel: 3, stride: 2, padding: .same, activation: activation),
                .convolution(filters: 4, kernel: 2, stride: 1, padding: .valid, activation: activation),
                .linear(units: 7, activation: activation),
            ],
            decoder: [
                .linear(units: 18, activation: activation), .reshape(height: 3, width: 2, channels: 3),
                .transposedConvolution(filters: 4, kernel: 2, stride: 1, padding: .valid, activation: activation),
                .transposedConvolution(filters: 3, kernel: 4, stride: 1, padding: .same, activation: activation),
            ],
            output: .transposedConvolution(kernel: 3, stride: 2), classes: classes)
    }

    static let all: [GradientCase] = [
        .init("deep relu", .perceptron(image: ImageShape(height: 5, width: 5), hidden: [11, 7], latent: 2)),
        .init("tanh", .perceptron(image: ImageShape(height: 4, width: 5), hidden: [9], latent: 3, activation: .tanh)),
        .init(
            "softplus",
            .perceptron(image: ImageShape(height: 4, width: 4), hidden: [6, 5], latent: 1, activation: .softplus)),
        .init(
            "sigmoid", .perceptron(image: ImageShape(height: 3, width: 3), hidden: [17], latent: 4, activation: .sigmoid)),
        .init("elu", .perceptron(image: ImageShape(height: 4, width: 5), hidden: [9, 7], latent: 2, activation: .elu)),
        .init(
            "leaky relu",
            .perceptron(image: ImageShape(height: 4, width: 5), hidden: [9, 7], latent: 2, activation: .leakyReLU)),
        .init("silu", .perceptron(image: ImageShape(height: 4, width: 5), hidden: [9, 7], latent: 2, activation: .silu)),
        .init("gelu", .perceptron(image: ImageShape(height: 4, width: 5), hidden: [9], latent: 2, activation: .gelu)),
        .init("convolutions, silu", convolutional(.silu)),
        .init("no hidden layer", .perceptron(image: ImageShape(height: 3, width: 3), hidden: [], latent: 2)),
        .init("convolutions, softplus", convolutional(.softplus)),
        .init("convolutions, conditional", convolutional(.tanh, classes: 3)),
        .init("conditional", small(classes: 4)),
        .init("autoencoder", small(isDeterministic: true)),
        .init("Gaussian", small(.gaussian)),
        .init("Gaussian, sigmoid mean", small(.gaussianSigmoid)),
        .init("continuous Bernoulli", small(.continuousBernoulli)),
        .init("free bits", small(), Objective(freeBits: 0.1)),
        .init("three samples", small(), Objective(samples: 3)),
        .init("Monte Carlo", small(), Objective(.monteCarlo)),
        .init("Monte Carlo, four samples", small(), Objective(.monteCarlo, samples: 4)),
        .init("importance weighted", small(), Objective(.iwae, samples: 5)),
        .init("importance weighted, Gaussian, conditional", small(.gaussian, classes: 3), Objective(.iwae, samples: 7)),
        .init("mean over the batch", small(), Objective(.iwae, samples: 2, reduction: .mean)),
    ]
}

/// Gradients, compared with central differences of the loss, for shapes and losses that the reference dumps lack.
@Suite struct GradientTests {
    static let rows = 6

    /// A training step with seeded parameters.
    func step(_ test: GradientCase) throws -> TrainingStep {
        let network = try Network(test.model)
        let parameters = FloatBuffer(count: network.parameterCount)
        Initialization.pytorch.fill(parameters, layout: network.layout, seed: 5)
        return TrainingStep(
            network: network, parameters: parameters, optimizer: Adam(count: network.parameterCount),
            batchSize: Self.rows, workers: Workers(count: 1), objective: test.objective)
    }

    @Test(arguments: GradientCase.all)
    func gradientIsTheSlopeOfTheLoss(_ test: GradientCase) throws {
        let step = try step(test)
        let (network, parameters, rows) = (step.network, step.parameters, Self.rows)
        let x = uniforms(rows * network.pixels, seed: 6)
        let epsilon = normals(rows * test.objective.samples * network.latent, seed: 7)
        let labels = (0..<rows).map { $0 % max(1, network.classes) }
        let share = test.objective.reduction == .mean ? 1 / Double(rows) : 1
        func loss() -> Double {
            _ = step.computeGradients(x: x, epsilon: epsilon, beta: 1.5, labels: labels)
            return step.minimized(rows: rows) * share
        }
        let leaks = network.configuration.encoder.contains { $0.activation == .leakyReLU }
        /// Which units are off and which KL terms are free. Where this changes between two points, there is a kink.
        func pattern() -> [Bool] {
            let numbers = step.inspect(rows: rows)
            let off = numbers.filter { $0.key.contains("coder.") }.sorted { $0.key < $1.key }
                .flatMap { $0.value.map { leaks ? $0 < 0 : $0 == 0 } }
            return off + numbers["kl_per_image_per_dim"]!.map { Double($0) > test.objective.freeBits }
        }
        _ = loss()
        let gradient = step.gradients.array
        let here = pattern()
        // One direction per tensor: compares the slope along it with the difference of two losses. A step of 1e-2 along a
        // unit vector keeps rounding errors below the tolerance.
        for view in network.layout.views {
            var checked = false
            for (attempt, h) in [1e-2, 1e-2, 1e-2, 5e-3, 5e-3, 5e-3, 2e-3, 2e-3, 1e-3, 1e-3].enumerated()
            where !checked {
                var random = RandomStream(seed: 9, purpose: .other, index: view.offset, lane: attempt)
                var direction = random.normals(view.count)
                let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
                direction = direction.map { $0 / length }
                func moved(_ h: Float) -> (loss: Double, smooth: Bool) {
                    let saved = view.range.map { parameters[$0] }
                    for (i, d) in zip(view.range, direction) { parameters[i] += h * d }
                    defer { for (i, v) in zip(view.range, saved) { parameters[i] = v } }
                    return (loss(), pattern() == here)
                }
                let (up, down) = (moved(Float(h)), moved(Float(-h)))
                guard up.smooth, down.smooth else { continue }
                checked = true
                let slope = zip(view.range, direction).reduce(0.0) { $0 + Double(gradient[$1.0]) * Double($1.1) }
                let difference = (up.loss - down.loss) / (2 * h)
                #expect(
                    abs(difference - slope) < max(2e-3, 2e-5 / h) * max(1, abs(slope)),
                    "\(test.name), \(view.name): slope \(slope), difference \(difference)")
            }
            #expect(checked, "\(test.name), \(view.name): no direction without a kink")
        }
    }

    /// A step leaves out zero pixels; its gradients are those over all pixels.
    @Test(arguments: [0, 5, 40, 80])
    func columnsOfZerosChangeNothing(_ zeros: Int) throws {
        var model = ModelConfiguration.perceptron(image: ImageShape(height: 9, width: 9), hidden: [50], latent: 4)
        model.isDeterministic = true  // no noise, so that both ways get the same numbers
        let network = try Network(model)
        // Every size of run and gap, at the ends too.
        var isZero = [Bool](repeating: false, count: 81)
        for i in 0..<zeros { isZero[(i * i + i / 3) % 81] = true }
        let bytes = uniforms(20 * 81, seed: 5).enumerated().map { i, u in
            isZero[i % 81] || (u < 0.3 && i > 81) ? 0 : UInt8(u * 255)
        }
        let parameters = FloatBuffer(count: network.parameterCount)
        Initialization.pytorch.fill(parameters, layout: network.layout, seed: 1)
        let step = TrainingStep(
            network: network, parameters: parameters, optimizer: Adam(count: network.parameterCount), batchSize: 20,
            workers: Workers(count: 2), gradientClip: 1e9)  // clipping keeps the gradients
        let terms = step.computeGradients(
            x: bytes.map { Float($0) * (1 / 255) }, epsilon: [Float](repeating: 0, count: 80), beta: 1)
        let expected = step.gradients.array
        let stepped = step.run(
            .init(
                images: ImageSet(shape: model.image, pixels: bytes, labels: nil), indices: Array(0..<20)[...],
                binarization: .grey, seed: 1, step: 0, epoch: 0), beta: 1, learningRate: 0)
        #expect(abs(stepped.reconstruction - terms.reconstruction) < 1e-6 * terms.reconstruction)
        #expect(relativeError(step.gradients.array, expected) < 1e-6)
    }

    /// The transposed copy of the weights, used for sparse images, follows every change of the weights.
    @Test func stepsOnSparseImagesFollowTheWeights() throws {
        var model = ModelConfiguration.perceptron(image: ImageShape(height: 9, width: 9), hidden: [50], latent: 4)
        model.isDeterministic = true
        let network = try Network(model)
        let bytes = uniforms(20 * 81, seed: 5).map { $0 < 0.8 ? 0 : UInt8($0 * 255) }
        let images = ImageSet(shape: model.image, pixels: bytes, labels: nil)
        func makeStep() -> TrainingStep {
            let parameters = FloatBuffer(count: network.parameterCount)
            Initialization.pytorch.fill(parameters, layout: network.layout, seed: 1)
            return TrainingStep(
                network: network, parameters: parameters, optimizer: Adam(count: network.parameterCount),
                batchSize: 20, workers: Workers(count: 2))
        }
        let (sparse, whole) = (makeStep(), makeStep())
        let start = sparse.parameters.array
        func run() -> Double {
            sparse.run(
                .init(images: images, indices: Array(0..<20)[...], binarization: .grey, seed: 1, step: 0, epoch: 0),
                beta: 1, learningRate: 1e-2
            ).reconstruction
        }
        func compute(_ step: TrainingStep) -> Double {
            step.computeGradients(
                x: bytes.map { Float($0) * (1 / 255) }, epsilon: [Float](repeating: 0, count: 80), beta: 1
            ).reconstruction
        }
        for round in 0..<6 {
            // The fourth step changes the weights of both outside `run`.
            let loss = round == 3 ? compute(sparse) : run()
            if round == 3 { sparse.applyGradients(learningRate: 1e-2) }
            let expected = compute(whole)
            whole.applyGradients(learningRate: 1e-2)
            #expect(abs(loss - expected) < 1e-5 * expected, "step \(round)")
        }
        #expect(relativeError(sparse.parameters.array, whole.parameters.array) < 1e-3)
        #expect(sparse.parameters.array != start)
    }

    /// The same chunks give the same bits for any number of workers, and from run to run.
    @Test(arguments: [0, 0.8]) func sameSeedSameBits(_ zeros: Float) throws {
        let network = try Network(.perceptron(hidden: [50], latent: 4))
        let images = ImageSet(
            shape: .mnist, pixels: uniforms(300 * 784, seed: 1).map { $0 < zeros ? 0 : UInt8($0 * 255) }, labels: nil)
        func train(workers: Int) -> [Float] {
            let parameters = FloatBuffer(count: network.parameterCount)
            Initialization.pytorch.fill(parameters, layout: network.layout, seed: 1)
            let pool = Workers(count: workers)
            defer { pool.stop() }
            let step = TrainingStep(
                network: network, parameters: parameters, optimizer: Adam(count: network.parameterCount),
                batchSize: 128, workers: pool)
            for s in 0..<6 {
                let order = epochOrder(count: 300, seed: 1, epoch: s)
                _ = step.run(
                    .init(images: images, indices: order[(s % 2) * 128..<min(300, (s % 2) * 128 + 128)],
                        binarization: .grey, seed: 1, step: s, epoch: 0), beta: 1, learningRate: 1e-3)
            }
            return parameters.array
        }
        let one = train(workers: 2)
        #expect(one == train(workers: 2))
        #expect(one == train(workers: 1))
        #expect(one.allSatisfy { $0.isFinite })
    }
}
