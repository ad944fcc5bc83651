/// A network and a way to train it, under a name.
public struct Preset: Sendable {
    public let name: String
    /// One line for a list.
    public let summary: String
    public let model: ModelConfiguration
    public let training: TrainingConfiguration

    public init(name: String, summary: String, model: ModelConfiguration, training: TrainingConfiguration) {
        self.name = name
        self.summary = summary
        self.model = model
        self.training = training
    }

    /// Every preset. A new one is a new row here.
    public static let all: [Preset] = [
        Preset(
            name: "manifold", summary: "two latent dimensions, to be walked with the arrow keys",
            model: .perceptron(hidden: [512, 256, 128], latent: 2),
            training: TrainingConfiguration(
                epochs: 60, batchSize: 256, learningRate: 2e-3, schedule: .oneCycle)),
        Preset(
            name: "pytorch", summary: "PyTorch's VAE example: 784-400-20-400-784 ReLU, Adam 1e-3, batch 128",
            model: .perceptron(hidden: [400], latent: 20),
            training: TrainingConfiguration(epochs: 10, batchSize: 128, learningRate: 1e-3)),
    ]

    /// The preset called `name`.
    /// - Throws: `CoreError(.configuration)` that lists the names there are.
    public static func named(_ name: String) throws(CoreError) -> Preset {
        if let preset = all.first(where: { $0.name == name }) { return preset }
        throw CoreError(
            .configuration, "no such preset", at: "--preset",
            expected: "one of " + all.map(\.name).joined(separator: ", "), found: "'\(name)'")
    }
}
