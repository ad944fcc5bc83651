import Foundation
import TUI
import VAECore

/// Training without a screen: a progress line or JSON, and a run folder.
final class HeadlessRun {
    private let trainer: Trainer
    private let preset: Preset
    private let recorder: RunRecorder
    private let folder: RunFolder
    private let json: Bool
    /// Epochs that an earlier process has reported.
    private let past: Int
    /// The largest number of reports kept in memory; metrics.jsonl has all.
    private static let epochLimit = 1024
    private var epochs: [EpochReport] = []
    private var hasComplained = false

    init(trainer: Trainer, preset: Preset, recorder: RunRecorder, folder: RunFolder, json: Bool, past: Int = 0) {
        self.trainer = trainer
        self.preset = preset
        self.recorder = recorder
        self.folder = folder
        self.json = json
        self.past = past
    }

    private struct Start: Encodable {
        var event = "start"
        var preset, dataset: String
        var images, parameters, threads: Int
        /// The step from which a run is continued; nil for a new one.
        var resumed_at: Int?
    }

    private struct Done: Encodable {
        var event = "done"
        var model: String
        var peak_rss_mb: Double
        /// From the start of the process to the end of the first step; nil if unknown.
        var first_step_seconds: Double?
    }

    /// Trains to the end, or until a signal; saves the model either way.
    /// - Throws: `CoreError` when training diverges or a file could not be written; `Interrupted` after a signal.
    func run() throws {
        announce()
        // The model must be saved even if the reader of stdout goes away.
        Console.outlivesOutput.store(true, ordering: .relaxed)
        let ending = follow(trainer, showsProgress: !json, problem: complain) { record($0) }
        try finish(ending)
    }

    private func announce() {
        let start = Start(
            preset: preset.name, dataset: trainer.dataset.name, images: trainer.dataset.train.count,
            parameters: trainer.network.parameterCount, threads: trainer.threads, resumed_at: trainer.resumedAt)
        if json {
            Console.json(start)
        } else {
            Console.note(
                "\(preset.name): \(preset.model.summary), \(start.parameters) parameters; \(start.images) images of "
                    + "\(start.dataset), \(start.threads) threads"
                    + (start.resumed_at.map { "; continues \(folder.path) from step \($0)" } ?? ""))
        }
    }

    private func record(_ report: EpochReport) {
        epochs.append(report)
        if epochs.count > Self.epochLimit { epochs.thin() }
        guard report.epoch > past else { return }
        if json {
            Console.json(EpochLine(report))
        } else {
            Console.clearProgress()
            Console.print(
                String(
                    format: "epoch %3d  train %8.3f  test %8.3f  (reconstruction %.3f + KL %.3f)  %.2f s  %.0f images/s",
                    report.epoch, report.train.negativeELBO, report.test.terms.negativeELBO,
                    report.test.terms.reconstruction, report.test.terms.kl, report.seconds, report.imagesPerSecond))
        }
    }

    /// Reports once that a file cannot be written. Training goes on, and the file is tried again with what follows.
    private func complain(_ error: CoreError) {
        guard !hasComplained else { return }
        hasComplained = true
        Console.message("\(error.description); training goes on")
    }

    private func finish(_ ending: Ending) throws {
        let saved = try ending.snapshot.map { try save($0) } ?? (path: folder.modelPath, problem: nil)
        var problem = saved.problem
        do {
            try recorder.finish()
        } catch {
            problem = problem ?? error
        }
        if case .failed(var error) = ending.state {
            error.remedy = (error.remedy.map { $0 + "; " } ?? "") + "saved to \(saved.path)"
            throw error
        }
        if json {
            let first = trainer.firstStepUptime.flatMap { step in
                processStart().map { Double(step) / 1e9 - $0 }
            }
            Console.json(
                Done(model: saved.path, peak_rss_mb: peakMemoryMB(), first_step_seconds: first))
        } else {
            Console.note("saved \(saved.path)")
        }
        if let problem { throw problem }
        if let signal = ending.signal { throw Interrupted(status: 128 + signal) }
    }

    /// Saves the model in the run's folder or, if that fails twice, in the temporary folder.
    /// - Returns: the path of the model, and the problem with the run's folder, if any.
    /// - Throws: `CoreError` when it could not be written to either.
    private func save(_ snapshot: ParameterSnapshot) throws(CoreError) -> (path: String, problem: CoreError?) {
        let saver = RunSaver(preset: preset)
        var run = SavedRun(snapshot: snapshot, epochs: epochs, changes: recorder.changes, dataset: trainer.dataset.name)
        for _ in 0..<2 {
            do throws(CoreError) {
                try ModelFile.save(saver.model(run), to: folder.modelPath)
                return (folder.modelPath, nil)
            } catch {
                complain(error)
            }
        }
        run.place = .temporary
        let path = try saver.save(run)
        return (path, CoreError(
            .file, "the model could not be written here", at: folder.modelPath, remedy: "it is saved to \(path)"))
    }
}
