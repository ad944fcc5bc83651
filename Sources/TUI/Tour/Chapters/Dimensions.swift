extension TourChapter {
    /// More dimensions say more, some tell little, and one cannot see the whole any more.
    static let dimensions: TourChapter = TourChapter(
        "dimensions",
        .load("pytorch") { state, _ in
            ["own": Tour.listedLoss("pytorch", state), "other": Tour.listedLoss("manifold", state)]
        },
        TourStep(
            "bars", on: .models, of: "pytorch",
            numbers: { state, _ in
                let (kl, order) = (state.model.klPerDimension, state.model.dimensionOrder)
                guard let best = order.first, let worst = order.last, kl.count == state.model.latent else { return [:] }
                return [
                    "active": state.model.evaluation.map { "\($0.activeUnits)" } ?? Tour.unknown,
                    "latent": "\(state.model.latent)", "best": "z\(best + 1)", "most": Tour.nats(kl[best]),
                    "worst": "z\(worst + 1)", "least": Tour.nats(kl[worst]),
                ]
            }),
        TourStep(
            "compare", on: .compare, of: "pytorch",
            numbers: { state, _ in
                let terms = state.compare.pair?.reconstruction.terms
                return ["reconstruction": Tour.nats(terms?.reconstruction), "kl": Tour.nats(terms?.kl)]
            }),
        TourStep(
            "rows", on: .explore, of: "pytorch", prepare: { Tour.showPictures(&$0) }, until: { state, _ in state.explore.layer == .traversals }),
        TourStep(
            "components", on: .explore, of: "pytorch",
            until: { state, _ in
                guard case .components = state.explore.basis else { return false }
                return state.explore.layer == .pictures
            },
            numbers: { state, _ in
                ["first": state.explore.basis.share(0) ?? Tour.unknown, "second": state.explore.basis.share(1) ?? Tour.unknown]
            }))
}
