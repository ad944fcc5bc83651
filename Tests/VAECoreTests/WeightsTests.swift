import Foundation
import Testing
import VAECore

private let folder = projectRoot + "/Tests/Fixtures/weights"

/// What another program computes with a model of `Tests/Fixtures/weights`.
struct ExpectedOutputs {
    let file: SafetensorsFile
    let activation: Activation?
    let labels: [Int]?

    init(_ name: String) throws {
        file = try SafetensorsFile.read(path: "\(folder)/\(name).expected.safetensors")
        activation = file.metadata["activation"].flatMap { Activation(rawValue: $0) }
        let classes = Int(file.metadata["classes"] ?? "0") ?? 0
        labels = classes == 0 ? nil : (0..<(file["x"]?.shape.first ?? 0)).map { $0 % classes }
    }

    /// Checks that `model` computes the same: codes to 1e-5, pixels to 1e-5.
    func check(_ model: TrainedModel, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let inference = Inference(model.snapshot)
        let posterior = inference.encode(try file.floats("x"), labels: labels)
        let found = [
            ("mean", posterior.mean), ("log_variance", posterior.logVariance),
            ("y", inference.decode(try file.floats("z"), labels: labels)),
        ]
        for (name, values) in found {
            let wanted = try file.floats(name)
            let worst = zip(values, wanted).map { abs($0 - $1) }.max() ?? .infinity
            #expect(values.count == wanted.count && worst < 1e-5, "\(name): \(worst)", sourceLocation: sourceLocation)
        }
    }
}

@Suite struct WeightsTests {
    static let files = [
        ("tanh", "tanh.safetensors"), ("norm", "norm.ckpt"), ("reference", "reference.pt"),
        ("conditional", "conditional.pt"), ("fused", "fused.pt"), ("antix", "antix.safetensors"),
        ("colour", "colour.pt"), ("scattered", "scattered.pt"),
    ]

    @Test(arguments: files)
    func otherProgramsWeightsComputeTheSame(_ name: String, _ file: String) throws {
        let expected = try ExpectedOutputs(name)
        try expected.check(ModelFile.load("\(folder)/\(file)", ImportOptions(activation: expected.activation)))
    }

    @Test func everyAssumptionIsTold() throws {
        let plain = try ModelFile.load("\(folder)/tanh.safetensors")
        #expect(plain.assumption?.contains("relu between the layers, Bernoulli pixels, grey images") == true)
        let told = try ModelFile.load(
            "\(folder)/tanh.safetensors", ImportOptions(activation: .tanh, likelihood: .bernoulli))
        #expect(told.source.assumptions == ["grey images"])
        let wrapped = try ModelFile.load("\(folder)/norm.ckpt")
        #expect(wrapped.source.kind == "PyTorch (torch.save)")
        #expect(
            wrapped.source.notes == [
                "the names' prefix 'model._orig_mod.' was left out",
                "the weights are those under 'state_dict' in the file",
            ])
        let colour = try ModelFile.load("\(folder)/colour.pt")
        #expect(colour.snapshot.network.configuration.image == ImageShape(height: 16, width: 16, channels: 3))
        #expect(
            colour.assumption?.contains("images of 16x16x3, stride/padding of the encoder's convolutions 2/1 2/1")
                == true)
        let conditional = try ModelFile.card("\(folder)/conditional.pt")
        #expect(conditional.configuration.classes == 4)
        #expect(conditional.assumption?.contains("one of 4, stands after the pixels and after z") == true)
    }

    /// A likelihood that the decoder has no outputs for.
    @Test func optionsThatDoNotFitAreRefused() throws {
        let text = refusal {
            _ = try ModelFile.load("\(folder)/tanh.safetensors", ImportOptions(likelihood: .gaussian))
        }
        #expect(text.contains("no log variance of pixels"), "\(text)")
        let own = projectRoot + "/models/manifold"
        let contradiction = refusal { _ = try ModelFile.load(own, ImportOptions(activation: .tanh)) }
        #expect(
            contradiction.contains("--activation contradicts what the file says of itself (expected silu, found tanh)"))
        #expect(try ModelFile.load(own, ImportOptions(activation: .silu)).assumption == nil)
    }

    static let refused: [(file: String, reason: String)] = [
        ("hostile-system.pt", "the file calls posix.system: refused"),
        ("hostile-bomb.pt", "unpack to far more than it holds"),
        ("hostile-short.pt", "the storage of tensor 'fc1.weight' has another size than it says"),
        ("hostile-big-endian.pt", "big-endian"), ("hostile-huge.pt", "has another size than it says"),
        ("old.pt", "a torch.save file from before PyTorch 1.6"), ("plain.pkl", "a plain Python pickle"),
        ("whole-module.pt", "the file calls torch.nn.modules.linear.Linear: refused"),
    ]

    @Test(arguments: refused)
    func hostileFilesAreRefusedByName(_ file: String, _ reason: String) throws {
        var text = ""
        let duration = ContinuousClock().measure { text = refusal { _ = try ModelFile.load("\(folder)/\(file)") } }
        #expect(text.contains(reason) && text.contains(file), "\(text)")
        #expect(duration < .seconds(1))
    }

    static let kinds: [(name: String, bytes: [UInt8], reason: String)] = [
        ("page.pt", Array("\n<!DOCTYPE html><html>".utf8), "this is an HTML page"),
        ("lfs.safetensors", Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".utf8), "git lfs pull"),
        ("keras.h5", [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], "HDF5"), ("empty.pt", [], "an empty file"),
        ("model.index", [1, 2, 3], "a TensorFlow checkpoint"),
        ("checkpoint", Array("model_checkpoint_path: \"m\"".utf8), "TensorFlow"),
        ("a.npy", [0x93] + Array("NUMPY\u{1}".utf8), "a NumPy array"), ("a.gz", [0x1f, 0x8b, 8], "a compressed file"),
        ("images", [0, 0, 8, 3, 0, 0], "an IDX data set"),
        ("t.pt", [0x50, 0x4b, 3, 4, 0, 0], "the zip archive cannot be read"),
    ]

    @Test(arguments: kinds.indices)
    func aWrongKindOfFileIsNamed(_ index: Int) throws {
        let temporary = try TemporaryFolder()
        let (name, bytes, reason) = Self.kinds[index]
        try Data(bytes).write(to: URL(fileURLWithPath: temporary.file(name)))
        let text = refusal { _ = try ModelFile.load(temporary.file(name)) }
        #expect(text.contains(reason) && !text.contains("\n"), "\(text)")
    }

    @Test func mutatedFilesNeverCrash() throws {
        let temporary = try TemporaryFolder()
        var random = TestRandom(state: 5)
        for name in ["norm.ckpt", "reference.pt", "conditional.pt"] {
            let bytes = try contents("\(folder)/\(name)")
            for _ in 0..<fuzzRounds(150) {
                let path = temporary.file("m.pt")
                try Data(mutated(bytes, using: &random)).write(to: URL(fileURLWithPath: path))
                _ = try? ModelFile.load(path)
            }
        }
    }
}
