import VAECore

/// What the Models screen shows.
public struct ModelsState: Sendable {
    /// The models that come with the project, then the runs, the newest first.
    public var listings: [ModelListing] = []
    /// The line of the list the cursor is on.
    public var selected = 0
    /// Whether the list was read since the screen was opened.
    public var isListed = false
    /// The file of the model on show; nil for one that has none.
    public var shown: String?
    /// The file that Enter was pressed for once, when it asks to be pressed again.
    public var asked: String?
    /// To be opened once the model that was trained is saved.
    public var opensOnceSaved: ModelListing?
    /// Holes in the planes of models, by their file; nil for one that cannot be measured.
    public var holes: [String: LatentHoles?] = [:]

    init() {}

    /// The model the cursor is on.
    public var current: ModelListing? { listings.indices.contains(selected) ? listings[selected] : nil }
}

/// Work the Models screen asks for.
public enum ModelsWork: Sendable, Equatable {
    /// Read the list, answered by `listed`.
    case list
    /// Put a model on show, answered by `opened` or `refused`.
    case open(ModelListing)
    /// Load the data set of the model on show, answered by `AppAction.data`.
    case loadData
    /// Hold a model beside the one on show, answered by `held` or `refused`.
    case hold(ModelListing)
    /// The same for the one of that name in `models/`.
    case holdNamed(String)
    /// Hold none any more.
    case drop
    /// Compute the losses of all held-out images for the model held beside, answered by `secondScored`.
    case scoreSecond
    /// Encode all held-out images with it, answered by `secondEncoded`.
    case encodeSecond
    /// Measure the holes in a model's plane, answered by `measured`; takes seconds.
    case measureHoles(Measured)

    /// A model whose plane is measured.
    public enum Measured: Sendable, Equatable {
        case listed(ModelListing)
        /// The one on show, the one beside it.
        case shown, second
    }
}

/// What came of it.
public enum ModelsAnswer: Sendable {
    case listed([ModelListing])
    /// A model is on show; the data set is that of before, or is to be loaded.
    case opened(Session, keepsData: Bool)
    case held(Session)
    /// A model cannot be opened; why.
    case refused(name: String, reason: String)
    case secondScored([LossTerms])
    case secondEncoded(LatentCodes)
    /// The holes in the plane of the model in a file; nil when they cannot be measured.
    case measured(path: String, LatentHoles?)
}
