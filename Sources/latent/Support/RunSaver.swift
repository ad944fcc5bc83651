import Foundation
import TUI
import VAECore

/// Saves a model with the record of its training.
struct RunSaver: Sendable {
    let preset: Preset

    /// Saves a run that has no folder yet, or whose folder cannot be written to. The model is written first, since it
    /// matters most.
    /// - Parameter out: the folder to save in; nil creates one.
    /// - Returns: the path of the model.
    /// - Throws: `CoreError` when a file cannot be written.
    func save(_ run: SavedRun, out: String? = nil) throws(CoreError) -> String {
        let folder =
            switch run.place {
            case .runs:
                try RunFolder(parent: Runs.folder, name: preset.name, time: runTime(), exact: out, linksLatest: false)
            case .temporary:
                try RunFolder(parent: Surroundings.temporaryFolder, name: preset.name, time: "latent-\(runTime())", linksLatest: false)
            }
        defer { folder.release() }
        do throws(CoreError) {
            try ModelFile.save(model(run), to: folder.modelPath)
        } catch {
            folder.release()
            folder.removeIfEmpty()
            throw error
        }
        if run.place == .runs, out == nil { folder.linkLatest(in: Runs.folder) }
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
