import ArgumentParser
import VAECore

/// A preset and what overrides it.
struct TrainingOptions: ParsableArguments {
    @Option(help: "The network and its training: \(Preset.all.map(\.name).joined(separator: ", ")).")
    var preset = "manifold"
    @Option(help: "Passes over the training images.")
    var epochs: Int?
    @Option(help: "Images in one step.")
    var batchSize: Int?
    @Option(help: "Learning rate of the optimiser (the peak, with a schedule).")
    var learningRate: Double?
    @Option(help: "Course of the learning rate: constant or one-cycle.")
    var schedule: String?
    @Option(help: "Dimensions of z.")
    var latent: Int?
    @Option(help: "Hidden widths from the image inwards, mirrored in the decoder: 400,200.")
    var hidden: String?
    @Option(help: "Weight of the KL divergence.")
    var beta: Double?
    @Option(help: "What the model sees of a pixel: grey, threshold or stochastic.")
    var binarize: String?
    @Option(help: "Seed of every random draw.")
    var seed: UInt64?
    @Option(help: "Threads that share each step; default one a core.")
    var threads: Int?

    /// The preset with every option applied, for images of one shape.
    /// - Throws: `CoreError(.configuration)` naming the option.
    func resolve(image: ImageShape) throws(CoreError) -> (preset: Preset, threads: Int?) {
        let base = try Preset.named(preset)
        var model = base.model
        var training = base.training
        model.image = image
        if let latent { model.latent = latent }
        if let hidden {
            let widths = try widths(hidden)
            model = .perceptron(image: image, hidden: widths, latent: model.latent, likelihood: model.likelihood)
        }
        if let epochs { training.epochs = epochs }
        if let batchSize { training.batchSize = batchSize }
        if let learningRate { training.learningRate = learningRate }
        if let schedule { training.schedule = try choice(schedule, "--schedule") }
        if let beta { training.beta = beta }
        if let binarize { training.binarization = try choice(binarize, "--binarize") }
        if let seed { training.seed = seed }
        if let threads, !(1...256).contains(threads) {
            throw CoreError(
                .configuration, "value out of range", at: "--threads", expected: "1 to 256", found: "\(threads)")
        }
        try training.validate()
        return (Preset(name: base.name, summary: base.summary, model: model, training: training), threads)
    }

    private func widths(_ text: String) throws(CoreError) -> [Int] {
        let widths = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let valid = widths.compactMap { $0 }.filter { (1...Network.widthLimit).contains($0) }
        guard valid.count == widths.count else {
            throw CoreError(
                .configuration, "not a list of layer widths", at: "--hidden",
                expected: "numbers from 1 to \(Network.widthLimit), such as 400,200", found: "'\(text)'")
        }
        return valid
    }

    private func choice<T: RawRepresentable & CaseIterable>(
        _ text: String, _ option: String
    ) throws(CoreError) -> T where T.RawValue == String {
        if let value = T(rawValue: text) { return value }
        throw CoreError(
            .configuration, "no such choice", at: option,
            expected: "one of " + T.allCases.map(\.rawValue).joined(separator: ", "), found: "'\(text)'")
    }
}
