import Drawing
import TUI
import VAECore

/// How a run without a screen ended.
struct Ending {
    var state: TrainingState
    var snapshot: ParameterSnapshot?
    /// The signal that ended it, if any.
    var signal: Int32?
}

/// Starts a trainer and follows it to its end. SIGINT, SIGTERM and SIGHUP stop it after the current step.
/// - Parameters:
///   - showsProgress: whether to show a progress line on stderr, if that is a terminal.
///   - problem: called when something of the run could not be written.
///   - epoch: called with the report of each epoch.
func follow(
    _ trainer: Trainer, showsProgress: Bool, problem: (CoreError) -> Void = { _ in }, epoch: (EpochReport) throws -> Void
) rethrows -> Ending {
    Signals.catchRequestsToEnd()
    defer { Signals.release() }
    var ending = Ending(state: .starting)
    trainer.start()
    while true {
        let mail = trainer.mailbox.wait(seconds: 0.2)
        if let snapshot = mail.snapshot { ending.snapshot = snapshot }
        for report in mail.epochs { try epoch(report) }
        if let error = mail.problem { problem(error) }
        if showsProgress { show(mail.progress) }
        if ending.signal == nil, let number = Signals.takePending() {
            ending.signal = number
            trainer.control.obey(.stop)
        }
        if mail.state.isOver {
            Console.clearProgress()
            ending.state = mail.state
            return ending
        }
    }
}

private func show(_ progress: TrainingProgress) {
    guard progress.totalSteps > 0 else { return }
    let filled = progress.step * 30 / progress.totalSteps
    let left = progress.secondsLeft.map { "  \(duration($0)) left" } ?? ""
    Console.progress(
        "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled) + "] "
            + "epoch \(min(progress.epoch + 1, progress.epochs))/\(progress.epochs)  step \(progress.step)  "
            + "\(NumberText.count(progress.imagesPerSecond)) images/s" + left)
}
