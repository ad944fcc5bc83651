import ArgumentParser
import VAECore

/// How the weights are moved, where it differs from the preset.
struct OptimizerOptions: ParsableArguments {
    @Option(help: "The optimiser.")
    var optimizer: Choice<Optimizers>?
    @Option(parsing: .unconditional, help: "Weight decay of adamw, adagrad (AEVB's prior on the weights) and sgd.")
    var weightDecay: Double?
    @Option(parsing: .unconditional, help: "Momentum of sgd.")
    var momentum: Double?
    @Option(parsing: .unconditional, help: "Largest norm of a step's gradient.")
    var clip: Double?
    @Option(help: "How weights start.")
    var initialization: Initialization?

    func apply(to training: inout TrainingConfiguration) throws(CoreError) {
        if let optimizer, optimizer.name != training.optimizer.kind { training.optimizer = optimizer.row }
        if let weightDecay { try training.optimizer.set(weightDecay: weightDecay) }
        if let momentum { try training.optimizer.set(momentum: momentum) }
        if let clip { training.gradientClip = clip }
        if let initialization { training.initialization = initialization }
    }
}
