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
            """)

    @OptionGroup var data: DataOptions
    @OptionGroup var training: TrainingOptions
    @OptionGroup var drawing: DrawingOptions
    @OptionGroup var frames: FrameOptions
    @Flag(help: "Train without a screen: print progress, and save the model in a run folder.")
    var headless = false
    @Flag(help: "Without a screen, printing one JSON object per line.")
    var json = false
    @Option(help: "The run's folder; by default runs/<time>-<preset>.")
    var out: String?

    mutating func run() throws {
        if !headless && !json && Surroundings.stdoutIsTerminal && Surroundings.stdinIsTerminal {
            try LiveProgram.train(options: training, data: data.name, drawing: drawing, frames: frames, out: out)
            return
        }
        try training.check()  // before any data is read
        let dataset = try Surroundings.loadData(data.name)
        let (preset, threads) = try training.resolve(dataset: dataset)
        let trainer = try Trainer(model: preset.model, training: preset.training, dataset: dataset, threads: threads)
        let folder = try RunFolder(parent: "runs", name: preset.name, time: runTime(), exact: out)
        try HeadlessRun(trainer: trainer, preset: preset, folder: folder, json: json).run()
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
