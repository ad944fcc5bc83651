#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Reads the values of a source as they come, whatever it is.
protocol SeriesReader: AnyObject {
    /// Reads what has come, up to about `limit` values.
    /// - Returns: whether more is there already.
    func read(_ news: inout RunNews, limit: Int) -> Bool
    /// What is wrong with the source, a line each, since the last call.
    func takeNotices() -> [String]
    /// Folders in which something changes when values come.
    var folders: [String] { get }
    /// When values last came, in seconds since 1970; nil if unknown.
    var lastWritten: Double? { get }
    /// Whether no more can come.
    var hasEnded: Bool { get }
    /// What has something to read when values come; -1 for none.
    var descriptor: Int32 { get }
}

extension SeriesReader {
    var hasEnded: Bool { false }
    var descriptor: Int32 { -1 }
}

/// When a file was last written, in seconds since 1970; nil if it is not there.
func modificationTime(_ path: String) -> Double? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
}

/// What lines of JSON have shown to be wrong, each said once.
private struct LineNotices {
    private var said: Set<String> = []

    mutating func new(_ lines: LineSeries) -> [String] {
        var all: [String] = []
        if lines.damaged > 0 { all.append("some lines cannot be read and are left out") }
        if lines.infinite > 0 { all.append("some values are not finite and are left out") }
        if let failure = lines.failure { all.append("the run has failed: \(failure)") }
        return all.filter { said.insert($0).inserted }
    }
}

/// A file of lines of JSON.
final class LinesFile: SeriesReader {
    private let file: GrowingFile
    private var lines = LineSeries()
    private var notices = LineNotices()
    private var problem: String?

    init(_ path: String) { file = GrowingFile(path) }

    func read(_ news: inout RunNews, limit: Int) -> Bool {
        do throws(CoreError) {
            let more = try file.read(restart: {
                lines = LineSeries()
                news.restart()
            }) { (block) throws(CoreError) in
                lines.take(block, &news)
                return news.count < limit
            }
            problem = nil
            return more
        } catch {
            if problem != error.description { news.notices.append(error.description) }
            problem = error.description
            return false
        }
    }

    func takeNotices() -> [String] { notices.new(lines) }
    var folders: [String] { [FileSystem.folder(of: file.path)] }
    var lastWritten: Double? { modificationTime(file.path) }
}

/// Lines of JSON through a pipe.
final class LinesPipe: SeriesReader {
    let descriptor: Int32
    private(set) var hasEnded = false
    private(set) var lastWritten: Double?
    private var lines = LineSeries()
    private var notices = LineNotices()
    let folders: [String] = []

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    func read(_ news: inout RunNews, limit: Int) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while news.count < limit {
            var source = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard !hasEnded, poll(&source, 1, 0) > 0 else { return false }
            let count = FileSystem.retrying { readBytes(descriptor, &buffer, buffer.count) }
            guard count > 0 else {
                hasEnded = true
                // A last line without an end is whole now.
                [UInt8(10)].withUnsafeBufferPointer { lines.take($0, &news) }
                return false
            }
            lastWritten = secondsSince1970()
            buffer.withUnsafeBufferPointer { lines.take(UnsafeBufferPointer(rebasing: $0[..<count]), &news) }
        }
        return true
    }

    func takeNotices() -> [String] { notices.new(lines) }
}

/// `read(2)`, under a name that is not hidden by the members above.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}

/// The time of day in seconds since 1970.
func secondsSince1970() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}
