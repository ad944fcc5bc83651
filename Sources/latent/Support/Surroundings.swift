import Drawing
import Foundation
import TUI
import VAECore

/// Where the program runs: the project's folder, the environment, the terminal. Nothing else reads the environment.
enum Surroundings {
    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// The folder with `models` and `data`. It is `$LATENT_PROJECT`; or `share/latent` beside the folder that an installed
    /// program is in; or the nearest folder above the program or the working folder that has `models` and `Package.swift`.
    static let projectRoot: String? = {
        if let home = environment["LATENT_PROJECT"], !home.isEmpty { return home }
        return installedRoot ?? sourceFolder(above: program) ?? sourceFolder(above: FileManager.default.currentDirectoryPath)
    }()

    /// Where the data of an installed program is; nil if the program was not installed.
    static let installedRoot: String? = {
        let prefix = URL(fileURLWithPath: program).deletingLastPathComponent().deletingLastPathComponent().path
        let share = (prefix == "/" ? "" : prefix) + "/share/latent"
        return FileManager.default.fileExists(atPath: share + "/models") ? share : nil
    }()

    /// The source folder that the program was built in; nil if it is elsewhere now.
    static var sourceFolder: String? { sourceFolder(above: program) }

    private static func sourceFolder(above start: String) -> String? {
        var url = URL(fileURLWithPath: start)
        while url.path != "/" {
            let needed = ["/models", "/Package.swift"].map { url.path + $0 }
            if needed.allSatisfy(FileManager.default.fileExists) { return url.path }
            url.deleteLastPathComponent()
        }
        return nil
    }

