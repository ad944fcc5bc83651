import Foundation
import Testing
import VAECore

/// The files of a run: appended to, complete, and never those of another run.
@Suite struct RunFolderTests {
    private func report(_ epoch: Int) -> EpochReport {
        EpochReport(
            epoch: epoch, step: 10 * epoch, seconds: 1, imagesPerSecond: 30,
            train: LossTerms(reconstruction: 20, kl: 3),
            test: Evaluation(
                binarization: .grey, images: 12, terms: LossTerms(reconstruction: 21, kl: 2.5), klPerDimension: [2],
                meanVariance: [0.5]))
    }

    private func lines(_ path: String) throws -> [[String: Any]] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test func metricsAreAddedTo() throws {
        let temporary = try TemporaryFolder()
        let parent = temporary.path
        let folder = try RunFolder(parent: parent, name: "tiny", time: "now")
        let path = folder.path + "/metrics.jsonl"
        try folder.metrics.append(EpochLine(report(1)))
        let number = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
        for epoch in 2...5 { try folder.metrics.append(EpochLine(report(epoch))) }
        // Still the same file, not a new one.
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == number)
        #expect(try lines(path).map { $0["epoch"] as? Int } == [1, 2, 3, 4, 5])
        #expect(folder.metrics.isComplete)
    }

    /// A device that is always full: the error is reported, and the missing lines are still known to be missing.
    @Test func aFullDiscIsToldOf() throws {
        let temporary = try TemporaryFolder()
        let parent = temporary.path
        let folder = try RunFolder(parent: parent, name: "tiny", time: "now")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/metrics.jsonl", withDestinationPath: "/dev/full")
        #expect(throws: CoreError.self) { try folder.metrics.append(EpochLine(report(1))) }
        #expect(throws: CoreError.self) { try folder.metrics.finish() }
        #expect(!folder.metrics.isComplete)
    }

    @Test func changesStandBetweenTheEpochs() throws {
        let temporary = try TemporaryFolder()
        let parent = temporary.path
        let folder = try RunFolder(parent: parent, name: "tiny", time: "now")
        let changes = [
            TrainingChange(step: 5, beta: 4), TrainingChange(step: 15, learningRateScale: 0.5),
            TrainingChange(step: 31, rolledBackTo: 20),
        ]
        try folder.write((1...3).map(report), changes)
        let told = try lines(folder.path + "/metrics.jsonl")
        #expect(told.map { $0["step"] as? Int } == [5, 10, 15, 20, 30, 31])
        #expect(told[0]["event"] as? String == "change" && told[0]["beta"] as? Double == 4)
        #expect(told[2]["learning_rate_scale"] as? Double == 0.5 && told[2]["beta"] == nil)
        #expect(told[5]["rolled_back_to"] as? Int == 20)
    }

    /// Runs that start in the same second have different folders.
    @Test func foldersAreNeverShared() async throws {
        let temporary = try TemporaryFolder()
        let parent = temporary.path
        let paths = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<40 { group.addTask { try RunFolder(parent: parent, name: "tiny", time: "now").path } }
            return try await group.reduce(into: [String]()) { $0.append($1) }
        }
        #expect(Set(paths).count == 40)
    }

    /// A broken model does not replace a good file.
    @Test func onlyFiniteParametersAreSaved() throws {
        let temporary = try TemporaryFolder()
        let path = temporary.file("model.safetensors")
        let network = try Network(.perceptron(image: ImageShape(height: 2, width: 2), hidden: [], latent: 1))
        var values = [Float](repeating: 0.5, count: network.parameterCount)
        try ModelFile.save(TrainedModel(snapshot: ParameterSnapshot(network: network, values: values, step: 1)), to: path)
        values[3] = .nan
        let broken = TrainedModel(snapshot: ParameterSnapshot(network: network, values: values, step: 2))
        #expect(throws: CoreError.self) { try ModelFile.save(broken, to: path) }
        #expect(try ModelFile.load(path).snapshot.step == 1)
    }
}
