/// A training run seen from outside: what it reports, and the commands it obeys. The trainer in this process is one.
package protocol RunSource: AnyObject, Sendable {
    /// Everything reported since the last call. Does not wait.
    func take() -> TrainingMailbox.Mail
    /// As `take()`, after waiting at most `seconds` for a report.
    func wait(seconds: Double) -> TrainingMailbox.Mail
    /// Asks for the parameters at the next step boundary.
    func requestSnapshot()
    /// Gives a command, which is carried out between two steps.
    func obey(_ command: TrainingControl.Command)
}

extension Trainer: RunSource {
    package func take() -> TrainingMailbox.Mail { mailbox.take() }
    package func wait(seconds: Double) -> TrainingMailbox.Mail { mailbox.wait(seconds: seconds) }
    package func requestSnapshot() { mailbox.requestSnapshot() }
    package func obey(_ command: TrainingControl.Command) { control.obey(command) }
}
