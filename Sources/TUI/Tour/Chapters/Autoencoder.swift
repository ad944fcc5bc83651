import Drawing

extension TourChapter {
    /// Squeezing alone leaves holes.
    static let autoencoder: TourChapter = TourChapter(
        "autoencoder",
        .load("autoencoder") { state, _ in
            ["own": Tour.listedLoss("autoencoder", state), "other": Tour.listedReconstruction("manifold", state)]
        },
        TourStep(
            "codes", on: .explore, of: "autoencoder", prepare: { Tour.showPictures(&$0) },
            until: { state, _ in state.explore.layer == .codes && state.shown.codes != nil },
            numbers: { state, _ in
                let spread = state.model.codes?.deviation.map(Tour.decimal) ?? []
                return [
                    "count": state.mappedCodes.map { "\($0.codes.count)" } ?? Tour.unknown,
                    "spread1": spread.first ?? Tour.unknown, "spread2": spread.last ?? Tour.unknown,
                ]
            }),
        TourStep(
            "hole", on: .explore, of: "autoencoder",
            until: { state, _ in
                // An eighth of what the codes spread: as far as their marks are apart where they lie thin.
                guard let distance = Tour.nearestCode(state), let spread = state.model.codes?.deviation.max() else { return false }
                return state.explore.layer == .pictures && distance > spread / 8
            },
            numbers: { state, _ in ["distance": Tour.nearestCode(state).map(Tour.decimal) ?? Tour.unknown] }),
        TourStep(
            "holes", on: .models, of: "autoencoder",
            until: { state, _ in Tour.holes(state) != nil },
            numbers: { state, _ in
                let holes = Tour.holes(state)
                func percent(_ share: Double?) -> String { share.map { NumberText.fixed(100 * $0, decimals: 0) } ?? Tour.unknown }
                return ["empty": percent(holes?.empty), "lost": percent(holes?.lost)]
            }))
}
