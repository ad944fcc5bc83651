import ArgumentParser
import VAECore

/// Changes to the preset's optimiser and initialisation.
struct OptimizerOptions: ParsableArguments {
    @Option(help: "The optimiser.")
    var optimizer: Choice<Optimizers>?
    @Option(parsing: .unconditional, help: "Weight decay, for adamw, adagrad (the prior on the weights of Kingma & Welling) and sgd.")
    var weightDecay: Double?
    @Option(parsing: .unconditional, help: "Momentum, for sgd.")
    var momentum: Double?
    @Option(parsing: .unconditional, help: "Largest norm of the gradient; larger ones are scaled down.")
    var clip: Double?
    @Option(help: "Initial values of the weights.")
    var initialization: Initialization?

    /// The options, and whether each was given.
    var given: [(String, Bool)] {
        [
            ("--optimizer", optimizer != nil), ("--weight-decay", weightDecay != nil), ("--momentum", momentum != nil),
            ("--clip", clip != nil), ("--initialization", initialization != nil),
        ]
    }

    func apply(to training: inout TrainingConfiguration) throws(CoreError) {
        if let optimizer, optimizer.name != training.optimizer.kind { training.optimizer = optimizer.row }
        if let weightDecay { try training.optimizer.set(weightDecay: weightDecay) }
        if let momentum { try training.optimizer.set(momentum: momentum) }
        if let clip { training.gradientClip = clip }
        if let initialization { training.initialization = initialization }
    }
}
