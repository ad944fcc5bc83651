import Foundation
import TUI
import VAECore

/// Saves a run in a folder of its own: `config.json`, `metrics.jsonl`, `model.safetensors`.
struct RunSaver: Sendable {
    let preset: Preset
    /// The folder given on the command line; nil creates one in `runs/`.
    var out: String?

    /// Saves a run. The model is written first, since it matters most.
    /// - Returns: the path of the model.
    /// - Throws: `CoreError` when a file cannot be written.
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

    /// The model with the record of its training. The figures of the last epoch are those of the model only if no step
    /// followed it.
    func model(_ run: SavedRun) -> TrainedModel {
        let isCurrent = run.epochs.last?.step == run.snapshot.step
        let record = TrainedModel.Record(
            preset: preset.name, dataset: run.dataset, training: preset.training,
            evaluation: isCurrent ? run.epochs.last?.test : nil, changes: run.changes)
        return TrainedModel(snapshot: run.snapshot, record: record)
    }
}
