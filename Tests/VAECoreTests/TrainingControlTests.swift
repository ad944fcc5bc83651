import Foundation
import Testing
import VAECore

/// Changes while a trainer runs: free bits, and continuing after a divergence.
@Suite struct TrainingControlTests {
    private let model = ModelConfiguration.perceptron(image: ImageShape(height: 4, width: 5), hidden: [8], latent: 3)
    private let dataset = Dataset.noise(images: 60, seed: 3, shape: ImageShape(height: 4, width: 5))

    private func trainer(_ objective: Objective = Objective(), rate: Double = 1e-2, epochs: Int = 3) throws -> Trainer {
        try Trainer(
            model: model,
            training: TrainingConfiguration(epochs: epochs, batchSize: 20, learningRate: rate, objective: objective),
            dataset: dataset, threads: 1)
    }

    /// Follows a run until `isEnough`, and collects its reports and newest snapshot.
    private func follow(
        _ trainer: Trainer, until isEnough: (TrainingMailbox.Mail) -> Bool
    ) throws -> (steps: [StepMetrics], mail: TrainingMailbox.Mail, snapshot: ParameterSnapshot?) {
        var steps: [StepMetrics] = []
        var snapshot: ParameterSnapshot?
        let limit = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < limit {
            let mail = trainer.mailbox.wait(seconds: 1)
            steps += mail.steps
            snapshot = mail.snapshot ?? snapshot
            if isEnough(mail) { return (steps, mail, snapshot) }
        }
        throw CoreError(.training, "the trainer does not come to it in a minute", at: "the test")
    }

    /// A run in single steps, so that it is known before which step a change is made.
    private func stepped(_ trainer: Trainer, _ change: (Int, Trainer) -> Void) throws -> [Float] {
        trainer.control.obey(.pause)
        trainer.start()
        _ = try follow(trainer) { $0.state == .paused }
        var snapshot: ParameterSnapshot?
        for step in 1...9 {
            change(step, trainer)
            trainer.control.obey(.step)
            let told = try follow(trainer) { $0.progress.step == step && ($0.state == .paused || $0.state.isOver) }
            snapshot = told.snapshot ?? snapshot
        }
        // The ninth step is the last.
        trainer.control.obey(.resume)
        if snapshot?.step != 9 { snapshot = try follow(trainer) { $0.state.isOver }.snapshot }
        let last = try #require(snapshot)
        #expect(last.step == 9)
        return last.values
    }

    /// Set before the first step, they give the same bits as when configured; set later, the bits of neither run.
    @Test func freeBitsSetWhileItRuns() throws {
        let configured = try stepped(trainer(Objective(freeBits: 0.25))) { _, _ in }
        let live = try stepped(trainer()) { step, trainer in if step == 1 { trainer.control.obey(.freeBits(0.25)) } }
        #expect(live == configured)
        let none = try stepped(trainer()) { _, _ in }
        let offAndOn = try stepped(trainer()) { step, trainer in
            if step == 2 { trainer.control.obey(.freeBits(0.25)) }
            // Changed back before the next step, nothing is reported.
            if step == 2 { trainer.control.obey(.freeBits(0)) }
        }
        #expect(offAndOn == none)
        let late = try stepped(trainer()) { step, trainer in if step == 5 { trainer.control.obey(.freeBits(0.25)) } }
        #expect(late != none && late != configured)
    }

    @Test func freeBitsTakeEffectAtTheNextStep() throws {
        let trainer = try trainer(epochs: 2)
        trainer.control.obey(.pause)
        trainer.start()
        _ = try follow(trainer) { $0.state == .paused }
        trainer.control.obey(.step)
        let first = try follow(trainer) { $0.progress.step == 1 && $0.state == .paused }
        trainer.control.obey(.freeBits(0.5))
        trainer.control.obey(.step)
        let second = try follow(trainer) { $0.progress.step == 2 && $0.state == .paused }
        trainer.control.obey(.stop)
        #expect(first.steps.map(\.freeBits) == [0] && second.steps.map(\.freeBits) == [0.5])
        // The reported terms are those of the ELBO, whatever the free bits.
        #expect(second.steps[0].terms.kl > 0)
    }

