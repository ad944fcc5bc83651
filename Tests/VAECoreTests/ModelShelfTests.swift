import Foundation
import Testing
import VAECore

/// Lists of models and runs, whatever their folders contain.
@Suite struct ModelShelfTests {
    private let training = TrainingConfiguration(epochs: 3, batchSize: 10, learningRate: 1e-3, seed: 4)

    /// Writes a small model into a folder of its own.
    @discardableResult
    private func write(
        _ folder: TemporaryFolder, _ name: String, latent: Int = 2, evaluation: Evaluation? = nil
    ) throws -> String {
        let network = try Network(.perceptron(image: ImageShape(height: 3, width: 4), hidden: [5], latent: latent))
        let values = (0..<network.parameterCount).map { Float($0) / 100 }
        let path = try folder.folder(name) + "/model.safetensors"
        let record = TrainedModel.Record(preset: "small", dataset: "tiny", training: training, evaluation: evaluation)
        try ModelFile.save(
            TrainedModel(snapshot: ParameterSnapshot(network: network, values: values, step: 30, epoch: 3), record: record),
            to: path)
        return path
    }

    private func age(_ path: String, _ seconds: Double) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000 - seconds)], ofItemAtPath: path)
    }

    private func reason(_ listing: ModelListing?) -> String {
        if case .unreadable(let reason)? = listing?.content { return reason }
        return ""
    }

    @Test func nothingThere() throws {
        let folder = try TemporaryFolder()
        #expect(ModelShelf.models(in: folder.path).isEmpty && ModelShelf.runs(in: folder.path).isEmpty)
        #expect(ModelShelf.models(in: folder.file("none")).isEmpty && ModelShelf.runs(in: folder.file("none")).isEmpty)
        try Data().write(to: URL(fileURLWithPath: folder.file("file")))
        #expect(ModelShelf.runs(in: folder.file("file")).isEmpty && ModelShelf.models(in: folder.path).isEmpty)
    }

    @Test func modelsByName() throws {
        let folder = try TemporaryFolder()
        let evaluation = Evaluation(
            binarization: .grey, images: 9, terms: LossTerms(reconstruction: 90, kl: 5), klPerDimension: [3, 2],
            meanVariance: [1, 1])
        let path = try write(folder, "b", evaluation: evaluation)
        try write(folder, "a", latent: 7)
        try FileManager.default.copyItem(atPath: path, toPath: folder.file("c.safetensors"))
        try Data("words".utf8).write(to: URL(fileURLWithPath: folder.file("README.md")))
        let models = ModelShelf.models(in: folder.path)
        #expect(models.map(\.name) == ["a", "b", "c.safetensors"])
        let size = try contents(path).count
        #expect(models[1].path == path && models[1].bytes == size && models[1].place == .models)
        let card = try #require(models[1].card)
        #expect(card.configuration.latent == 2 && card.step == 30 && card.epoch == 3 && card.record?.training == training)
        let whole = try ModelFile.load(path)
        #expect(card.parameters == whole.snapshot.network.parameterCount && card.record == whole.record)
        #expect(models[1].terms == LossTerms(reconstruction: 90, kl: 5) && models[0].terms == nil)
    }

    @Test func runsNewestFirstAndLinksOnce() throws {
        let folder = try TemporaryFolder()
        for (name, seconds) in [("20260101-a", 100.0), ("20260103-b", 50), ("x", 0)] {
            try age(try write(folder, name), seconds)
        }
        let manager = FileManager.default
        try manager.createSymbolicLink(atPath: folder.file("latest"), withDestinationPath: "x")
        try manager.createSymbolicLink(atPath: folder.file("gone"), withDestinationPath: "nowhere")
        try manager.createSymbolicLink(atPath: folder.file("loop"), withDestinationPath: "loop")
        try Data().write(to: URL(fileURLWithPath: folder.file("notes.txt")))
        let runs = ModelShelf.runs(in: folder.path)
        #expect(runs.map(\.name) == ["x", "20260103-b", "20260101-a"])
        #expect(runs.allSatisfy { $0.place == .runs && $0.card != nil && $0.notice == nil && $0.curve.isEmpty })
    }

    /// A model that cannot be used says why, and the others are listed all the same.
    @Test func damagedOnesSayWhy() throws {
        let folder = try TemporaryFolder()
        let bytes = try contents(write(folder, "good"))
        func put(_ name: String, _ bytes: [UInt8]) throws {
            try Data(bytes).write(to: URL(fileURLWithPath: try folder.folder(name) + "/model.safetensors"))
        }
        try put("cut", Array(bytes.dropLast(9)))
        try put("header", Array(bytes.prefix(60)))
        try put("nothing", [])
        try put("text", Array("this is no model at all".utf8))
        try put("long", bytes + [0])
        _ = try folder.folder("started")
        _ = try folder.folder("folder/model.safetensors")
        let runs = ModelShelf.runs(in: folder.path)
        #expect(runs.count == 8)
        func named(_ name: String) -> ModelListing? { runs.first { $0.name == name } }
        #expect(named("good")?.card != nil)
        #expect(reason(named("cut")).contains("truncated") && reason(named("header")).contains("truncated"))
        #expect(reason(named("nothing")).contains("an empty file") && reason(named("long")).contains("trailing"))
        #expect(reason(named("started")) == "no model.safetensors in its folder (yet)")
        #expect(reason(named("folder")).contains("not a regular file"))
        for run in runs where run.name != "good" {
            #expect(run.card == nil && !reason(run).isEmpty && !reason(run).contains("\n") && !reason(run).contains(folder.path))
        }
    }

    @Test func theRecordOfARun() throws {
        let folder = try TemporaryFolder()
        func line(_ epoch: Int) -> String {
            "{\"epoch\":\(epoch),\"test\":{\"kl\":5,\"negative_elbo\":\(105 - epoch),\"reconstruction\":\(100 - epoch)}}\n"
        }
        for (name, text) in [
            ("whole", line(1) + line(2)), ("torn", line(1) + line(2) + "{\"epoch\":3,\"te"), ("empty", ""),
            ("middle", line(1) + "\u{1B}[31m\n{}\n" + line(4)), ("huge", line(1) + "{\"epoch\":2,\"test\":{\"kl\":1e999,\"reconstruction\":1}}"),
        ] {
            try write(folder, name)
            try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name + "/metrics.jsonl")))
        }
        try write(folder, "strange")
        _ = try folder.folder("strange/metrics.jsonl")
        let runs = Dictionary(uniqueKeysWithValues: ModelShelf.runs(in: folder.path).map { ($0.name, $0) })
        #expect(runs["whole"]?.curve.map(\.epoch) == [1, 2] && runs["whole"]?.notice == nil)
        #expect(runs["whole"]?.terms == LossTerms(reconstruction: 98, kl: 5))
        #expect(runs["torn"]?.curve.count == 2 && runs["torn"]?.notice == "the last line of metrics.jsonl is torn")
        #expect(runs["empty"]?.curve.isEmpty == true && runs["empty"]?.notice == nil)
        #expect(runs["middle"]?.curve.map(\.epoch) == [1, 4] && runs["middle"]?.notice?.hasPrefix("2 of 4 lines") == true)
        #expect(runs["huge"]?.curve.count == 1 && runs["huge"]?.notice != nil)
        #expect(runs["strange"]?.card != nil && runs["strange"]?.notice?.contains("metrics.jsonl") == true)
    }

    @Test func hostileNamesAreHarmless() throws {
        let folder = try TemporaryFolder()
        for name in ["ev\u{1B}[31mil", "two\nlines", "\u{202E}txet", String(repeating: "n", count: 200), "-rf", "日本"] {
            try write(folder, name)
        }
        let models = ModelShelf.models(in: folder.path)
        #expect(models.count == 6 && models.allSatisfy { $0.card != nil })
        for model in models {
            #expect(model.name.count <= 101)
            #expect(model.name.unicodeScalars.allSatisfy { ![.control, .format].contains($0.properties.generalCategory) })
            #expect((try? ModelFile.load(model.path)) != nil)
        }
    }

    /// A card agrees with the whole file.
    @Test func mutatedHeadersNeverTrap() throws {
        let folder = try TemporaryFolder()
        let bytes = try contents(write(folder, "good"))
        var random = TestRandom(state: 11)
        let path = folder.file("m.safetensors")
        for _ in 0..<fuzzRounds(300) {
            try Data(mutated(bytes, using: &random)).write(to: URL(fileURLWithPath: path))
            let card = try? ModelFile.card(path)
            if let model = try? ModelFile.load(path) { #expect(card?.configuration == model.snapshot.network.configuration) }
        }
        let header = try SafetensorsFile.readHeader(path: folder.file("good/model.safetensors"))
        #expect(refusal { _ = try header.floats("fc1.weight") }.contains("were not read"))
    }
}
