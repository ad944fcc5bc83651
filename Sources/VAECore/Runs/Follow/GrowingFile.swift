#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file that another process appends to, read from where reading ended the last time.
final class GrowingFile {
    let path: String
    /// Bytes read.
    private(set) var offset = 0
    /// The file that was read: another one under the same name begins anew.
    private var identity: (device: UInt64, number: UInt64)?
    /// The last bytes read. When they have changed, the file was cut back and written again.
    private var tail: [UInt8] = []
    private static let tailLength = 64
    /// Bytes read at a time.
    private static let blockSize = 1 << 20

    init(_ path: String) { self.path = path }

    /// Reads what has come since the last time. Nothing has come to a file that is not there.
    /// - Parameters:
    ///   - restart: called first when the file begins anew: what was read of it before is void.
    ///   - take: called with each block; reading ends for now when it returns false.
    /// - Returns: whether more is there.
    /// - Throws: `CoreError(.file)` when the file cannot be read; what `take` throws.
    func read(
        restart: () -> Void, _ take: (UnsafeBufferPointer<UInt8>) throws(CoreError) -> Bool
    ) throws(CoreError) -> Bool {
        guard FileSystem.kind(of: path) != .nothing else { return false }
        let (descriptor, size) = try FileSystem.openFile(path, kind: .file)
        defer { close(descriptor) }
        if isOther(descriptor, size: size) {
            (offset, tail) = (0, [])
            restart()
        }
        while offset < size {
            let block = try bytes(descriptor, from: offset, count: min(Self.blockSize, size - offset))
            guard !block.isEmpty else { break }
            offset += block.count
            tail = (tail + block.suffix(Self.tailLength)).suffix(Self.tailLength)
            let goesOn = try block.withUnsafeBufferPointer { (buffer) throws(CoreError) in try take(buffer) }
            guard goesOn else { break }
        }
        return offset < size
    }

    /// Whether this is not the file that was read before, or no longer begins with what was read.
    private func isOther(_ descriptor: Int32, size: Int) -> Bool {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return false }
        let now = (device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(truncatingIfNeeded: status.st_ino))
        defer { identity = now }
        guard let before = identity, offset > 0 else { return false }
        if before != now || size < offset { return true }
        return (try? bytes(descriptor, from: offset - tail.count, count: tail.count)) != tail
    }

    private func bytes(_ descriptor: Int32, from start: Int, count wanted: Int) throws(CoreError) -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            while count < wanted {
                let part = FileSystem.retrying {
                    pread(descriptor, buffer.baseAddress! + count, wanted - count, off_t(start + count))
                }
                if part < 0 { code = errno }
                if part <= 0 { break }
                count += part
            }
        }
        guard code == 0 else { throw FileSystem.failure("cannot read the file", at: path, code: code) }
        return bytes
    }
}
