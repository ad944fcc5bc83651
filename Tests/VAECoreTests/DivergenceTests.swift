import Foundation
import Testing
import VAECore

/// Runs that diverge: they report it, and leave good parameters.
@Suite struct DivergenceTests {
    private let model = ModelConfiguration.perceptron(image: ImageShape(height: 4, width: 5), hidden: [8], latent: 3)

    private func run(rate: Double, epochs: Int = 40, images: Int = 60) throws -> TrainingMailbox.Mail {
        let trainer = try Trainer(
            model: model, training: TrainingConfiguration(epochs: epochs, batchSize: 20, learningRate: rate),
            dataset: Dataset.noise(images: images, seed: 3, shape: ImageShape(height: 4, width: 5)), threads: 1)
        trainer.start()
        var all = TrainingMailbox.Mail()
        let limit = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < limit {
            let mail = trainer.mailbox.wait(seconds: 1)
            all.state = mail.state
            all.snapshot = mail.snapshot ?? all.snapshot
            all.steps += mail.steps
            all.epochs += mail.epochs
            if let snapshot = mail.snapshot { #expect(snapshot.values.allSatisfy { $0.isFinite }) }
            if mail.state.isOver { return all }
        }
        throw CoreError(.training, "not over in a minute", at: "the test")
    }

    /// The last step breaks the parameters, with no later loss to show it.
    @Test func aBrokenLastStepIsNoResult() throws {
        let end = try run(rate: 1e300, epochs: 1, images: 20)
        guard case .failed(let error) = end.state else {
            Issue.record("\(end.state)")
            return
        }
        #expect(error.description.contains("no longer a finite number"))
        #expect(end.snapshot?.step == 0 && end.epochs.isEmpty)
    }

    /// A finite loss that explodes is a divergence, not a posterior collapse.
    @Test func anExplodingLossIsADivergence() throws {
        let end = try run(rate: 1e4)
        guard case .failed(let error) = end.state else {
            Issue.record("\(end.state), losses up to \(end.steps.map(\.terms.negativeELBO).max() ?? 0)")
            return
        }
        #expect(error.kind == .training && error.description.contains("try a lower learning rate"))
    }

    @Test func aUsualRunIsNone() throws {
        #expect(try run(rate: 1e-2).state == .finished)
    }

    /// Every other epoch is dropped, but never the last.
    @Test(arguments: [1, 2, 7, 8]) func thinningKeepsTheLast(count: Int) throws {
        let test = try #require(run(rate: 1e-3, epochs: 1).epochs.first).test
        var reports = (1...count).map {
            EpochReport(epoch: $0, step: $0, seconds: 1, imagesPerSecond: 1, train: LossTerms(), test: test)
        }
        reports.thin()
        #expect(reports.map(\.epoch) == (1...count).filter { ($0 - count) % 2 == 0 })
    }

    /// Ten thousand epochs of one step each: unread mail stays bounded, and the last epoch is reported.
    @Test func veryShortEpochsTakeBoundedRoom() throws {
        let trainer = try Trainer(
            model: model, training: TrainingConfiguration(epochs: 10_000, batchSize: 1, learningRate: 1e-4),
            dataset: Dataset.noise(images: 1, seed: 3, shape: ImageShape(height: 4, width: 5)), threads: 1)
        trainer.start()
        var last = 0
        var mail = TrainingMailbox.Mail()
        let limit = ContinuousClock.now + .seconds(60)
        repeat {
            mail = trainer.mailbox.wait(seconds: 1)
            #expect(mail.epochs.count <= 4096 && mail.steps.count <= 8192)
            last = mail.epochs.last?.epoch ?? last
        } while !mail.state.isOver && ContinuousClock.now < limit
        #expect(mail.state == .finished && last == 10_000)
    }

    /// An evaluation ends when the run is stopped, and waits while it is paused.
    @Test func anEvaluationAnswers() throws {
        let many = Dataset.noise(images: 60, seed: 3, shape: ImageShape(height: 28, width: 28))
        let pixels = [UInt8](repeating: 7, count: 60_000 * 784)
        let large = Dataset(
            name: "large", train: many.train, test: ImageSet(shape: many.shape, pixels: pixels, labels: nil),
            source: "here")
        let trainer = try Trainer(
            model: .perceptron(hidden: [400, 400], latent: 2),
            training: TrainingConfiguration(epochs: 1, batchSize: 60, learningRate: 1e-3), dataset: large, threads: 1)
        trainer.start()
        func wait(_ what: String, _ isThere: (TrainingMailbox.Mail) -> Bool) throws -> TrainingMailbox.Mail {
            let limit = ContinuousClock.now + .seconds(60)
            while ContinuousClock.now < limit {
                let mail = trainer.mailbox.wait(seconds: 1)
                if isThere(mail) { return mail }
            }
            throw CoreError(.training, "not in a minute: \(what)", at: "the test")
        }
        _ = try wait("an evaluation") { $0.state == .evaluating }
        trainer.control.obey(.pause)
        _ = try wait("a pause") { $0.state == .paused }
        trainer.control.obey(.resume)
        _ = try wait("the evaluation again") { $0.state == .evaluating }
        trainer.control.obey(.stop)
        let end = try wait("the end") { $0.state.isOver }
        #expect(end.state == .stopped && end.epochs.isEmpty && end.snapshot?.step == 1)
    }

    /// Changes are reported with the step after which they take effect; `step` on a running model takes one step and pauses.
    @Test func changesAndSingleSteps() throws {
        let trainer = try Trainer(
            model: model, training: TrainingConfiguration(epochs: 1_000_000, batchSize: 20, learningRate: 1e-4),
            dataset: Dataset.noise(images: 60, seed: 3, shape: ImageShape(height: 4, width: 5)), threads: 1)
        trainer.start()
        var mail = trainer.mailbox.wait(seconds: 10)
        while mail.progress.step == 0 { mail = trainer.mailbox.wait(seconds: 10) }
        trainer.control.obey(.step)
        while mail.state != .paused { mail = trainer.mailbox.wait(seconds: 10) }
        let paused = mail.progress.step
        trainer.control.obey(.beta(3))
        trainer.control.obey(.learningRateScale(0.5))
        trainer.control.obey(.step)
        var changes: [TrainingChange] = []
        while mail.progress.step == paused || mail.state != .paused {
            mail = trainer.mailbox.wait(seconds: 10)
            changes += mail.changes
        }
        trainer.control.obey(.stop)
        #expect(mail.progress.step == paused + 1)
        #expect(changes == [TrainingChange(step: paused, learningRateScale: 0.5, beta: 3)])
    }
}
