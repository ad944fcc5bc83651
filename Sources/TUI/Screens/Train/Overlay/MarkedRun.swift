import Drawing
import VAECore

/// A run that was marked on Models: its losses, to be laid over those of others.
package struct MarkedRun: Sendable {
    /// The file of its model: by this a mark is found again.
    package let path: String
    package let name: String
    package var curves = TrainState.Curves()
    /// Epochs completed, steps taken and seconds trained by then, ascending.
    var epochs: [(epoch: Int, step: Int, seconds: Double?)] = []
    var settings: RunSettings
    var isDeterministic: Bool
    /// Whether another process is training it.
    var isWritten = false

    /// Steps kept of a long run: more than a chart has columns.
    private static let mostSteps = 2000

    /// The run of a listed model, read from its folder; nil if nothing is recorded there.
    init?(_ listing: ModelListing) {
        let folder = RunFolder.containing(listing.path)
        let history = RunHistory.read(folder: folder, steps: .spread(Self.mostSteps))
        let run = try? RunFolder.configuration(in: folder)
        let card = listing.card
        guard !history.epochs.isEmpty || !history.steps.isEmpty else { return nil }
        guard let model = run?.model ?? card?.configuration else { return nil }
        let settings = run.map { RunSettings($0) } ?? RunSettings(
            preset: card?.record?.preset ?? "", dataset: card?.record?.dataset ?? "", model: model, training: card?.record?.training)
        self.init(listing, history, settings, isDeterministic: model.isDeterministic)
    }

    /// The run of a listed model, as far as its record tells.
    package init(_ listing: ModelListing, _ history: RunHistory, _ settings: RunSettings, isDeterministic: Bool = false) {
        (path, name, isWritten) = (listing.path, listing.name, listing.isWritten)
        (self.settings, self.isDeterministic) = (settings, isDeterministic)
        for metrics in history.steps { curves.append(metrics.terms, at: metrics.step, isTest: false) }
        var seconds: Double? = 0
        for epoch in history.epochs {
            if history.steps.isEmpty, let train = epoch.train { curves.append(train, at: epoch.step, isTest: false) }
            curves.append(epoch.test, at: epoch.step, isTest: true)
            seconds = seconds.flatMap { sum in epoch.seconds.map { sum + $0 } }
            epochs.append((epoch.epoch, epoch.step, seconds))
        }
    }

    /// The run on show, which need not be marked.
    init?(onShow state: AppState) {
        guard let run = state.training.run, state.training.curves.steps != nil else { return nil }
        (path, name) = (state.shown.path ?? "", run.isRecorded ? run.name : "this run")
        curves = state.training.curves
        var seconds = 0.0
        epochs = state.training.epochs.map { report in
            seconds += report.seconds
            return (report.epoch, report.step, seconds)
        }
        settings = RunSettings(
            preset: "", dataset: run.dataset, model: state.shown.snapshot.network.configuration, training: nil)
        isDeterministic = run.isDeterministic
    }

    /// The losses of a term on one of the sets.
    func history(_ shown: TrainState.Shown, isTest: Bool) -> History {
        // A plain autoencoder has nothing but its reconstruction.
        switch isDeterministic && shown != .kl ? .reconstruction : shown {
        case .all, .total: isTest ? curves.testTotal : curves.trainTotal
        case .reconstruction: isTest ? curves.testReconstruction : curves.trainReconstruction
        case .kl: isTest ? curves.testKL : curves.trainKL
        }
    }

    /// Where a step lies on an axis; between two epochs, in proportion. Nil where nothing tells.
    func place(of step: Double, on axis: RunOverlay.Axis) -> Double? {
        if axis == .step { return step }
        func value(_ n: Int) -> Double? { axis == .epoch ? Double(epochs[n].epoch) : epochs[n].seconds }
        guard let first = epochs.first, let last = epochs.last, first.step > 0, step >= 0 else { return nil }
        // After the last epoch it goes on as in the last one.
        let after = epochs.firstIndex { Double($0.step) >= step } ?? epochs.count - 1
        let before = after > 0 ? epochs[after - 1].step : 0
        guard let high = value(after), let low = after > 0 ? value(after - 1) : 0, epochs[after].step > before else {
            return step == Double(last.step) ? value(epochs.count - 1) : nil
        }
        return low + (high - low) * (step - Double(before)) / Double(epochs[after].step - before)
    }
}

/// Reads a run that was marked.
package struct ReadMarked: Job {
    package var listing: ModelListing

    package var policy: JobPolicy { .each(.files) }
    package func run(on bench: Bench) throws -> MarkedRun? {
        guard let run = MarkedRun(listing) else {
            throw CoreError(.file, "nothing is recorded of its training", at: listing.name)
        }
        return run
    }

    package func finish(_ run: MarkedRun, _ state: inout AppState) -> [Effect] { marked(run, &state) }

    package func fail(_ error: any Error, _ state: inout AppState) -> [Effect] {
        state.training.overlay.unmark(listing.path)
        state.message = .init(text: "\(error)", isError: true)
        return []
    }

    package static func == (a: ReadMarked, b: ReadMarked) -> Bool { a.listing == b.listing }
}
