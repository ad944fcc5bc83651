#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// `read(2)`, under a name that is not hidden by the members called `read` below.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}

/// The file-system calls that VAECore needs, with readable errors.
///
/// Paths go to the system unchanged; nothing here depends on the environment or the current user.
enum FileSystem {
    /// What is at a path, after following links.
    enum Kind { case file, folder, other, nothing }

    /// What is at `path`; `.nothing` also if that cannot be found out.
    static func kind(of path: String) -> Kind {
        var status = stat()
        guard stat(path, &status) == 0 else { return .nothing }
        return kind(mode: status.st_mode)
    }

    /// The kind of a `stat` mode.
    static func kind(mode: mode_t) -> Kind {
        switch mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        default: .other
        }
    }

    /// The names in a folder, sorted, without `.` and `..`; `nil` when it cannot be listed (errno says why).
    static func names(in folder: String) -> [String]? {
        guard let stream = opendir(folder) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The bytes of a regular file.
    ///
    /// - Parameters:
    ///   - kind: the kind of error to throw.
    ///   - limit: the largest size accepted; a longer file is not read.
    /// - Throws: `CoreError` when the file is missing, not regular, unreadable or too long.
    static func read(_ path: String, kind: CoreError.Kind, limit: Int) throws(CoreError) -> [UInt8] {
        let (descriptor, size) = try openFile(path, kind: kind)
        defer { close(descriptor) }
        guard size <= limit else {
            throw CoreError(
                kind, "file too large", at: path, expected: "at most \(limit) bytes", found: "\(size) bytes")
        }
        let bytes = try read(descriptor, count: size, path, kind: kind)
        guard bytes.count == size else {
            throw CoreError(
                kind, "the file shrank while it was read", at: path, expected: "\(size) bytes",
                found: "\(bytes.count) bytes")
        }
        return bytes
    }

    /// The first `count` bytes of a regular file (all, if it is shorter), and its size.
    ///
    /// - Parameter kind: the kind of error to throw.
    /// - Throws: `CoreError` when the file is missing, not regular or unreadable.
    static func readStart(
        _ path: String, kind: CoreError.Kind, count: Int
    ) throws(CoreError) -> (bytes: [UInt8], size: Int) {
        let (descriptor, size) = try openFile(path, kind: kind)
        defer { close(descriptor) }
        return (try read(descriptor, count: min(count, size), path, kind: kind), size)
    }

    /// `count` bytes of a regular file from byte `offset`.
    ///
    /// - Parameter kind: the kind of error to throw.
    /// - Throws: `CoreError` when the file is missing, not regular, unreadable or ends before.
    static func readPart(
        _ path: String, kind: CoreError.Kind, from offset: Int, count: Int
    ) throws(CoreError) -> [UInt8] {
        let (descriptor, _) = try openFile(path, kind: kind)
        defer { close(descriptor) }
        guard lseek(descriptor, off_t(offset), SEEK_SET) == off_t(offset) else {
            throw failure("cannot read the file", at: path, kind: kind)
        }
        let bytes = try read(descriptor, count: count, path, kind: kind)
        guard bytes.count == count else {
            throw CoreError(
                kind, "the file ends too early", at: path, expected: "\(count) bytes from byte \(offset)",
                found: "\(bytes.count)")
        }
        return bytes
    }

    /// Reads a regular file from its start, a block at a time, until `take` returns false.
    ///
    /// - Parameters:
    ///   - kind: the kind of error to throw.
    ///   - size: bytes in a block; the last has fewer.
    /// - Throws: `CoreError` when the file is missing, not regular or unreadable.
    static func eachBlock(
        _ path: String, kind: CoreError.Kind, size: Int, _ take: (UnsafeBufferPointer<UInt8>) -> Bool
    ) throws(CoreError) {
        let (descriptor, _) = try openFile(path, kind: kind)
        defer { close(descriptor) }
        while true {
            let bytes = try read(descriptor, count: size, path, kind: kind)
            guard !bytes.isEmpty, bytes.withUnsafeBufferPointer(take) else { return }
        }
    }

    /// Opens a regular file; the caller closes it.
    static func openFile(
        _ path: String, kind: CoreError.Kind
    ) throws(CoreError) -> (descriptor: Int32, size: Int) {
        // O_NONBLOCK: a named pipe must fail the check below, not wait for a writer.
        let descriptor = retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else { throw failure("cannot open the file", at: path, kind: kind) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let error = failure("cannot read the file", at: path, kind: kind)
            close(descriptor)
            throw error
        }
        guard FileSystem.kind(mode: status.st_mode) == .file else {
            close(descriptor)
            let isFolder = FileSystem.kind(mode: status.st_mode) == .folder
            throw CoreError(
                kind, "not a regular file", at: path, expected: "a file",
                found: isFolder ? "a folder" : "a device or pipe")
        }
        return (descriptor, Int(status.st_size))
    }

    /// Up to `count` bytes from the descriptor's current position.
    private static func read(
        _ descriptor: Int32, count wanted: Int, _ path: String, kind: CoreError.Kind
    ) throws(CoreError) -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            while count < wanted {
                let part = retrying { readBytes(descriptor, buffer.baseAddress! + count, wanted - count) }
                if part < 0 { code = errno }
                if part <= 0 { break }
                count += part
            }
        }
        guard code == 0 else { throw failure("cannot read the file", at: path, kind: kind, code: code) }
        return bytes
    }

    /// An error with the system's message for `code`.
    static func failure(
        _ what: String, at path: String, kind: CoreError.Kind = .file, code: Int32 = errno, remedy: String? = nil
    ) -> CoreError {
        CoreError(kind, "\(what): \(String(cString: strerror(code)))", at: path, remedy: remedy)
    }

    /// Repeats a system call as long as signals interrupt it. Errors are negative results.
    static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }

    /// `folder` and `name`, joined by one slash.
    static func join(_ folder: String, _ name: String) -> String {
        if folder.isEmpty { return name }
        return folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    /// The part of `path` after the last slash, ignoring trailing slashes.
    static func lastComponent(_ path: String) -> String {
        var rest = path[...]
        while rest.count > 1 && rest.hasSuffix("/") { rest = rest.dropLast() }
        guard let slash = rest.lastIndex(of: "/"), rest.count > 1 else { return String(rest) }
        return String(rest[rest.index(after: slash)...])
    }

    /// The folder that contains `path`: "." for a bare name.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
