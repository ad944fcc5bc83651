/// How a network is trained: everything but the network and the data.
public struct TrainingConfiguration: Sendable, Hashable, Codable {
    /// Passes over the training images, and images in one step.
    public var epochs, batchSize: Int
    /// The learning rate, before the schedule's factor.
    public var learningRate: Double
    /// How the learning rate changes over the run.
    public var schedule: Schedule
    /// Weight of the KL term in what is minimised (β-VAE, Higgins et al. 2017); 1 is the ELBO.
    public var beta: Double
    /// KL warm-up: epochs over which β rises from 0 to its value, a little at every step (Sønderby et al. 2016).
    public var klWarmUp: Double
    /// What the model sees of a pixel.
    public var binarization: Binarization
    /// How the parameters start.
    public var initialization: Initialization
    /// What updates the parameters.
    public var optimizer: OptimizerConfiguration
    /// What is minimised.
    public var objective: Objective
    /// The largest allowed norm of the whole gradient; nil does not clip (Pascanu et al. 2013).
    public var gradientClip: Double?
    /// The seed of every random draw.
    public var seed: UInt64

    /// A configuration; `validate()` checks it.
    public init(
        epochs: Int, batchSize: Int, learningRate: Double, schedule: Schedule = .constant, beta: Double = 1,
        klWarmUp: Double = 0, binarization: Binarization = .grey, initialization: Initialization = .pytorch,
        optimizer: OptimizerConfiguration = .adam(), objective: Objective = Objective(),
        gradientClip: Double? = nil, seed: UInt64 = 1
    ) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.learningRate = learningRate
        self.schedule = schedule
        self.beta = beta
        self.klWarmUp = klWarmUp
        self.binarization = binarization
        self.initialization = initialization
        self.optimizer = optimizer
        self.objective = objective
        self.gradientClip = gradientClip
        self.seed = seed
    }

    /// β at a step (from 0), warm-up included.
    public func beta(step: Int, stepsPerEpoch: Int) -> Double {
        let steps = klWarmUp * Double(stepsPerEpoch)
        return steps > Double(step) ? beta * Double(step) / steps : beta
    }

    /// Checks that every value can be used.
    /// - Throws: `CoreError(.configuration)` that names the option.
    public func validate() throws(CoreError) {
        func require(_ ok: Bool, _ option: String, _ expected: String, _ found: String) throws(CoreError) {
            if !ok {
                throw CoreError(.configuration, "value out of range", at: option, expected: expected, found: found)
            }
        }
        try require((1...1_000_000).contains(epochs), "--epochs", "1 to 1000000", "\(epochs)")
        try require((1...65_536).contains(batchSize), "--batch-size", "1 to 65536", "\(batchSize)")
        try require(
            learningRate > 0 && learningRate.isFinite, "--learning-rate", "a number above 0", "\(learningRate)")
        try require(beta >= 0 && beta.isFinite, "--beta", "a number of 0 or more", "\(beta)")
        try require(klWarmUp >= 0 && klWarmUp.isFinite, "--kl-warmup", "epochs, 0 or more", "\(klWarmUp)")
        let freeBits = objective.freeBits
        try require(freeBits >= 0 && freeBits.isFinite, "--free-bits", "nats, 0 or more", "\(freeBits)")
        try require(
            freeBits == 0 || objective.bound == .elbo, "--free-bits", "0 unless --objective is elbo", "\(freeBits)")
        try require((1...5_000).contains(objective.samples), "--samples", "1 to 5000", "\(objective.samples)")
        try require(
            objective.samples * batchSize <= 1 << 20, "--samples", "at most \(1 << 20) samples in a batch",
            "\(objective.samples) for each of \(batchSize) images")
        if let gradientClip {
            try require(
                gradientClip > 0 && gradientClip.isFinite, "--clip", "a number above 0", "\(gradientClip)")
        }
        try optimizer.validate()
    }

    /// Reads a configuration. A key that is missing in an older file has the value that was then the only one.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func optional<T: Decodable>(_ key: CodingKeys, _ otherwise: T) throws -> T {
            try values.decodeIfPresent(T.self, forKey: key) ?? otherwise
        }
        epochs = try values.decode(Int.self, forKey: .epochs)
        batchSize = try values.decode(Int.self, forKey: .batchSize)
        learningRate = try values.decode(Double.self, forKey: .learningRate)
        schedule = try optional(.schedule, .constant)
        beta = try optional(.beta, 1)
        klWarmUp = try optional(.klWarmUp, 0)
        binarization = try optional(.binarization, .grey)
        initialization = try optional(.initialization, .pytorch)
        optimizer = try optional(.optimizer, .adam())
        objective = try optional(.objective, Objective())
        gradientClip = try values.decodeIfPresent(Double.self, forKey: .gradientClip)
        seed = try optional(.seed, 1)
    }
}
