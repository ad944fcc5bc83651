import ArgumentParser
import Drawing
import TUI
import VAECore

/// `--data`, wherever a data set is used, and how its files are to be read.
struct DataOptions: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: "A data set: \(Catalogue.entries.map(\.name).joined(separator: ", ")), or a file or folder of IDX files, CSV, NumPy arrays, or PNG and JPEG pictures.",
        completion: .dataSets)
    var name: String?
    @Option(help: "Which of several data sets in the folder, such as letters.") var split: String?
    @Flag(help: "Swap rows and columns of the images, for files of EMNIST.") var transpose = false
    @Flag(help: "Turn colour pictures to grey.") var grey = false

    /// The data set that the options name.
    var choice: DataChoice {
        DataChoice(name: name, reading: Reading(split: split, transpose: transpose, grey: grey))
    }
}

/// `--size` of the pictures, where no model says it.
struct PictureSizeOptions: ParsableArguments {
    @Option(help: "Resize pictures in files of their own to HEIGHTxWIDTH, such as 28x28.") var size: PictureSize?
}

extension PictureSize: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

/// A data set named on the command line, or none, and how its files are to be read.
struct DataChoice: Sendable {
    var name: String?
    var reading = Reading()

    /// With the size of the pictures.
    func sized(_ options: PictureSizeOptions) -> DataChoice {
        var choice = self
        choice.reading.size = options.size
        return choice
    }

    /// Its pictures made to fit the images of a model.
    func fitting(_ model: TrainedModel) -> DataChoice {
        var choice = self
        choice.reading.fit = model.snapshot.network.configuration.image
        return choice
    }
}

/// `--fps`, for the full-screen program.
struct FrameOptions: ParsableArguments {
    @Option(help: "Frames a second at most while a model trains, 1 to 60.")
    var fps = 10

    func validate() throws {
        guard (1...60).contains(fps) else { throw ValidationError("--fps: expected 1 to 60, found \(fps)") }
    }
}

/// How pictures and screens are drawn.
struct DrawingOptions: ParsableArguments {
    @Option(help: "Whether to use colours.")
    var color: TerminalOptions.Color = .auto
    @Option(help: "What is behind text; auto asks the terminal, or the variable COLORFGBG.")
    var background: Ground = .auto
    @Option(help: "The characters that pictures are drawn in.")
    var glyphs: Glyphs = .auto

    enum Glyphs: String, CaseIterable, ExpressibleByArgument {
        case auto, half, quadrant, sextant, braille, ascii
        var mode: GlyphMode? { GlyphMode(rawValue: rawValue) }
    }

    enum Ground: String, CaseIterable, ExpressibleByArgument {
        case auto, dark, light

        /// Nil if it is not known.
        var background: Background? { Background(rawValue: rawValue) ?? Surroundings.background }
    }

    /// What plain output to stdout may use.
    var capabilities: Capabilities {
        let colored = color == .always || (color == .auto && Surroundings.stdoutIsTerminal && !Surroundings.noColor)
        return Capabilities(
            unicode: Surroundings.isUTF8, colors: !colored ? .none : Surroundings.hasTruecolor ? .truecolor : .palette256,
            glyphs: glyphs.mode,
            background: background.background ?? .dark)
    }

    var terminal: TerminalOptions {
        TerminalOptions(
            color: color, noColor: Surroundings.noColor, hasTruecolor: Surroundings.hasTruecolor, glyphs: glyphs.mode,
            background: background.background ?? .dark, asksBackground: background.background == nil,
            insideMultiplexer: Surroundings.insideMultiplexer)
    }
}
