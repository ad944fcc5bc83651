import Foundation
import Testing
import VAECore

/// Networks with convolutions.
@Suite struct ConvolutionTests {
    /// Batches larger than a block, of every remainder: each row gives the same result as on its own.
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

    /// An output kernel of 4×4 with 8 channels, less than a vector: reading the last ones reads past the end, which must
    /// be within the padding (`script/sanitize address` checks it).
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
        #expect(network.parameterCount == 28_036 + 41_953)  // from Keras' summary of encoder and decoder
    }
}
