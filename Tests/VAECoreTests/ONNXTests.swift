import Foundation
import Testing
import VAECore

private let folder = projectRoot + "/Tests/Fixtures/weights"

@Suite struct ONNXTests {
    @Test(arguments: [
        ("norm", "norm-encoder.onnx"), ("conditional", "conditional-decoder.onnx"), ("fused", "fused.onnx"),
        ("antix", "antix.onnx"), ("colour", "colour-encoder.onnx"), ("mixed", "mixed-encoder.onnx"),
        ("scattered", "scattered.onnx"), ("keras", "keras.onnx"),
    ])
    func exportsOfPyTorchComputeTheSame(_ name: String, _ file: String) throws {
        let model = try ModelFile.load("\(folder)/\(file)")
        #expect(model.source.kind == "ONNX")
        try ExpectedOutputs(name).check(model)
    }

    @Test func theOtherFileIsNamedOrFound() throws {
        var options = ImportOptions()
        options.decoder = "\(folder)/colour-decoder.onnx"
        try ExpectedOutputs("colour").check(ModelFile.load("\(folder)/colour-encoder.onnx", options))
        options.decoder = "\(folder)/norm-decoder.onnx"
        let other = refusal { _ = try ModelFile.load("\(folder)/colour-encoder.onnx", options) }
        #expect(
            other.contains(
                "do not fit each other (expected as many numbers from one as the other takes, found 2 and 3)"))
        let temporary = try TemporaryFolder()
        try Data(contents("\(folder)/norm-encoder.onnx")).write(
            to: URL(fileURLWithPath: temporary.file("a-encoder.onnx")))
        let alone = refusal { _ = try ModelFile.load(temporary.file("a-encoder.onnx")) }
        #expect(alone.contains("found an encoder") && alone.contains("--decoder"), "\(alone)")
    }

    static let refused: [(file: String, reason: String)] = [
        ("hostile-cycle.onnx", "the graph goes in a circle: refused (found node 'one' (Add)"),
        ("hostile-nothing.onnx", "nothing gives the value 'v'"),
        ("hostile-operator.onnx", "node 'memory' (LSTM) has no counterpart here (expected one of Add, AveragePool"),
        ("hostile-outside.onnx", "its numbers lie outside the folder of the file: refused"),
        ("hostile-absolute.onnx", "its numbers lie outside the folder of the file: refused"),
        ("hostile-short.onnx", "its numbers are not all in 'scattered-encoder.onnx.data'"),
        ("hostile-size.onnx", "tensor 'w': another size than its shape says (expected 8 numbers, found 7)"),
        ("hostile-claim.onnx", "tensor 'w': an impossible shape"),
        ("hostile-shape.onnx", "node 'layer' (Gemm): it takes 3 numbers, and gets 4"),
        ("hostile-image.onnx", "its kernel, strides and pads do not fit an image of 2x2x1"),
    ]

    @Test(arguments: refused)
    func hostileFilesAreRefusedByName(_ file: String, _ reason: String) throws {
        var text = ""
        var options = ImportOptions()
        options.decoder = "\(folder)/norm-decoder.onnx"
        let duration = ContinuousClock().measure {
            text = refusal { _ = try ModelFile.load("\(folder)/\(file)", options) }
        }
        #expect(text.contains(reason) && text.contains(file), "\(text)")
        #expect(duration < .seconds(1))
    }

    @Test func numbersBesideTheFileAreNotReadThroughALink() throws {
        let temporary = try TemporaryFolder()
        let inside = try temporary.folder("m")
        let name = "scattered-encoder.onnx"
        try Data(contents("\(folder)/\(name)")).write(to: URL(fileURLWithPath: "\(inside)/\(name)"))
        try Data(contents("\(folder)/\(name).data")).write(to: URL(fileURLWithPath: temporary.file("secret")))
        try FileManager.default.createSymbolicLink(
            atPath: "\(inside)/\(name).data", withDestinationPath: temporary.file("secret"))
        let text = refusal { _ = try ModelFile.load("\(inside)/\(name)") }
        #expect(text.contains("outside the folder"), "\(text)")
    }

    @Test func mutatedGraphsNeverCrash() throws {
        let temporary = try TemporaryFolder()
        var random = TestRandom(state: 11)
        for name in ["fused-encoder.onnx", "mixed-decoder.onnx", "antix.onnx", "conditional-encoder.onnx"] {
            let bytes = try contents("\(folder)/\(name)")
            let path = temporary.file(name)
            for _ in 0..<fuzzRounds(150) {
                try Data(mutated(bytes, using: &random)).write(to: URL(fileURLWithPath: path))
                _ = try? ModelFile.load(path)
            }
        }
    }
}

