import ArgumentParser
import VAECore

/// Changes to the preset's objective.
struct ObjectiveOptions: ParsableArguments {
    @Option(help: "What is minimised; an autoencoder has no noise and no KL divergence.")
    var objective: Choice<Objectives>?
    @Option(parsing: .unconditional, help: "Samples of z per image.")
    var samples: Int?
    @Option(parsing: .unconditional, help: "Weight of the KL divergence.")
    var beta: Double?
    @Option(parsing: .unconditional, help: "Epochs over which the weight of the KL divergence rises from 0.")
    var klWarmup: Double?
    @Option(parsing: .unconditional, help: "Nats of KL divergence per image and dimension that cost nothing.")
    var freeBits: Double?
    @Option(help: "How the losses of a batch's images are combined.")
    var reduction: Objective.Reduction?

    /// The options, and whether each was given.
    var given: [(String, Bool)] {
        [
            ("--objective", objective != nil), ("--samples", samples != nil), ("--beta", beta != nil),
            ("--kl-warmup", klWarmup != nil), ("--free-bits", freeBits != nil), ("--reduction", reduction != nil),
        ]
    }

    func apply(to model: inout ModelConfiguration, _ training: inout TrainingConfiguration) throws(CoreError) {
        if let objective {
            model.isDeterministic = objective.row == nil
            if let bound = objective.row {
                training.objective.bound = bound
            } else {
                training.objective = Objective(reduction: training.objective.reduction)
            }
        }
        if let samples { training.objective.samples = samples }
        if let beta { training.beta = beta }
        if let klWarmup { training.klWarmUp = klWarmup }
        if let freeBits { training.objective.freeBits = freeBits }
        if let reduction { training.objective.reduction = reduction }
        guard model.isDeterministic else { return }
        for (option, isSet) in [
            ("--beta", beta != nil), ("--kl-warmup", klWarmup != nil), ("--free-bits", freeBits != nil),
        ] where isSet {
            throw CoreError(
                .configuration, "an autoencoder has no KL divergence", at: option,
                expected: "a variational objective (--objective elbo)")
        }
    }
}