    /// An objective that samples its KL ignores free bits.
    @Test func freeBitsOfAnotherObjectiveAreIgnored() throws {
        let trainer = try trainer(Objective(.iwae, samples: 2), epochs: 1)
        trainer.control.obey(.freeBits(1))
        trainer.start()
        let end = try follow(trainer) { $0.state.isOver }
        #expect(end.mail.state == .finished && end.steps.allSatisfy { $0.freeBits == 0 })
    }

    /// The mail has the last batch's KL for each dimension.
    @Test func klOfEachDimensionIsTold() throws {
        let trainer = try trainer(epochs: 1)
        trainer.control.obey(.pause)
        trainer.start()
        _ = try follow(trainer) { $0.state == .paused }
        trainer.mailbox.requestSnapshot()
        trainer.control.obey(.step)
        var kl: [Double] = []
        let told = try follow(trainer) { mail in
            if !mail.klPerDimension.isEmpty { kl = mail.klPerDimension }
            // The losses of a step are reported before its parameters.
            return !kl.isEmpty
        }
        trainer.control.obey(.stop)
        #expect(kl.count == 3)
        #expect(abs(kl.reduce(0, +) - told.steps[0].terms.kl) < 1e-6)
    }

    /// After a divergence the run keeps the last good parameters, continues from them at a new rate, and repeats the batch.
    @Test func aLossThatIsNoNumberIsRolledBack() throws {
        let trainer = try trainer(rate: 1e-3, epochs: 4)
        trainer.control.obey(.pause)
        trainer.start(asksWhenDiverged: true)
        _ = try follow(trainer) { $0.state == .paused }
        for step in 1...4 {
            if step == 4 { trainer.control.obey(.learningRateScale(1e23)) }
            trainer.control.obey(.step)
            _ = try follow(trainer) { $0.progress.step == step && $0.state == .paused }
        }
        trainer.control.obey(.resume)
        let halted = try follow(trainer) { if case .diverged = $0.state { true } else { false } }
        guard case .diverged(let error) = halted.mail.state else { return }
        #expect(error.what.contains("no longer a finite number") && error.place == "step 5")
        #expect(!halted.mail.state.isOver && halted.mail.progress.step == 4)
        let kept = try #require(halted.snapshot)
        #expect(kept.values.allSatisfy { $0.isFinite } && kept.step <= 4)

        trainer.control.obey(.learningRateScale(0.5))
        trainer.control.obey(.rollBack)
        let end = try follow(trainer) { $0.state.isOver }
        #expect(end.mail.state == .finished)
        #expect(end.steps.map(\.step) == Array(5...12))
        #expect(end.steps.allSatisfy { $0.terms.negativeELBO.isFinite && $0.learningRate == 5e-4 })
        #expect(end.snapshot?.step == 12 && end.snapshot?.values.allSatisfy { $0.isFinite } == true)
    }

    /// Stopped instead, it leaves the last good parameters.
    @Test func aHaltedRunCanBeStopped() throws {
        let trainer = try trainer(rate: 1e25)
        trainer.start(asksWhenDiverged: true)
        _ = try follow(trainer) { if case .diverged = $0.state { true } else { false } }
        // Rolled back without changing the rate, it diverges again.
        trainer.control.obey(.rollBack)
        _ = try follow(trainer) { if case .diverged = $0.state { true } else { false } }
        trainer.control.obey(.stop)
        let end = try follow(trainer) { $0.state.isOver }
        #expect(end.mail.state == .stopped)
        #expect(end.snapshot?.values.allSatisfy { $0.isFinite } == true)
    }
}
