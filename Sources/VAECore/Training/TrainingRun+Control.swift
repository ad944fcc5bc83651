import Foundation

// Commands between two steps: pause, stop, and continue after a divergence.

extension TrainingRun {
    /// Blocks while paused.
    /// - Parameter state: the state to report when the pause ends.
    /// - Returns: false when training is to stop.
    func waitForTurn(_ state: TrainingState = .running) -> Bool {
        trainer.control.waitForTurn(
            takesStep: state == .running,
            pausing: { [self] in
                pausedSince = DispatchTime.now().uptimeNanoseconds
                recordPause(true)
                keepState()
                let current = snapshot() ?? lastGood
                mailbox.post {
                    $0.snapshot = current
                    $0.state = .paused
                }
            },
            resuming: { [self] in
                clock.skip()
                recordPause(false)
                pausedSeconds += Double(DispatchTime.now().uptimeNanoseconds - pausedSince) / 1e9
                mailbox.post { $0.state = state }
            })
    }

    /// Does `work`. If training diverges in it and somebody can be asked, repeats it from the last good parameters.
    /// - Returns: the result of `work`; nil when training was asked to stop instead.
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
        clock.skip()
        let change = TrainingChange(step: progress.step, rolledBackTo: lastGood.step)
        trainer.record?.change(change)
        mailbox.post {
            $0.changes.append(change)
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
