import Foundation
import Testing
import VAECore

/// The files of a run while it trains and after: checkpoints, snapshots, the lock, and the record read again.
@Suite struct RunRecordTests {
    private let shape = ImageShape(height: 4, width: 5)
    private var model: ModelConfiguration { .perceptron(image: shape, hidden: [6], latent: 2) }
    private var dataset: Dataset { .noise(images: 40, seed: 3, shape: shape) }

    private func training(epochs: Int = 3) -> TrainingConfiguration {
        TrainingConfiguration(epochs: epochs, batchSize: 8, learningRate: 1e-2, seed: 2)
    }

    private func configuration(_ training: TrainingConfiguration) -> RunConfiguration {
        RunConfiguration(
            preset: "tiny", dataset: "noise", model: model, training: training, data: DataIdentity(dataset),
            machine: .init(threads: 1, processor: "test"), version: "test 1")
    }

    private func options(seconds: Double = 0, snapshots: Int = 64, half: Bool = false) -> RunRecorder.Options {
        var options = RunRecorder.Options()
        options.seconds = seconds
        options.snapshots = .init(limit: snapshots, isHalf: half)
        return options
    }

    private func plan(_ training: TrainingConfiguration) throws -> RunRecorder.Plan {
        .init(stepsPerEpoch: 5, epochs: training.epochs, parameters: try Network(model).parameterCount)
    }

    /// Trains until the end, or until after `step`.
    private func finish(_ trainer: Trainer, _ recorder: RunRecorder, stopAfter step: Int? = nil) throws -> ParameterSnapshot? {
        if let step {
            trainer.control.obey(.pause)
            trainer.start()
            for _ in 0..<step - (trainer.resumedAt ?? 0) { trainer.control.obey(.step) }
        } else {
            trainer.start()
        }
        var snapshot: ParameterSnapshot?
        let limit = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < limit {
            let mail = trainer.mailbox.wait(seconds: 1)
            snapshot = mail.snapshot ?? snapshot
            if let step, mail.state == .paused, mail.progress.step == step { trainer.control.obey(.stop) }
            if mail.state.isOver {
                try recorder.finish()
                return snapshot
            }
        }
        throw CoreError(.training, "no end in a minute", at: "the test")
    }

    private func start(_ path: String, _ training: TrainingConfiguration, _ options: RunRecorder.Options) throws -> (Trainer, RunRecorder) {
        let folder = try RunFolder(parent: "", name: "tiny", time: "now", exact: path)
        let recorder = try RunRecorder(
            folder: folder, configuration: configuration(training), plan: plan(training), options: options)
        return (
            try Trainer(model: model, training: training, dataset: dataset, threads: 1, record: recorder), recorder
        )
    }

    /// The lines without what a clock measures.
    private func lines(_ path: String) throws -> [NSDictionary] {
        try String(contentsOfFile: path + "/metrics.jsonl", encoding: .utf8).split(separator: "\n").map { line in
            var values = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            for clock in ["time", "seconds", "images_per_second"] { values[clock] = nil }
            return values as NSDictionary
        }
    }

    /// Stopped after any step and resumed from its folder, a run has the files of one without a break.
    @Test(arguments: [1, 4, 5, 9, 14])
    func aStoppedRunIsContinued(step: Int) throws {
        let temporary = try TemporaryFolder()
        let (whole, wholeRecord) = try start(temporary.file("whole"), training(), options())
        let expected = try #require(try finish(whole, wholeRecord))
        let path = temporary.file("part")
        let (part, partRecord) = try start(path, training(), options())
        _ = try finish(part, partRecord, stopAfter: step)
        // The pauses of single steps are recorded too; the resumed run must cut nothing before the checkpoint.
        let before = try lines(path)
        try (String(contentsOfFile: path + "/metrics.jsonl", encoding: .utf8) + "{\"event\":\"step\",\"st").write(
            toFile: path + "/metrics.jsonl", atomically: false, encoding: .utf8)
        let run = try PastRun(path)
        #expect(run.step == step && !run.isFinished && !run.hasModel)
        let (rest, restRecord) = try run.trainer(dataset: dataset, threads: 1, options: options())
        let told = rest.mailbox.take()
        #expect(told.steps.map(\.step) == Array(1...step) && told.epochs.count == (step - 1) / 5)
        let got = try #require(try finish(rest, restRecord))
        #expect(got.values.map(\.bitPattern) == expected.values.map(\.bitPattern) && got.step == 15)
        let after = try lines(path)
        #expect(Array(after.prefix(before.count)) == before)
        let isNoPause = { (line: NSDictionary) in line["event"] as? String != "pause" }
        #expect(try after.filter(isNoPause) == lines(temporary.file("whole")))
        let ends = try ["whole", "part"].map { try Checkpoint.read(temporary.file($0) + "/checkpoint.safetensors").state }
        #expect(ends[0].averages.map { $0.values.map(\.bitPattern) } == ends[1].averages.map { $0.values.map(\.bitPattern) })
        #expect(RunSnapshots.steps(in: path + "/snapshots") == Array(0..<15))
    }

