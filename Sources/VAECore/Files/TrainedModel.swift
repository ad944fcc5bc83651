/// A trained network as it lies in a file: parameters, and what is known of how they came to be.
public struct TrainedModel: Sendable {
    public var snapshot: ParameterSnapshot
    /// How it was trained; nil in a file that another program wrote.
    public var record: Record?
    /// What the file does not say of the model and is taken for granted; nil when it says all.
    public var assumption: String?

    /// What the file says of the training.
    public struct Record: Sendable, Equatable, Codable {
        public var preset: String
        public var dataset: String
        public var training: TrainingConfiguration
        /// Figures on the held-out images at the time of saving.
        public var evaluation: Evaluation?
        /// What was changed while it trained; nil where nothing was.
        public var changes: [TrainingChange]?

        public init(
            preset: String, dataset: String, training: TrainingConfiguration, evaluation: Evaluation? = nil,
            changes: [TrainingChange] = []
        ) {
            self.changes = changes.isEmpty ? nil : changes
            self.preset = preset
            self.dataset = dataset
            self.training = training
            self.evaluation = evaluation
        }
    }

    public init(snapshot: ParameterSnapshot, record: Record? = nil, assumption: String? = nil) {
        self.snapshot = snapshot
        self.record = record
        self.assumption = assumption
    }

    /// The preset's name, or "imported".
    public var name: String { record?.preset ?? "imported" }
}

/// What a model's file says of it, without its parameters.
public struct ModelCard: Sendable, Equatable {
    public var configuration: ModelConfiguration
    /// Numbers in all.
    public var parameters: Int
    /// How it was trained; nil in a file that another program wrote.
    public var record: TrainedModel.Record?
    public var step: Int
    public var epoch: Int
    /// What the file does not say of the model and is taken for granted; nil when it says all.
    public var assumption: String?

    public init(
        configuration: ModelConfiguration, parameters: Int, record: TrainedModel.Record? = nil, step: Int = 0,
        epoch: Int = 0, assumption: String? = nil
    ) {
        self.assumption = assumption
        self.configuration = configuration
        self.parameters = parameters
        self.record = record
        self.step = step
        self.epoch = epoch
    }
}
