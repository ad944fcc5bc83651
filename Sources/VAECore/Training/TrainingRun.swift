import CProcessor
import Foundation

/// One run of a trainer, from the first step to the last, on the trainer's thread.
final class TrainingRun {
    let trainer: Trainer
    let asksWhenDiverged: Bool
    let workers: Workers
    let parameters: FloatBuffer
    let step: TrainingStep
    let evaluator: Evaluator
    var progress: TrainingProgress
    /// How far the epoch under way has come.
    var place = EpochPlace()
    /// The last epoch's figures.
    var lastReport: EpochReport?
    var clock = SpeedClock()
    /// The time that the evaluations of this process took, and their number.
    var evaluationSeconds = 0.0
    var evaluations = 0
    /// The time spent paused, and when the last pause began.
    var pausedSeconds = 0.0
    var pausedSince: UInt64 = 0
    /// Whether the record has been told of a pause that still lasts; single steps interrupt a pause without ending it.
    var isPauseRecorded = false
    /// The newest snapshot known to be good: every parameter finite, and the next step's loss in range.
    var lastGood: ParameterSnapshot
    /// Training has diverged and has not been rolled back: only `lastGood` can still be used.
    var isBroken = false
    var watch = DivergenceWatch()
    /// The settings of the last step.
    var settings = TrainingControl.Settings()
    /// The step at which training last resumed after a roll-back. Its parameters are older than its number, so it gives
    /// no new `lastGood`.
    var repeatedStep = -1
    /// Steps between two candidates for `lastGood`.
    static let checkEvery = 64

    init(_ trainer: Trainer, asksWhenDiverged: Bool) {
        self.trainer = trainer
        self.asksWhenDiverged = asksWhenDiverged
        workers = Workers(count: trainer.threads)
        let network = trainer.network
        parameters = FloatBuffer(count: network.parameterCount)
        trainer.configuration.initialization.fill(
            parameters, layout: network.layout, seed: trainer.configuration.seed)
        step = TrainingStep(
            network: network, parameters: parameters,
            optimizer: trainer.configuration.optimizer.make(count: network.parameterCount),
            batchSize: min(trainer.configuration.batchSize, trainer.dataset.train.count), workers: workers,
            objective: trainer.configuration.objective, gradientClip: trainer.configuration.gradientClip)
        evaluator = Evaluator(network: network, workers: workers)
        progress = TrainingProgress(
            step: 0, totalSteps: trainer.totalSteps, epoch: 0, epochs: trainer.configuration.epochs)
        lastGood = ParameterSnapshot(network: network, values: parameters.array)
        if let past = trainer.past { restore(past) }
    }

    var mailbox: TrainingMailbox { trainer.mailbox }

    func train() {
        latent_flush_denormals()
        defer { workers.stop() }
        let start = snapshot() ?? lastGood
        mailbox.post { [progress] in
            $0.state = .running
            $0.progress = progress
            $0.snapshot = start
        }
        do {
            while progress.epoch < trainer.configuration.epochs {
                guard try runEpoch() else {
                    finish(.stopped)
                    return
                }
            }
            finish(.finished)
        } catch {
            trainer.record?.failed(error, step: progress.step)
            mailbox.post { [lastGood] in
                $0.snapshot = lastGood
                $0.state = .failed(error)
            }
        }
    }

    /// Trains on the images of the epoch that are left, then evaluates.
    /// - Returns: false when training was asked to stop.
    func runEpoch() throws(CoreError) -> Bool {
        let configuration = trainer.configuration
        let order = epochOrder(count: trainer.dataset.train.count, seed: configuration.seed, epoch: progress.epoch)
        while place.images < order.count {
            guard waitForTurn() else { return false }
            keepIfDue()
            let began = DispatchTime.now().uptimeNanoseconds
            let batch = order[place.images..<min(order.count, place.images + configuration.batchSize)]
            guard let terms = try guarded({ () throws(CoreError) in try runStep(batch) }) else { return false }
            place.add(terms, images: batch.count, seconds: Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9)
        }
        guard try guarded({ () throws(CoreError) in try report() }) == true else { return false }
        place = EpochPlace()
        return true
    }