    @Test func aFinishedRunTrainsFurther() throws {
        let temporary = try TemporaryFolder()
        let path = temporary.file("run")
        let (trainer, recorder) = try start(path, training(epochs: 2), options(seconds: 1000))
        _ = try finish(trainer, recorder)
        var run = try PastRun(path)
        #expect(run.isFinished && run.epochs == 2)
        #expect(throws: CoreError.self) { try run.extend(to: 1) }
        try run.extend(to: 3)
        #expect(!run.isFinished && run.training.epochs == 3)
        let (rest, restRecord) = try run.trainer(dataset: dataset, threads: 1, options: options(seconds: 1000))
        let got = try #require(try finish(rest, restRecord))
        let (whole, wholeRecord) = try start(temporary.file("whole"), training(), options())
        #expect(try finish(whole, wholeRecord)?.values == got.values)
        let history = RunHistory.read(folder: path)
        #expect(history.epochs.map(\.epoch) == [1, 2, 3] && history.changes == [TrainingChange(step: 10, epochs: 3)])
        #expect(try RunFolder.configuration(in: path).epochs == 3)
        #expect(try RunFolder.configuration(in: path).training.epochs == 2)
        let again = try PastRun(path)
        #expect(again.isFinished)
    }

    /// A run that was ended before its first checkpoint begins anew.
    @Test func aRunWithoutACheckpointBeginsAnew() throws {
        let temporary = try TemporaryFolder()
        let path = temporary.file("run")
        do {
            let folder = try RunFolder(parent: "", name: "tiny", time: "now", exact: path)
            try folder.write(configuration(training()))
            try "{\"event\":\"step\"".write(toFile: path + "/metrics.jsonl", atomically: false, encoding: .utf8)
        }
        let run = try PastRun(path)
        #expect(run.state == nil && run.step == 0)
        let (trainer, recorder) = try run.trainer(dataset: dataset, threads: 1, options: options())
        _ = try finish(trainer, recorder)
        #expect(RunHistory.read(folder: path).epochs.count == 3 && RunHistory.read(folder: path).notices.isEmpty)
    }

    @Test func otherDataAreRefused() throws {
        let temporary = try TemporaryFolder()
        let path = temporary.file("run")
        let (trainer, recorder) = try start(path, training(epochs: 1), options())
        _ = try finish(trainer, recorder)
        let run = try PastRun(path)
        let machine = RunConfiguration.Machine(threads: 1, processor: "test")
        #expect(try run.differences(data: DataIdentity(dataset), machine: machine, version: "test 1").isEmpty)
        let elsewhere = RunConfiguration.Machine(threads: 2, processor: "another", blasCore: "other")
        #expect(try run.differences(data: DataIdentity(dataset), machine: elsewhere, version: "test 2").count == 4)
        // One pixel of one image.
        var pixels = dataset.train.pixels
        pixels[7] ^= 1
        var other = dataset
        other.train = ImageSet(shape: shape, pixels: pixels, labels: dataset.train.labels)
        #expect(refusal { _ = try run.differences(data: DataIdentity(other), machine: machine, version: "test 1") }.contains("not the data"))
    }

