/// A network and its training, under a name.
public struct Preset: Sendable {
    /// The name as typed: "pytorch".
    public let name: String
    /// One line for a list.
    public let summary: String
    /// The network.
    public let model: ModelConfiguration
    /// Its training.
    public let training: TrainingConfiguration

    /// A preset with these values.
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
            model: .perceptron(hidden: [512, 256, 128], latent: 2, activation: .silu), training: plane),
        Preset(
            name: "pytorch", summary: "PyTorch's VAE example: 784-400-20-400-784 ReLU, Adam 1e-3, batch 128",
            model: .perceptron(hidden: [400], latent: 20),
            training: TrainingConfiguration(epochs: 10, batchSize: 128, learningRate: 1e-3)),
        Preset(
            name: "kingma", summary: "Kingma & Welling 2013: 500 tanh, Adagrad, batch 100, stochastic binary pixels",
            model: .perceptron(hidden: [500], latent: 20, activation: .tanh),
            training: TrainingConfiguration(
                epochs: 100, batchSize: 100, learningRate: 0.02, binarization: .stochastic, initialization: .normal,
                optimizer: .adagrad(weightDecay: 1.0 / 60_000),
                objective: Objective(reduction: .mean))),
        Preset(
            name: "tensorflow", summary: "TensorFlow's convolutional VAE tutorial: z = 2, Adam 1e-4, batch 32",
            model: tensorflow,
            training: TrainingConfiguration(
                epochs: 10, batchSize: 32, learningRate: 1e-4, binarization: .threshold, initialization: .glorot,
                optimizer: .adam(epsilon: 1e-7),
                objective: Objective(.monteCarlo, reduction: .mean))),
        Preset(
            name: "autoencoder", summary: "the deterministic twin of manifold: same widths, no noise, no KL",
            model: .perceptron(hidden: [512, 256, 128], latent: 2, activation: .silu, isDeterministic: true), training: plane),
        Preset(
            name: "iwae", summary: "Burda et al. 2015: 2×200 tanh, 50 latent, 50 samples, stochastic binary pixels",
            model: .perceptron(hidden: [200, 200], latent: 50, activation: .tanh),
            // The paper's run is `--epochs 3280 --schedule burda`. In a shorter run that schedule would leave the high
            // rates too early.
            training: TrainingConfiguration(
                epochs: 30, batchSize: 20, learningRate: 1e-3, schedule: .cosine, binarization: .stochastic,
                initialization: .glorot, optimizer: .adam(epsilon: 1e-4),
                objective: Objective(.iwae, samples: 50, reduction: .mean))),
    ]

    /// What gives a plane its detail: features of z that are steep from the start, and weights that decay, for most of what
    /// is lost on held-out images is lost by an encoder that knows the training images too well.
    private static let plane = TrainingConfiguration(
        epochs: 60, batchSize: 256, learningRate: 3e-3, schedule: .oneCycle, initialization: .steep,
        optimizer: .adamW(weightDecay: 0.1))

    /// The network of TensorFlow's tutorial (tensorflow.org/tutorials/generative/cvae).
    private static let tensorflow = ModelConfiguration(
        latent: 2,
        encoder: [
            .convolution(filters: 32, kernel: 3, stride: 2, padding: .valid, activation: .relu),
            .convolution(filters: 64, kernel: 3, stride: 2, padding: .valid, activation: .relu),
        ],
        decoder: [
            .linear(units: 7 * 7 * 32, activation: .relu), .reshape(height: 7, width: 7, channels: 32),
            .transposedConvolution(filters: 64, kernel: 3, stride: 2, padding: .same, activation: .relu),
            .transposedConvolution(filters: 32, kernel: 3, stride: 2, padding: .same, activation: .relu),
        ],
        output: .transposedConvolution(kernel: 3, stride: 1))

    /// The preset called `name`.
    /// - Throws: `CoreError(.configuration)` that lists all names, if there is none.
    public static func named(_ name: String) throws(CoreError) -> Preset {
        if let preset = all.first(where: { $0.name == name }) { return preset }
        throw CoreError(
            .configuration, "no such preset", at: "--preset",
            expected: "one of " + all.map(\.name).joined(separator: ", "), found: "'\(name)'")
    }
}
