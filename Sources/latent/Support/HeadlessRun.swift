import Foundation
import VAECore

/// Training without a screen: a progress line or JSON, and a run folder.
final class HeadlessRun {
    private let trainer: Trainer
    private let preset: Preset
    private let folder: RunFolder
    private let json: Bool
    private var lastEvaluation: Evaluation?

    init(trainer: Trainer, preset: Preset, folder: RunFolder, json: Bool) {
        self.trainer = trainer
        self.preset = preset
        self.folder = folder
        self.json = json
    }

    private struct Start: Encodable {
        var event = "start"
        var preset, dataset: String
        var images, parameters, threads: Int
    }

    private struct Done: Encodable {
        var event = "done"
        var model: String
        var peak_rss_mb: Double
        /// From the start of the process to the end of the first optimiser step; nil where that is not known.
        var first_step_seconds: Double?
    }

    /// Trains to the end, or until a signal asks to stop; saves the model either way.
    /// - Throws: `CoreError` when training diverges or a file cannot be written; `Interrupted` after a signal.
    func run() throws {
        try announce()
        // What is trained is saved, whoever reads along.
        Console.outlivesOutput.store(true, ordering: .relaxed)
        let ending = try follow(trainer, showsProgress: !json) { try record($0) }
        try finish(ending)
    }

    private func announce() throws(CoreError) {
        try folder.write(
            RunFolder.Configuration(
                preset: preset.name, dataset: trainer.dataset.name, model: preset.model, training: preset.training))
        let start = Start(
            preset: preset.name, dataset: trainer.dataset.name, images: trainer.dataset.train.count,
            parameters: trainer.network.parameterCount, threads: trainer.threads)
        if json {
            Console.json(start)
        } else {
            Console.note(
                "\(preset.name): \(preset.model.summary), \(start.parameters) parameters; \(start.images) images of "
                    + "\(start.dataset), \(start.threads) threads")
        }
    }

    private func record(_ report: EpochReport) throws(CoreError) {
        lastEvaluation = report.test
        try folder.append([report])
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

    private func finish(_ ending: Ending) throws {
        if let snapshot = ending.snapshot {
            let record = TrainedModel.Record(
                preset: preset.name, dataset: trainer.dataset.name, training: preset.training,
                evaluation: ending.state == .finished ? lastEvaluation : nil)
            try ModelFile.save(TrainedModel(snapshot: snapshot, record: record), to: folder.modelPath)
        }
        if case .failed(var error) = ending.state {
            error.remedy = (error.remedy.map { $0 + "; " } ?? "") + "saved to \(folder.modelPath)"
            throw error
        }
        if json {
            let first = trainer.firstStepUptime.flatMap { step in
                processStart().map { Double(step) / 1e9 - $0 }
            }
            Console.json(
                Done(model: folder.modelPath, peak_rss_mb: peakMemoryMB(), first_step_seconds: first))
        } else {
            Console.note("saved \(folder.modelPath)")
        }
        if let signal = ending.signal { throw Interrupted(status: 128 + signal) }
    }
}
