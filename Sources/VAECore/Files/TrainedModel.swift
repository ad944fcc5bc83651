/// A trained network as stored in a file: its parameters, and how they were trained.
public struct TrainedModel: Sendable {
    /// The network and its parameters.
    public var snapshot: ParameterSnapshot
    /// How it was trained; nil in a file written by another program.
    public var record: Record?
    /// What had to be assumed because the file does not say it; nil if it says everything.
    public var assumption: String?

    /// How a model was trained.
    public struct Record: Sendable, Equatable, Codable {
        /// The names of the preset and the data set.
        public var preset, dataset: String
        /// The training's configuration.
        public var training: TrainingConfiguration
        /// Figures on the held-out images at the time of saving.
        public var evaluation: Evaluation?
        /// Changes made while it trained; nil if there were none.
        public var changes: [TrainingChange]?

        /// A record of a training.
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

    /// A model and what is known about it.
    public init(snapshot: ParameterSnapshot, record: Record? = nil, assumption: String? = nil) {
        self.snapshot = snapshot
        self.record = record
        self.assumption = assumption
    }

    /// The preset's name, or "imported".
    public var name: String { record?.preset ?? "imported" }
}

/// What a file says about its model, without the parameters.
public struct ModelCard: Sendable, Equatable {
    /// The network.
    public var configuration: ModelConfiguration
    /// The number of parameters.
    public var parameters: Int
    /// How it was trained; nil in a file written by another program.
    public var record: TrainedModel.Record?
    /// Steps and epochs it was trained for.
    public var step, epoch: Int
    /// What had to be assumed because the file does not say it; nil if it says everything.
    public var assumption: String?

    /// A card with these values.
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
