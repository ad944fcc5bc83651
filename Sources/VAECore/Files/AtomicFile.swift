#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Files that are replaced whole or not at all, even if the process is killed.
///
/// The bytes go to a temporary file in the same folder, which is flushed to disk and renamed over the target; then the
/// folder is flushed. A link is followed, so that its target is replaced and the link stays. The permissions of an
/// existing file are kept. A device or pipe is written to directly.
///
/// Temporary files are named `.latent-<process>-<number>.tmp` and locked while they are written. Those that a killed
/// process left behind are removed at the next write into their folder, or by `sweep(folder:)`.
package enum AtomicFile {
    /// Replaces `path` by `bytes`.
    ///
    /// - Throws: `CoreError(.file)` with the system's reason. The old file, if any, is then still whole and no temporary
    ///   file is left. Only if the folder cannot be flushed is the new file already in place.
    ///
    /// - Parameter flushes: false does not wait for the disk: a power cut may then lose the file, or leave it empty.
    package static func write(_ bytes: [UInt8], to path: String, flushes: Bool = true) throws(CoreError) {
        let problem: CoreError? = bytes.withUnsafeBytes { buffer in
            do throws(CoreError) {
                try write(buffer, to: path, flushes: flushes)
                return nil
            } catch {
                return error
            }
        }
        if let problem { throw problem }
    }

    /// Replaces `path` by `bytes`; as `write(_:to:)` of an array.
    package static func write(
        _ bytes: UnsafeRawBufferPointer, to path: String, flushes: Bool = true
    ) throws(CoreError) {
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
                if flushes { try flush(descriptor, shown: path) }
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
        if flushes { try flushFolder(folder, shown: path) }
    }

    // MARK: Steps

    /// Gives the temporary file the permissions and, if allowed, the owner of the file it will replace.
    private static func keepOwnership(of old: stat, _ descriptor: Int32, shown: String) throws(CoreError) {
        var new = stat()
        if fstat(descriptor, &new) == 0 && (new.st_uid != old.st_uid || new.st_gid != old.st_gid) {
            _ = fchown(descriptor, old.st_uid, old.st_gid)  // only root may do this; the mode matters more
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
        // Some file systems cannot flush (EINVAL, ENOTSUP). They can still be saved to.
        let result = FileSystem.retrying { fsync(descriptor) }
        guard result == 0 || errno == EINVAL || errno == ENOTSUP else { throw failure(shown) }
    }

    private static func flushFolder(_ folder: String, shown: String) throws(CoreError) {
        let descriptor = FileSystem.retrying { open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        // A folder that can be written but not read cannot be flushed; its file has been.
        if descriptor < 0 && errno == EACCES { return }
        do throws(CoreError) {
            guard descriptor >= 0 else { throw failure(shown) }
            defer { close(descriptor) }
            try flush(descriptor, shown: shown)
        } catch {
            throw CoreError(
                .file, "the new file is in place, but its folder could not be flushed to the disk", at: shown,
                found: error.what, remedy: "save again, or a power cut may lose it")
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

    /// The path at the end of a chain of links. It need not exist.
    private static func followLinks(_ path: String) throws(CoreError) -> String {
        var current = path
        for _ in 0..<40 {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(current, &buffer, buffer.count)
            if count < 0 {
                guard errno == EINVAL || errno == ENOENT else { throw failure(path) }
                return current  // not a link, or nothing there
            }
            // A link that only the system can follow, such as /dev/stdout to a pipe, is used as it is.
            let link = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let next = link.hasPrefix("/") ? link : FileSystem.join(FileSystem.folder(of: current), link)
            if FileSystem.kind(of: current) == .other { return current }
            current = next
        }
        throw failure(path, code: ELOOP)
    }

    static func failure(_ path: String, code: Int32 = errno) -> CoreError {
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
