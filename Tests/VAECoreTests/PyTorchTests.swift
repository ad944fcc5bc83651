import Foundation
import Testing
import VAECore

/// What `integrations/pytorch` writes: a run of two processes and a convolutional model. `script/make-pytorch-fixture`
/// made both, with the images of `images` below.
@Suite struct PyTorchTests {
    private let run = "\(projectRoot)/Tests/Fixtures/pytorch/run"

    /// Pixel p of image i is ((i + 3) · (p + 5)² mod 257) mod 256; its class is i mod 3.
    private static func images(_ numbers: Range<Int>) -> ImageSet {
        let pixels = numbers.flatMap { i in (0..<36).map { p in UInt8((i + 3) * (p + 5) * (p + 5) % 257 % 256) } }
        return ImageSet(shape: ImageShape(height: 6, width: 6), pixels: pixels, labels: numbers.map { UInt8($0 % 3) })
    }

    private let dataset = Dataset(name: "images", train: images(0..<20), test: images(20..<28), source: "images")

    private func isClose(_ a: LossTerms?, _ b: LossTerms?, within limit: Double = 1e-4) -> Bool {
        guard let a, let b else { return false }
        return abs(a.reconstruction - b.reconstruction) < limit && abs(a.kl - b.kl) < limit
    }

    private func evaluation(_ model: TrainedModel, _ binarization: Binarization) -> Evaluation {
        let workers = Workers(count: 1)
        defer { workers.stop() }
        return Evaluator(network: model.snapshot.network, workers: workers)
            .evaluate(model.snapshot.parameters, on: dataset.test, binarization: binarization)
    }

    @Test func theListShowsIt() throws {
        let listing = RunListing(run)
        #expect(listing.state == .finished && listing.notices.isEmpty)
        #expect(listing.preset == "pytorch" && listing.dataset == "images")
        #expect((listing.step, listing.epoch, listing.epochs) == (9, 3, 3))
        #expect(listing.best?.epoch == 3 && listing.seconds ?? 0 > 0)
        #expect(!listing.canResume && listing.trainer == "pytorch")
        #expect(try RunFolder.configuration(in: run).data?.isSame(as: DataIdentity(dataset)) == true)
    }

    /// Its loss, computed here, is what PyTorch computed.
    @Test func itsModelHasTheSameLossHere() throws {
        let model = try ModelFile.load(run)
        #expect((model.snapshot.step, model.snapshot.epoch, model.assumption) == (9, 3, nil))
        let record = try #require(model.record)
        let last = try #require(RunHistory.read(folder: run).epochs.last)
        #expect(record.evaluation?.terms == last.test && record.evaluation?.images == 8)
        let here = evaluation(model, record.training.binarization)
        #expect(isClose(here.terms, last.test), "\(here.terms) \(last.test)")
        for (a, b) in zip(here.meanVariance, record.evaluation?.meanVariance ?? []) { #expect(abs(a - b) < 1e-5) }
        let start = try ModelFile.load(run + "/snapshots/" + RunSnapshots.name(step: 0))
        #expect(start.snapshot.step == 0 && start.snapshot.values != model.snapshot.values)
    }

    /// Kernels in the file's layout, the class as channels of the image.
    @Test func aConvolutionalModelHasTheSameLossHere() throws {
        let model = try ModelFile.load("\(projectRoot)/Tests/Fixtures/pytorch/convolution.safetensors")
        #expect(model.snapshot.network.configuration.summary == "36-conv3-2-18-deconv4-36 given 3 classes")
        let there = try #require(model.record?.evaluation)
        let here = evaluation(model, .threshold)
        #expect(isClose(here.terms, there.terms), "\(here.terms) \(there.terms)")
        for (a, b) in zip(here.klPerDimension, there.klPerDimension) { #expect(abs(a - b) < 1e-5) }
    }

    /// The same run trained here has the same losses: the start, the order of the images, the noise, the gradients and
    /// the optimiser agree.
    @Test func theSameRunHereHasTheSameLosses() throws {
        let configuration = try RunFolder.configuration(in: run)
        let trainer = try Trainer(
            model: configuration.model, training: configuration.training, dataset: dataset, threads: 1)
        trainer.start()
        var (steps, epochs) = ([StepMetrics](), [EpochReport]())
        let limit = ContinuousClock.now + .seconds(60)
        while true {
            let mail = trainer.mailbox.wait(seconds: 1)
            steps += mail.steps
            epochs += mail.epochs
            if mail.state.isOver { break }
            try #require(ContinuousClock.now < limit)
        }
        let there = RunHistory.read(folder: run)
        #expect(there.steps.map(\.step) == Array(1...9) && there.epochs.map(\.epoch) == [1, 2, 3])
        #expect(steps.count == 9 && epochs.count == 3)
        for (a, b) in zip(steps, there.steps) {
            #expect(isClose(a.terms, b.terms), "step \(a.step): \(a.terms) \(b.terms)")
            #expect((a.learningRate, a.beta, a.freeBits) == (b.learningRate, b.beta, b.freeBits))
        }
        for (a, b) in zip(epochs, there.epochs) {
            #expect(isClose(a.train, b.train) && isClose(a.test.terms, b.test), "epoch \(a.epoch)")
            #expect(a.test.activeUnits == b.activeUnits)
        }
    }

    @Test func itCanBeFollowed() throws {
        let followed = FollowedRun(try FollowSource(path: run)) {}
        followed.start()
        defer { followed.obey(.stop) }
        var (values, about, model) = ([String: Int](), RunNews.About?.none, RunNews.LandedModel?.none)
        let limit = ContinuousClock.now + .seconds(30)
        while values["test.negative_elbo"] != 3 || values["train.kl"] != 9 || model == nil || about == nil {
            try #require(ContinuousClock.now < limit, "\(values)")
            guard let news = followed.wait(seconds: 0.5).news else { continue }
            for case .values(let new) in news.parts {
                values.merge(new.mapValues(\.count)) { $0 + $1 }
            }
            (about, model) = (news.about ?? about, news.model ?? model)
            #expect(news.notices.isEmpty, "\(news.notices)")
        }
        #expect(about == RunNews.About(preset: "pytorch", dataset: "images", steps: 9, epochs: 3))
        #expect(model?.model.snapshot.network.configuration.summary == "36-5-2-5-36")
    }

    /// Only PyTorch can continue it, and nothing here writes into it.
    @Test func itIsNotContinuedHere() throws {
        let temporary = try TemporaryFolder()
        let copy = temporary.file("run")
        try FileManager.default.copyItem(atPath: run, toPath: copy)
        let names = try FileManager.default.contentsOfDirectory(atPath: copy).sorted()
        let text = refusal { _ = try PastRun(copy) }
        #expect(text.contains("trained by PyTorch") && text.contains("'python -m latent_torch.train --out \(copy)'"))
        let taken = refusal { _ = try RunFolder(parent: "", name: "new", time: "", exact: copy) }
        #expect(taken.contains("another program"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: copy).sorted() == names)
        #expect(RunListing(copy).epoch == 3)
        // A trainer that this version does not know is named, and cannot begin a line of its own.
        let path = copy + "/config.json"
        let changed = try String(contentsOfFile: path, encoding: .utf8)
            .replacingOccurrences(of: #""name": "pytorch""#, with: #""name": "jax\n\u001b[2J""#)
        try changed.write(toFile: path, atomically: true, encoding: .utf8)
        let other = refusal { _ = try PastRun(copy) }
        #expect(other.contains("another program trains this run"), "\(other)")
        #expect(!other.contains("\n") && !other.contains("\u{1b}"))
    }
}
