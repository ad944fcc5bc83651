// What a run reports: its parameters, its end and the time left.

extension TrainingRun {
    /// Ends the run with its newest parameters or, if those are not finite, with the last good ones and an error.
    func finish(_ state: TrainingState) {
        let current = isBroken ? nil : snapshot()
        if current != nil {
            noteSettings()
            keepState()
        }
        let end = isBroken || current != nil ? state : .failed(brokenParameters)
        mailbox.post { [progress, lastGood] in
            $0.progress = progress
            $0.snapshot = current ?? lastGood
            $0.state = end
        }
    }

    /// The current parameters; nil when one of them is not finite.
    func snapshot() -> ParameterSnapshot? {
        guard parameters.firstNonFinite == nil else { return nil }
        return ParameterSnapshot(
            copying: parameters, network: trainer.network, step: progress.step, epoch: progress.epoch)
    }

    /// Leaves the parameters in the mailbox if somebody has asked for them.
    /// - Parameter rows: images in the step just taken, over which the reported KL is a mean.
    func publish(rows: Int) throws(CoreError) {
        guard mailbox.takeSnapshotRequest() else { return }
        guard let current = snapshot() else { throw brokenParameters }
        let kl = trainer.network.configuration.isDeterministic ? [] : step.klPerDimension(rows: rows)
        mailbox.post {
            $0.snapshot = current
            if !kl.isEmpty { $0.klPerDimension = kl }
        }
    }

    /// The time that the epochs to come take, with their evaluations; nil before the second step.
    func secondsLeft() -> Double? {
        guard clock.imagesPerSecond > 0 else { return nil }
        let perEpoch = Double(trainer.dataset.train.count) / clock.imagesPerSecond
        let left = Double(progress.totalSteps - progress.step) / Double(trainer.stepsPerEpoch)
        // An evaluation goes forward only, which is a third of what a step does.
        let evaluation = evaluations > 0
            ? evaluationSeconds / Double(evaluations)
            : Double(trainer.dataset.test.count) / clock.imagesPerSecond / 3
        return left * perEpoch + Double(progress.epochs - progress.epoch) * evaluation
    }
}
