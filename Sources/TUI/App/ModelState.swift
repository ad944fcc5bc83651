import Drawing
import VAECore

/// The model on show: what it is, and which of its steps.
package struct ModelState: Sendable, Equatable {
    package var name: String
    package var architecture: String
    package var latent: Int
    package var shape: ImageShape
    /// How many classes a conditional model knows; nil for one that takes none.
    package var classes: Int?
    /// The label of each class, ascending, where they are others than 0, 1, 2…
    package var classLabels: [Int]?
    /// What the model sees of a pixel.
    package var binarization: Binarization
    package var step: Int
    package var epoch: Int
    /// The data set it was trained on, where known.
    package var trainedOn: String?
    /// Mean KL of each dimension where known, nats.
    package var klPerDimension: [Double] = []
    /// Its figures on held-out images, where known.
    package var evaluation: Evaluation?
    /// Where the codes of a plain autoencoder lie, in each dimension; nil for a VAE, whose prior says it.
    package var codes: Codes?
    /// A plain autoencoder: no KL divergence, and its loss is no bound on log p(x).
    package var isDeterministic = false

    /// Mean and standard deviation over the images of the codes, in each dimension (latent).
    package struct Codes: Sendable, Equatable {
        package var mean: [Float]
        package var deviation: [Float]

        package init(mean: [Float], deviation: [Float]) { (self.mean, self.deviation) = (mean, deviation) }

        /// What one would draw z from, as a VAE has its prior for.
        var prior: AggregatePosterior.Prior { .init(mean: mean, deviation: deviation) }
    }

    /// - Parameter evaluation: the model's figures on held-out images, where known.
    package init(
        name: String, architecture: String, latent: Int, shape: ImageShape, classes: Int? = nil,
        binarization: Binarization = .grey, step: Int = 0, epoch: Int = 0, trainedOn: String? = nil,
        evaluation: Evaluation? = nil
    ) {
        self.name = name
        self.architecture = architecture
        self.latent = latent
        self.shape = shape
        self.classes = classes
        self.binarization = binarization
        self.step = step
        self.epoch = epoch
        self.trainedOn = trainedOn
        if let evaluation { learn(from: evaluation) }
    }

    /// The classes that a conditional model knows, by their labels.
    var labels: [Int] { classLabels ?? Array(0..<(classes ?? 0)) }

    /// Whether the codes of the held-out images vary in a dimension, so that it tells something about them (Burda et al.
    /// 2015, section 5); nil before an evaluation.
    package func isActive(_ dimension: Int) -> Bool? {
        guard let variance = evaluation?.meanVariance, variance.indices.contains(dimension) else { return nil }
        return variance[dimension] > Evaluation.activeThreshold
    }

    /// Takes over what an evaluation says of the latent space.
    mutating func learn(from evaluation: Evaluation) {
        guard evaluation.klPerDimension.count == latent, evaluation.meanVariance.count == latent else { return }
        klPerDimension = evaluation.klPerDimension
        self.evaluation = evaluation
        guard evaluation.isDeterministic == true, let mean = evaluation.codeMean, mean.count == latent else { return }
        codes = Codes(
            mean: mean.map { Float($0) }, deviation: evaluation.meanVariance.map { Float($0.squareRoot()) })
    }

    /// Untrained parameters: nothing is known of their latent space.
    mutating func forget() {
        klPerDimension = []
        evaluation = nil
        codes = nil
    }

    /// The plane to begin with in the dimensions shown: that of the prior N(0, I), or of an autoencoder's codes.
    func home(_ shown: (across: Int, up: Int)) -> (center: [Float], reach: Float) {
        let prior = ([Float](repeating: 0, count: latent), ExploreState.priorReach)
        guard let codes, codes.mean.allSatisfy({ abs($0) < ExploreState.limit }) else { return prior }
        let deviation = max(codes.deviation[shown.across], codes.deviation[shown.up])
        guard deviation.isFinite else { return prior }
        let range = ExploreState.reachRange
        return (codes.mean, min(range.upperBound, max(range.lowerBound, prior.1 * deviation)))
    }

    /// The dimensions, the most informative first: by KL, or by the spread of an autoencoder's codes; by number where
    /// neither is known.
    package var dimensionOrder: [Int] {
        let information = codes.map { $0.deviation.map(Double.init) } ?? klPerDimension
        guard information.count == latent else { return Array(0..<latent) }
        return (0..<latent).sorted { (information[$1], $0) < (information[$0], $1) }
    }

    /// The two dimensions a plane shows at first. A model of two keeps their order.
    package var firstDimensions: (across: Int, up: Int) {
        if latent <= 2 { return (0, latent - 1) }
        let order = dimensionOrder
        return (order[0], order[1])
    }
}
