/// Where a trainer leaves what is to outlast the process. It is called on the trainer's thread, between steps; no call
/// waits for a file.
package protocol RunRecord: AnyObject, Sendable {
    /// Reports checkpoints and problems into `mailbox` from now on.
    func report(to mailbox: TrainingMailbox)
    /// A step has been taken.
    func step(_ metrics: StepMetrics)
    /// An epoch has been completed and evaluated.
    func epoch(_ report: EpochReport)
    /// Something was changed before the next step.
    func change(_ change: TrainingChange)
    /// A pause has begun or ended after `step` steps.
    func pause(_ hasBegun: Bool, step: Int)
    /// The run has ended with an error after `step` steps.
    func failed(_ error: CoreError, step: Int)
    /// Whether it is time for another checkpoint.
    var wantsState: Bool { get }
    /// Keeps the state as the newest checkpoint.
    func keep(_ state: RunState)
    /// Whether the parameters after `step` steps are to be kept for looking back.
    func wantsSnapshot(step: Int) -> Bool
    /// Keeps parameters for looking back.
    func keep(_ snapshot: ParameterSnapshot)
}
