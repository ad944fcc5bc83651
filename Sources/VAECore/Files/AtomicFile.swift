
#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Files that are replaced whole or not at all, whatever fails or is killed.
///
/// The bytes go to a temporary in the same folder, which is flushed to the disk and then renamed over the
/// target; the folder is flushed after. A link is followed, so that its target is replaced and the link stays;
/// the permissions of an existing file are kept. A device or pipe is written straight into.
///
/// Temporaries are named `.latent-<process>-<number>.tmp` and locked while they are written. One that a killed
/// process left is removed at the next write into its folder, or by `sweep(folder:)`.
public enum AtomicFile {
    /// Replaces `path` by `bytes`.
    ///
    /// - Throws: `CoreError(.file)` with the system's reason. The old file is then still whole, or was not there,
    ///   and no temporary is left; only a failure to flush the folder comes after the new file is in place.
    public static func write(_ bytes: [UInt8], to path: String) throws(CoreError) {
        let problem: CoreError? = bytes.withUnsafeBytes { buffer in
            do throws(CoreError) {
                try write(buffer, to: path)
                return nil
            } catch {
                return error
            }
        }
        if let problem { throw problem }
    }

    /// Replaces `path` by `bytes`; as `write(_:to:)` of an array.
    public static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(CoreError) {
        let target = try followLinks(path)
        var old = stat()
        let exists = FileSystem.retrying { stat(target, &old) } == 0
        if !exists && errno != ENOENT { throw failure(path) }
        if exists {
            switch FileSystem.kind(mode: old.st_mode) {
            case .file: break
            case .folder: throw failure(path, code: EISDIR)
            case .other, .nothing: return try writeThrough(bytes, to: target, shown: path)
            }
            guard access(target, W_OK) == 0 else { throw failure(path) }
        }
        let folder = FileSystem.folder(of: target)
        sweepOnce(folder: folder)
        let (descriptor, temporary) = try createTemporary(in: folder, shown: path)
        do throws(CoreError) {
            do throws(CoreError) {
                if exists { try keepOwnership(of: old, descriptor, shown: path) }
                try writeAll(bytes, to: descriptor, shown: path)
                try flush(descriptor, shown: path)
            } catch {
                close(descriptor)
                throw error
            }
            // An interrupted close has closed: trying again could close another thread's file.
            guard close(descriptor) == 0 || errno == EINTR else { throw failure(path) }
            guard FileSystem.retrying({ rename(temporary, target) }) == 0 else { throw failure(path) }
        } catch {
            _ = FileSystem.retrying { unlink(temporary) }
            throw error
        }
        try flushFolder(folder, shown: path)
    }

    /// Removes the temporaries that processes now dead left in `folder`; what cannot be removed is left.
    ///
    /// - Returns: how many were removed.
    @discardableResult public static func sweep(folder: String) -> Int {
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

    // MARK: Temporaries

    /// Held while a temporary is made and locked, and while a folder is swept. The number of the next temporary
    /// and the folders already swept.
    private static let creation = Locked((next: 0, swept: Set<String>()))

    private static func sweepOnce(folder: String) {
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
    private static func createTemporary(in folder: String, shown: String) throws(CoreError) -> (Int32, String) {
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

    // MARK: Steps

    /// Gives the temporary the permissions, and where it may the owner, of the file it will replace.
    private static func keepOwnership(of old: stat, _ descriptor: Int32, shown: String) throws(CoreError) {
        var new = stat()
        if fstat(descriptor, &new) == 0 && (new.st_uid != old.st_uid || new.st_gid != old.st_gid) {
            _ = fchown(descriptor, old.st_uid, old.st_gid)  // only root may; the mode below matters more
        }
        guard FileSystem.retrying({ fchmod(descriptor, old.st_mode & 0o7777) }) == 0 else { throw failure(shown) }
    }

    private static func writeAll(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, shown: String
    ) throws(CoreError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
            let count = FileSystem.retrying { systemWrite(descriptor, part) }
            guard count > 0 else { throw failure(shown, code: count == 0 ? EIO : errno) }
            rest = rest.dropFirst(count)
        }
    }

    private static func flush(_ descriptor: Int32, shown: String) throws(CoreError) {
        // Some file systems cannot flush (EINVAL, ENOTSUP); that is no reason to refuse to save there.
        let result = FileSystem.retrying { fsync(descriptor) }
        guard result == 0 || errno == EINVAL || errno == ENOTSUP else { throw failure(shown) }
    }

    private static func flushFolder(_ folder: String, shown: String) throws(CoreError) {
        let descriptor = FileSystem.retrying { open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        // A folder that may be written but not read cannot be flushed; the file in it was.
        if descriptor < 0 && errno == EACCES { return }
        do throws(CoreError) {
            guard descriptor >= 0 else { throw failure(shown) }
            defer { close(descriptor) }
            try flush(descriptor, shown: shown)
        } catch {
            throw CoreError(
                .file, "the new file is in place, but its folder could not be flushed to the disk", at: shown,
                found: error.what, remedy: "save again before you trust it to outlive a power cut")
        }
    }

    private static func writeThrough(
        _ bytes: UnsafeRawBufferPointer, to target: String, shown: String
    ) throws(CoreError) {
        let descriptor = FileSystem.retrying { open(target, O_WRONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw failure(shown) }
        defer { close(descriptor) }
        try writeAll(bytes, to: descriptor, shown: shown)
    }

    /// The path a chain of links ends in; the end need not exist.
    private static func followLinks(_ path: String) throws(CoreError) -> String {
        var current = path
        for _ in 0..<40 {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(current, &buffer, buffer.count)
            if count < 0 {
                guard errno == EINVAL || errno == ENOENT else { throw failure(path) }
                return current  // not a link, or nothing there
            }
            // A link the system shows but resolves itself, such as /dev/stdout's pipe, exists as it stands.
            let link = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let next = link.hasPrefix("/") ? link : FileSystem.join(FileSystem.folder(of: current), link)
            if FileSystem.kind(of: current) == .other { return current }
            current = next
        }
        throw failure(path, code: ELOOP)
    }

    private static func failure(_ path: String, code: Int32 = errno) -> CoreError {
        let remedy: String? =
            switch code {
            case ENOSPC, EDQUOT: "free some space and save again"
            case EACCES, EPERM, EROFS: "choose a place you may write to"
            case ENOENT, ENOTDIR: "does the folder exist?"
            default: nil
            }
        return FileSystem.failure("cannot write the file", at: path, code: code, remedy: remedy)
    }
}

/// `write(2)`, under a name that `AtomicFile.write` does not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    write(descriptor, bytes.baseAddress, bytes.count)
}
