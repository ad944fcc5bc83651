#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif
import Foundation

/// The `metrics.jsonl` of a run: one JSON object per line, only appended to.
///
/// What the file system refuses is kept and written with the next line, from the byte at which writing broke off. So the
/// file is complete again as soon as there is room, and never has a line inside another.
package final class MetricsLog {
    package let path: String
    /// Bytes not yet in the file.
    private var pending: [UInt8] = []
    private var descriptor: Int32 = -1
    /// Lines given up because too many bytes were pending.
    package private(set) var lost = 0
    /// The largest number of pending bytes.
    private static let limit = 4 << 20

    /// Bytes of whole lines that are in the file or pending.
    private(set) var length = 0

    /// Opens the file at the first line, and truncates it if it exists.
    init(path: String) { self.path = path }

    /// Continues the file after its first `bytes` bytes; what follows them is removed. In a file that is shorter, or has
    /// no end of a line there, the whole lines before are kept.
    /// - Throws: `CoreError(.file)` when the file cannot be opened or shortened.
    init(path: String, keeping bytes: Int) throws(CoreError) {
        self.path = path
        let fresh = FileSystem.kind(of: path) == .nothing
        let old = fresh ? [] : try FileSystem.readStart(path, kind: .file, count: max(0, bytes)).bytes
        length = (old.lastIndex(of: 10) ?? -1) + 1
        descriptor = FileSystem.retrying { open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666) }
        guard descriptor >= 0 else { throw FileSystem.failure("cannot write the file", at: path) }
        let status = FileSystem.retrying { ftruncate(descriptor, off_t(length)) }
        guard status == 0 else { throw FileSystem.failure("cannot shorten the file", at: path) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Whether every line is in the file.
    package var isComplete: Bool { pending.isEmpty && lost == 0 }

    /// Appends a line.
    /// - Throws: `CoreError(.file)` when the file system refuses. The line is then written with the next one.
    package func append(_ line: some Encodable) throws(CoreError) {
        let bytes = try Self.line(line, path)
        if pending.count + bytes.count <= Self.limit {
            pending += bytes
            length += bytes.count
        } else {
            lost += 1
        }
        try write()
    }

    /// Flushes to the disk what has been written.
    func flush() { if descriptor >= 0 { _ = fsync(descriptor) } }

    /// Tries once more to write what is pending.
    /// - Throws: `CoreError(.file)` when a line is still missing or was given up.
    package func finish() throws(CoreError) {
        try write()
        guard lost == 0 else {
            throw CoreError(.file, "\(lost) lines could not be written", at: path, remedy: "free some space")
        }
        flush()
    }

    /// One value as a line of JSON.
    static func line(_ value: some Encodable, _ path: String) throws(CoreError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let data = try? encoder.encode(value) else {
            throw CoreError(.file, "a line cannot be written as JSON", at: path, expected: "finite numbers")
        }
        return [UInt8](data) + [10]
    }

    private func write() throws(CoreError) {
        guard !pending.isEmpty else { return }
        if descriptor < 0 {
            descriptor = FileSystem.retrying { open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o666) }
            guard descriptor >= 0 else { throw FileSystem.failure("cannot write the file", at: path) }
        }
        while !pending.isEmpty {
            let count = FileSystem.retrying { pending.withUnsafeBytes { writeBytes(descriptor, $0) } }
            guard count > 0 else {
                throw FileSystem.failure("cannot write the file", at: path, code: count == 0 ? EIO : errno)
            }
            pending.removeFirst(count)
        }
    }
}

/// `write(2)`, under a name that is not hidden by the member above.
private func writeBytes(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
