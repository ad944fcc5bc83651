import Foundation
import Testing
import VAECore

/// A run that another process writes, followed as it grows.
@Suite struct FollowTests {
    /// What a run has told, as the front end would keep it.
    private final class Reader {
        let run: FollowedRun
        private(set) var series: [String: [[Double]]] = [:]
        private(set) var models: [RunNews.LandedModel] = []
        private(set) var notices: [String] = []
        private(set) var last = RunNews()

        init(_ path: String, model: String? = nil) throws {
            run = FollowedRun(try FollowSource(path: path), model: model) {}
            run.start()
        }

        init(pipe: Int32) {
            run = FollowedRun(.pipe(pipe)) {}
            run.start()
        }

        deinit { run.obey(.stop) }

        /// Takes what comes until a condition holds.
        func wait(for what: String, _ condition: (Reader) -> Bool) throws {
            let limit = ContinuousClock.now + .seconds(30)
            while !condition(self) {
                guard ContinuousClock.now < limit else { throw CoreError(.file, "not in time: \(what)", at: "\(series) \(notices)") }
                take(run.wait(seconds: 0.5))
            }
        }

        private func take(_ mail: TrainingMailbox.Mail) {
            guard let news = mail.news else { return }
            last = news
            for part in news.parts {
                switch part {
                case .restart: series = [:]
                case .cut(let prefix, let step):
                    series = series.mapValues { $0 }.reduce(into: [:]) { kept, one in
                        kept[one.key] = one.key.hasPrefix(prefix) ? one.value.filter { $0[0] < step } : one.value
                    }
                case .values(let values):
                    for (name, points) in values { series[name, default: []] += points.map { [$0.step, $0.value] } }
                }
            }
            models += news.model.map { [$0] } ?? []
            notices += news.notices
        }
    }

    private func append(_ text: String, _ path: String) throws { try append(Array(text.utf8), path) }

