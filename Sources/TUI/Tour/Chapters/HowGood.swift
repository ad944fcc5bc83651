extension TourChapter {
    /// The ELBO is a bound; more samples tighten it; likelihood is not beauty.
    static let howGood: TourChapter = TourChapter(
        "how-good",
        TourStep(
            "bound", on: .compare, of: "manifold", prepare: { Tour.orderByIndex(&$0) },
            numbers: { state, _ in ["elbo": Tour.nats(state.compare.pair?.reconstruction.terms.negativeELBO)] }),
        TourStep(
            "tighter", on: .compare, of: "manifold", prepare: { $0.compare.bounds = nil },
            until: { state, _ in Tour.bounds(state) != nil },
            numbers: { state, _ in
                let values = Tour.bounds(state)?.values.map { Tour.nats($0.nats) } ?? []
                guard values.count == 3 else { return [:] }
                return [
                    "one": values[0], "fifty": values[1], "all": values[2],
                    "elbo": Tour.nats(state.compare.pair?.reconstruction.terms.negativeELBO),
                ]
            }),
        TourStep(
            "worst", on: .compare, of: "manifold", prepare: { Tour.orderByIndex(&$0) },
            until: { state, _ in
                state.compare.sorting == .worst && state.compare.pair?.index == state.compare.order.first
                    && !Tour.chosenLoss(state).isEmpty
            },
            numbers: { state, _ in Tour.chosenLoss(state) }),
        TourStep(
            "drawing", on: .draw, of: "manifold",
            until: { state, _ in
                guard let loss = state.draw.encoded?.reconstruction.terms.negativeELBO, let mean = Tour.meanLoss(state) else { return false }
                return loss > 1.5 * mean
            },
            numbers: { state, _ in
                ["loss": Tour.nats(state.draw.encoded?.reconstruction.terms.negativeELBO), "mean": Tour.nats(Tour.meanLoss(state))]
            }))
}
