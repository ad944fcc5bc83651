import CProcessor
import Foundation
import Synchronization

/// Trains a network on a data set, on a thread of its own.
///
/// The trainer owns every number that changes. It tells of its work through `mailbox` and listens to `control`
/// between steps; nobody else touches its buffers.
public final class Trainer: @unchecked Sendable {
    public let network: Network
    public let configuration: TrainingConfiguration
    public let dataset: Dataset
    public let threads: Int
    public let mailbox: TrainingMailbox
    public let control = TrainingControl()
    fileprivate let firstStep = Atomic<UInt64>(0)

    /// When the first step was done, in `DispatchTime`'s nanoseconds; nil before.
    public var firstStepUptime: UInt64? {
        let time = firstStep.load(ordering: .relaxed)
        return time == 0 ? nil : time
    }

    /// Steps in one epoch; the last may be of fewer images.
    public var stepsPerEpoch: Int {
        (dataset.train.count + configuration.batchSize - 1) / configuration.batchSize
    }
    public var totalSteps: Int { stepsPerEpoch * configuration.epochs }

    /// - Parameter threads: workers that share each step; nil takes one a core.
    /// - Throws: `CoreError` when the configuration cannot be built, or does not fit the data.
    public init(
        model: ModelConfiguration, training: TrainingConfiguration, dataset: Dataset, threads: Int? = nil,
        notify: (@Sendable () -> Void)? = nil
    ) throws(CoreError) {
        try training.validate()
        if model.isDeterministic, training.objective.samples > 1 {
            throw CoreError(
                .configuration, "a deterministic autoencoder has one z an image", at: "--samples", expected: "1",
                found: "\(training.objective.samples)")
        }
        for set in [dataset.train, dataset.test] {
            try model.requireFit(set, of: dataset.name, sameShape: true)
        }
        guard dataset.train.count > 0, dataset.test.count > 0 else {
            throw CoreError(.data, "no images to train or test on", at: dataset.name)
        }
        network = try Network(model)
        configuration = training
        self.dataset = dataset
        self.threads = Workers.resolve(threads: threads)
        mailbox = TrainingMailbox(notify: notify)
    }

    /// Starts training on a new thread and returns at once.
    /// - Parameters:
    ///   - givingWay: let whoever else wants a core go first, as the thread that answers keys must.
    ///   - asksWhenDiverged: halt at a loss that is not finite, as `TrainingState.diverged`, and wait to be told to go
    ///     on from the last good parameters or to end; otherwise such a loss ends the run.
    public func start(givingWay: Bool = false, asksWhenDiverged: Bool = false) {
        let isStarted = startThread { [self] in
            if givingWay { Self.giveWay() }
            let run = TrainingRun(self, asksWhenDiverged: asksWhenDiverged)
            run.train()
        }
        guard !isStarted else { return }
        let error = CoreError(
            .configuration, "the system gives no thread to train on", at: "--threads",
            remedy: "end other programs, or raise the limit of processes ('ulimit -u')")
        mailbox.post { $0.state = .failed(error) }
    }

    /// Lowers the calling thread's priority; the workers it makes inherit it. Costs nothing where nobody else wants
    /// the cores.
    private static func giveWay() {
        #if os(Linux)
            // On Linux 0 is the calling thread, not the process.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5)
        #endif
    }
}

