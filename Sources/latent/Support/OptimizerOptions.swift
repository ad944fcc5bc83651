import ArgumentParser
import VAECore

/// How the weights are moved, where it differs from the preset.
struct OptimizerOptions: ParsableArguments {
    @Option(help: "The optimiser: \(OptimizerConfiguration.names.joined(separator: ", ")).")
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
            guard let named = OptimizerConfiguration(named: optimizer) else {
                throw CoreError(
                    .configuration, "no such choice", at: "--optimizer",
                    expected: "one of " + OptimizerConfiguration.names.joined(separator: ", "), found: "'\(optimizer)'")
            }
            if named.kind != training.optimizer.kind { training.optimizer = named }
        }
        if let weightDecay { try training.optimizer.set(weightDecay: weightDecay) }
        if let momentum { try training.optimizer.set(momentum: momentum) }
        if let clip { training.gradientClip = clip }
        if let initialization { training.initialization = try choice(initialization, "--initialization") }
    }
}
