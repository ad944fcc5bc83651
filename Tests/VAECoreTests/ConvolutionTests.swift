import Foundation
import Testing
import VAECore

/// Convolutions against a network that TensorFlow computed in double precision, and against plain loops.
@Suite struct ConvolutionTests {
    static let model = ModelConfiguration(
        image: ImageShape(height: 12, width: 12), latent: 2,
        encoder: [
            .convolution(filters: 4, kernel: 3, stride: 2, padding: .valid, activation: .relu),
            .convolution(filters: 6, kernel: 3, stride: 2, padding: .valid, activation: .relu),
        ],
        decoder: [
            .linear(units: 45, activation: .relu), .reshape(height: 3, width: 3, channels: 5),
            .transposedConvolution(filters: 6, kernel: 3, stride: 2, padding: .same, activation: .relu),
            .transposedConvolution(filters: 4, kernel: 3, stride: 2, padding: .same, activation: .relu),
        ],
        output: .transposedConvolution(kernel: 3, stride: 1))

    /// The dump's tensor for one of ours, in our layout: convolution kernels are TensorFlow's own; its dense
    /// kernels are (in, out), and its encoder's last one holds mean and log variance side by side.
    static func reference(_ view: ParameterView, _ file: SafetensorsFile, prefix: String = "") throws -> [Float] {
        let layers = [
            "encoder.0": "encoder.conv1", "encoder.1": "encoder.conv2", "fc21": "encoder.dense",
            "fc22": "encoder.dense", "decoder.0": "decoder.dense", "decoder.1": "decoder.deconv1",
            "decoder.2": "decoder.deconv2", "decoder.3": "decoder.deconv3",
        ]
        let stem = view.name.split(separator: ".").dropLast().joined(separator: ".")
        let values = try file.floats("\(prefix)\(layers[stem]!).\(view.isBias ? "bias" : "kernel")")
        let first = stem == "fc22" ? 2 : 0
        let isHead = stem.hasPrefix("fc")
        if view.isBias { return isHead ? Array(values[first..<first + 2]) : values }
        guard view.shape.count == 2 else { return values }
        let columns = isHead ? 4 : view.shape[0]
        return (0..<view.shape[0]).flatMap { row in
            (0..<view.shape[1]).map { values[$0 * columns + first + row] }
        }
    }

    @Test(arguments: [1, 2])
    func tensorFlowsTutorialInSmall(_ workers: Int) throws {
        let file = try fixture("tf_cvae_small")
        let network = try Network(Self.model)
        let parameters = FloatBuffer(count: network.parameterCount)
        for view in network.layout.views {
            for (i, v) in try Self.reference(view, file).enumerated() { parameters[view.offset + i] = v }
        }
        let step = TrainingStep(
            network: network, parameters: parameters, optimizer: Adam(count: network.parameterCount), batchSize: 3,
            workers: Workers(count: workers), objective: Objective(.monteCarlo))
        _ = step.computeGradients(x: try file.floats("x"), epsilon: try file.floats("eps"), beta: 1)
        let ours = step.inspect(rows: 3)
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
        #expect(relativeError([Float(step.minimized(rows: 3))], try file.floats("loss")) < 1e-5)
        for view in network.layout.views {
            let error = relativeError(
                view.range.map { step.gradients[$0] }, try Self.reference(view, file, prefix: "grad."))
            #expect(error < 1e-5, "grad.\(view.name): \(error)")
        }
    }

    /// More images than fit one block of columns, in batches of every remainder: each row as if it were alone.
    @Test func rowsDoNotDependOnTheirNeighbours() throws {
        let network = try Network(Preset.named("tensorflow").model)
        let parameters = FloatBuffer(count: network.parameterCount)
        Initialization.glorot.fill(parameters, layout: network.layout, seed: 3)
        let inference = Inference(ParameterSnapshot(network: network, values: parameters.array))
        let z = normals(7 * 2, seed: 4)
        let together = inference.decode(z)
        for row in 0..<7 {
            let alone = inference.decode(Array(z[row * 2..<row * 2 + 2]))
            #expect(relativeError(alone, Array(together[row * 784..<(row + 1) * 784])) < 1e-5)
        }
    }

    /// An output kernel of 4×4 whose 8 channels fill no whole vector: the last are read with what lies behind them,
    /// which must be ours (`script/sanitize address` sees whether it is).
    @Test func kernelsAtTheEndOfTheParameters() throws {
        let network = try Network(
            ModelConfiguration(
                image: ImageShape(height: 6, width: 6), latent: 2, encoder: [.linear(units: 3, activation: .relu)],
                decoder: [.linear(units: 72, activation: .identity), .reshape(height: 3, width: 3, channels: 8)],
                output: .transposedConvolution(kernel: 4, stride: 2)))
        let kernel = try #require(network.layout.views.dropLast().last)
        #expect(kernel.shape == [4, 4, 1, 8] && kernel.range.upperBound == network.parameterCount - 1)
        let snapshot = ParameterSnapshot(network: network, values: normals(network.parameterCount, seed: 8))
        let z = normals(2, seed: 9)
        let dense = network.layout.views.dropLast(2).suffix(2).map { view in view.range.map { snapshot.values[$0] } }
        let weights = kernel.range.map { Double(snapshot.values[$0]) }
        var logits = [Double](repeating: Double(snapshot.values[network.parameterCount - 1]), count: 36)
        for place in 0..<9 {
            for channel in 0..<8 {
                let unit = place * 8 + channel
                let value = Double(dense[1][unit] + dense[0][unit * 2] * z[0] + dense[0][unit * 2 + 1] * z[1])
                for tap in 0..<16 {
                    let (y, x) = (place / 3 * 2 - 1 + tap / 4, place % 3 * 2 - 1 + tap % 4)
                    guard (0..<6).contains(y), (0..<6).contains(x) else { continue }
                    logits[y * 6 + x] += value * weights[tap * 8 + channel]
                }
            }
        }
        let expected = logits.map { Float(1 / (1 + exp(-$0))) }
        #expect(relativeError(Inference(snapshot).decode(z), expected) < 1e-5)
        let images = Dataset.noise(images: 3, seed: 1, shape: network.configuration.image).test
        let workers = Workers(count: 1)
        defer { workers.stop() }
        let evaluation = Evaluator(network: network, workers: workers).evaluate(
            snapshot.parameters, on: images, binarization: .grey)
        #expect(evaluation.terms.reconstruction > 0)
    }

    @Test func transposedOutputShapes() throws {
        let network = try Network(Preset.named("tensorflow").model)
        #expect(network.encoder.map(\.outputCount) == [13 * 13 * 32, 6 * 6 * 64, 4])
        #expect(network.decoder.map(\.outputCount) == [7 * 7 * 32, 14 * 14 * 64, 28 * 28 * 32, 784])
        #expect(network.parameterCount == 28_036 + 41_953)  // what Keras' summary says of encoder and decoder
    }
}
