import ArgumentParser
import Drawing
import TUI
import VAECore

/// `--data`, wherever a data set is used.
struct DataOptions: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: "A data set: \(Catalogue.entries.map(\.name).joined(separator: ", ")), or a folder of IDX files.",
        completion: .dataSets)
    var name: String?
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
