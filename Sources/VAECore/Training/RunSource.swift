/// A training run, seen from outside: what it tells, and what can be asked of it. The trainer of this process is one.
package protocol RunSource: AnyObject, Sendable {
    /// What it told since the last call. Does not wait.
    func take() -> TrainingMailbox.Mail
    /// The same, after waiting for something for at most so many seconds.
    func wait(seconds: Double) -> TrainingMailbox.Mail
    /// Asks for its parameters at the next step.
    func requestSnapshot()
    /// Asks something of it, which it does between two steps.
    func obey(_ command: TrainingControl.Command)
}

extension Trainer: RunSource {
    package func take() -> TrainingMailbox.Mail { mailbox.take() }
    package func wait(seconds: Double) -> TrainingMailbox.Mail { mailbox.wait(seconds: seconds) }
    package func requestSnapshot() { mailbox.requestSnapshot() }
    package func obey(_ command: TrainingControl.Command) { control.obey(command) }
}
