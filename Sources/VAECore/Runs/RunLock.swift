#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif
import PlainText

/// The right to write into a run folder, held by one process at a time: a lock on its file `lock`, which names the
/// holder. The system gives the lock back when the process ends, however it ends.
final class RunLock: @unchecked Sendable {
    private let path: String
    private var descriptor: Int32

    /// Takes the lock of the run in `folder`.
    /// - Throws: `CoreError(.file)` naming the holder, when another writer has it. A file system that knows no locks is
    ///   written to without one.
    init(folder: String) throws(CoreError) {
        path = FileSystem.join(folder, "lock")
        // A holder in this process is about to give it back: a run that was restarted into the same folder.
        for _ in 0..<40 {
            if let descriptor = try Self.take(path) {
                self.descriptor = descriptor
                return
            }
            guard Self.holder(of: path)?.process == getpid() else { break }
            usleep(50_000)
        }
        let holder = Self.holder(of: path)
        throw CoreError(
            .file, "another process is writing this run", at: folder,
            found: holder.map { "process \($0.process) on \($0.host)" },
            remedy: "wait for it to end, or train into another folder")
    }

    deinit { release() }

    /// Gives the lock back. The file goes first, so that nobody else's is removed.
    func release() {
        guard descriptor >= 0 else { return }
        unlink(path)
        close(descriptor)
        descriptor = -1
    }

    /// Who writes the run in `folder` now; nil if nobody does.
    static func writer(of folder: String) -> (process: Int32, host: String)? {
        let path = FileSystem.join(folder, "lock")
        let descriptor = FileSystem.retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0, errno == EWOULDBLOCK else { return nil }
        return holder(of: path) ?? (0, "?")
    }

    /// - Returns: the descriptor that holds the lock (-1 if the file system has no locks); nil if somebody else has it.
    private static func take(_ path: String) throws(CoreError) -> Int32? {
        while true {
            let descriptor = FileSystem.retrying { open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644) }
            guard descriptor >= 0 else { throw FileSystem.failure("cannot lock the run", at: path) }
            if FileSystem.retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) != 0 {
                let code = errno
                close(descriptor)
                return code == EWOULDBLOCK ? nil : -1
            }
            // The former holder may have removed the file after this one opened it: then the lock is on a file that is gone.
            var ours = stat(), there = stat()
            if fstat(descriptor, &ours) == 0, stat(path, &there) == 0, ours.st_ino == there.st_ino {
                sign(descriptor)
                return descriptor
            }
            close(descriptor)
        }
    }

    private static func sign(_ descriptor: Int32) {
        var host = [CChar](repeating: 0, count: 256)
        gethostname(&host, host.count - 1)
        let name = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let line = Array("\(getpid()) \(name)\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = line.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    private static func holder(of path: String) -> (process: Int32, host: String)? {
        guard let bytes = try? FileSystem.readStart(path, kind: .file, count: 400).bytes else { return nil }
        let words = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard let process = words.first.flatMap({ Int32($0) }) else { return nil }
        return (process, words.count > 1 ? sanitize(String(words[1]), limit: 100) : "?")
    }
}
