/// The values in the event files of a folder and of the folders in it, as they grow.
///
/// As in TensorBoard, a folder that holds event files is a run: the series of a run `train` are `train/<tag>`, those of
/// the folder itself have the tag alone.
final class EventSeries: SeriesReader {
    /// Folders are looked through so deeply, and so many event files are read.
    private static let deepest = 4
    private static let mostFiles = 512

    private final class File {
        let file: GrowingFile
        /// The run that it belongs to, with a slash; empty for the folder itself.
        let prefix: String
        var records = TFRecord.Splitter()
        /// Records that are no event.
        var unreadable = 0
        var isBroken = false

        init(_ path: String, prefix: String) { (file, self.prefix) = (GrowingFile(path), prefix) }
    }

    private let path: String
    private var files: [File] = []
    private var known: Set<String> = []
    /// What could not be read, a line for each file.
    private var notices: [String] = []

    /// - Parameter path: a folder, or one event file.
    init(_ path: String) { self.path = path }

    /// Whether there is an event file at a path, or in the folder or one of those in it.
    static func isThere(_ path: String) -> Bool { !EventSeries(path).found().isEmpty }

    /// Reads what has come, until there are enough values for now.
    /// - Returns: whether more is there.
    func read(_ news: inout RunNews, limit: Int) -> Bool {
        for (path, prefix) in found() where files.count < Self.mostFiles && known.insert(path).inserted {
            files.append(File(path, prefix: prefix))
        }
        // Files of one run are read in the order in which they were begun.
        for file in files where !file.isBroken {
            if read(file, &news, limit) { return true }
        }
        return false
    }

    func takeNotices() -> [String] {
        defer { notices = [] }
        return notices
    }

    var folders: [String] {
        let isFolder = FileSystem.kind(of: path) == .folder
        return Array(Set([isFolder ? path : FileSystem.folder(of: path)] + files.map { FileSystem.folder(of: $0.file.path) }))
    }

    var lastWritten: Double? { files.compactMap { modificationTime($0.file.path) }.max() }

    private func read(_ file: File, _ news: inout RunNews, _ limit: Int) -> Bool {
        let path = file.file.path
        do throws(CoreError) {
            return try file.file.read(restart: {
                file.records = TFRecord.Splitter()
                // What the old file said of its run is void; so is, in part, what others said, who come again.
                news.cut(prefix: file.prefix, step: -.infinity)
            }) { (block) throws(CoreError) in
                try file.records.take(block, of: path) { bytes, offset in
                    do throws(CoreError) {
                        let place = "\(FileSystem.lastComponent(path)), byte \(offset)"
                        Self.add(try EventRecord(bytes, at: place), file.prefix, &news)
                    } catch {
                        file.unreadable += 1
                    }
                }
                return news.count < limit
            }
        } catch {
            file.isBroken = true
            notices.append("\(FileSystem.lastComponent(path)): \(error.what)")
            return false
        }
    }

    private static func add(_ event: EventRecord, _ prefix: String, _ news: inout RunNews) {
        if event.isSessionStart { news.cut(prefix: prefix, step: Double(event.step)) }
        for number in event.numbers where number.value.isFinite {
            news.add(prefix + number.tag, step: Double(event.step), value: number.value)
        }
    }

    /// Every event file with the prefix of its run, by run and name.
    private func found() -> [(path: String, prefix: String)] {
        guard FileSystem.kind(of: path) == .folder else { return FileSystem.kind(of: path) == .file ? [(path, "")] : [] }
        var found: [(String, String)] = []
        func search(_ folder: String, _ prefix: String, _ depth: Int) {
            let names = (FileSystem.names(in: folder) ?? []).filter { !$0.hasPrefix(".") }
            for name in names where EventLog.isOne(name) && FileSystem.kind(of: FileSystem.join(folder, name)) == .file {
                found.append((FileSystem.join(folder, name), prefix))
            }
            guard depth < Self.deepest else { return }
            for name in names where FileSystem.kind(of: FileSystem.join(folder, name)) == .folder {
                search(FileSystem.join(folder, name), prefix + name + "/", depth + 1)
            }
        }
        search(path, "", 0)
        return found
    }
}
