extension TourChapter {
    /// The encoder gives a distribution, and z = μ + σ ⊙ ε (AEVB eq. 10).
    static let cloud: TourChapter = TourChapter(
        "cloud",
        TourStep(
            "draw", on: .draw, of: "manifold",
            until: { state, _ in state.draw.encoded != nil && Tour.isDrawn(state) },
            numbers: { state, _ in
                let encoded = state.draw.encoded
                return ["mean": Tour.point(encoded?.mean ?? []), "deviation": Tour.point(encoded?.deviation ?? [])]
            }),
        TourStep(
            "sample", on: .compare, of: "manifold", prepare: { $0.compare.sampleSeed = nil },
            until: { state, start in (state.compare.sampleSeed ?? 0) >= start.samples + 3 },
            numbers: { state, _ in ["z": Tour.point(state.compare.pair?.reconstruction.z ?? [])] }),
        TourStep("gradient", on: .compare, of: "manifold"),
        TourStep("mean", on: .compare, of: "manifold", until: { state, _ in state.compare.sampleSeed == nil }))
}
