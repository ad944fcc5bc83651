import VAECore

extension TourChapter {
    /// Neighbours are similar; what a straight way crosses.
    static let between: TourChapter = TourChapter(
        "between",
        TourStep(
            "marks", on: .explore, of: "manifold",
            prepare: { state in
                Tour.showPictures(&state)
                state.explore.path = ExploreState.PathState()
            },
            until: { state, _ in state.explore.path.ends.map { distance($0.start, $0.end) > 0.8 } ?? false },
            numbers: { state, _ in
                guard let ends = state.explore.path.ends else { return [:] }
                return [
                    "start": Tour.point(ends.start), "end": Tour.point(ends.end),
                    "length": Tour.decimal(distance(ends.start, ends.end)),
                ]
            }),
        TourStep("walk", on: .explore, of: "manifold", until: { state, _ in state.explore.path.isGoing }),
        TourStep("bent", on: .explore, of: "manifold", until: { state, _ in state.explore.path.kind != .straight }),
        TourStep(
            "sum", on: .explore, of: "manifold",
            until: { state, start in
                start.hasTyped && state.overlay == nil && distance(start.cursor, state.explore.cursor) > 0.01
            },
            numbers: { state, _ in ["z": Tour.point(state.explore.cursor)] }))
}
