import VAECore

/// Something that happened: what `update` is told.
public enum AppAction: Sendable {
    case key(Key)
    case mouse(x: Int, y: Int, MouseKind)
    /// Text was pasted: no key of it is obeyed.
    case paste(String)
    case resize(width: Int, height: Int)
    /// The data set has been loaded, or not.
    case data(DataState)
    /// A training run has begun.
    case trainingStarted(TrainState.Run)
    /// What the trainer had to tell; its snapshot, if any, is on show from now on.
    case mail(TrainingMailbox.Mail)
    /// Pictures of the Explore screen's plane and at its cursor.
    case explored(PlanePictures, picture: [Float])
    /// The codes' density over the plane.
    case density(AggregatePosterior)
    /// Pictures along the dimensions, and along the path.
    case traversed(ExploreState.Traversals)
    case path([Float])
    /// The steps whose parameters are held.
    case timeline([Int])
    /// The parameters on show are those of this step now.
    case showing(step: Int, epoch: Int)
    /// Time passes, seconds of the program's clock; comes while something moves.
    case tick(Double)
    /// Pictures of the Train screen.
    case thumbnail(PlanePictures)
    case strip(TrainState.Strip)
    /// The Compare screen's selected image.
    case compared(CompareState.Pair)
    /// The losses of every held-out image.
    case scored([LossTerms], step: Int)
    /// The codes of the held-out images, and of the first training images.
    case encoded(LatentCodes)
    case encodedTraining(LatentCodes)
    /// What came of work for the Draw screen, for the Models screen.
    case draw(DrawAnswer)
    case models(ModelsAnswer)
    /// The model on show was saved: its file, and the step it is of. Or it could not be, and why.
    case saved(path: String, step: Int)
    case saveFailed(String)
    case exported(path: String)
    /// Something asked for could not be done.
    case failed(String)
}

/// Work that `update` asks for. The runtime does it and answers with an action.
public enum Effect: Sendable, Equatable {
    /// Decode the plane and the cursor's point, as a class for a conditional model; answered by `explored`.
    case explore(LatentGrid, cursor: [Float], label: Int?)
    /// Compute the density of the codes over a plane, in so many cells; answered by `density`.
    case density(LatentGrid, columns: Int, rows: Int, AggregatePosterior.Prior?)
    /// Decode a row for each dimension, through the cursor; answered by `traversed`.
    case traverse([Int], values: [[Float]], cursor: [Float], label: Int?)
    /// Decode points of a path, answered by `path`.
    case path([[Float]], label: Int?)
    /// Show the parameters of one of the steps held, answered by `showing`; nil is the newest.
    case showStep(Int?)
    /// Write pictures to a file, answered by `exported`.
    case export(Export)
    /// Write an animation of points of the latent space, or of a plane at every step held; answered by `exported`.
    case animate([[Float]], label: Int?)
    case timeLapse(LatentGrid, label: Int?)
    /// Decode a small plane, answered by `thumbnail`.
    case thumbnail(LatentGrid, label: Int?)
    /// Reconstruct the first held-out images, answered by `strip`.
    case strip(count: Int)
    /// Reconstruct one held-out image, answered by `compared`.
    case compare(index: Int, sampleSeed: UInt64?)
    /// Compute the losses of all held-out images, answered by `scored`; takes a while.
    case score
    /// Encode all held-out images, answered by `encoded`; the first training images, answered by `encodedTraining`.
    /// Takes a while; asked again meanwhile, it is not done twice.
    case encode
    case encodeTraining
    /// Work for the Draw screen, for the Models screen.
    case draw(DrawWork)
    case models(ModelsWork)
    case startTraining
    /// Ends the run under way, if any, and begins another.
    case restartTraining(learningRateScale: Double)
    case control(Control)
    /// Ask the trainer for its parameters at the next step.
    case requestSnapshot
    /// Write the model on show to a run folder, answered by `saved` or `saveFailed`.
    case save
    /// The same to the folder for temporary files.
    case saveElsewhere
    case redraw
    case quit

    /// Whether it asks for pictures alone, of which only the last asked for are shown.
    var isPicture: Bool {
        switch self {
        case .explore, .density, .traverse, .path, .thumbnail, .strip, .compare, .draw: true
        default: false
        }
    }

    /// Whether it takes seconds and only completes what is shown.
    var isMeasurement: Bool {
        if case .models(.measureHoles) = self { return true }
        return false
    }

    /// What the person asks of the trainer, between two steps.
    public enum Control: Sendable, Equatable {
        case pause, resume, step, stop, rollBack
        case learningRateScale(Double)
        case beta(Double)
        case freeBits(Double)
    }

    /// Pictures to be written to a file.
    public struct Export: Sendable, Equatable {
        /// What they are, for the file's name: "plane".
        public var name: String
        /// (n, pixels), a row after another.
        public var pictures: [Float]
        public var columns: Int
        /// The step they were decoded at.
        public var step: Int
    }
}
