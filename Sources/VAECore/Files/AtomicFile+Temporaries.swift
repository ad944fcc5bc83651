#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

// The files that an atomic write goes through, and those that killed processes left.

extension AtomicFile {
    /// Removes the temporaries that processes now dead left in `folder`; what cannot be removed is left.
    ///
    /// - Returns: how many were removed.
    @discardableResult package static func sweep(folder: String) -> Int {
        creation.withLock { _ in
            var removed = 0
            for name in FileSystem.names(in: folder) ?? [] {
                guard let process = owner(of: name), process == getpid() || isDead(process) else { continue }
                let path = FileSystem.join(folder, name)
                // The lock is the proof: a process in another container may look dead and still be writing.
                let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
                guard descriptor >= 0 else { continue }
                if flock(descriptor, LOCK_EX | LOCK_NB) == 0 && unlink(path) == 0 { removed += 1 }
                close(descriptor)
            }
            return removed
        }
    }

    /// Held while a temporary is made and locked, and while a folder is swept. The number of the next temporary
    /// and the folders already swept.
    private static let creation = Locked((next: 0, swept: Set<String>()))

    static func sweepOnce(folder: String) {
        if creation.withLock({ $0.swept.insert(folder).inserted }) { sweep(folder: folder) }
    }

    /// The process in the name of one of our temporaries.
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
