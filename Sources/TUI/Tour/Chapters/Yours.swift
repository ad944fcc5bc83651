extension TourChapter {
    /// Where to go on.
    static let yours: TourChapter = TourChapter(
        "yours", TourStep("data", on: .explore), TourStep("weights", on: .models), TourStep("paper", on: .explore))
}
