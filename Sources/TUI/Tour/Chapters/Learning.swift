import VAECore

extension TourChapter {
    /// Reconstruction falls at once, KL rises from zero, and the plane unfolds.
    static let learning: TourChapter = TourChapter(
        "learning",
        TourStep(
            "begin", on: .train,
            until: { state, _ in state.training.isActive && (state.training.run?.progress.step ?? 0) > 0 },
            numbers: Tour.batch),
        TourStep(
            "fall", on: .train, needsRun: true,
            until: { state, start in
                guard let run = state.training.run, let first = run.firstLoss, let terms = run.lastStep?.terms else { return false }
                return run.progress.step >= 100 && terms.negativeELBO < first / 2 && terms.kl > 1
            },
            numbers: Tour.batch),
        TourStep(
            "pause", on: .train, needsRun: true, until: { state, _ in state.training.run?.state == .paused },
            numbers: Tour.batch),
        TourStep(
            "steps", on: .train, needsRun: true,
            until: { state, start in
                state.training.run?.state == .paused && (state.training.run?.progress.step ?? 0) >= start.step + 3
            },
            numbers: Tour.batch),
        TourStep(
            "plane", on: .train, .explore, needsRun: true,
            until: { state, start in
                state.screen == .explore && state.model.step > start.step && state.explore.pictures.step > start.step
            },
            numbers: Tour.batch))
}
