/// A change made to a run while it trained. Together with the configuration, the changes are all it takes to repeat the
/// run. Values that did not change are nil.
public struct TrainingChange: Sendable, Hashable, Codable {
    /// Steps taken before the change, which takes effect with the next step.
    public var step: Int
    /// Factor on the schedule's learning rate.
    public var learningRateScale: Double?
    /// Weight of the KL divergence, in place of the configuration's.
    public var beta: Double?
    /// Free bits, in nats per dimension.
    public var freeBits: Double?
    /// After a divergence: the step from whose parameters training continued, with a fresh optimiser.
    public var rolledBackTo: Int?
    /// Epochs of the whole run, over which the schedule then reaches: changed when a run was resumed.
    public var epochs: Int?

    /// A change after `step` steps.
    public init(
        step: Int, learningRateScale: Double? = nil, beta: Double? = nil, freeBits: Double? = nil,
        rolledBackTo: Int? = nil, epochs: Int? = nil
    ) {
        self.step = step
        self.learningRateScale = learningRateScale
        self.beta = beta
        self.freeBits = freeBits
        self.rolledBackTo = rolledBackTo
        self.epochs = epochs
    }

    /// The difference between two settings; nil when they are equal.
    init?(from old: TrainingControl.Settings, to new: TrainingControl.Settings, step: Int) {
        guard old != new else { return nil }
        self.init(
            step: step, learningRateScale: old.learningRateScale == new.learningRateScale ? nil : new.learningRateScale,
            beta: old.beta == new.beta ? nil : new.beta, freeBits: old.freeBits == new.freeBits ? nil : new.freeBits)
    }

    private enum CodingKeys: String, CodingKey {
        case step, beta, epochs
        case learningRateScale = "learning_rate_scale"
        case freeBits = "free_bits"
        case rolledBackTo = "rolled_back_to"
    }
}
