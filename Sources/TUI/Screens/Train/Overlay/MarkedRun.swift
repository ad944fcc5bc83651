import Drawing
import VAECore

/// A run that was marked on Models: its losses, to be laid over those of others.
package struct MarkedRun: Sendable {
    /// The file of its model: by this a mark is found again.
    package let path: String
    package let name: String
    package let curves: TrainState.Curves
    /// Epochs completed, steps taken and seconds trained by then, ascending.
    let epochs: [(epoch: Int, step: Int, seconds: Double?)]
    let settings: RunSettings
    let isDeterministic: Bool
    /// Whether another process is training it.
    var isWritten = false

    /// Steps kept of a long run: more than a chart has columns.
    private static let mostSteps = 2000

    /// The run of a listed model, read from its folder; nil if nothing is recorded there.
    package init?(_ listing: ModelListing) {
        let folder = RunFolder.containing(listing.path)
        let history = RunHistory.read(folder: folder, steps: .spread(Self.mostSteps))
        let run = try? RunFolder.configuration(in: folder)
        let card = listing.card
        guard !history.epochs.isEmpty || !history.steps.isEmpty else { return nil }
        guard let model = run?.model ?? card?.configuration else { return nil }
        let settings = run.map { RunSettings($0) } ?? RunSettings(
            dataset: card?.record?.dataset ?? "", model: model, training: card?.record?.training)
        self.init(listing, history, settings, isDeterministic: model.isDeterministic)
    }

    /// The run of a listed model, as far as its record tells.
    package init(_ listing: ModelListing, _ history: RunHistory, _ settings: RunSettings, isDeterministic: Bool = false) {
        (path, name, isWritten) = (listing.path, listing.name, listing.isWritten)
        (self.settings, self.isDeterministic) = (settings, isDeterministic)
        curves = TrainState.Curves(history)
        epochs = Self.sums(history.epochs.map { ($0.epoch, $0.step, $0.seconds) })
    }

    /// The run of this session, which has no file to be marked by.
    init?(ofThisSession state: AppState) {
        guard state.training.isOwn, let run = state.training.run, state.training.curves.steps != nil else { return nil }
        (path, name) = (state.shown.path ?? "", "this run")
        curves = state.training.curves
        epochs = Self.sums(state.training.epochs.map { ($0.epoch, $0.step, $0.seconds) })
        let model = state.shown.snapshot.network.configuration
        settings = run.settings ?? RunSettings(dataset: run.dataset, model: model, training: nil)
        isDeterministic = run.isDeterministic
    }

    /// Epochs with the seconds up to each, as long as every one before tells its own.
    private static func sums(_ epochs: [(Int, Int, Double?)]) -> [(epoch: Int, step: Int, seconds: Double?)] {
        var sum: Double? = 0
        return epochs.map { epoch, step, seconds in
            sum = sum.flatMap { sum in seconds.map { sum + $0 } }
            return (epoch, step, sum)
        }
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
        let after = min(firstEpoch(endingAt: step), epochs.count - 1)
        let before = after > 0 ? epochs[after - 1].step : 0
        guard let high = value(after), let low = after > 0 ? value(after - 1) : 0, epochs[after].step > before else {
            return step == Double(last.step) ? value(epochs.count - 1) : nil
        }
        return low + (high - low) * (step - Double(before)) / Double(epochs[after].step - before)
    }
}

extension MarkedRun {
    /// The place of the first epoch that ends at a step or after it, by halving: a chart asks for each of its points.
    private func firstEpoch(endingAt step: Double) -> Int {
        var (low, high) = (0, epochs.count)
        while low < high {
            let middle = (low + high) / 2
            if Double(epochs[middle].step) < step { low = middle + 1 } else { high = middle }
        }
        return low
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
