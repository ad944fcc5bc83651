import Drawing
import VAECore

/// What the Models screen shows.
package struct ModelsState: Sendable {
    /// The models that come with the project, then the runs, the newest first.
    package var listings: [ModelListing] = []
    /// The line of the list the cursor is on.
    package var selected = 0
    /// Whether the list was read since the screen was opened.
    package var isListed = false
    /// What a key was pressed for once, when it asks to be pressed again.
    package var asked: OpenModel?
    /// To be opened once the model that was trained is saved.
    package var opensOnceSaved: OpenModel?
    /// Holes in the planes of models, by their file; nil for one that cannot be measured.
    package var holes: [String: LatentHoles?] = [:]

    /// What a model draws: that of the line the cursor is on, or was on.
    package var samples: ModelSamples?

    init() {}

    /// The model the cursor is on.
    package var current: ModelListing? { listings.indices.contains(selected) ? listings[selected] : nil }
}