@Suite struct ModelExportTests {
    static let models = [
        ("manifold", "manifold"), ("reference", "reference.pt"), ("conditional", "conditional.pt"),
        ("colour", "colour.pt"),
        ("mixed", "mixed-encoder.onnx"), ("gaussian", ""), ("tensorflow", ""), ("classes", ""),
    ]

    /// A model that was read, or a new one.
    private func model(_ name: String, _ file: String) throws -> TrainedModel {
        if name == "manifold" { return try ModelFile.load(projectRoot + "/models/manifold") }
        if !file.isEmpty { return try ModelFile.load("\(folder)/\(file)") }
        let small = ImageShape(height: 8, width: 8, channels: name == "gaussian" ? 3 : 1)
        let configuration: ModelConfiguration
        switch name {
        case "gaussian":
            configuration = .perceptron(
                image: small, hidden: [9], latent: 3, activation: .gelu, likelihood: .gaussianSigmoid)
        case "tensorflow": configuration = try Preset.named("tensorflow").model
        default:
            configuration = ModelConfiguration(
                image: small, latent: 2,
                encoder: [.convolution(filters: 4, kernel: 3, stride: 2, padding: .same, activation: .silu)],
                decoder: [
                    .linear(units: 32, activation: .leakyReLU20), .reshape(height: 4, width: 4, channels: 2),
                    .transposedConvolution(filters: 3, kernel: 4, stride: 2, padding: .same, activation: .elu),
                ],
                output: .transposedConvolution(kernel: 3, stride: 1), classes: 5)
        }
        let network = try Network(configuration)
        var random = RandomStream(seed: 3, purpose: .prior)
        return TrainedModel(
            snapshot: ParameterSnapshot(network: network, values: random.normals(network.parameterCount).map { $0 / 8 })
        )
    }

    /// The largest difference of codes and pictures.
    private func difference(_ a: TrainedModel, _ b: TrainedModel) -> Float {
        let network = a.snapshot.network
        var random = RandomStream(seed: 4, purpose: .prior)
        let x = random.normals(6 * network.pixels).map { abs($0) / 4 }
        let z = random.normals(6 * network.latent)
        let labels = network.classes > 0 ? (0..<6).map { $0 % network.classes } : nil
        let (first, second) = (Inference(a.snapshot), Inference(b.snapshot))
        let (p, q) = (first.encode(x, labels: labels), second.encode(x, labels: labels))
        let pairs = [
            (p.mean, q.mean), (p.logVariance, q.logVariance),
            (first.decode(z, labels: labels), second.decode(z, labels: labels)),
        ]
        return pairs.map { pair in
            pair.0.count == pair.1.count
                ? zip(pair.0, pair.1).map { abs($0 - $1) / (1 + abs($0)) }.max() ?? 0 : .infinity
        }.max() ?? .infinity
    }

    @Test(arguments: models)
    func whatIsExportedLoadsAgain(_ name: String, _ file: String) throws {
        let temporary = try TemporaryFolder()
        let model = try self.model(name, file)
        let weights = temporary.file("m.safetensors")
        #expect(try ModelExport.write(model, to: weights, precision: .f32) == [weights])
        let again = try ModelFile.load(weights)
        #expect(again.snapshot.values == model.snapshot.values && again.assumption == nil)
        _ = try ModelExport.write(model, to: weights, precision: .f16)
        #expect(difference(model, try ModelFile.load(weights)) < 2e-2)
        // A conditional convolution has no counterpart when it is read back; the file is checked by other programs.
        guard name != "classes" else { return }
        let files = try ModelExport.write(model, to: temporary.file("m.onnx"), precision: .f32)
        #expect(files == [temporary.file("m-encoder.onnx"), temporary.file("m-decoder.onnx")])
        #expect(difference(model, try ModelFile.load(temporary.file("m.onnx"))) < 1e-5)
        _ = try ModelExport.write(model, to: temporary.file("m.onnx"), precision: .f16)
        #expect(difference(model, try ModelFile.load(files[1])) < 2e-2)
    }

    @Test func kernelsAreInPyTorchsLayout() throws {
        let temporary = try TemporaryFolder()
        let model = try ModelFile.load("\(folder)/colour.pt", ImportOptions(activation: .silu))
        _ = try ModelExport.write(model, to: temporary.file("m.safetensors"), precision: .f32)
        let file = try SafetensorsFile.read(path: temporary.file("m.safetensors"))
        #expect(file["encoder.0.weight"]?.shape == [4, 3, 3, 3] && file["decoder.1.weight"]?.shape == [6, 4, 3, 3])
        let wrong = refusal { _ = try ModelExport.write(model, to: temporary.file("m.txt"), precision: .f32) }
        #expect(wrong.contains("a name that ends in .safetensors or .onnx") && temporary.names == ["m.safetensors"])
    }
}
