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
    /// Draws z instead of taking the mean, under this seed: another one for each draw.
    public var sampleSeed: UInt64?
    /// The selected image and what the model makes of it.
    public var pair: Pair?
    /// A second model, held beside the one on show.
    public var second: Second?

    /// An order of the list.
    public enum Sorting: String, Sendable, CaseIterable {
        case index = "index"
        case worst = "worst first"
        case label = "class"
        /// By how much the second model's loss is greater, or less.
        case secondWorse = "second worse"
        case secondBetter = "second better"

        var needsSecond: Bool { self == .secondWorse || self == .secondBetter }
    }

    /// A model held beside the one on show.
    public struct Second: Sendable {
        public var model: ModelState
        /// Its file, where it has one.
        public var path: String?
        /// Its losses on each held-out image, once computed; by place in the set.
        public var scores: [LossTerms] = []
        /// Its codes of the held-out images, once encoded.
        public var codes: LatentCodes?

        /// Nothing computed yet.
        public init(model: ModelState, path: String?) {
            self.model = model
            self.path = path
        }

        /// The data set is another one.
        mutating func forgetScores() {
            scores = []
            codes = nil
        }
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
        /// The same of the second model, when one is held.
        public var second: Beside?

        /// What a second model makes of the image.
        public struct Beside: Sendable, Equatable {
            /// The image as it saw it (pixels).
            public var input: [Float]
            /// What it makes of it, and the losses, nats.
            public var reconstruction: Inference.Reconstruction

            /// - Parameter input: (pixels), as the second model saw them.
            public init(input: [Float], reconstruction: Inference.Reconstruction) {
                self.input = input
                self.reconstruction = reconstruction
            }
        }

        /// - Parameter step: the training step of the parameters that made it.
        public init(
            index: Int, input: [Float], reconstruction: Inference.Reconstruction, step: Int, second: Beside? = nil
        ) {
            self.index = index
            self.input = input
            self.reconstruction = reconstruction
            self.step = step
            self.second = second
        }
    }
}

extension CompareState {
    /// Another model is on show: what the one before made of the images goes, and with it an order by their losses.
    mutating func forgetLosses(images: Int) {
        (scores, scoresStep, pair) = ([], 0, nil)
        guard sorting != .label else { return }
        let image = order.indices.contains(selected) ? order[selected] : 0
        order = Array(0..<images)
        selected = image < images ? image : 0
    }

    /// By how many nats the second model's loss of an image is greater; nil before both are known. Beside a plain
    /// autoencoder it is the reconstructions' difference: there is no bound to compare.
    public func difference(_ index: Int, _ first: ModelState) -> Double? {
        guard let second, scores.indices.contains(index), second.scores.indices.contains(index) else { return nil }
        let (own, other) = (scores[index], second.scores[index])
        return comparesReconstructions(first)
            ? other.reconstruction - own.reconstruction : other.negativeELBO - own.negativeELBO
    }

    /// Whether one of the two models is a plain autoencoder, so that their bounds cannot be compared.
    func comparesReconstructions(_ first: ModelState) -> Bool {
        first.isDeterministic || second?.model.isDeterministic == true
    }
}
