import Drawing
import VAECore

/// A model that was trained, and how, as it is to be saved.
package struct SavedRun: Sendable {
    package var snapshot: ParameterSnapshot
    /// The epochs up to it, in order; of very many, some.
    package var epochs: [EpochReport]
    /// What was changed while it trained, up to it.
    package var changes: [TrainingChange]
    /// The name of the data set it was trained on.
    package var dataset: String
    package var place = Place.runs

    /// Where to save.
    package enum Place: Sendable, Equatable {
        /// A run folder.
        case runs
        /// The system's folder for temporary files, when nothing can be written there.
        case temporary
    }

    /// To be saved in a run folder.
    package init(snapshot: ParameterSnapshot, epochs: [EpochReport], changes: [TrainingChange], dataset: String) {
        self.snapshot = snapshot
        self.epochs = epochs
        self.changes = changes
        self.dataset = dataset
    }
}

/// What the front end asks of the rest of the program, for one model on show: data, training, saving, and other models.
/// The executable fills it in.
package struct Session: Sendable {
    /// The parameters on show at the start.
    package var snapshot: ParameterSnapshot
    /// Its name on screen.
    package var name: String
    /// What the model sees of a pixel, and the seed that draws it where it is drawn.
    package var binarization: Binarization
    package var seed: UInt64
    /// Its figures on held-out images, where known.
    package var evaluation: Evaluation?
    /// The data set it was trained on, where known.
    package var trainedOn: String?
    /// Its file, where it has one.
    package var path: String?
    /// What its file does not say of it and is taken for granted.
    package var assumption: String?
    /// Makes a trainer for a data set; the closure it is given is called when the run has something to tell.
    package typealias TrainerMaker = @Sendable (Dataset, @escaping @Sendable () -> Void) throws -> Trainer
    /// Loads the data set; called on a thread of its own.
    package var loadData: @Sendable () -> DataState
    /// Makes a trainer for the model on show, not yet started.
    package var makeTrainer: TrainerMaker
    /// Writes a model that was trained here to disk; returns its file.
    package var save: @Sendable (SavedRun) throws -> String
    /// The folder that pictures are written to; empty is the working folder.
    package var exportFolder = ""
    /// What the tour is written in.
    package var language = TourLanguage.english
    /// Keeps where the reader of the tour is for the next time.
    package var keepTourPlace: @Sendable (String) -> Void = { _ in }
    /// The run of another process that is followed, if one is.
    package var following: Following?
    /// Whether `loadData` would load this data set again.
    package var keepsData: @Sendable (Dataset) -> Bool = { _ in true }
    /// Lists the models there are, without their parameters.
    package var models: @Sendable () -> [ModelListing] = { [] }
    /// Reads one of them: the session with it on show.
    /// - Throws: `CoreError` when its file is refused.
    package var open: @Sendable (ModelListing) throws -> Session = { listing in
        throw CoreError(.model, "cannot be opened here", at: listing.path)
    }

    /// The session that follows a run of another process, from the list.
    /// - Throws: `CoreError` when it cannot be followed.
    package var follow: @Sendable (ModelListing) throws -> Session = { listing in
        throw CoreError(.model, "cannot be followed here", at: listing.path)
    }
    /// Makes ready to continue the run that the model on show came from: the next trainer goes on from its last checkpoint.
    /// Returns what may differ from a run without a break, a line each.
    /// - Throws: `CoreError` when there is nothing to continue, or the data are others.
    package var takeUp: @Sendable (Dataset) throws -> [String] = { _ in
        throw CoreError(.configuration, "cannot be continued", at: "this model", expected: "a run with a checkpoint")
    }

    /// What the executable fills in; `loadData`, `makeTrainer` and `save` are called away from the event loop.
    package init(
        snapshot: ParameterSnapshot, name: String, binarization: Binarization = .grey, seed: UInt64 = 1,
        evaluation: Evaluation? = nil, trainedOn: String? = nil,
        loadData: @escaping @Sendable () -> DataState,
        makeTrainer: @escaping TrainerMaker,
        save: @escaping @Sendable (SavedRun) throws -> String
    ) {
        self.snapshot = snapshot
        self.name = name
        self.binarization = binarization
        self.seed = seed
        self.evaluation = evaluation
        self.trainedOn = trainedOn
        self.loadData = loadData
        self.makeTrainer = makeTrainer
        self.save = save
    }

    /// A run for the tour: of the network on show, on a few thousand images, at a constant rate, without end for as long as
    /// somebody may watch, and recorded nowhere.
    func makeLesson(_ dataset: Dataset, _ notify: @escaping @Sendable () -> Void) throws -> Trainer {
        let training = TrainingConfiguration(
            epochs: 10_000, batchSize: 128, learningRate: 1e-3, binarization: binarization, seed: seed)
        return try Trainer(
            model: snapshot.network.configuration, training: training, dataset: dataset.first(train: 4500, test: 500),
            notify: notify)
    }

    /// Images as the model sees them, and their classes.
    func inputs(_ range: Range<Int>, of set: ImageSet) -> (images: [Float], labels: [Int]?) {
        (set.inputs(range, binarization: binarization, seed: seed), set.labels.map { $0[range].map { Int($0) } })
    }

    /// Whether the model can be given these images: of its size and, for a conditional one, its classes.
    func takes(_ set: ImageSet) -> Bool {
        snapshot.network.configuration.takes(set)
    }

    /// The same of images that may not be there yet.
    func takes(_ set: ImageSet?) -> Bool { set.map { takes($0) } ?? false }

    /// What the screens know of the model.
    package var model: ModelState {
        let network = snapshot.network
        var model = ModelState(
            name: name, architecture: network.configuration.summary, latent: network.latent,
            shape: network.configuration.image, classes: network.configuration.classes,
            binarization: binarization, step: snapshot.step, epoch: snapshot.epoch, trainedOn: trainedOn,
            evaluation: evaluation)
        model.classLabels = network.configuration.classLabels
        model.isDeterministic = network.configuration.isDeterministic
        return model
    }

    /// The state the program starts with.
    package func initialState(width: Int, height: Int, _ capabilities: Capabilities) -> AppState {
        var state = AppState(width: width, height: height, capabilities: capabilities, self)
        state.training.followed = following.map { Followed($0) }
        if let assumption { state.message = .init(text: assumption) }
        return state
    }
}
