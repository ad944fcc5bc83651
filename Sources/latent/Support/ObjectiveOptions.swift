import ArgumentParser
import VAECore

/// What is minimised, where it differs from the preset.
struct ObjectiveOptions: ParsableArguments {
    /// An autoencoder is an objective to the person and a kind of network to the core.
    private static let autoencoder = "autoencoder"

    @Option(help: "What is minimised: \(names(Objective.Bound.self)), or autoencoder (no noise, no KL).")
    var objective: String?
    @Option(parsing: .unconditional, help: "Samples of z for each image.")
    var samples: Int?
    @Option(parsing: .unconditional, help: "Weight of the KL divergence.")
    var beta: Double?
    @Option(parsing: .unconditional, help: "Epochs over which that weight rises from 0.")
    var klWarmup: Double?
    @Option(parsing: .unconditional, help: "Nats of KL divergence in each dimension of each image that cost nothing.")
    var freeBits: Double?
    @Option(help: "Loss of a batch: the \(Objective.Reduction.allCases.map(\.rawValue).joined(separator: " or ")) over its images.")
    var reduction: String?

    func apply(to model: inout ModelConfiguration, _ training: inout TrainingConfiguration) throws(CoreError) {
        if let objective {
            model.isDeterministic = objective == Self.autoencoder
            if model.isDeterministic {
                training.objective = Objective(reduction: training.objective.reduction)
            } else {
                guard let bound = Objective.Bound(rawValue: objective) else {
                    throw CoreError(
                        .configuration, "no such choice", at: "--objective",
                        expected: "one of \(names(Objective.Bound.self)), \(Self.autoencoder)", found: "'\(objective)'")
                }
                training.objective.bound = bound
            }
        }
        if let samples { training.objective.samples = samples }
        if let beta { training.beta = beta }
        if let klWarmup { training.klWarmUp = klWarmup }
        if let freeBits { training.objective.freeBits = freeBits }
        if let reduction { training.objective.reduction = try choice(reduction, "--reduction") }
        guard model.isDeterministic else { return }
        for (option, isSet) in [
            ("--beta", beta != nil), ("--kl-warmup", klWarmup != nil), ("--free-bits", freeBits != nil),
        ] where isSet {
            throw CoreError(
                .configuration, "an autoencoder has no KL divergence", at: option,
                expected: "a variational objective (--objective elbo), or no such option")
        }
    }
}
