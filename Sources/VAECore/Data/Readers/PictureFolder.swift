/// The picture files of a folder: in a folder for each class, or all together; in `train` and `test`, or all together.
struct PictureFolder {
    /// A file and the name of its class's folder, if there are such.
    struct File {
        var path: String
        var folder: String?
    }

    private(set) var train: [File] = []
    private(set) var test: [File]?

    private static let endings = [".png", ".jpg", ".jpeg"]
    /// The most files that are looked at.
    private static let mostFiles = 2_000_000
    private static let deepest = 6

    /// - Returns: nil when there is no picture in the folder.
    /// - Throws: `CoreError(.data)` when there are too many files.
    init?(_ path: String, depth: Int = 0) throws(CoreError) {
        var parts: [PartNames.Part: String] = [:]
        let folders = Self.folders(in: path)
        for folder in folders {
            let (part, rest) = PartNames.sorted(folder)
            if rest.isEmpty, part != .none, parts[part] == nil { parts[part] = folder }
        }
        let held = parts[.test] ?? parts[.validation]
        if let training = parts[.train], let held {
            train = try Self.classes(in: FileSystem.join(path, training))
            test = try Self.classes(in: FileSystem.join(path, held))
            if train.isEmpty { return nil }
            if test?.isEmpty == true { test = nil }
            return
        }
        // An archive's own folder around the set.
        if folders.count == 1, depth < 2, !Self.hasPictures(path) {
            let only = FileSystem.join(path, folders[0])
            if !Self.hasPictures(only) || PartNames.sorted(folders[0]).part != .none {
                guard let inner = try PictureFolder(only, depth: depth + 1) else { return nil }
                self = inner
                return
            }
        }
        train = try Self.classes(in: path)
        if train.isEmpty { return nil }
    }

    private static func folders(in path: String) -> [String] {
        (FileSystem.names(in: path) ?? []).filter {
            !$0.hasPrefix(".") && $0 != "__MACOSX" && FileSystem.kind(of: FileSystem.join(path, $0)) == .folder
        }
    }

    private static func isPicture(_ name: String) -> Bool {
        let lower = name.lowercased()
        return !name.hasPrefix(".") && endings.contains { lower.hasSuffix($0) }
    }

    private static func hasPictures(_ path: String) -> Bool { (FileSystem.names(in: path) ?? []).contains(where: isPicture) }

    /// The pictures in each folder of `path`, or in `path` itself if those have none.
    private static func classes(in path: String) throws(CoreError) -> [File] {
        var files: [File] = []
        for folder in folders(in: path) {
            try collect(FileSystem.join(path, folder), folder, depth: 1, into: &files)
        }
        if !files.isEmpty { return files }
        for name in FileSystem.names(in: path) ?? [] where isPicture(name) {
            files.append(File(path: FileSystem.join(path, name), folder: nil))
        }
        return files
    }

    private static func collect(
        _ path: String, _ folder: String, depth: Int, into files: inout [File]
    ) throws(CoreError) {
        for name in FileSystem.names(in: path) ?? [] where isPicture(name) {
            files.append(File(path: FileSystem.join(path, name), folder: folder))
        }
        guard files.count <= mostFiles else {
            throw CoreError(.data, "too many pictures", at: path, expected: "at most \(mostFiles)")
        }
        guard depth < deepest else { return }
        for inner in folders(in: path) {
            try collect(FileSystem.join(path, inner), folder, depth: depth + 1, into: &files)
        }
    }

    /// The label of each class's folder, and the classes' names: folders called by numbers from 0 to 255 keep those, others
    /// are numbered in the order of their names.
    func classes() -> (labels: [String: UInt8], names: [String]?)? {
        let folders = Set((train + (test ?? [])).compactMap(\.folder)).sorted()
        guard !folders.isEmpty, folders.count <= 256 else { return nil }
        let numbers = folders.map { UInt8($0) }
        if !numbers.contains(nil), Set(numbers).count == folders.count {
            return (Dictionary(uniqueKeysWithValues: zip(folders, numbers.compactMap { $0 })), nil)
        }
        return (Dictionary(uniqueKeysWithValues: folders.enumerated().map { ($1, UInt8($0)) }), folders)
    }
}
