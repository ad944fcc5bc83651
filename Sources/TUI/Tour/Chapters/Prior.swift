extension TourChapter {
    /// Why samples of N(0, I) decode to something.
    static let prior: TourChapter = TourChapter(
        "prior",
        TourStep(
            "density", on: .explore, of: "manifold",
            until: { state, _ in state.explore.layer == .density && state.explore.density != nil }),
        TourStep(
            "twin", on: .explore, of: "autoencoder",
            until: { state, _ in state.explore.layer == .density && state.explore.density != nil }))
}
