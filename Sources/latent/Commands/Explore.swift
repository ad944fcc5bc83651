import ArgumentParser
import TUI
import VAECore

struct Explore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Walk the latent space of a model (the default).",
        discussion: """
            If stdout is not a terminal, or with --once, prints one frame as text and exits.

            Examples:
              latent                        the model that comes with the project
              latent explore runs/latest    the model trained last
              latent --once --size 120x40   one frame as text
            """)

    @Argument(help: "A model file, a run folder, or a name in models/.", completion: .models) var model: String?
    @OptionGroup var options: ModelOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var drawing: DrawingOptions
    @OptionGroup var frames: FrameOptions
    @Option(help: "The screen to open.") var screen = Choice<Screens>(default: "explore")
    @Flag(help: "Print one frame to stdout and exit.") var once = false
    @Option(help: "Size of that frame in cells.") var size = "80x24"

    mutating func run() throws {
        let (width, height) = try chosenSize()
        let argument = model
        let model = try Surroundings.loadModel(argument, options)
        let name = Surroundings.name(of: model, from: argument)
        let path = Surroundings.modelPath(argument)
        guard once || !Surroundings.stdoutIsTerminal || !Surroundings.stdinIsTerminal else {
            try LiveProgram.explore(
                model, name: name, path: path, data: data.choice, drawing: drawing, frames: frames, screen: screen.row)
            return
        }
        if let assumption = model.assumption { Console.message(assumption) }
        try requireDrawable(model.snapshot.network.configuration.image, at: path)
        let session = LiveProgram.session(model, name: name, path: path, data: data.choice)
        Console.raw(session.frame(width: width, height: height, drawing.capabilities, screen: screen.row))
    }

    private func chosenSize() throws(CoreError) -> (Int, Int) {
        let parts = size.split(separator: "x").map { Int($0) }
        if parts.count == 2, let width = parts[0], let height = parts[1],
            (leastScreen.width...1000).contains(width), (leastScreen.height...1000).contains(height)
        {
            return (width, height)
        }
        throw CoreError(
            .configuration, "not a size", at: "--size", expected: "columns x rows from \(leastScreen.width)x\(leastScreen.height) to 1000x1000, such as 80x24",
            found: "'\(size)'")
    }
}