    private func append(_ bytes: [UInt8], _ path: String) throws {
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: bytes)
    }

    private func line(_ step: Int, _ value: Double) -> String {
        "{\"event\":\"step\",\"step\":\(step),\"time\":1,\"train\":{\"kl\":\(value)}}\n"
    }

    // MARK: Lines

    @Test func linesThatGrow() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("log.jsonl")
        try append(line(1, 10) + line(2, 20) + "{\"event\":\"step\",\"step\":3,\"tra", path)
        let reader = try Reader(path)
        try reader.wait(for: "the whole lines") { $0.series["train.kl"]?.count == 2 }
        // The torn line is read once it is whole, and nothing is said of it.
        try append("in\":{\"kl\":30}}\n" + line(4, 40), path)
        try reader.wait(for: "the rest") { $0.series["train.kl"]?.count == 4 }
        #expect(reader.series == ["train.kl": [[1, 10], [2, 20], [3, 30], [4, 40]]])
        #expect(reader.notices.isEmpty)
    }

    /// A run that is resumed cuts its record back: what was read beyond is void.
    @Test func aRecordThatIsCutBack() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("log.jsonl")
        try append((1...5).map { line($0, 1) }.joined(), path)
        let reader = try Reader(path)
        try reader.wait(for: "five lines") { $0.series["train.kl"]?.count == 5 }
        // Longer than before, so that the length does not tell.
        try Data(((1...3).map { line($0, 1) } + (4...9).map { line($0, 2) }).joined().utf8).write(to: URL(fileURLWithPath: path))
        try reader.wait(for: "the other lines") { $0.series["train.kl"]?.count == 9 }
        #expect(reader.series["train.kl"]?.map { $0[1] } == [1, 1, 1, 2, 2, 2, 2, 2, 2])
    }

    @Test func linesOfOthers() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("log.jsonl")
        try append(
            "{\"global_step\": 5, \"loss\": 1.5, \"_timestamp\": 1e9, \"note\": \"x\"}\nnonsense\n{\"epoch\": 6, \"loss\": NaN, \"val_loss\": 2}\n"
                + "{\"loss\": 3}\n{\"event\":\"failed\",\"step\":7,\"message\":\"out of\\nmemory\"}\n", path)
        let reader = try Reader(path)
        try reader.wait(for: "three notices") { $0.notices.count == 3 }
        // A line without a step counts as one.
        #expect(reader.series == ["loss": [[5, 1.5], [4, 3]], "val_loss": [[6, 2]]])
        #expect(reader.notices.contains { $0.contains("cannot be read") })
        #expect(reader.notices.contains { $0.contains("not finite") })
        #expect(reader.notices.contains { $0.contains("failed: out of") && !$0.contains("\n") })
    }

    @Test func aPipe() throws {
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0)
        let reader = Reader(pipe: ends[0])
        func send(_ text: String) { _ = Array(text.utf8).withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) } }
        send(line(1, 10) + "{\"step\":2,")
        try reader.wait(for: "a line") { $0.series["train.kl"]?.count == 1 }
        #expect(!reader.last.hasEnded)
        send("\"kl\":20}")
        close(ends[1])
        try reader.wait(for: "the end") { $0.last.hasEnded }
        #expect(reader.series["kl"] == [[2, 20]])
    }

    @Test func silenceIsSaid() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("log.jsonl")
        try append(line(1, 10), path)
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -200)], ofItemAtPath: path)
        let reader = try Reader(path)
        try reader.wait(for: "silence") { $0.last.silence == 180 }
        try append(line(2, 10), path)
        try reader.wait(for: "the next line") { $0.series["train.kl"]?.count == 2 && $0.last.silence == nil }
        // A file that is gone writes nothing more; its values stay. One that comes back begins anew.
        try FileManager.default.removeItem(atPath: path)
        try reader.wait(for: "silence") { $0.last.silence ?? 0 >= 5 }
        #expect(reader.series["train.kl"]?.count == 2 && reader.notices.isEmpty)
        try append(line(7, 70), path)
        try reader.wait(for: "the new file") { $0.series["train.kl"] == [[7, 70]] }
    }

    // MARK: Events

    private func events(_ values: [(step: Int, value: Double)], _ tag: String = "loss") -> [UInt8] {
        values.flatMap { EventMessage.values([EventValue(tag, .number($0.value))], step: $0.step, time: 1).record }
    }

    /// Folders are runs; files that grow, a torn tail, a second file, and a run that goes back.
    @Test func eventFiles() throws {
        let folder = try TemporaryFolder()
        let train = try folder.folder("train"), test = try folder.folder("deep/test")
        let first = train + "/events.out.tfevents.0000000001.host.1.0"
        let bytes = events([(1, 10), (2, 20), (3, 30)])
        try append(Array(bytes.dropLast(3)), first)
        try append(events([(1, 11)]), test + "/events.out.tfevents.0000000001.host.1.1")
        let reader = try Reader(folder.path)
        try reader.wait(for: "whole records") { $0.series["train/loss"]?.count == 2 && $0.series["deep/test/loss"]?.count == 1 }
        try append(Array(bytes.suffix(3)), first)
        try reader.wait(for: "the torn one") { $0.series["train/loss"]?.count == 3 }
        try append(
            EventMessage.version(time: 2).record + EventMessage.sessionStart(step: 2, time: 2).record + events([(2, 21)]),
            train + "/events.out.tfevents.0000000002.host.1.0")
        try reader.wait(for: "the second file") { $0.series["train/loss"]?.last == [2, 21] }
        #expect(reader.series == ["train/loss": [[1, 10], [2, 21]], "deep/test/loss": [[1, 11]]])
    }

    @Test func filesOfRealWriters() throws {
        let folder = try TemporaryFolder()
        let fixtures = fixtureFolder + "/events/"
        for (name, place) in [("keras-validation.events.v2", "validation"), ("lightning.events", "."), ("pytorch-train.events", "x")] {
            let run = try folder.folder(place)
            try FileManager.default.copyItem(atPath: fixtures + name, toPath: run + "/events.out.tfevents.1." + name)
        }
        try append("garbage, not a record", folder.file("events.out.tfevents.2.broken"))
        let reader = try Reader(folder.path)
        try reader.wait(for: "all of them") { $0.series.count == 10 && !$0.notices.isEmpty }
        #expect(reader.series["validation/epoch_loss"]?.count == 3)
        #expect(reader.series["val/elbo"] == [[3, 20], [7, 20]])
        #expect(reader.series["x/loss/kl"]?.first == [100, 6.25])
        #expect(reader.notices == ["events.out.tfevents.2.broken: not an event file"])
    }

    // MARK: Models

    private func model(step: Int) throws -> TrainedModel {
        let network = try smallNetwork()
        return TrainedModel(
            snapshot: ParameterSnapshot(network: network, values: normals(network.parameterCount, seed: UInt64(step)), step: step))
    }

    @Test func modelsAsTheyLand() throws {
        let folder = try TemporaryFolder()
        try append(line(1, 1), folder.file("metrics.jsonl"))
        _ = try folder.folder("snapshots")
        let reader = try Reader(folder.path)
        try reader.wait(for: "values") { !$0.series.isEmpty }
        #expect(reader.models.isEmpty)
        // Half of a file is waited for.
        try ModelFile.save(try model(step: 7), to: folder.file("elsewhere"))
        let bytes = try contents(folder.file("elsewhere"))
        let path = folder.file("snapshots/step-00000007.safetensors")
        try append(Array(bytes.prefix(bytes.count / 2)), path)
        try append(line(2, 1), folder.file("metrics.jsonl"))
        try reader.wait(for: "another value") { $0.series["train.kl"]?.count == 2 }
        #expect(reader.models.isEmpty)
        try append(Array(bytes.suffix(bytes.count - bytes.count / 2)), path)
        try reader.wait(for: "the model") { $0.models.count == 1 }
        #expect(reader.models[0].model.snapshot.step == 7 && reader.models[0].path == path)
        #expect(reader.models[0].model.snapshot.values == (try model(step: 7)).snapshot.values)
        // The file that landed last counts, whatever its name and the clock of who wrote it.
        try ModelFile.save(try model(step: 3), to: folder.file("a"))
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: folder.file("a"))
        try FileManager.default.moveItem(atPath: folder.file("a"), toPath: folder.file("a.safetensors"))
        try reader.wait(for: "the next model") { $0.models.count == 2 }
        #expect(reader.models[1].model.snapshot.step == 3)
        #expect(reader.notices.isEmpty, "\(reader.notices)")
    }

    /// The models of a run in a folder below are that run's.
    @Test func modelsOfOtherRuns() throws {
        let folder = try TemporaryFolder()
        try append(line(1, 1), folder.file("log.jsonl"))
        let other = try folder.folder("other")
        try append(line(1, 1), other + "/metrics.jsonl")
        try ModelFile.save(try model(step: 1), to: other + "/model.safetensors")
        let checkpoints = try folder.folder("checkpoints")
        try ModelFile.save(try model(step: 2), to: checkpoints + "/model.safetensors")
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: checkpoints + "/model.safetensors")
        let reader = try Reader(folder.file("log.jsonl"))
        try reader.wait(for: "the model") { !$0.models.isEmpty }
        #expect(reader.models.map(\.model.snapshot.step) == [2])
    }

    @Test func aPattern() throws {
        let folder = try TemporaryFolder()
        try append(line(1, 1), folder.file("log.jsonl"))
        try ModelFile.save(try model(step: 1), to: folder.file("other.safetensors"))
        let reader = try Reader(folder.file("log.jsonl"), model: folder.file("best-*.safetensors"))
        try reader.wait(for: "values") { !$0.series.isEmpty }
        // The step is told by the name where the file does not tell it.
        try ModelFile.save(try model(step: 0), to: folder.file("best-step=1200.safetensors"))
        try reader.wait(for: "the model") { !$0.models.isEmpty }
        #expect(reader.models.map(\.model.snapshot.step) == [1200])
    }

    /// A file that nobody goes on writing is no model: it is said once, and the one before it is shown.
    @Test func whatIsNoModel() throws {
        let folder = try TemporaryFolder()
        try append(line(1, 1), folder.file("log.jsonl"))
        try ModelFile.save(try model(step: 5), to: folder.file("good.safetensors"))
        try append("nonsense", folder.file("zzz.safetensors"))
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: 5)], ofItemAtPath: folder.file("zzz.safetensors"))
        let reader = try Reader(folder.file("log.jsonl"))
        try reader.wait(for: "the model") { !$0.models.isEmpty }
        #expect(reader.models.map(\.model.snapshot.step) == [5])
        #expect(reader.notices.count == 1 && reader.notices[0].contains("zzz.safetensors"), "\(reader.notices)")
    }

    // MARK: Sources

    @Test func whatCanBeFollowed() throws {
        let folder = try TemporaryFolder()
        #expect(refusal { _ = try FollowSource(path: folder.file("none")) }.contains("there is nothing"))
        #expect(refusal { _ = try FollowSource(path: folder.path) }.contains("no run that could be followed"))
        try append("hello", folder.file("text"))
        #expect(refusal { _ = try FollowSource(path: folder.file("text")) }.contains("no run"))
        try append("", folder.file("empty.jsonl"))
        #expect(try FollowSource(path: folder.file("empty.jsonl")) == .lines(folder.file("empty.jsonl")))
        let run = try folder.folder("run")
        try append("{}", run + "/config.json")
        #expect(try FollowSource(path: run) == .run(run))
        let events = try folder.folder("tb/train")
        try append("", events + "/events.out.tfevents.1.x")
        #expect(try FollowSource(path: folder.file("tb")) == .events(folder.file("tb")))
        #expect(try FollowSource(path: events + "/events.out.tfevents.1.x") == .events(events + "/events.out.tfevents.1.x"))
    }
}
