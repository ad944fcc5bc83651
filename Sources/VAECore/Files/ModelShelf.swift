import Foundation
import PlainText

/// Lists the models in folders. Reads only the headers of their files.
package enum ModelShelf {
    /// The largest number of runs listed: the newest ones.
    package static let runLimit = 200

    /// How the names of files of weights end.
    private static let endings = [".safetensors", ".pt", ".pth", ".ckpt"]

    /// The models in a folder, by name: folders that hold a `model.safetensors`, and files of weights.
    /// - Returns: an empty list when there is no such folder.
    package static func models(in folder: String) -> [ModelListing] {
        entries(in: folder).filter { entry in entry.isFolder || endings.contains { entry.name.hasSuffix($0) } }
            .sorted { $0.name < $1.name }.map { listing($0, .models) }
    }

    /// The runs in a folder, the one written last first. A link to another run, such as `latest`, does not count.
    /// - Returns: an empty list when there is no such folder.
    package static func runs(in folder: String) -> [ModelListing] {
        entries(in: folder).filter(\.isFolder)
            .sorted { ($1.modified, $1.name) < ($0.modified, $0.name) }
            .prefix(runLimit).map { listing($0, .runs) }
    }

    /// Something in a folder that may be a model.
    private struct Entry {
        var name: String
        var path: String
        var isFolder: Bool
        /// When its file, or else its folder, was modified; in seconds.
        var modified: Double
    }

    /// The contents of a folder. Links to something already listed are left out.
    private static func entries(in folder: String) -> [Entry] {
        var seen = Set<String>()
        let all = (FileSystem.names(in: folder) ?? []).filter { !$0.hasPrefix(".") }.map { name in
            let path = FileSystem.join(folder, name)
            let link = try? FileManager.default.destinationOfSymbolicLink(atPath: path)
            return (name: name, path: path, isLink: link != nil)
        }
        return (all.filter { !$0.isLink } + all.filter(\.isLink)).compactMap { name, path, isLink in
            let kind = FileSystem.kind(of: path)
            // Leave out broken links, and links to something listed.
            if isLink, kind == .nothing || !seen.insert(real(path)).inserted { return nil }
            if !isLink { seen.insert(real(path)) }
            let isFolder = kind == .folder
            let file = isFolder ? modelFile(in: path) : path
            return Entry(name: name, path: file, isFolder: isFolder, modified: modified(file) ?? modified(path) ?? 0)
        }
    }

    /// The model and the record in the folder of a run, whatever of it can be read.
    package static func run(in folder: String) -> ModelListing {
        let name = URL(fileURLWithPath: folder).lastPathComponent
        return listing(Entry(name: name, path: modelFile(in: folder), isFolder: true, modified: 0), .runs)
    }

    /// The model that a run saved; of one that has saved none, its checkpoint.
    private static func modelFile(in folder: String) -> String {
        let files = ["model.safetensors", "checkpoint.safetensors"].map { FileSystem.join(folder, $0) }
        return files.first { FileSystem.kind(of: $0) != .nothing } ?? files[0]
    }

    private static func real(_ path: String) -> String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

    private static func modified(_ path: String) -> Double? {
        let date = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
        return date?.timeIntervalSince1970
    }

    private static func listing(_ entry: Entry, _ place: ModelListing.Place) -> ModelListing {
        var listing = ModelListing(
            place: place, name: sanitize(entry.name, limit: 100), path: entry.path,
            bytes: (try? FileSystem.readStart(entry.path, kind: .model, count: 0).size) ?? 0, content: .unreadable(""))
        listing.content = content(of: entry.path)
        if entry.isFolder {
            let folder = FileSystem.folder(of: entry.path)
            let history = RunHistory.read(folder: folder, steps: .last)
            if place == .runs, RunFolder.isRun(folder) { listing.run = RunListing(folder, history: history) }
            listing.curve = history.epochs.map { EpochFigure(epoch: $0.epoch, test: $0.test) }
            listing.notice = history.notices.first
        }
        return listing
    }

    private static func content(of path: String) -> ModelListing.Content {
        if FileSystem.kind(of: path) == .nothing { return .unreadable("no model.safetensors in its folder (yet)") }
        do throws(CoreError) {
            return .model(try ModelFile.card(path))
        } catch {
            return .unreadable("cannot be read: " + reason(error))
        }
    }

    /// Why a file is refused, without its path, which is shown anyway.
    package static func reason(_ error: CoreError) -> String {
        var rest = error
        rest.place = ""
        return String(rest.description.drop { $0 == ":" || $0 == " " })
    }
}