    /// Takes one step and reports it.
    /// - Returns: the losses in nats, summed over the batch.
    func runStep(_ indices: ArraySlice<Int>) throws(CoreError) -> LossTerms {
        let configuration = trainer.configuration
        // Again, since a roll-back comes with another rate.
        noteSettings()
        let rate =
            configuration.learningRate * settings.learningRateScale
            * configuration.schedule.factor(step: progress.step, total: trainer.totalSteps)
        let beta = settings.beta
            ?? configuration.beta(step: progress.step, stepsPerEpoch: trainer.stepsPerEpoch)
        if let freeBits = settings.freeBits, configuration.objective.bound == .elbo { step.set(freeBits: freeBits) }
        let isDue = progress.step % Self.checkEvery == 0 && progress.step != repeatedStep
        let candidate = isDue ? snapshot() : nil
        let terms = step.run(
            TrainingStep.Batch(
                images: trainer.dataset.train, indices: indices, binarization: configuration.binarization,
                seed: configuration.seed, step: progress.step, epoch: progress.epoch),
            beta: Float(beta), learningRate: Float(rate))
        let n = Double(indices.count)
        let mean = LossTerms(reconstruction: terms.reconstruction / n, kl: terms.kl / n)
        let minimized = step.minimized(rows: indices.count)
        if let problem = watch.problem(mean, minimized: minimized, pixels: trainer.network.pixels) {
            throw divergence(problem)
        }
        if let candidate { lastGood = candidate }
        if progress.step == 0 { trainer.firstStep.store(DispatchTime.now().uptimeNanoseconds, ordering: .relaxed) }
        progress.step += 1
        let metrics = StepMetrics(
            step: progress.step, terms: mean, learningRate: rate, beta: beta, freeBits: step.objective.freeBits)
        clock.tick(images: indices.count)
        progress.imagesPerSecond = clock.imagesPerSecond
        progress.secondsLeft = secondsLeft()
        trainer.record?.step(metrics)
        mailbox.post { [progress] in
            $0.steps.append(metrics)
            $0.progress = progress
        }
        try publish(rows: indices.count)
        return terms
    }

    /// Adopts the settings changed since the last step, and reports the change.
    func noteSettings() {
        let next = trainer.control.currentSettings
        if let change = TrainingChange(from: settings, to: next, step: progress.step) {
            trainer.record?.change(change)
            mailbox.post { $0.changes.append(change) }
        }
        settings = next
    }

    /// Evaluates the held-out images and reports the epoch.
    /// - Returns: false when training was asked to stop meanwhile.
    func report() throws(CoreError) -> Bool {
        guard parameters.firstNonFinite == nil else { throw brokenParameters }
        mailbox.post { $0.state = .evaluating }
        let began = DispatchTime.now().uptimeNanoseconds
        let pausedBefore = pausedSeconds
        let test = evaluator.evaluate(
            parameters.padded, on: trainer.dataset.test, binarization: trainer.configuration.binarization,
            seed: trainer.configuration.seed, while: { waitForTurn(.evaluating) })
        guard let test else { return false }
        if let term = test.terms.nonFiniteTerm { throw divergence("\(term) of the test images is no longer a finite number") }
        evaluationSeconds += Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9 - (pausedSeconds - pausedBefore)
        evaluations += 1
        progress.epoch += 1
        let report = EpochReport(
            epoch: progress.epoch, step: progress.step, seconds: place.seconds,
            imagesPerSecond: Double(place.images) / max(place.seconds, 1e-9), train: place.mean, test: test)
        lastReport = report
        trainer.record?.epoch(report)
        mailbox.post { [progress] in
            $0.epochs.append(report)
            $0.progress = progress
            $0.state = .running
        }
        clock.skip()
        return true
    }
}
