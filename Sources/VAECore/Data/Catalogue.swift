import CZlib

/// The data sets known by name, and where to look for them on this machine.
///
/// Folders are tried in this order: in each data root, the folder of that name, the root itself if it has that name, and
/// a torchvision folder (`MNIST/raw`); then the folder that a Debian package installs; then the project's
/// `data/<name>`. Folders with missing files are skipped. Any other name is taken for the path of a folder.
public struct Catalogue: Sendable {
    /// One data set known by name.
    public struct Entry: Sendable, Equatable {
        /// The name as typed: "mnist".
        public let name: String
        /// One line for lists.
        public let description: String
        /// Folders to look for under each data root.
        public let folders: [String]
        /// Where a system package installs it.
        public let systemFolders: [String]
        /// How to get it; for the error when it is not found.
        public let remedy: String
        /// CRC-32 of the pixels of the held-out images, by which the set is recognised in any folder; nil if not known.
        public var fingerprint: UInt32?
        /// The name of each class, by its label, where they are no digits.
        public var classNames: [String]?
        /// How its files are to be read.
        public var reading = Reading()
        /// Where its files are on the network; nil if it is not fetched.
        public var download: Download?
    }

    private let projectRoot: String?
    private let dataRoots: [String]

    /// A catalogue that looks in these places.
    /// - Parameters:
    ///   - projectRoot: the project's folder, which has the sample in `data/mnist-5k`; `nil` if unknown.
    ///   - dataRoots: folders that hold data sets, in order of preference. They need not exist.
    public init(projectRoot: String?, dataRoots: [String]) {
        self.projectRoot = projectRoot
        self.dataRoots = dataRoots.filter { !$0.isEmpty }
    }

    /// The entry called `name`, or `nil`.
    public static func entry(named name: String) -> Entry? { entries.first { $0.name == name } }

    /// The first folder that holds all four files of `entry`, or `nil`.
    public func find(_ entry: Entry) -> String? {
        candidates(entry).first { folder in
            guard let files = try? IDXFolder(folder, split: entry.reading.split) else { return false }
            return files.isWhole
        }
    }

    /// Loads a data set by name, or from a file or folder of any kind that is read (or torchvision's root folder).
    ///
    /// - Parameter reading: how files are to be read that leave something open.
    /// - Throws: `CoreError(.data)` when there is no such name or folder, or a file is missing or damaged.
    public func load(_ nameOrPath: String, _ reading: Reading = Reading()) throws(CoreError) -> Dataset {
        guard let entry = Self.entry(named: nameOrPath) else { return try load(path: nameOrPath, reading) }
        guard let folder = find(entry) else { throw notFound(entry) }
        guard let files = try IDXFolder(folder, split: entry.reading.split) else { throw notFound(entry) }
        var dataset = try IDXReader.read(files, entry.reading).dataset(name: entry.name, source: folder)
        dataset.classNames = entry.classNames
        return dataset
    }

    /// Loads MNIST or, if that is not here, the sample of it, and says so in `notice`.
    ///
    /// - Throws: `CoreError(.data)` when neither can be loaded.
    public func loadDefault() throws(CoreError) -> Dataset {
        let reason: CoreError
        do throws(CoreError) {
            return try load("mnist")
        } catch {
            reason = error
        }
        guard let sample = Self.entry(named: "mnist-5k"), find(sample) != nil else { throw reason }
        var dataset = try load(sample.name)
        dataset.notice = "using mnist-5k, a sample of 5,000 digits, since the full MNIST cannot be loaded: \(reason)"
        return dataset
    }

    // MARK: Search

    /// The folders in which `entry` is looked for, in order of preference.
    private func candidates(_ entry: Entry) -> [String] {
        var folders: [String] = []
        for root in dataRoots {
            folders += entry.folders.map { FileSystem.join(root, $0) }
            let last = FileSystem.lastComponent(root)
            if last == entry.name { folders.append(root) }
            if entry.folders.contains("\(last)/raw") { folders += [root, FileSystem.join(root, "raw")] }
        }
        folders += entry.systemFolders
        if let projectRoot { folders.append(FileSystem.join(projectRoot, "data/\(entry.name)")) }
        return folders
    }

    /// The error when no folder has all files of `entry`.
    private func notFound(_ entry: Entry) -> CoreError {
        let incomplete = candidates(entry).first { folder in
            do { return try IDXFolder(folder, split: entry.reading.split) != nil } catch { return true }
        }
        return CoreError(
            .data, "data set not found", at: entry.name,
            expected: "its four files under \(places.joined(separator: " or "))",
            found: incomplete.map { "an incomplete set in \($0)" }, remedy: entry.remedy)
    }

    /// The roots in which the user can put data, for errors.
    private var places: [String] {
        let all = dataRoots + (projectRoot.map { [FileSystem.join($0, "data")] } ?? [])
        return all.isEmpty ? ["a data folder"] : all
    }

    // MARK: Folders

    private func load(path: String, _ reading: Reading) throws(CoreError) -> Dataset {
        let kinds = datasetReaders.map { $0.kind }
        let expected = Self.entries.map(\.name).joined(separator: ", ") + ", or a file or folder of "
            + kinds.dropLast().joined(separator: ", ") + (kinds.count > 1 ? " or " : "") + kinds[kinds.count - 1]
        guard FileSystem.kind(of: path) != .nothing else {
            throw CoreError(.data, "no such data set or folder", at: path, expected: expected)
        }
        let place = try DataPlace(path)
        for reader in datasetReaders {
            guard let found = try reader.read(place, reading) else { continue }
            return Self.recognised(try found.dataset(name: path, source: path, reading))
        }
        guard place.isFolder else {
            throw CoreError(
                .data, "not a folder or file of pictures", at: path, expected: expected, found: "something else",
                remedy: WrongKind.remedy(forDataAt: path))
        }
        return try load(insideOf: path, reading, expected: expected)
    }

    /// Loads the only set in one of the folders that torchvision makes in `folder`.
    private func load(insideOf folder: String, _ reading: Reading, expected: String) throws(CoreError) -> Dataset {
        let inner = ["raw"] + Self.entries.flatMap(\.folders).filter { $0.hasSuffix("/raw") }
        var found: [(folder: String, files: IDXFolder)] = []
        for path in inner.map({ FileSystem.join(folder, $0) }) {
            if let files = try IDXFolder(path, split: reading.split) { found.append((path, files)) }
        }
        guard let only = found.first else {
            throw CoreError(
                .data, "no IDX files in the folder, nor other pictures", at: folder, expected: expected,
                remedy: "name the folder that holds the files themselves")
        }
        guard found.count == 1 else {
            throw CoreError(
                .data, "several data sets in the folder", at: folder, expected: "one",
                found: found.map(\.folder).joined(separator: ", "), remedy: "name one of them")
        }
        let read = try IDXReader.read(only.files, reading)
        return Self.recognised(try read.dataset(name: folder, source: only.folder, reading))
    }

    /// The data set under its catalogue name, if its images are those of an entry.
    private static func recognised(_ dataset: Dataset) -> Dataset {
        let pixels = dataset.test.pixels
        let sum = UInt32(truncatingIfNeeded: crc32(0, pixels, uInt(pixels.count)))
        guard let entry = entries.first(where: { $0.fingerprint == sum }) else { return dataset }
        var named = dataset
        named.name = entry.name
        named.classNames = named.classNames ?? entry.classNames
        return named
    }
}
