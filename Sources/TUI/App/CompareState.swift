import VAECore

/// What the Compare screen shows.
public struct CompareState: Sendable {
    /// Places in the held-out set, in the order listed.
    public var order: [Int] = []
    /// The line of the list the cursor is on.
    public var selected = 0
    public var sorting = Sorting.index
    /// The losses of each held-out image, once computed; by its place in the set.
    public var scores: [LossTerms] = []
    /// The step `scores` belong to.
    public var scoresStep = 0
    /// Draws z instead of taking the mean, under this seed.
    public var sampleSeed: UInt64?
    /// The selected image and what the model makes of it.
    public var pair: Pair?

    /// An order of the list.
    public enum Sorting: String, Sendable, CaseIterable {
        case index = "index"
        case worst = "worst first"
        case label = "class"
    }

    /// One image and what the model makes of it.
    public struct Pair: Sendable, Equatable {
        /// Place in the held-out set.
        public var index: Int
        /// The image as the model saw it (pixels).
        public var input: [Float]
        /// What the model makes of it, and the losses, nats.
        public var reconstruction: Inference.Reconstruction
        public var step: Int

        /// - Parameter step: the training step of the parameters that made it.
        public init(index: Int, input: [Float], reconstruction: Inference.Reconstruction, step: Int) {
            self.index = index
            self.input = input
            self.reconstruction = reconstruction
            self.step = step
        }
    }
}
