import ArgumentParser
import Foundation
import TUI
import VAECore

struct Watch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follow a run that another process trains, here or on another machine.",
        discussion: """
            SOURCE is a run folder, a folder with TensorBoard's event files (as PyTorch, Lightning and Keras write them),
            a file with a JSON object per line, or - for such lines on standard input. New values and models are shown as
            they are written. With --json, prints what there is so far and exits.

            Examples:
              latent watch runs/latest
              latent watch lightning_logs/version_0 --model 'checkpoints/*.safetensors'
              latent watch log.jsonl --loss train_loss --loss val_loss --kl kld
              ssh host tail -n +1 -F run/metrics.jsonl | latent watch -
            """)

    @Argument(
        help: "A run folder or its name in runs/, a folder with event files, a file of JSON lines, or -.", completion: .sources)
    var source: String
    @Option(
        help: """
            The models to load: a file, a folder, or a pattern in quotes; by default the newest safetensors file in the run's \
            folder or a folder of it.
            """,
        completion: .file())
    var model: String?
    @Option(help: ArgumentHelp("A series to draw as the loss, in place of the one guessed from its name. Give it again for held-out images.", valueName: "tag"))
    var loss: [String] = []
    @Option(help: ArgumentHelp("The same for the reconstruction term.", valueName: "tag"))
    var reconstruction: [String] = []
    @Option(help: ArgumentHelp("The same for the KL divergence.", valueName: "tag"))
    var kl: [String] = []
    @Flag(help: "Print every value so far as a JSON object per line, and exit.")
    var json = false
    @OptionGroup var data: DataOptions
    @OptionGroup var drawing: DrawingOptions
    @OptionGroup var frames: FrameOptions

    mutating func run() throws {
        if json {
            try printValues(source == "-" ? .pipe(STDIN_FILENO) : FollowSource(path: Runs.path(source)))
            return
        }
        // A source that is not there is said first, whatever the output is.
        let file = source == "-" ? nil : try FollowSource(path: Runs.path(source))
        guard Surroundings.stdoutIsTerminal else {
            throw CoreError(
                .configuration, "needs a terminal to draw on", at: "latent watch",
                remedy: "--json prints the values so far")
        }
        let source = try file ?? .pipe(takePipe())
        var tags = CurveTags()
        for (names, term) in [(loss, CurveTags.Term.loss), (reconstruction, .reconstruction), (kl, .kl)] {
            for name in names { tags.choose(name, as: term) }
        }
        try LiveProgram.watch(source, models: model, tags: tags, data: data.choice, drawing: drawing, frames: frames)
    }

    private struct Line: Encodable {
        var series: String
        var step, value: Double
    }

    /// Prints what a source tells until it has nothing more; through a pipe, until its end.
    private func printValues(_ source: FollowSource) {
        let run = FollowedRun(source) {}
        run.start()
        var values: [String: [RunNews.Point]] = [:]
        while let news = run.wait(seconds: 60).news {
            for part in news.parts {
                switch part {
                case .restart: values = [:]
                case .cut(let prefix, let step):
                    for name in values.keys where name.hasPrefix(prefix) { values[name]?.removeAll { $0.step >= step } }
                case .values(let new): values.merge(new) { $0 + $1 }
                }
            }
            for notice in news.notices { Console.message(notice) }
            if case .pipe = source, !news.hasEnded { continue }
            if !news.isCatchingUp { break }
        }
        run.obey(.stop)
        for (name, points) in values.sorted(by: { $0.key < $1.key }) {
            for point in points { Console.json(Line(series: name, step: point.step, value: point.value)) }
        }
    }

    /// Moves standard input to another descriptor, and puts the terminal, from which keys come, in its place.
    /// - Returns: the descriptor of what was standard input.
    private func takePipe() throws(CoreError) -> Int32 {
        guard !Surroundings.stdinIsTerminal else {
            throw CoreError(
                .configuration, "standard input is the terminal", at: "-", expected: "lines of JSON through a pipe",
                remedy: "'tail -n +1 -F run/metrics.jsonl | latent watch -'")
        }
        let pipe = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
        let terminal = open("/dev/tty", O_RDWR)
        guard pipe >= 0, terminal >= 0, dup2(terminal, STDIN_FILENO) == STDIN_FILENO else {
            throw CoreError(.file, "cannot read keys: \(String(cString: strerror(errno)))", at: "/dev/tty")
        }
        if terminal != STDIN_FILENO { close(terminal) }
        return pipe
    }
}
