import Drawing
import VAECore

/// A run that is over, as its folder tells of it: what Train and Explore show of a model that was loaded.
package struct RecordedRun: Sendable {
    package var run: TrainState.Run
    package var curves: TrainState.Curves
    package var epochs: [EpochReport]
    package var changes: [TrainingChange]
    /// The parameters at some of its steps, in order.
    package var snapshots: [ParameterSnapshot]
    /// What is wrong with its files, in a line.
    package var notice: String?

    /// Steps kept of a long run: as many as the curves can tell apart.
    private static let mostSteps = 4000

    /// The run of `model`, whose file lies in the run's folder; nil if no run is recorded there.
    init?(_ model: ModelAt) {
        guard let path = model.session.path else { return nil }
        let folder = RunFolder.containing(path)
        let history = RunHistory.read(folder: folder, steps: .spread(Self.mostSteps))
        guard !history.epochs.isEmpty || !history.steps.isEmpty else { return nil }
        self.init(
            model, history, try? RunFolder.configuration(in: folder), RunListing(folder, history: history),
            snapshots: RunSnapshots.read(
                run: folder, of: model.snapshot.network.configuration, upTo: model.snapshot.step, bytes: Past.standardBytes))
    }

    /// The run of `model`, as far as its files tell.
    package init(
        _ model: ModelAt, _ history: RunHistory, _ configuration: RunConfiguration?, _ listing: RunListing,
        snapshots: [ParameterSnapshot]
    ) {
        (changes, self.snapshots, notice) = (history.changes, snapshots, history.notices.first)
        curves = TrainState.Curves(history)
        let data = configuration?.data
        epochs = history.epochs.map {
            $0.report(binarization: model.session.binarization, images: data?.train ?? 0, heldOut: data?.test ?? 0)
        }
        // The figures that the model's file has of itself say more than a line.
        if let own = model.session.evaluation, let last = epochs.last, last.step == model.snapshot.step {
            epochs[epochs.count - 1].test = own
        }
        run = TrainState.Run(model, configuration, listing, history.steps.first, epochs.last)
        (run.lastStep, run.lastEpoch) = (history.steps.last, epochs.last)
    }
}

extension TrainState.Run {
    /// A run that is over.
    fileprivate init(
        _ model: ModelAt, _ configuration: RunConfiguration?, _ listing: RunListing, _ first: StepMetrics?, _ last: EpochReport?
    ) {
        let training = configuration?.training
        self.init(
            name: model.session.name, dataset: configuration?.dataset ?? model.session.trainedOn ?? "",
            images: configuration?.data?.train ?? 0, beta: training?.beta ?? 1,
            freeBits: training.map { $0.objective.bound == .elbo ? $0.objective.freeBits : nil } ?? 0,
            isDeterministic: model.snapshot.network.configuration.isDeterministic)
        isRecorded = true
        if !listing.canResume {
            refusal = listing.trainer.map { "\($0) trains it, and alone can continue it" } ?? "it has no checkpoint to continue from"
        }
        state = Self.ending(listing.state, model.session.name)
        let epochs = listing.epochs ?? listing.epoch
        let perEpoch = last.map { $0.step / max(1, $0.epoch) } ?? 0
        progress = TrainingProgress(
            step: listing.step, totalSteps: max(listing.step, perEpoch * epochs), epoch: listing.epoch, epochs: epochs,
            imagesPerSecond: images > 0 ? last?.imagesPerSecond ?? 0 : 0)
        firstLoss = first?.terms.negativeELBO
        keptStep = model.snapshot.step
    }

    private static func ending(_ state: RunListing.State, _ name: String) -> TrainingState {
        switch state {
        case .stopped, .running: .stopped
        case .failed(let reason): .failed(CoreError(.training, reason, at: name))
        case .finished, .unknown: .finished
        }
    }
}

/// Reads the run that a loaded model came from.
package struct ReadRecord: Job {
    package var model: ModelAt

    package init(model: ModelAt) { self.model = model }

    package var policy: JobPolicy { .once(.files) }
    package var about: ModelSlot.ID? { model.id }
    package func run(on bench: Bench) -> RecordedRun? { RecordedRun(model) }
    package func finish(_ record: RecordedRun, _ state: inout AppState) -> [Effect] { show(record, &state) }
}

/// Reading the record of the model on show, if it has a file.
func readRecord(_ state: AppState) -> [Effect] {
    guard state.shown.path != nil, state.training.followed == nil else { return [] }
    return [.job(ReadRecord(model: state.shown.now))]
}

/// The curves, figures and steps of a run that is over, as if it had just ended.
private func show(_ record: RecordedRun, _ state: inout AppState) -> [Effect] {
    guard state.training.run == nil, state.training.followed == nil else { return [] }
    state.training.take(record)
    let newest = state.shown.snapshot
    for snapshot in record.snapshots where snapshot.step < newest.step { state.training.past.remember(snapshot) }
    state.training.past.remember(newest)
    if let notice = record.notice, state.message == nil { state.message = .init(text: "\(record.run.name): \(notice)", isError: true) }
    return refresh(state)
}
