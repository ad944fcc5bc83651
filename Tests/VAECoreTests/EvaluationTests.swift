import Foundation
import Testing
import VAECore

@Suite struct EvaluationTests {
    static let shape = ImageShape(height: 4, width: 4)

    /// A model with seeded parameters, larger than initial ones so that its posterior differs from the prior.
    func snapshot(_ model: ModelConfiguration, scale: Float = 3) throws -> ParameterSnapshot {
        let network = try Network(model)
        let values = FloatBuffer(count: network.parameterCount)
        Initialization.glorot.fill(values, layout: network.layout, seed: 2)
        return ParameterSnapshot(network: network, values: values.array.map { $0 * scale })
    }

    func model(latent: Int, isDeterministic: Bool = false, classes: Int? = nil) -> ModelConfiguration {
        .perceptron(
            image: Self.shape, hidden: [8], latent: latent, activation: .tanh, isDeterministic: isDeterministic,
            classes: classes)
    }

    /// With one latent dimension, log p(x) is an integral that a sum over a fine grid gives. The bound approaches it, never
    /// exceeds it (beyond noise), and lies above the ELBO.
    @Test func importanceBoundComesUpToTheIntegral() throws {
        let snapshot = try snapshot(model(latent: 1), scale: 0.5)  // q(z|x) near the posterior
        let set = Dataset.noise(images: 12, seed: 3, shape: Self.shape).test
        let inference = Inference(snapshot)
        let points = (-600...600).map { Float($0) * 0.01 }
        let pictures = inference.decode(points).map(Double.init)
        var exact = 0.0
        for image in 0..<set.count {
            let x = set[image].map { $0 > 127 }
            let terms = points.indices.map { i -> Double in
                var logDensity = -0.5 * Double(points[i] * points[i]) - 0.5 * log(2 * Double.pi)
                for (j, on) in x.enumerated() {
                    let p = pictures[i * 16 + j]
                    logDensity += log(on ? p : 1 - p)
                }
                return logDensity
            }
            let largest = terms.max()!
            exact += largest + log(terms.reduce(0) { $0 + exp($1 - largest) } * 0.01)
        }
        exact /= Double(set.count)
        let workers = Workers(count: 2)
        defer { workers.stop() }
        let evaluator = Evaluator(network: snapshot.network, workers: workers)
        func bound(_ samples: Int) throws -> Double {
            try evaluator.importanceBound(
                snapshot.parameters, on: set, binarization: .threshold, samples: samples).logLikelihood
        }
        let elbo = -evaluator.evaluate(snapshot.parameters, on: set, binarization: .threshold).terms.negativeELBO
        let many = try bound(4000)
        #expect(abs(many - exact) < 0.01, "\(many) against \(exact), ELBO \(elbo)")
        #expect(elbo < exact)
        #expect(try bound(250) > elbo)
        #expect(try bound(250) == bound(250))
    }

