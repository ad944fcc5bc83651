import Drawing

extension TourChapter {
    /// A picture of 784 numbers is drawn from two, and is blurred for that.
    static let twoNumbers: TourChapter = TourChapter(
        "two-numbers",
        TourStep(
            "walk", on: .explore, of: "manifold", prepare: { Tour.showPictures(&$0) },
            until: { state, start in
                let (from, to) = (start.cursor, state.explore.cursor)
                return from.count == 2 && to.count == 2 && zip(from, to).allSatisfy { abs($0 - $1) > 0.3 }
            },
            numbers: { ["from": Tour.point($1.cursor), "to": Tour.point($0.explore.cursor)] }),
        TourStep(
            "compare", on: .explore, .compare, of: "manifold",
            until: { state, _ in state.screen == .compare && state.compare.pair != nil },
            numbers: { state, _ in
                let made = state.compare.pair?.reconstruction
                return ["z": Tour.point(made?.z ?? []), "reconstruction": Tour.nats(made?.terms.reconstruction)]
            }),
        TourStep(
            "worst", on: .compare, of: "manifold", prepare: { Tour.orderByIndex(&$0) },
            until: { state, _ in
                state.compare.sorting == .worst && state.compare.pair?.index == state.compare.order.first
                    && !Tour.chosenLoss(state).isEmpty
            },
            numbers: { state, _ in
                let parameters = state.shown.snapshot.network.parameterCount
                return Tour.chosenLoss(state).merging(["parameters": NumberText.count(Double(parameters))]) { $1 }
            }))
}
