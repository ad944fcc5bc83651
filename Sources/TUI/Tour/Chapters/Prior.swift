extension TourChapter {
    /// Why samples of N(0, I) decode to something.
    static let prior: TourChapter = TourChapter(
        "prior",
        TourStep(
            "density", on: .explore, of: "manifold", prepare: { Tour.showPictures(&$0) },
            until: { state, _ in state.explore.layer == .density && state.explore.density != nil }),
        TourStep(
            "twin", on: .explore, of: "autoencoder", prepare: { Tour.showPictures(&$0) },
            until: { state, _ in state.explore.layer == .density && state.explore.density != nil }))
}