    /// The path of this program, without symbolic links.
    static let program =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]

    /// Folders in which the user can put data sets, in the order in which they are searched.
    static var dataRoots: [String] { ownDataFolders + ["data"] }

    private static var ownDataFolders: [String] {
        var folders: [String] = []
        if let data = environment["LATENT_DATA"], !data.isEmpty { folders.append(data) }
        if let xdg = environment["XDG_DATA_HOME"], !xdg.isEmpty {
            folders.append(xdg + "/latent")
        } else if let home = environment["HOME"], !home.isEmpty {
            folders.append(home + "/.local/share/latent")
        }
        return folders
    }

    /// Where a data set is fetched to; nil if no folder is known.
    static var dataFolder: String? { ownDataFolders.first }

    /// The catalogue of data sets, with the user's own data folders.
    static var catalogue: Catalogue { Catalogue(projectRoot: projectRoot, dataRoots: dataRoots) }

    /// The folder for what the program remembers of its user.
    static var stateFolder: String? {
        if let xdg = environment["XDG_STATE_HOME"], !xdg.isEmpty { return xdg + "/latent" }
        guard let home = environment["HOME"], !home.isEmpty else { return nil }
        return home + "/.local/state/latent"
    }

    /// The language of the locale, where the terminal can show it.
    static var language: TourLanguage {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let language = TourLanguage.of(locale: locale)
        return language.isASCII || isUTF8 ? language : .english
    }

    /// Where a model is saved if it cannot be saved anywhere else.
    static var temporaryFolder: String {
        let folder = environment["TMPDIR"] ?? ""
        return folder.isEmpty ? "/tmp" : folder
    }

    /// The folder of the models that come with the project.
    static var modelsFolder: String? { projectRoot.map { $0 + "/models" } }

    /// The file of a model given by its path or its name in `models/`; nil is the default model.
    static func modelPath(_ name: String?) -> String {
        let name = name ?? "manifold"
        // NAME.onnx may stand for NAME-encoder.onnx and NAME-decoder.onnx.
        if !FileManager.default.fileExists(atPath: name), !name.contains("/"), !name.hasSuffix(".onnx"), let modelsFolder {
            return ModelFile.filePath(modelsFolder + "/" + name)
        }
        return ModelFile.filePath(name)
    }

    /// Loads a model by its path or name. The error for an unknown name lists the names.
    static func loadModel(_ name: String?, _ options: ModelOptions? = nil) throws(CoreError) -> TrainedModel {
        // Of ONNX, any of its files will do for the model.
        let name = name ?? options?.encoder ?? options?.decoder
        let path = modelPath(name)
        if let name, !name.contains("/"), !name.hasSuffix(".onnx"), !FileManager.default.fileExists(atPath: path) {
            throw CoreError(
                .model, "no such model", at: name,
                expected: "a file of weights, a run folder, or one of " + modelNames.joined(separator: ", "))
        }
        let model = try ModelFile.load(path, options?.options ?? .init())
        if let own = model.record?.training.binarization, own != model.binarization {
            Console.message("the model was trained on \(own.rawValue) pixels; with --binarize it gets \(model.binarization.rawValue) ones")
        }
        return model
    }

    /// What a model is called on screen: its name in `models/`, or else that of its preset.
    static func name(of model: TrainedModel, from argument: String?) -> String {
        let name = argument ?? "manifold"
        return modelNames.contains(name) ? name : model.name
    }

    /// Names of the models that come with the project.
    static var modelNames: [String] {
        guard let modelsFolder, let names = try? FileManager.default.contentsOfDirectory(atPath: modelsFolder)
        else { return [] }
        return names.filter {
            FileManager.default.fileExists(atPath: modelsFolder + "/\($0)/model.safetensors")
        }.sorted()
    }

    /// Loads the data set that was chosen, or the default, and prints its notice, if any, to stderr.
    static func loadData(_ choice: DataChoice, trainedOn: String? = nil) throws(CoreError) -> Dataset {
        let dataset = try readData(choice, trainedOn: trainedOn)
        if let notice = dataset.notice { Console.message(notice) }
        return dataset
    }

    /// As `loadData`, without printing. The default for a model is the set it was trained on, if that is here.
    static func readData(_ choice: DataChoice, trainedOn: String? = nil) throws(CoreError) -> Dataset {
        if let name = choice.name { return try catalogue.load(name, choice.reading) }
        if let trainedOn, let entry = Catalogue.entry(named: trainedOn), catalogue.find(entry) != nil {
            return try catalogue.load(trainedOn)
        }
        return try catalogue.loadDefault()
    }

    /// The name of the data set that `readData` loads by default for a model trained on `trainedOn`.
    static func dataName(trainedOn: String?) -> String {
        for name in [trainedOn, "mnist"].compactMap({ $0 }) {
            if let entry = Catalogue.entry(named: name), catalogue.find(entry) != nil { return name }
        }
        return "mnist-5k"
    }

    /// Whether the terminal shows any colour.
    static var hasTruecolor: Bool { ["truecolor", "24bit"].contains(environment["COLORTERM"]?.lowercased() ?? "") }

    /// The processor's name; empty if the system does not tell.
    static let processor: String = {
        let text = FileManager.default.contents(atPath: "/proc/cpuinfo").map { String(decoding: $0, as: UTF8.self) } ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
    }()

    static var noColor: Bool { !(environment["NO_COLOR"] ?? "").isEmpty }
    /// What COLORFGBG says: "15;0" is white on black. The light ones are white and light grey. Nil if it says nothing.
    static var background: Background? {
        let last = environment["COLORFGBG"]?.split(separator: ";").last.flatMap { Int($0) }
        return last.map { $0 == 7 || $0 == 15 ? .light : .dark }
    }
    static var insideMultiplexer: Bool { environment["TMUX"] != nil }
    static var stdoutIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var stdinIsTerminal: Bool { isatty(STDIN_FILENO) == 1 }
    static var stderrIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }
    /// The columns of the terminal that stderr is; 80 if it does not tell.
    static var stderrWidth: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// Columns and rows of the terminal on stdout; nil if that is none or does not tell.
    static var terminalSize: (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// The locale's encoding.
    static var encoding: String {
        setlocale(LC_CTYPE, "")
        return String(cString: nl_langinfo(Int32(CODESET)))
    }

    static var isUTF8: Bool { encoding == "UTF-8" }

    /// The variables of the environment that the program reads, for its manual.
    static let variables: [(name: String, text: String)] = [
        ("LATENT_PROJECT", "The folder that has models and data; by default it is found beside the program."),
        ("LATENT_DATA", "A folder of data sets, which is searched before all others."),
        ("XDG_DATA_HOME", "Its folder latent is searched for data sets."),
        ("XDG_STATE_HOME", "Where the place in the tour is remembered."),
        ("NO_COLOR", "If not empty, no colours are used."),
        ("COLORTERM", "Where it is truecolor or 24bit, the terminal shows any colour."),
        ("COLORFGBG", "The colours of text and of what is behind it, by which a light background is known."),
        ("LC_ALL, LC_CTYPE, LANG", "The locale: its encoding, which should be UTF-8, and the language of the tour."),
        ("TERM", "The kind of terminal."),
        ("TMPDIR", "Where a model is saved if it can be saved nowhere else."),
    ]

    /// The value of a variable; nil if it is not set.
    static func variable(_ name: String) -> String? { environment[name] }
}
