import Drawing
import Foundation
import TUI
import VAECore

/// What `latent doctor` looks at, a section a function. Adding a fact is one row.
///
/// Only named variables of the environment are told, and the home folder is written as `~`: the page is for other people.
struct Examination {
    private let terminal: TerminalDescription
    private let options: TerminalOptions
    private let blasFailure: String?

    init(_ drawing: DrawingOptions) {
        options = drawing.terminal
        terminal = TerminalDescription(drawing.terminal)
        do throws(CoreError) {
            try BLAS.prepare()
            blasFailure = nil
        } catch {
            blasFailure = error.description
        }
    }

    var findings: Findings {
        Findings(sections: [program, machine, screen, locale, folders, sets, advice])
    }

    private var program: Findings.Section {
        .init(
            title: "Program",
            rows: [
                ("version", .text(Version.full)),
                ("file", .text(tilde(Surroundings.program))),
                ("installed", .flag(Surroundings.installedRoot != nil)),
            ])
    }

    private var machine: Findings.Section {
        .init(
            title: "Machine",
            rows: [
                ("system", .text(Machine.system)),
                ("kernel", .text(Machine.kernel)),
                ("processor", .text(Surroundings.processor)),
                ("vectors", .text(Processor.vectors)),
                ("cores", .number(ProcessInfo.processInfo.activeProcessorCount)),
                ("threads of a run", .number(Workers.resolve(threads: nil))),
                ("memory MB", .number(Int(ProcessInfo.processInfo.physicalMemory / 1_000_000))),
                ("memory free MB", Machine.freeMemory.map { .number($0) } ?? .text("")),
                ("OpenBLAS", .text(BLAS.build)),
                ("OpenBLAS kernel", .text(BLAS.coreName)),
                ("OpenBLAS check", .text(blasFailure ?? "passed")),
            ])
    }

    private var screen: Findings.Section {
        let shown = terminal.capabilities
        return .init(
            title: "Terminal",
            rows: [
                ("TERM", .text(terminal.name)),
                ("described", .flag(terminal.isInstalled)),
                ("places the cursor", .flag(terminal.placesCursor)),
                ("mouse", .flag(terminal.hasMouse)),
                ("COLORTERM", variable("COLORTERM")),
                ("NO_COLOR", variable("NO_COLOR")),
                ("COLORFGBG", variable("COLORFGBG")),
                ("multiplexer", .flag(options.insideMultiplexer)),
                ("input", .text(Surroundings.stdinIsTerminal ? "terminal" : "no terminal")),
                ("output", .text(Surroundings.stdoutIsTerminal ? "terminal" : "no terminal")),
                ("size", .text(Surroundings.terminalSize.map { "\($0.columns)x\($0.rows)" } ?? "")),
                ("colours", .text(title(shown.colors))),
                ("background", .text((options.asksBackground ? "asked, else " : "") + shown.background.rawValue)),
                ("large pictures", .text(shown.mode(.half).title)),
                ("small pictures", .text(shown.mode(.quadrant).title)),
                ("columns of glyphs", .list(Self.glyphs.map { "\($0.name) \(TerminalDescription.systemWidth(of: $0.glyph))" })),
            ])
    }

    /// A character of each kind that the screens use; all but the last should take one column.
    private static let glyphs: [(name: String, glyph: Unicode.Scalar)] = [
        ("half", "\u{2580}"), ("quadrant", "\u{259A}"), ("sextant", "\u{1FB17}"), ("braille", "\u{28FF}"), ("hangul", "\u{D55C}"),
    ]

    private var locale: Findings.Section {
        .init(
            title: "Locale",
            rows: ["LC_ALL", "LC_CTYPE", "LC_MESSAGES", "LANG"].map { ($0, variable($0)) } + [
                ("encoding", .text(Surroundings.encoding)),
                ("UTF-8", .flag(Surroundings.isUTF8)),
                ("tour", .text(Surroundings.language.name)),
            ])
    }

    private var folders: Findings.Section {
        .init(
            title: "Folders",
            rows: [
                ("working folder", state(FileManager.default.currentDirectoryPath)),
                ("models and data", Surroundings.projectRoot.map(state) ?? .text("not found")),
                ("runs", state(Runs.folder)),
                ("data sets", .list(Surroundings.dataRoots.map { "\(tilde($0)): \(Self.kind($0))" })),
                ("state", Surroundings.stateFolder.map(state) ?? .text("none: HOME is not set")),
                ("temporary", state(Surroundings.temporaryFolder)),
            ])
    }

    private var sets: Findings.Section {
        .init(
            title: "Found",
            rows: [("models", .list(Surroundings.modelNames))]
                + Catalogue.entries.map { entry in
                    (entry.name, .text(Surroundings.catalogue.find(entry).map(tilde) ?? "not here"))
                } + [("runs", .number(ModelShelf.runs(in: Runs.folder).count))])
    }

    /// What is amiss, each with what to do.
    private var advice: Findings.Section {
        let found: [(isAmiss: Bool, text: String)] = [
            (blasFailure != nil, "OpenBLAS computes wrong products here: install another build of it"),
            (!terminal.isInstalled, "no description of this terminal is installed: set TERM=xterm-256color, or install ncurses-term"),
            (terminal.isInstalled && !terminal.placesCursor, "this terminal has no full screen: set TERM=xterm-256color"),
            (!Surroundings.isUTF8, "the locale is not UTF-8, so pictures are drawn in letters: set LANG=C.UTF-8"),
            (Surroundings.modelNames.isEmpty, "no models were found: set LATENT_PROJECT to the folder that has models and data"),
            (
                !FileManager.default.isWritableFile(atPath: FileManager.default.currentDirectoryPath),
                "nothing can be written in the working folder: runs need --out"
            ),
        ]
        return .init(title: "Advice", rows: [("amiss", .list(found.filter(\.isAmiss).map(\.text)))])
    }

    // MARK: Words

    private func title(_ colors: ColorDepth) -> String {
        switch colors {
        case .none: "none"
        case .eight: "8"
        case .sixteen: "16"
        case .palette256: "256"
        case .truecolor: "any"
        }
    }

    private func variable(_ name: String) -> Findings.Value {
        .text(Surroundings.variable(name).map { $0.isEmpty ? "empty" : $0 } ?? "not set")
    }

    private func state(_ path: String) -> Findings.Value { .text("\(tilde(path)): \(Self.kind(path))") }

    private static func kind(_ path: String) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return "not here" }
        guard isFolder.boolValue else { return "not a folder" }
        return FileManager.default.isWritableFile(atPath: path) ? "can be written" : "read only"
    }

    private func tilde(_ path: String) -> String {
        guard let home = Surroundings.variable("HOME"), home.count > 1 else { return path }
        return path == home || path.hasPrefix(home + "/") ? "~" + path.dropFirst(home.count) : path
    }
}
