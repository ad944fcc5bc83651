/// A trained network as stored in a file: its parameters, and how they were trained.
public struct TrainedModel: Sendable {
    /// The network and its parameters.
    public var snapshot: ParameterSnapshot
    /// How it was trained; nil in a file written by another program.
    public var record: Record?
    /// What it sees of a pixel, where the user has said so.
    public var chosenBinarization: Binarization?
    /// What it sees of a pixel: as chosen, or else as in its training, or else the grey value.
    public var binarization: Binarization { chosenBinarization ?? record?.training.binarization ?? .grey }
    /// The file it was read from.
    public var source: Source

    /// What the file that a model was read from was like.
    public struct Source: Sendable, Equatable {
        /// The kind of file: "safetensors".
        public var kind: String
        /// What was done to read it, a clause each: "the names' prefix 'module.' was left out".
        public var notes: [String]
        /// What had to be assumed because the file does not say it, a few words each; empty if it says everything.
        public var assumptions: [String]
        /// The number of tensors in the file.
        public var tensors: Int

        /// A source with these values.
        public init(
            kind: String = "safetensors", notes: [String] = [], assumptions: [String] = [], tensors: Int = 0
        ) {
            (self.kind, self.notes, self.assumptions, self.tensors) = (kind, notes, assumptions, tensors)
        }
    }

    /// In a sentence, what had to be assumed because the file does not say it, and what was done to read it; nil if there
    /// is nothing to say.
    public var assumption: String? {
        let assumed = source.assumptions.isEmpty
            ? [] : ["assumed, since the file does not say: " + source.assumptions.joined(separator: ", ")]
        let all = assumed + source.notes
        return all.isEmpty ? nil : all.joined(separator: "; ")
    }

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
    public init(snapshot: ParameterSnapshot, record: Record? = nil, source: Source = Source()) {
        self.snapshot = snapshot
        self.record = record
        self.source = source
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