    @Test func deterministicModelsSaySo() throws {
        let snapshot = try snapshot(model(latent: 2, isDeterministic: true))
        let set = Dataset.noise(images: 70, seed: 4, shape: Self.shape).test
        let workers = Workers(count: 2)
        defer { workers.stop() }
        let evaluator = Evaluator(network: snapshot.network, workers: workers)
        let first = evaluator.evaluate(snapshot.parameters, on: set, binarization: .grey, seed: 1)
        let second = evaluator.evaluate(snapshot.parameters, on: set, binarization: .grey, seed: 2)
        #expect(first == second)  // no noise
        #expect(first.isDeterministic == true && first.terms.kl == 0)
        #expect(first.protocolDescription == "grey pixels, z = μ, no bound")
        let inference = Inference(snapshot)
        let images = uniforms(32, seed: 1)
        #expect(inference.encode(images).mean == inference.reconstruct(images, sampleSeed: 9).flatMap(\.z))
        #expect(inference.encode(images).logVariance.allSatisfy { $0 == -30 })
        #expect(throws: CoreError.self) {
            try evaluator.importanceBound(snapshot.parameters, on: set, binarization: .grey, samples: 2)
        }
    }

    @Test func classesAddUpToTheWhole() throws {
        let snapshot = try snapshot(model(latent: 2))
        let set = Dataset.noise(images: 95, seed: 5, shape: Self.shape).test
        let workers = Workers(count: 1)
        let evaluation = Evaluator(network: snapshot.network, workers: workers).evaluate(
            snapshot.parameters, on: set, binarization: .stochastic)
        let figures = try #require(evaluation.perClass)
        #expect(figures.map(\.label) == Array(0..<10))
        let sum = figures.reduce(0) { $0 + $1.reconstruction * Double($1.images) }
        #expect(abs(sum / 95 - evaluation.terms.reconstruction) < 1e-9)
    }

    /// Images are shown as an evaluation with the same seed sees them.
    @Test(arguments: Binarization.allCases)
    func inputsAreThoseOfTheEvaluation(_ binarization: Binarization) throws {
        let snapshot = try snapshot(model(latent: 2))
        let set = Dataset.noise(images: 20, seed: 5, shape: Self.shape).train
        let inputs = set.inputs(0..<set.count, binarization: binarization, seed: 9)
        #expect(inputs.allSatisfy { binarization == .grey ? (0...1).contains($0) : $0 == 0 || $0 == 1 })
        #expect(Array(inputs[48..<80]) == set.inputs(3..<5, binarization: binarization, seed: 9))
        let other = set.inputs(0..<set.count, binarization: binarization, seed: 10)
        #expect((inputs == other) == (binarization != .stochastic))
        let workers = Workers(count: 1)
        defer { workers.stop() }
        let evaluation = Evaluator(network: snapshot.network, workers: workers).evaluate(
            snapshot.parameters, on: set, binarization: binarization, seed: 9)
        let shown = Inference(snapshot).reconstruct(inputs)
        let kl = shown.reduce(0) { $0 + $1.terms.kl } / Double(shown.count)
        #expect(abs(kl - evaluation.terms.kl) < 1e-6 * kl)
        let codes = Inference(snapshot).encode(inputs).mean
        for dimension in 0..<2 {
            let values = stride(from: dimension, to: codes.count, by: 2).map { Double(codes[$0]) }
            let mean = values.reduce(0, +) / Double(values.count)
            #expect(abs(try #require(evaluation.codeMean)[dimension] - mean) < 1e-5)
        }
    }

    /// An image layer gets the class as a channel of every pixel. Here the first layer gives the channel of class k the
    /// weight k + 1 and the head sums over all places, so the mean is places · (label + 1).
    @Test(arguments: [true, false])
    func theClassIsAChannelOfEveryPixel(_ transposed: Bool) throws {
        let first: LayerConfiguration = transposed
            ? .transposedConvolution(filters: 1, kernel: 1, stride: 1, padding: .valid, activation: .identity)
            : .convolution(filters: 1, kernel: 1, stride: 1, padding: .valid, activation: .identity)
        let network = try Network(
            ModelConfiguration(image: Self.shape, latent: 1, encoder: [first], decoder: [], classes: 3))
        #expect(network.encoderInputCount == 16 * 4)
        var values = [Float](repeating: 0, count: network.parameterCount)
        let kernel = try #require(network.layout["encoder.0.weight"])
        for (i, weight) in ([0, 1, 2, 3] as [Float]).enumerated() { values[kernel.offset + i] = weight }
        for i in try #require(network.layout["fc21.weight"]).range { values[i] = 1 }
        let inference = Inference(ParameterSnapshot(network: network, values: values))
        for label in 0..<3 {
            #expect(inference.encode(uniforms(16, seed: 3), labels: [label]).mean == [Float(16 * (label + 1))])
        }
    }

    /// After a reshape the first layer is not an image layer, so the class follows the pixels.
    @Test func theClassFollowsThePixelsBeforeAReshape() throws {
        let network = try Network(
            ModelConfiguration(
                image: Self.shape, latent: 1,
                encoder: [
                    .reshape(height: 2, width: 10, channels: 1),
                    .convolution(filters: 1, kernel: 1, stride: 1, padding: .valid, activation: .identity),
                ], decoder: [], classes: 4))
        #expect(network.encoderInputCount == 20)
        var values = [Float](repeating: 0, count: network.parameterCount)
        values[try #require(network.layout["encoder.0.weight"]).offset] = 1
        for (i, place) in try #require(network.layout["fc21.weight"]).range.enumerated() where i >= 16 {
            values[place] = Float(i - 15)
        }
        let inference = Inference(ParameterSnapshot(network: network, values: values))
        for label in 0..<4 {
            #expect(inference.encode(uniforms(16, seed: 3), labels: [label]).mean == [Float(label + 1)])
        }
    }

    /// The class changes what a conditional model encodes and decodes.
    @Test func conditionalModelsHearTheClass() throws {
        let inference = Inference(try snapshot(model(latent: 2, classes: 3)))
        let z: [Float] = [0.1, -0.2]
        #expect(inference.decode(z, labels: [0]) != inference.decode(z, labels: [2]))
        let image = uniforms(16, seed: 2)
        #expect(inference.encode(image, labels: [0]) != inference.encode(image, labels: [1]))
        #expect(inference.decode(z + z, labels: [0, 2])[16...] == inference.decode(z, labels: [2])[...])
        #expect(inference.decode(z).allSatisfy { $0.isFinite })
    }

    @Test func picturesOfEveryLikelihoodAreWithinRange() throws {
        for likelihood in Likelihood.allCases {
            let model = ModelConfiguration.perceptron(
                image: Self.shape, hidden: [8], latent: 2, likelihood: likelihood)
            let pictures = Inference(try snapshot(model)).decode(normals(200, seed: 1).map { $0 * 20 })
            #expect(pictures.allSatisfy { (0...1).contains($0) }, "\(likelihood)")
        }
    }

    /// If the encoder inverts the decoder, no draw is lost; if it encodes everything to one point, all are.
    @Test func holes() throws {
        let set = Dataset.noise(images: 300, seed: 6, shape: Self.shape).train
        let collapsed = try #require(
            LatentHoles.measure(
                ParameterSnapshot(
                    network: try Network(model(latent: 2)),
                    values: [Float](repeating: 0, count: try Network(model(latent: 2)).parameterCount)),
                trainingImages: set, binarization: .grey))
        // Everything is encoded to 0. A draw lies within half a standard deviation of 0 with probability 1 − e^(−1/8).
        #expect(abs(collapsed.lost - exp(-0.125)) < 0.02)
        #expect(abs(collapsed.medianDistance - 1.177) < 0.03)
        let twin = try #require(
            LatentHoles.measure(
                try snapshot(model(latent: 2, isDeterministic: true)), trainingImages: set, binarization: .grey))
        #expect((0...1).contains(twin.lost) && (0...1).contains(twin.empty) && twin.codes == 300)
        #expect(
            LatentHoles.measure(try snapshot(model(latent: 3)), trainingImages: set, binarization: .grey) == nil)
    }
}
