import ArgumentParser
import Foundation
import TUI
import VAECore

// What a shell offers for values that are not among a few fixed names. The shell asks the program at each Tab.

extension CompletionKind {
    /// Models: names in `models/`, runs, files of weights.
    static let models = custom { _, _, typed in
        Offers.safe(Surroundings.modelNames + Offers.runs(in: Runs.folder + "/") + Offers.paths(typed, endings: Offers.weights))
    }

    /// Runs by their names in `runs/`, and folders.
    static let runs = custom { _, _, typed in Offers.safe(Offers.runs(in: "") + Offers.paths(typed, endings: [])) }

    /// What `latent watch` follows: runs, folders, and files of lines.
    static let sources = custom { _, _, typed in
        Offers.safe(Offers.runs(in: "") + Offers.paths(typed, endings: [".jsonl", ".json", ".log", ".txt"]))
    }

    /// Data sets by name, and folders.
    static let dataSets = custom { _, _, typed in
        Offers.safe(Catalogue.entries.map(\.name) + Offers.paths(typed, endings: []))
    }

    /// Languages of the tour.
    static let languages = list(TourLanguage.all.map(\.code))

    /// Chapters of the tour.
    static let chapters = list(TourChapter.all.map(\.name))
}

/// Names that completions are made of.
enum Offers {
    static let weights = [".safetensors", ".pt", ".pth", ".ckpt", ".onnx"]
    /// Shells become slow with very many.
    private static let limit = 1000

    /// Only such names as mean nothing to a shell: bash expands what a completion offers, so that a file called `$(command)`
    /// would run it. Such files can still be typed.
    static func safe(_ names: [String]) -> [String] {
        var seen = Set<String>()
        let plain = names.filter { !$0.isEmpty && !$0.hasPrefix("-") && $0.unicodeScalars.allSatisfy(isPlain) }
        return Array(plain.filter { seen.insert($0).inserted }.prefix(limit))
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "._-+,=@%/".unicodeScalars.contains(scalar)
    }

    /// The runs in the folder for runs, `latest` among them, with a prefix before each.
    static func runs(in prefix: String) -> [String] {
        names(in: Runs.folder).filter { isFolder(Runs.folder + "/" + $0) }.map { prefix + $0 }
    }

    /// Folders, and files with one of these endings, whose path begins with what was typed.
    static func paths(_ typed: String, endings: [String]) -> [String] {
        let folder = typed.lastIndex(of: "/").map { String(typed[...$0]) } ?? ""
        let begun = typed.dropFirst(folder.count)
        return names(in: folder.isEmpty ? "." : folder).filter { name in
            name.hasPrefix(begun) && (begun.hasPrefix(".") || !name.hasPrefix("."))
                && (isFolder(folder + name) || endings.contains { name.lowercased().hasSuffix($0) })
        }.map { folder + $0 }
    }

    private static func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    private static func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
    }
}
