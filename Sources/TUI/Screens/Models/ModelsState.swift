import VAECore

/// What the Models screen shows.
public struct ModelsState: Sendable {
    /// The models that come with the project, then the runs, the newest first.
    public var listings: [ModelListing] = []
    /// The line of the list the cursor is on.
    public var selected = 0
    /// Whether the list was read since the screen was opened.
    public var isListed = false
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
