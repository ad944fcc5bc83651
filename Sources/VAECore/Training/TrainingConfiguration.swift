/// How a network is trained: everything but the network and the data.
public struct TrainingConfiguration: Sendable, Hashable, Codable {
    public var epochs: Int
    public var batchSize: Int
    public var learningRate: Double
    public var schedule: Schedule
    /// Weight of the KL term in what is minimised; the ELBO itself has 1.
    public var beta: Double
    public var binarization: Binarization
    public var initialization: Initialization
    public var seed: UInt64

    public init(
        epochs: Int, batchSize: Int, learningRate: Double, schedule: Schedule = .constant, beta: Double = 1,
        binarization: Binarization = .grey, initialization: Initialization = .pytorch, seed: UInt64 = 1
    ) {
        self.epochs = epochs
        self.batchSize = batchSize
        self.learningRate = learningRate
        self.schedule = schedule
        self.beta = beta
        self.binarization = binarization
        self.initialization = initialization
        self.seed = seed
    }

    /// Refuses values that no training can use, naming the option.
    /// - Throws: `CoreError(.configuration)`.
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
    }
}
