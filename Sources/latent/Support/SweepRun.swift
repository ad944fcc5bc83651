import Foundation
import TUI
import VAECore

/// One run of a sweep while it trains.
final class SweepRun {
    let combination: SweepPlan.Combination
    let trainer: Trainer
    private let recorder: RunRecorder
    private let folder: RunFolder
    private let preset: Preset
    private var snapshot: ParameterSnapshot?
    private var epochs: [EpochReport] = []
    private(set) var progress = TrainingProgress()
    /// The negative ELBO on held-out images after its last epoch, nats per image; nil before the first.
    var testLoss: Double? { epochs.last?.test.terms.negativeELBO }

    /// Begins a run in the folder at `path`, or continues the one that is there.
    /// - Returns: nil when it has nothing left to do: it has finished, or it failed.
    /// - Throws: `CoreError` when the folder holds a run of other options, or cannot be written to.
    init?(_ combination: SweepPlan.Combination, at path: String, _ dataset: Dataset, threads: Int) throws {
        self.combination = combination
        let options = combination.train.record.options(isLive: false)
        let (resolved, _) = try combination.train.training.resolve(dataset: dataset)
        preset = resolved
        if FileManager.default.fileExists(atPath: path + "/config.json") {
            let past = try PastRun(path)
            let old = past.configuration
            guard old.model == preset.model, old.training == preset.training, old.data == nil || old.data?.isSame(as: DataIdentity(dataset)) == true
            else {
                throw CoreError(
                    .configuration, "a run with other options is in this folder", at: path,
                    remedy: "choose another folder for the sweep with --out")
            }
            if past.isFinished && past.hasModel || RunHistory.read(folder: path, steps: .last).failure != nil {
                past.folder.release()
                return nil
            }
            folder = past.folder
            (trainer, recorder) = try past.trainer(dataset: dataset, threads: threads, options: options)
        } else {
            folder = try RunFolder(parent: "", name: combination.name, time: "", exact: path)
            recorder = try RunRecorder(
                folder: folder, configuration: Runs.configuration(preset, dataset, threads: threads),
                plan: try Runs.plan(preset, dataset), options: options)
            trainer = try Trainer(
                model: preset.model, training: preset.training, dataset: dataset, threads: threads, record: recorder)
        }
        trainer.start()
    }

    /// Takes what the run has told.
    /// - Returns: whether it is over; then its files are written.
    /// - Throws: `CoreError` when a file cannot be written.
    func isOver() throws -> Bool {
        let mail = trainer.mailbox.take()
        progress = mail.progress
        snapshot = mail.snapshot ?? snapshot
        epochs = (epochs + mail.epochs).suffix(1)
        guard mail.state.isOver else { return false }
        if case .finished = mail.state, let snapshot {
            let run = SavedRun(snapshot: snapshot, epochs: epochs, changes: [], dataset: trainer.dataset.name)
            try ModelFile.save(RunSaver(preset: preset).model(run), to: folder.modelPath)
        }
        try recorder.finish()
        return true
    }
}
