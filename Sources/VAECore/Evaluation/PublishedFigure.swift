/// A published figure for a VAE, and how to reproduce it.
///
/// Figures under different protocols must not be compared: each row says what the model saw of a pixel in the
/// publication and here, and where the two differ.
package struct PublishedFigure: Sendable {
    /// What is measured on the 10,000 held-out images, in nats per image.
    package enum Quantity: Sendable, Equatable {
        /// Negative ELBO with one sample of z per image.
        case negativeELBO
        /// −log p(x), bounded by importance weighting with this many samples (Burda et al. 2015, eq. 8).
        case negativeLogLikelihood(samples: Int)

        package var name: String {
            switch self {
            case .negativeELBO: "negative ELBO"
            case .negativeLogLikelihood(let samples): "-log p(x), \(samples) samples"
            }
        }
    }

    /// Its name for `latent reproduce`.
    package let id: String
    /// The network and its training, in one line.
    package let setting: String
    /// The protocol of the publication, and how ours differs.
    package let protocolNote: String
    package let quantity: Quantity
    /// The published value in nats per image; nil where the publication has only a curve.
    package let published: Double?
    package let source: String
    /// The network and its training. The name is that of the preset it is based on.
    package let recipe: Preset
    /// Epochs of the quick version.
    package let quickEpochs: Int
    /// Rough time of the full version on two cores, in minutes.
    package let minutes: Double

    /// Every figure. A new one is a new row here.
    package static let all: [PublishedFigure] = [pytorch, tensorflow, keras, altosaar, pythae] + kingma + iwae

    // MARK: The rows

    private static let pytorch = PublishedFigure(
        id: "pytorch", setting: "PyTorch's example: 784-400-20-400-784 ReLU, Adam 1e-3, batch 128, 10 epochs",
        protocolNote: "grey pixels", quantity: .negativeELBO, published: 105.59,
        source: "kampta/pytorch-distributions, README", recipe: preset("pytorch"), quickEpochs: 2, minutes: 0.6)

    private static let tensorflow = PublishedFigure(
        id: "tensorflow", setting: "TensorFlow's CVAE tutorial: convolutional, z = 2, Adam 1e-4, batch 32, 10 epochs",
        protocolNote: "pixels thresholded at 1/2; Monte Carlo ELBO", quantity: .negativeELBO, published: 155.91,
        source: "a third party's log of the tutorial (TensorFlow 2.21 gave 156.26)", recipe: preset("tensorflow"),
        quickEpochs: 1, minutes: 8)

    private static let keras = PublishedFigure(
        id: "keras", setting: "Keras' convolutional example: z = 2, Adam 1e-3, batch 128, 30 epochs",
        protocolNote: "grey pixels; published over training and test images together, ours over test images",
        quantity: .negativeELBO, published: 146.95, source: "keras-team/keras-io, examples/generative/vae",
        recipe: preset("tensorflow") { model, training in
            model.encoder = [
                .convolution(filters: 32, kernel: 3, stride: 2, padding: .same, activation: .relu),
                .convolution(filters: 64, kernel: 3, stride: 2, padding: .same, activation: .relu),
                .linear(units: 16, activation: .relu),
            ]
            model.decoder = [
                .linear(units: 7 * 7 * 64, activation: .relu), .reshape(height: 7, width: 7, channels: 64),
                .transposedConvolution(filters: 64, kernel: 3, stride: 2, padding: .same, activation: .relu),
                .transposedConvolution(filters: 32, kernel: 3, stride: 2, padding: .same, activation: .relu),
            ]
            training.epochs = 30
            training.batchSize = 128
            training.learningRate = 1e-3
            training.binarization = .grey
            training.objective = Objective(reduction: .mean)
        }, quickEpochs: 1, minutes: 30)

    private static let altosaar = PublishedFigure(
        id: "altosaar", setting: "mean-field VAE: 2×512 ReLU, 128 latent, batch 128, 64 epochs; Adam 1e-3 for RMSProp",
        protocolNote: "published on Larochelle's fixed binarization, which is not to be had here; ours stochastic",
        quantity: .negativeLogLikelihood(samples: 500), published: 97.10, source: "altosaar/variational-autoencoder",
        recipe: preset("pytorch") { model, training in
            model = .perceptron(hidden: [512, 512], latent: 128)
            training.epochs = 64
            training.binarization = .stochastic
        }, quickEpochs: 2, minutes: 8)

    private static let pythae = PublishedFigure(
        id: "pythae", setting: "pythae's VAE: 784-400-40-400-784 ReLU, Adam 1e-3, batch 200, 500 epochs",
        protocolNote: "published on Larochelle's fixed binarization, which is not to be had here; ours stochastic",
        quantity: .negativeLogLikelihood(samples: 200), published: 89.78,
        source: "clementchadebec/benchmark_VAE, reproducibility",
        recipe: preset("pytorch") { model, training in
            model = .perceptron(hidden: [400], latent: 40)
            training.epochs = 500
            training.batchSize = 200
            training.binarization = .stochastic
        }, quickEpochs: 2, minutes: 30)

    /// Fig. 2 of the paper has only curves. At their right end they are near 100 for 10 to 200 dimensions.
    private static let kingma = [3, 5, 10, 20, 200].map { latent in
        PublishedFigure(
            id: "kingma-\(latent)",
            setting: "AEVB Fig. 2, N_z = \(latent): 500 tanh, Adagrad, batch 100, 100 epochs",
            protocolNote: "published as a curve; ours on stochastic binary pixels", quantity: .negativeELBO,
            published: nil, source: "Kingma & Welling 2013, Fig. 2",
            recipe: preset("kingma") { model, _ in model.latent = latent }, quickEpochs: 2, minutes: 6)
    }

    private static let iwae = [(1, 86.76, 6.0), (5, 85.54, 8), (50, 84.78, 22)].map { samples, value, minutes in
        PublishedFigure(
            id: "iwae-\(samples)",
            setting: "Burda et al., k = \(samples): 2×200 tanh, 50 latent, batch 20; published 3,280 epochs, ours 30",
            protocolNote: "stochastic binary pixels", quantity: .negativeLogLikelihood(samples: 5000), published: value,
            source: "Burda, Grosse, Salakhutdinov 2015, table 1",
            recipe: preset("iwae") { _, training in training.objective.samples = samples }, quickEpochs: 1, minutes: minutes)
    }

    /// A preset with changes.
    private static func preset(
        _ name: String, _ change: (inout ModelConfiguration, inout TrainingConfiguration) -> Void = { _, _ in }
    ) -> Preset {
        guard let base = Preset.all.first(where: { $0.name == name }) else {
            preconditionFailure("a row starts from the preset '\(name)', which is not in Preset.all")
        }
        var (model, training) = (base.model, base.training)
        change(&model, &training)
        return Preset(name: base.name, summary: base.summary, model: model, training: training)
    }
}
