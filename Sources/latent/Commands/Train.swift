import ArgumentParser
import Foundation
import TUI
import VAECore

struct Train: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a model, live on a terminal.",
        discussion: """
            Examples:
              latent train                                    preset manifold, live
              latent train --preset pytorch --headless --json one JSON object per line
              latent train --latent 10 --hidden 500,250 --epochs 20
              latent train --resume runs/latest               continue a run that was ended
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var pictures: PictureSizeOptions
    @OptionGroup var training: TrainingOptions
    @OptionGroup var drawing: DrawingOptions
    @OptionGroup var frames: FrameOptions
    @OptionGroup(title: "Record") var record: RecordOptions
    @Flag(help: "Train without a screen: print progress, and save the model in a run folder.")
    var headless = false
    @Flag(help: "Without a screen, printing one JSON object per line.")
    var json = false
    @Option(help: "The run's folder; by default runs/<time>-<preset>.", completion: .directory)
    var out: String?

    @Option(
        help: """
            Continue a run from its last checkpoint: its folder, or its name in runs/. --epochs is then the number of epochs \
            in all.
            """,
        completion: .runs)
    var resume: String?

    private var isLive: Bool { !headless && !json && Surroundings.stdoutIsTerminal && Surroundings.stdinIsTerminal }

    mutating func run() throws {
        if let resume {
            try self.resume(resume)
            return
        }
        if isLive {
            try LiveProgram.train(
                options: training, data: data.choice.sized(pictures), drawing: drawing, frames: frames, out: out, record: record)
            return
        }
        try training.check()  // before any data is read
        let dataset = try Surroundings.loadData(data.choice.sized(pictures))
        let (preset, threads) = try training.resolve(dataset: dataset)
        let plan = try Runs.plan(preset, dataset)
        let configuration = Runs.configuration(preset, dataset, threads: Workers.resolve(threads: threads))
        let folder = try RunFolder(parent: Runs.folder, name: preset.name, time: runTime(), exact: out)
        let recorder = try RunRecorder(folder: folder, configuration: configuration, plan: plan, options: record.options(isLive: false))
        let trainer = try Trainer(
            model: preset.model, training: preset.training, dataset: dataset, threads: threads, record: recorder)
        try HeadlessRun(trainer: trainer, preset: preset, recorder: recorder, folder: folder, json: json).run()
    }

    private func resume(_ name: String) throws {
        try training.requireNoneBesideResume(out: out)
        guard let resumed = try Runs.resume(name, epochs: training.epochs, threads: training.threads, data: data.choice.sized(pictures)) else {
            return
        }
        if isLive {
            try LiveProgram.resume(resumed, data: data.choice.sized(pictures), drawing: drawing, frames: frames, record: record)
            return
        }
        let run = resumed.run
        let (trainer, recorder) = try run.trainer(
            dataset: resumed.dataset, threads: resumed.threads, options: record.options(isLive: false))
        try HeadlessRun(
            trainer: trainer, preset: resumed.preset, recorder: recorder, folder: run.folder, json: json, past: run.epoch
        ).run()
    }
}

/// The time as used in the name of a run folder.
func runTime() -> String {
    var now = time(nil)
    var parts = tm()
    localtime_r(&now, &parts)
    return String(
        format: "%04d%02d%02d-%02d%02d%02d", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
        parts.tm_min, parts.tm_sec)
}
