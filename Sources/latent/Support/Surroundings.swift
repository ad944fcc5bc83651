import Drawing
import Foundation
import TUI
import VAECore

/// Where the program runs: the project's folder, the environment, the terminal. Nothing else reads the environment.
enum Surroundings {
    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    /// The project's folder: `$LATENT_PROJECT`, or else the nearest folder above the program or the working folder that
    /// contains `models` and `Package.swift`.
    static let projectRoot: String? = {
        let fileManager = FileManager.default
        func isRoot(_ path: String) -> Bool {
            fileManager.fileExists(atPath: path + "/models") && fileManager.fileExists(atPath: path + "/Package.swift")
        }
        if let home = environment["LATENT_PROJECT"], !home.isEmpty { return home }
        let program = (try? fileManager.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        for start in [program, fileManager.currentDirectoryPath] {
            var url = URL(fileURLWithPath: start)
            while url.path != "/" {
                if isRoot(url.path) { return url.path }
                url.deleteLastPathComponent()
            }
        }
        return nil
    }()

    /// The catalogue of data sets, with the user's own data folders.
    static var catalogue: Catalogue {
        var roots = dataFolders
        roots.append("data")
        return Catalogue(projectRoot: projectRoot, dataRoots: roots)
    }

    /// The user's own folders of data sets, in order of preference.
    private static var dataFolders: [String] {
        var folders: [String] = []
        if let data = environment["LATENT_DATA"], !data.isEmpty { folders.append(data) }
        if let xdg = environment["XDG_DATA_HOME"], !xdg.isEmpty {
            folders.append(xdg + "/latent")
        } else if let home = environment["HOME"], !home.isEmpty {
            folders.append(home + "/.local/share/latent")
        }
        return folders
    }

    /// Where a data set is fetched to.
    static var dataFolder: String? { dataFolders.first }

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

    /// Whether the locale's encoding is UTF-8.
    static var isUTF8: Bool {
        setlocale(LC_CTYPE, "")
        return String(cString: nl_langinfo(Int32(CODESET))) == "UTF-8"
    }
}
