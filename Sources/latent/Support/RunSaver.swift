import Foundation
import TUI
import VAECore

/// Writes what a run has made into a folder of its own: `config.json`, `metrics.jsonl`, `model.safetensors`.
struct RunSaver: Sendable {
    let preset: Preset
    /// The folder the person named; nil makes a new one in `runs/`.
    var out: String?

    /// - Returns: the model's file.
    /// - Throws: `CoreError` when a file cannot be written. The model is written before the run's record, for it
    ///   matters most.
    func save(_ run: SavedRun) throws(CoreError) -> String {
        let folder =
            switch run.place {
            case .runs:
                try RunFolder(parent: "runs", name: preset.name, time: runTime(), exact: out, linksLatest: false)
            case .temporary:
                try RunFolder(parent: Surroundings.temporaryFolder, name: preset.name, time: "latent-\(runTime())", linksLatest: false)
            }
        do throws(CoreError) {
            try ModelFile.save(model(run), to: folder.modelPath)
        } catch {
            folder.removeIfEmpty()
            throw error
        }
        if run.place == .runs, out == nil { folder.linkLatest(in: "runs") }
        try folder.write(
            .init(
                preset: preset.name, dataset: run.dataset, model: preset.model, training: preset.training,
                changes: run.changes))
        if !run.epochs.isEmpty || !run.changes.isEmpty { try folder.write(run.epochs, run.changes) }
        return folder.modelPath
    }

    /// The model with what is known of its training. The last epoch's figures are its own only if no step followed.
    func model(_ run: SavedRun) -> TrainedModel {
        let isCurrent = run.epochs.last?.step == run.snapshot.step
        let record = TrainedModel.Record(
            preset: preset.name, dataset: run.dataset, training: preset.training,
            evaluation: isCurrent ? run.epochs.last?.test : nil, changes: run.changes)
        return TrainedModel(snapshot: run.snapshot, record: record)
    }
}
