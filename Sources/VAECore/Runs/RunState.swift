/// Everything that the rest of a run depends on, between two steps: what a checkpoint saves.
///
/// Random draws need no state of their own. Each comes from a counter-based generator indexed by the seed, the step or
/// epoch, and the image; so does the order of the images in an epoch (`epochOrder`).
package struct RunState: Sendable {
    /// The numbers beside the parameters.
    package var numbers: Numbers
    /// The parameters, (`network.parameterCount`).
    package var parameters: ParameterSnapshot
    /// What the optimiser keeps from step to step, by name: a float per parameter each.
    package var averages: [(name: String, values: [Float])]
    /// The parameters that a roll-back after a divergence continues from.
    package var lastGood: ParameterSnapshot

    package struct Numbers: Sendable, Equatable, Codable {
        /// Steps taken; with `place`, this selects every random draw to come.
        package var step: Int
        /// Epochs completed and evaluated.
        package var epoch: Int
        /// How far the epoch under way has come.
        package var place = EpochPlace()
        /// Changes made while it trained, as of the last step.
        package var settings = TrainingControl.Settings()
        /// Steps that the optimiser has begun: Adam's bias correction depends on them.
        package var optimizerStep = 0
        /// The step and the completed epochs of `lastGood`.
        package var lastGoodStep = 0
        package var lastGoodEpoch = 0
        /// See `TrainingRun.repeatedStep`.
        package var repeatedStep = -1
        /// The loss that later losses are compared with to notice a divergence, in nats per image.
        package var divergenceScale: Double?
        /// The last epoch's figures.
        package var report: EpochReport?
    }

    package init(
        numbers: Numbers, parameters: ParameterSnapshot, averages: [(name: String, values: [Float])],
        lastGood: ParameterSnapshot
    ) {
        self.numbers = numbers
        self.parameters = parameters
        self.averages = averages
        self.lastGood = lastGood
    }
}

/// How far an epoch has come.
package struct EpochPlace: Sendable, Equatable, Codable {
    /// Images of the epoch's order that have been trained on.
    package var images = 0
    /// The sum of their losses in nats, each computed with the parameters of its step.
    package var sum = LossTerms()
    /// The time that took.
    package var seconds = 0.0

    package init() {}

    /// Adds the losses of a step in nats, summed over its `count` images.
    mutating func add(_ terms: LossTerms, images count: Int, seconds: Double) {
        images += count
        sum.reconstruction += terms.reconstruction
        sum.kl += terms.kl
        self.seconds += seconds
    }

    /// The mean losses in nats per image.
    var mean: LossTerms {
        let n = Double(max(1, images))
        return LossTerms(reconstruction: sum.reconstruction / n, kl: sum.kl / n)
    }
}