/// One run of a trainer, from the first step to the last, on the trainer's thread.
private final class TrainingRun {
    let trainer: Trainer
    let asksWhenDiverged: Bool
    let workers: Workers
    let parameters: FloatBuffer
    let step: TrainingStep
    let evaluator: Evaluator
    var progress: TrainingProgress
    var clock = SpeedClock()
    var evaluationSeconds = 0.0
    /// The newest parameters, all of them finite, under which training had not diverged.
    var lastGood: ParameterSnapshot
    /// Whether training has diverged and nobody has rolled it back: what is left is `lastGood`.
    var isBroken = false
    var watch = DivergenceWatch()
    /// The settings of the last step.
    var settings = TrainingControl.Settings()
    /// The step that was last taken again, with older parameters than its number says.
    var repeatedStep = -1
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
    }

    var mailbox: TrainingMailbox { trainer.mailbox }

    func train() {
        latent_flush_denormals()
        defer { workers.stop() }
        mailbox.post { [progress, lastGood] in
            $0.state = .running
            $0.progress = progress
            $0.snapshot = lastGood
        }
        do {
            for epoch in 0..<trainer.configuration.epochs {
                guard try runEpoch(epoch) else {
                    finish(.stopped)
                    return
                }
            }
            finish(.finished)
        } catch {
            mailbox.post { [lastGood] in
                $0.snapshot = lastGood
                $0.state = .failed(error)
            }
        }
    }

    /// Ends the run with its newest parameters; where those are not finite, with the last good ones and an error.
    private func finish(_ state: TrainingState) {
        let current = isBroken ? nil : snapshot()
        let end = isBroken || current != nil ? state : .failed(divergence("a parameter is no longer a finite number"))
        mailbox.post { [progress, lastGood] in
            $0.progress = progress
            $0.snapshot = current ?? lastGood
            $0.state = end
        }
    }

    /// The parameters of now; nil when one of them is not finite.
    private func snapshot() -> ParameterSnapshot? {
        guard parameters.firstNonFinite == nil else { return nil }
        return ParameterSnapshot(
            copying: parameters, network: trainer.network, step: progress.step, epoch: progress.epoch)
    }

    /// - Returns: false when training was asked to stop.
    private func runEpoch(_ epoch: Int) throws(CoreError) -> Bool {
        let configuration = trainer.configuration
        let order = epochOrder(count: trainer.dataset.train.count, seed: configuration.seed, epoch: epoch)
        var sum = LossTerms()
        var seconds = 0.0
        for start in stride(from: 0, to: order.count, by: configuration.batchSize) {
            guard waitForTurn() else { return false }
            let began = DispatchTime.now().uptimeNanoseconds
            let batch = order[start..<min(order.count, start + configuration.batchSize)]
            guard let terms = try guarded({ () throws(CoreError) in try runStep(batch, epoch: epoch) }) else {
                return false
            }
            sum.reconstruction += terms.reconstruction
            sum.kl += terms.kl
            seconds += Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
        }
        let n = Double(order.count)
        let train = LossTerms(reconstruction: sum.reconstruction / n, kl: sum.kl / n)
        return try guarded { () throws(CoreError) in
            try report(epoch, seconds: seconds, images: order.count, train: train)
        } ?? false
    }

    /// Whether to go on: blocks while paused.
    /// - Parameter state: what is done, when it is not paused.
    private func waitForTurn(_ state: TrainingState = .running) -> Bool {
        trainer.control.waitForTurn(
            takesStep: state == .running,
            pausing: { [self] in
                let current = snapshot() ?? lastGood
                mailbox.post {
                    $0.snapshot = current
                    $0.state = .paused
                }
            },
            resuming: { [self] in
                clock = SpeedClock()
                mailbox.post { $0.state = state }
            })
    }

    /// Some work; when training turns out to have diverged and somebody can be asked, again from the last good
    /// parameters.
    /// - Returns: what the work gives; nil when training was asked to stop instead.
    private func guarded<Result>(_ work: () throws(CoreError) -> Result) throws(CoreError) -> Result? {
        while true {
            do throws(CoreError) {
                return try work()
            } catch {
                isBroken = true
                guard asksWhenDiverged else { throw error }
                mailbox.post { [lastGood] in
                    $0.snapshot = lastGood
                    $0.state = .diverged(error)
                }
                guard trainer.control.waitForRollBack() else { return nil }
                rollBack()
            }
        }
    }

    private func rollBack() {
        step.rollBack(
            to: lastGood.values,
            optimizer: trainer.configuration.optimizer.make(count: trainer.network.parameterCount))
        isBroken = false
        repeatedStep = progress.step
        clock = SpeedClock()
        mailbox.post { [progress, lastGood] in
            $0.changes.append(TrainingChange(step: progress.step, rolledBackTo: lastGood.step))
            $0.state = .running
        }
    }

    /// One step, told of in the mailbox.
    /// - Returns: the losses, nats, summed over the batch.
    private func runStep(_ indices: ArraySlice<Int>, epoch: Int) throws(CoreError) -> LossTerms {
        let configuration = trainer.configuration
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
                seed: configuration.seed, step: progress.step, epoch: epoch),
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
        mailbox.post { [progress] in
            $0.steps.append(metrics)
            $0.progress = progress
        }
        try publish(rows: indices.count)
        return terms
    }

    /// Takes over what was changed since the last step, and tells of it.
    private func noteSettings() {
        let next = trainer.control.currentSettings
        if let change = TrainingChange(from: settings, to: next, step: progress.step) {
            mailbox.post { $0.changes.append(change) }
        }
        settings = next
    }

    /// Leaves the parameters in the mailbox, when somebody has asked for them.
    /// - Parameter rows: images of the step just taken, whose KL is told of.
    private func publish(rows: Int) throws(CoreError) {
        guard mailbox.takeSnapshotRequest() else { return }
        guard let current = snapshot() else { throw divergence("a parameter is no longer a finite number") }
        let kl = trainer.network.configuration.isDeterministic ? [] : step.klPerDimension(rows: rows)
        mailbox.post {
            $0.snapshot = current
            if !kl.isEmpty { $0.klPerDimension = kl }
        }
    }

    private func secondsLeft() -> Double? {
        guard clock.imagesPerSecond > 0 else { return nil }
        let perEpoch = Double(trainer.dataset.train.count) / clock.imagesPerSecond
        let left = Double(progress.totalSteps - progress.step) / Double(trainer.stepsPerEpoch)
        let evaluation = progress.epoch > 0 ? evaluationSeconds / Double(progress.epoch) : 0
        return left * (perEpoch + evaluation)
    }

    /// Evaluates the held-out images and tells of the epoch.
    /// - Returns: false when training was asked to stop meanwhile.
    private func report(_ epoch: Int, seconds: Double, images: Int, train: LossTerms) throws(CoreError) -> Bool {
        guard parameters.firstNonFinite == nil else { throw divergence("a parameter is no longer a finite number") }
        mailbox.post { $0.state = .evaluating }
        let began = DispatchTime.now().uptimeNanoseconds
        let test = evaluator.evaluate(
            parameters.padded, on: trainer.dataset.test, binarization: trainer.configuration.binarization,
            seed: trainer.configuration.seed, while: { waitForTurn(.evaluating) })
        guard let test else { return false }
        if let term = test.terms.nonFiniteTerm { throw divergence("\(term) of the test images is no longer a finite number") }
        evaluationSeconds += Double(DispatchTime.now().uptimeNanoseconds - began) / 1e9
        progress.epoch = epoch + 1
        let report = EpochReport(
            epoch: epoch + 1, step: progress.step, seconds: seconds,
            imagesPerSecond: Double(images) / max(seconds, 1e-9), train: train, test: test)
        mailbox.post { [progress] in
            $0.epochs.append(report)
            $0.progress = progress
            $0.state = .running
        }
        clock.skip()
        return true
    }

    private func divergence(_ problem: String) -> CoreError {
        CoreError(
            .training, problem, at: "step \(progress.step + 1)",
            remedy: "the parameters of step \(lastGood.step), the last good ones, are kept; try a lower learning rate")
    }
}

/// Images per second over about the last second.
private struct SpeedClock {
    private var windowStart = DispatchTime.now().uptimeNanoseconds
    private var images = 0
    private(set) var imagesPerSecond = 0.0

    mutating func tick(images count: Int) {
        images += count
        let now = DispatchTime.now().uptimeNanoseconds
        let seconds = Double(now - windowStart) / 1e9
        guard seconds > 0.25 || imagesPerSecond == 0 else { return }
        let speed = Double(images) / max(seconds, 1e-6)
        imagesPerSecond = imagesPerSecond == 0 ? speed : imagesPerSecond + 0.4 * (speed - imagesPerSecond)
        windowStart = now
        images = 0
    }

    /// Leaves out the time since the last tick, which was no training.
    mutating func skip() {
        windowStart = DispatchTime.now().uptimeNanoseconds
        images = 0
    }
}
