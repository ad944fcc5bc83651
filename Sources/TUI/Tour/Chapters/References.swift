extension TourChapter {
    /// Figures under different protocols cannot be compared.
    static let references: TourChapter = TourChapter(
        "references",
        TourStep(
            "pytorch", on: .models, prepare: { $0.models.selected = 0 }, until: { state, _ in Tour.isChosen("pytorch", state) },
            numbers: { state, _ in ["own": Tour.listedLoss("pytorch", state), "published": Tour.published("pytorch")] }),
        TourStep(
            "tensorflow", on: .models, until: { state, _ in Tour.isChosen("tensorflow", state) },
            numbers: { state, _ in
                [
                    "own": Tour.listedLoss("tensorflow", state), "published": Tour.published("tensorflow"),
                    "other": Tour.listedLoss("pytorch", state),
                ]
            }),
        TourStep(
            "kingma", on: .models, until: { state, _ in Tour.isChosen("kingma-20", state) },
            numbers: { state, _ in ["own": Tour.listedLoss("kingma-20", state)] }))
}
