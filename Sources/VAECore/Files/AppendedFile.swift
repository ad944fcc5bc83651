#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file that is only appended to, in whole pieces: lines, or records.
///
/// What the file system refuses is kept and written with the next piece, from the byte at which writing broke off. So the
/// file is complete again as soon as there is room, and never has a piece inside another.
final class AppendedFile {
    let path: String
    /// Bytes not yet in the file.
    private var pending: [UInt8] = []
    private var descriptor: Int32 = -1
    /// Pieces given up because too many bytes were pending.
    private(set) var lost = 0
    /// The largest number of pending bytes.
    private static let limit = 4 << 20
    /// Bytes of whole pieces that are in the file or pending.
    private(set) var length = 0

    /// Opens the file at the first piece, and truncates it if it exists.
    init(path: String) { self.path = path }

    /// Continues the file after its first `bytes` bytes; what follows them is removed.
    /// - Throws: `CoreError(.file)` when the file cannot be opened or shortened.
    init(path: String, keeping bytes: Int) throws(CoreError) {
        self.path = path
        length = bytes
        descriptor = FileSystem.retrying { open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666) }
        guard descriptor >= 0 else { throw FileSystem.failure("cannot write the file", at: path) }
        let status = FileSystem.retrying { ftruncate(descriptor, off_t(length)) }
        guard status == 0 else { throw FileSystem.failure("cannot shorten the file", at: path) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Whether every piece is in the file.
    var isComplete: Bool { pending.isEmpty && lost == 0 }

    /// Appends a piece.
    /// - Throws: `CoreError(.file)` when the file system refuses. The piece is then written with the next one.
    func append(_ bytes: [UInt8]) throws(CoreError) {
        if pending.count + bytes.count <= Self.limit {
            pending += bytes
            length += bytes.count
        } else {
            lost += 1
        }
        try writePending()
    }

    /// Tries once more to write what is pending.
    /// - Throws: `CoreError(.file)` when the file system refuses.
    func writePending() throws(CoreError) {
        guard !pending.isEmpty else { return }
        if descriptor < 0 {
            descriptor = FileSystem.retrying { open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o666) }
            guard descriptor >= 0 else { throw FileSystem.failure("cannot write the file", at: path) }
        }
        while !pending.isEmpty {
            let count = FileSystem.retrying { pending.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } }
            guard count > 0 else {
                throw FileSystem.failure("cannot write the file", at: path, code: count == 0 ? EIO : errno)
            }
            pending.removeFirst(count)
        }
    }

    /// Flushes to the disk what has been written.
    func flush() { if descriptor >= 0 { _ = fsync(descriptor) } }
}
