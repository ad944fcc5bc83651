import ArgumentParser
import VAECore

/// How the weights are moved, where it differs from the preset.
struct OptimizerOptions: ParsableArguments {
    @Option(help: "The optimiser: \(names(OptimizerConfiguration.Kind.self)).")
    var optimizer: String?
    @Option(parsing: .unconditional, help: "Weight decay of adamw, adagrad (AEVB's prior on the weights) and sgd.")
    var weightDecay: Double?
    @Option(parsing: .unconditional, help: "Momentum of sgd.")
    var momentum: Double?
    @Option(parsing: .unconditional, help: "Largest norm of a step's gradient.")
    var clip: Double?
    @Option(help: "How weights start: \(names(Initialization.self)).")
    var initialization: String?

    func apply(to training: inout TrainingConfiguration) throws(CoreError) {
        if let optimizer {
            let kind: OptimizerConfiguration.Kind = try choice(optimizer, "--optimizer")
            if kind != training.optimizer.kind { training.optimizer = OptimizerConfiguration(kind) }
        }
        if let weightDecay { training.optimizer.weightDecay = weightDecay }
        if let momentum {
            guard training.optimizer.kind == .sgd else {
                throw CoreError(
                    .configuration, "only sgd has momentum of its own", at: "--momentum",
                    expected: "--optimizer sgd beside it", found: "optimiser \(training.optimizer.kind.rawValue)")
            }
            training.optimizer.momentum = momentum
        }
        if let clip { training.gradientClip = clip }
        if let initialization { training.initialization = try choice(initialization, "--initialization") }
    }
}
