import Foundation
import Testing
import VAECore

private let folder = projectRoot + "/Tests/Fixtures/cases"

/// Files of kinds that people bring, each with the bounds that it must keep.
@Suite struct WeightCaseTests {
    private struct Figures: Decodable {
        var reconstruction, kl: Double
    }

    /// Checks figures on mnist-5k, with z at the mean, to a thousandth of a nat.
    private func check(_ model: TrainedModel, _ figures: Figures) throws {
        let dataset = try Catalogue(projectRoot: projectRoot, dataRoots: []).load("mnist-5k")
        let x = dataset.test.inputs(0..<dataset.test.count, binarization: .grey)
        let inference = Inference(model.snapshot)
        let posterior = inference.encode(x)
        let pictures = inference.decode(posterior.mean)
        var (reconstruction, kl) = (0.0, 0.0)
        for (p, x) in zip(pictures, x) {
            reconstruction -= Double(x) * log(Double(p)) + Double(1 - x) * log(1 - Double(p))
        }
        for (m, v) in zip(posterior.mean, posterior.logVariance) {
            kl -= 0.5 * (1 + Double(v) - Double(m * m) - exp(Double(v)))
        }
        let count = Double(dataset.test.count)
        #expect(abs(reconstruction / count - figures.reconstruction) < 1e-3, "\(reconstruction / count)")
        #expect(abs(kl / count - figures.kl) < 1e-3, "\(kl / count)")
    }

    private func expected<Value: Decodable>(_ name: String, _ type: Value.Type) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contents("\(folder)/\(name)/expected.json")))
    }

    @Test func anActivationThatTheFileDoesNotSay() throws {
        let file = "\(folder)/activation-assumed/tanh.safetensors"
        let figures = try expected("activation-assumed", [String: Figures].self)
        let assumed = try ModelFile.load(file)
        #expect(assumed.assumption?.contains("relu between the layers") == true)
        try check(assumed, #require(figures["relu"]))
        try check(ModelFile.load(file, ImportOptions(activation: .tanh)), #require(figures["tanh"]))
    }

    @Test(arguments: ["module", "_orig_mod", "model", "vae.net", "module._orig_mod"])
    func aWrappersPrefix(_ prefix: String) throws {
        let model = try ModelFile.load("\(folder)/wrapper-prefixes/\(prefix).safetensors")
        #expect(model.source.notes == ["the names' prefix '\(prefix).' was left out"])
        try check(model, expected("wrapper-prefixes", Figures.self))
    }

    @Test func headsOfOtherNames() throws {
        let model = try ModelFile.load("\(folder)/fc-mu-fc-var-names/model.safetensors")
        #expect(model.snapshot.network.configuration.summary == "784-8-6-2-6-8-784")
        #expect(model.assumption?.contains("relu") == true)
    }

    @Test func wrongKindsAreNamed() {
        for (name, reason) in [
            ("model.pt", "not a model that this program knows"), ("lfs.safetensors", "a git-lfs pointer"),
            ("mnist.npz", "as pictures it is a data set"),
        ] {
            let text = refusal { _ = try ModelFile.load("\(folder)/wrong-kind-of-file/\(name)") }
            #expect(text.contains(reason), "\(text)")
        }
    }
}