    /// A run that nobody saves before its first checkpoint leaves nothing; one that is saved has all its lines.
    @Test(arguments: [false, true])
    func aShortRunLeavesNothing(isSaved: Bool) throws {
        let temporary = try TemporaryFolder()
        let (parent, configuration) = (temporary.path, configuration(training()))
        let recorder = RunRecorder(
            try plan(training()), options: options(seconds: 1000), configuration: { configuration },
            makeFolder: { try RunFolder(parent: parent, name: "tiny", time: "now") })
        let trainer = try Trainer(model: model, training: training(), dataset: dataset, threads: 1, record: recorder)
        trainer.start()
        let limit = ContinuousClock.now + .seconds(60)
        while !trainer.mailbox.wait(seconds: 1).state.isOver, ContinuousClock.now < limit {}
        #expect(temporary.names.isEmpty)
        if isSaved { #expect(try recorder.folder().path.hasSuffix("now-tiny")) }
        try recorder.finish()
        guard isSaved else {
            #expect(temporary.names.isEmpty && recorder.madeFolder == nil)
            return
        }
        #expect(temporary.names == ["latest", "now-tiny"])
        let history = RunHistory.read(folder: temporary.file("now-tiny"))
        #expect(history.steps.map(\.step) == Array(1...15) && history.epochs.count == 3)
        #expect(try Checkpoint.read(temporary.file("now-tiny/checkpoint.safetensors")).isFinished)
    }

    // MARK: The lock

    @Test func oneWriterAtATime() throws {
        let temporary = try TemporaryFolder()
        var first: RunFolder? = try RunFolder(parent: "", name: "tiny", time: "now", exact: temporary.file("run"))
        #expect(RunFolder.writer(of: temporary.file("run"))?.process == getpid())
        let words = refusal { _ = try RunFolder(parent: "", name: "tiny", time: "now", exact: temporary.file("run")) }
        #expect(words.contains("another process is writing this run") && words.contains("process \(getpid())"), "\(words)")
        first?.release()
        first = nil
        #expect(RunFolder.writer(of: temporary.file("run")) == nil)
        #expect(throws: Never.self) { _ = try RunFolder(parent: "", name: "tiny", time: "now", exact: temporary.file("run")) }
        // A lock file that a killed process left behind holds nobody up.
        try "99999 elsewhere\n".write(toFile: temporary.file("run/lock"), atomically: false, encoding: .utf8)
        #expect(RunFolder.writer(of: temporary.file("run")) == nil)
        #expect(throws: Never.self) { _ = try RunFolder(parent: "", name: "tiny", time: "now", exact: temporary.file("run")) }
    }

    /// Of many who want it at once, one gets it.
    @Test func theLockIsTakenOnce() async throws {
        let temporary = try TemporaryFolder()
        let path = temporary.file("run")
        let taken = await withTaskGroup(of: RunFolder?.self) { group in
            for _ in 0..<16 { group.addTask { try? RunFolder(parent: "", name: "tiny", time: "now", exact: path) } }
            return await group.reduce(into: [RunFolder]()) { if let folder = $1 { $0.append(folder) } }
        }
        #expect(taken.count == 1)
    }

    @Test func aRunThatHasNotEndedIsNotReplaced() throws {
        let temporary = try TemporaryFolder()
        let path = temporary.file("run")
        let (trainer, recorder) = try start(path, training(), options())
        _ = try finish(trainer, recorder, stopAfter: 7)
        #expect(refusal { _ = try start(path, training(), options()) }.contains("--resume"))
        #expect(try Checkpoint.read(path + "/checkpoint.safetensors").state.numbers.step == 7)
        let (_, _) = (try RunFolder(parent: "", name: "tiny", time: "now", exact: path, replacing: true), 0)
        #expect(!FileManager.default.fileExists(atPath: path + "/checkpoint.safetensors"))
    }

    // MARK: Snapshots

    /// At most the limit, evenly spaced, and each a model that loads.
    @Test(arguments: [(4, false), (7, true), (0, false), (64, true)])
    func snapshotsAreEvenlySpaced(limit: Int, half: Bool) throws {
        let temporary = try TemporaryFolder()
        let path = temporary.file("run")
        let (trainer, recorder) = try start(path, training(epochs: 9), options(snapshots: limit, half: half))
        let last = try #require(try finish(trainer, recorder))
        let steps = RunSnapshots.steps(in: path + "/snapshots")
        #expect(steps.count <= limit && (limit == 0 || steps.count > limit / 2))
        #expect(Set(zip(steps, steps.dropFirst()).map { $1 - $0 }).count <= 1 && steps.first ?? 0 == 0, "\(steps)")
        for step in steps {
            let model = try ModelFile.load(path + "/snapshots/" + RunSnapshots.name(step: step))
            #expect(model.snapshot.step == step && model.record?.preset == "tiny")
        }
        guard let step = steps.last else { return }
        let file = try SafetensorsFile.read(path: path + "/snapshots/" + RunSnapshots.name(step: step))
        #expect(file.tensors.allSatisfy { $0.dtype == (half ? "F16" : "F32") })
        #expect(last.step == 45)
    }

    /// When a run becomes longer, every other snapshot goes.
    @Test func snapshotsAreThinned() throws {
        let temporary = try TemporaryFolder()
        let path = temporary.file("run")
        let (trainer, recorder) = try start(path, training(epochs: 2), options(snapshots: 6))
        _ = try finish(trainer, recorder)
        #expect(RunSnapshots.steps(in: path + "/snapshots") == [0, 2, 4, 6, 8])
        var run = try PastRun(path)
        try run.extend(to: 8)
        let (rest, restRecord) = try run.trainer(dataset: dataset, threads: 1, options: options(snapshots: 6))
        _ = try finish(rest, restRecord)
        let steps = RunSnapshots.steps(in: path + "/snapshots")
        #expect(steps.count <= 6 && steps.count > 3 && Set(zip(steps, steps.dropFirst()).map { $1 - $0 }).count == 1, "\(steps)")
    }

    /// 16 bits: the nearest number there is, ties to even, and back.
    @Test func halvesAreRounded() throws {
        let values: [Float] = [
            0, -0.0, 1, -2, 0.333333, 65_504, 65_519, 65_520, 1e9, -1e9, 0x1p-14, 0x1p-24, 0x1p-25, 0x1.8p-25, 6.1e-5,
            1.00048828125, 1.0009765625, 0.1,
        ]
        let expected: [Float] = [
            0, -0.0, 1, -2, 0.33325195, 65_504, 65_504, .infinity, .infinity, -.infinity, 0x1p-14, 0x1p-24, 0, 0x1p-24,
            1023 * 0x1p-24, 1, 1.0009765625, 0.099975586,
        ]
        let bytes = try values.withUnsafeBufferPointer {
            try SafetensorsFile.encode(tensors: [(name: "x", shape: [values.count], values: $0)], half: true)
        }
        #expect(try SafetensorsFile(bytes: bytes, name: "x").floats("x").map(\.bitPattern) == expected.map(\.bitPattern))
    }
}
