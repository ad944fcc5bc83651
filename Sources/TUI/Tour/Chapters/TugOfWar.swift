import Drawing

extension TourChapter {
    /// KL pulls the codes to the prior; where it is too strong, dimensions fall silent.
    static let tugOfWar: TourChapter = TourChapter(
        "tug-of-war",
        TourStep("begin", on: .train, until: { state, _ in state.training.run?.state.takesSteps == true }, numbers: Tour.batch),
        TourStep(
            "up", on: .train, needsRun: true, pace: 150, until: { state, _ in (state.training.run?.beta ?? 0) >= 64 },
            numbers: Tour.batch),
        TourStep(
            "collapse", on: .train, needsRun: true, pace: 150,
            until: { state, start in Collapse(state) != nil && (state.training.run?.lastEpoch?.step ?? 0) > start.step },
            numbers: { state, _ in
                ["inactive": Collapse(state)?.inactive.map { "z\($0 + 1)" }.joined(separator: ", ") ?? Tour.unknown]
            }),
        TourStep(
            "down", on: .train, needsRun: true, pace: 150, until: { state, _ in (state.training.run?.beta ?? 64) <= 1 },
            numbers: Tour.batch),
        TourStep(
            "back", on: .train, needsRun: true, pace: 150,
            until: { state, start in
                guard let epoch = state.training.run?.lastEpoch else { return false }
                return epoch.step > start.step && epoch.test.activeUnits > 0
            },
            numbers: { state, _ in
                let test = state.training.run?.lastEpoch?.test
                return [
                    "active": test.map { "\($0.activeUnits)" } ?? Tour.unknown, "latent": "\(state.model.latent)",
                    "kl": Tour.nats(test?.terms.kl),
                ]
            }),
        TourStep(
            "free", on: .train, needsRun: true, pace: 150, until: { state, _ in (state.training.run?.freeBits ?? 0) >= 0.1 },
            numbers: Tour.batch))
}
