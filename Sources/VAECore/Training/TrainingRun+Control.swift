// What a run is told between steps: to pause, to stop, or to go on after a divergence.

extension TrainingRun {
    /// Whether to go on: blocks while paused.
    /// - Parameter state: what is done, when it is not paused.
    func waitForTurn(_ state: TrainingState = .running) -> Bool {
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
    func guarded<Result>(_ work: () throws(CoreError) -> Result) throws(CoreError) -> Result? {
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

    func rollBack() {
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

    var brokenParameters: CoreError { divergence("a parameter is no longer a finite number") }

    func divergence(_ problem: String) -> CoreError {
        CoreError(
            .training, problem, at: "step \(progress.step + 1)",
            remedy: "the parameters of step \(lastGood.step), the last good ones, are kept; try a lower learning rate")
    }
}
