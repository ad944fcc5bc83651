#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

// The temporary files of atomic writes, and the removal of those that killed processes left behind.

extension AtomicFile {
    /// Removes the temporary files that dead processes left in `folder`, as far as possible.
    ///
    /// - Returns: how many were removed.
    @discardableResult package static func sweep(folder: String) -> Int {
        creation.withLock { _ in
            var removed = 0
            for name in FileSystem.names(in: folder) ?? [] {
                guard let process = owner(of: name), process == getpid() || isDead(process) else { continue }
                let path = FileSystem.join(folder, name)
                // Only the lock is proof: a process in another container may look dead and still be writing.
                let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
                guard descriptor >= 0 else { continue }
                if flock(descriptor, LOCK_EX | LOCK_NB) == 0 && unlink(path) == 0 { removed += 1 }
                close(descriptor)
            }
            return removed
        }
    }

    /// The number of the last temporary file, and the folders already swept. Locked while a temporary file is created and
    /// locked, and during a sweep.
    private static let creation = Locked((next: 0, swept: Set<String>()))

    static func sweepOnce(folder: String) {
        if creation.withLock({ $0.swept.insert(folder).inserted }) { sweep(folder: folder) }
    }

    /// The process named in the name of a temporary file; nil for any other file.
    private static func owner(of name: String) -> pid_t? {
        guard name.hasPrefix(".latent-"), name.hasSuffix(".tmp") else { return nil }
        let parts = name.dropFirst(8).dropLast(4).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, UInt64(parts[1]) != nil, let process = pid_t(parts[0]), process > 0 else { return nil }
        return process
    }

    private static func isDead(_ process: pid_t) -> Bool { kill(process, 0) != 0 && errno == ESRCH }

    /// A new, locked, empty file in `folder`.
    static func createTemporary(in folder: String, shown: String) throws(CoreError) -> (Int32, String) {
        let made: (descriptor: Int32, path: String, code: Int32) = creation.withLock { state in
            var path = ""
            for _ in 0..<10_000 {
                state.next += 1
                path = FileSystem.join(folder, ".latent-\(getpid())-\(state.next).tmp")
                let descriptor = FileSystem.retrying { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
                if descriptor >= 0 {
                    _ = FileSystem.retrying { flock(descriptor, LOCK_EX | LOCK_NB) }
                    return (descriptor, path, 0)
                }
                if errno != EEXIST { break }
            }
            return (-1, path, errno)
        }
        guard made.descriptor >= 0 else { throw failure(shown, code: made.code) }
        return (made.descriptor, made.path)
    }
}
