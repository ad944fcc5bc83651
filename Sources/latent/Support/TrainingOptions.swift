import ArgumentParser
import VAECore

/// A preset and the options that override it.
struct TrainingOptions: ParsableArguments {
    @Option(help: "The network and its training. (default: \(Self.usual.name))")
    var preset: Choice<Presets>?
    private static var usual: Choice<Presets> { Choice(default: "manifold") }
    @Option(parsing: .unconditional, help: "Passes over the training images.")
    var epochs: Int?
    @Option(parsing: .unconditional, help: "Images per step.")
    var batchSize: Int?
    @Option(parsing: .unconditional, help: "Learning rate; with a schedule, its peak.")
    var learningRate: Double?
    @Option(help: "How the learning rate changes over the run.")
    var schedule: Schedule?
    @Option(parsing: .unconditional, help: "Dimensions of z.")
    var latent: Int?
    @Option(help: "Widths of the hidden layers from the image inwards, mirrored in the decoder, such as 400,200.")
    var hidden: String?
    @Option(help: "Widths of the decoder's hidden layers from z outwards, where they are not the encoder's mirrored.")
    var decoderHidden: String?
    @Option(help: "Activation function of the hidden layers.")
    var activation: Activation?
    @Option(help: "How a pixel is distributed.")
    var likelihood: Likelihood?
    @Option(help: "What the model sees of a pixel.")
    var binarize: Binarization?
    @Flag(help: "Train a conditional model, which is told the class of each image.")
    var conditional = false
    @OptionGroup(title: "Objective") var objective: ObjectiveOptions
    @OptionGroup(title: "Optimiser") var optimizer: OptimizerOptions
    @Option(parsing: .unconditional, help: "Seed of every random draw.")
    var seed: UInt64?
    @Option(parsing: .unconditional, help: "Threads that share each step; by default one per core.")
    var threads: Int?

    /// What changes the preset apart from the epochs, and whether each was given.
    private var given: [(String, Bool)] {
        [
            ("--batch-size", batchSize != nil), ("--learning-rate", learningRate != nil), ("--schedule", schedule != nil),
            ("--latent", latent != nil), ("--hidden", hidden != nil), ("--decoder-hidden", decoderHidden != nil),
            ("--activation", activation != nil), ("--likelihood", likelihood != nil), ("--binarize", binarize != nil),
            ("--conditional", conditional), ("--seed", seed != nil),
        ] + objective.given + optimizer.given
    }

    /// Refuses options that would change a run that is continued.
    /// - Throws: `CoreError(.configuration)` naming the first.
    func requireNoneBesideResume(out: String?) throws(CoreError) {
        let refused = [("--preset", preset != nil)] + given + [("--out", out != nil)]
        guard let option = refused.first(where: \.1)?.0 else { return }
        throw CoreError(
            .configuration, "cannot be given with --resume: the run continues as it was begun", at: option,
            expected: "--epochs, --threads, --data or none")
    }

    /// Refuses what has no meaning where a preset is printed: a second name for it, threads, and changes to no preset.
    /// - Parameter name: the preset that is printed; nil for all of them.
    /// - Throws: `CoreError(.configuration)` naming the first.
    func requirePresetAlone(beside name: String?) throws(CoreError) {
        for (option, isGiven) in [("--preset", preset != nil), ("--threads", threads != nil)] where isGiven {
            throw CoreError(
                .configuration, "has no meaning here", at: option, expected: "'latent preset \(name ?? "NAME")' alone")
        }
        let changes = [("--epochs", epochs != nil)] + given
        guard name == nil, let option = changes.first(where: \.1)?.0 else { return }
        throw CoreError(.configuration, "changes no preset", at: option, expected: "'latent preset NAME \(option) …'")
    }

    /// Checks the options before any data is read.
    /// - Throws: `CoreError(.configuration)` naming the option.
    func check() throws(CoreError) { _ = try resolve(image: .mnist, classes: Array(0..<10)) }

    /// The preset with every option applied, for the images of a data set; to be called after `check`.
    /// - Throws: `CoreError(.data)` when the data does not fit the options.
    func resolve(dataset: Dataset) throws(CoreError) -> (preset: Preset, threads: Int?) {
        let classes = conditional ? try dataset.classLabels() : []
        do {
            return try resolve(image: dataset.shape, classes: classes)
        } catch {
            // `check` found that the same options suit images of 28x28.
            throw CoreError(
                .data, "images of \(dataset.shape) do not fit --preset \((preset ?? Self.usual).name): \(error.place): \(error.what)",
                at: dataset.name, expected: error.expected, found: error.found,
                remedy: "give --hidden, which fits any size")
        }
    }

    /// The preset with every option applied, for images of one shape.
    /// - Parameter classes: the labels of the classes for `--conditional`.
    /// - Throws: `CoreError(.configuration)` naming the option.
    func resolve(image: ImageShape, classes: [Int]) throws(CoreError) -> (preset: Preset, threads: Int?) {
        let base = (preset ?? Self.usual).row
        var model = base.model
        var training = base.training
        try apply(to: &model, image: image, classes: classes)
        apply(to: &training)
        try objective.apply(to: &model, &training)
        try optimizer.apply(to: &training)
        if let threads { try Workers.check(threads: threads) }
        try training.validate()
        _ = try Network(model)
        return (Preset(name: base.name, summary: base.summary, model: model, training: training), threads)
    }

    private func apply(to model: inout ModelConfiguration, image: ImageShape, classes: [Int]) throws(CoreError) {
        model.image = image
        if let latent { model.latent = latent }
        if let likelihood { model.likelihood = likelihood }
        if conditional {
            model.classes = classes.count
            model.classLabels = classes == Array(0..<classes.count) ? nil : classes
        }
        let usual = model.encoder.lazy.compactMap(\.activation).first ?? .relu
        if let hidden {
            let widths = try widths(hidden, of: "--hidden")
            let plain = ModelConfiguration.perceptron(hidden: widths, latent: model.latent)
            model.encoder = plain.encoder.map { $0.with(activation: usual) }
            model.decoder = plain.decoder.map { $0.with(activation: usual) }
            model.output = .linear
        }
        if let decoderHidden {
            model.decoder = try widths(decoderHidden, of: "--decoder-hidden").map {
                .linear(units: $0, activation: usual)
            }
            model.output = .linear
        }
        if let activation {
            model.encoder = model.encoder.map { $0.with(activation: activation) }
            model.decoder = model.decoder.map { $0.with(activation: activation) }
        }
    }

    private func apply(to training: inout TrainingConfiguration) {
        if let epochs { training.epochs = epochs }
        if let batchSize { training.batchSize = batchSize }
        if let learningRate { training.learningRate = learningRate }
        if let schedule { training.schedule = schedule }
        if let binarize { training.binarization = binarize }
        if let seed { training.seed = seed }
    }

    private func widths(_ text: String, of option: String) throws(CoreError) -> [Int] {
        let widths = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        let valid = widths.compactMap { $0 }.filter { (1...Network.widthLimit).contains($0) }
        guard valid.count == widths.count else {
            throw CoreError(
                .configuration, "not a list of layer widths", at: option,
                expected: "numbers from 1 to \(Network.widthLimit), such as 400,200", found: "'\(text)'")
        }
        return valid
    }
}
