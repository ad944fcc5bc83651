import CZip

/// A zip archive that is read through libzip. Its claims about sizes are checked before anything is unpacked.
final class ZipArchive {
    /// One file in the archive.
    struct Entry {
        var name: String
        var index: UInt64
        /// Bytes when unpacked, and in the archive.
        var size, packedSize: Int
    }

    /// The largest number of files accepted.
    static let mostEntries = 20_000

    let path: String
    let entries: [Entry]
    private let kind: CoreError.Kind
    private let archive: OpaquePointer

    /// Opens the archive at `path` and reads its table of contents.
    /// - Parameter kind: the kind of error to throw.
    /// - Throws: `CoreError` when it is damaged, or claims to unpack to far more than it has bytes.
    init(path: String, kind: CoreError.Kind = .model) throws(CoreError) {
        var code: Int32 = 0
        guard let archive = zip_open(path, ZIP_RDONLY, &code) else {
            var error = zip_error_t()
            zip_error_init_with_code(&error, code)
            defer { zip_error_fini(&error) }
            throw CoreError(
                kind, "the zip archive cannot be read: \(String(cString: zip_error_strerror(&error)))", at: path,
                remedy: "is it a whole file? copy or download it again")
        }
        self.path = path
        self.kind = kind
        self.archive = archive
        do {
            entries = try Self.entries(of: archive, path: path, kind: kind)
        } catch {
            zip_discard(archive)
            throw error
        }
    }

    deinit { zip_discard(archive) }

    private static func entries(
        of archive: OpaquePointer, path: String, kind: CoreError.Kind
    ) throws(CoreError) -> [Entry] {
        let count = zip_get_num_entries(archive, 0)
        guard count <= mostEntries else {
            throw CoreError(
                kind, "too many files in the zip archive", at: path, expected: "at most \(mostEntries)",
                found: "\(count)")
        }
        var (entries, total, packed) = ([Entry](), 0, 0)
        for index in 0..<UInt64(max(0, count)) {
            var status = zip_stat_t()
            guard zip_stat_index(archive, index, 0, &status) == 0, let name = status.name,
                let size = Int(exactly: status.size), let packedSize = Int(exactly: status.comp_size)
            else {
                throw CoreError(kind, "the zip archive is damaged", at: path, found: "file \(index) without a size")
            }
            entries.append(Entry(name: String(cString: name), index: index, size: size, packedSize: packedSize))
            total = min(.max / 2, total) + min(.max / 2, size)
            packed = min(.max / 2, packed) + min(.max / 2, packedSize)
        }
        // Weights and pictures hardly compress; what unpacks to many times its size is made to fill the memory.
        let most = max(32 << 20, 20 * min(packed, 1 << 32))
        guard total <= most else {
            throw CoreError(
                kind, "the zip archive would unpack to far more than it holds", at: path,
                expected: "at most \(most) bytes", found: "\(total) bytes", remedy: "do not trust where it came from")
        }
        return entries
    }

    /// The file called `name`, or nil.
    func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

    /// The first `count` bytes of a file in the archive.
    /// - Throws: `CoreError` when it is damaged.
    func read(_ entry: Entry, count: Int) throws(CoreError) -> [UInt8] {
        let bytes = unpack(entry, count: count).bytes
        guard bytes.count == count else { throw damaged(entry, found: bytes.count) }
        return bytes
    }

    /// The bytes of a file in the archive.
    /// - Throws: `CoreError` when it is damaged, or not as long as the archive says.
    func read(_ entry: Entry) throws(CoreError) -> [UInt8] {
        let (bytes, isWhole) = unpack(entry, count: entry.size)
        guard bytes.count == entry.size, isWhole else { throw damaged(entry, found: bytes.count) }
        return bytes
    }

    /// Up to `count` bytes of a file, and whether it ends there with the right checksum.
    private func unpack(_ entry: Entry, count wanted: Int) -> (bytes: [UInt8], isWhole: Bool) {
        let file = zip_fopen_index(archive, entry.index, 0)
        defer { if let file { zip_fclose(file) } }
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
            while let file, count < wanted {
                let part = zip_fread(file, buffer.baseAddress! + count, UInt64(wanted - count))
                guard part > 0 else { break }
                count += Int(part)
            }
        }
        var extra: UInt8 = 0
        // Reading past the end also makes libzip compare the checksum.
        return (bytes, zip_fread(file, &extra, 1) == 0)
    }

    private func damaged(_ entry: Entry, found: Int) -> CoreError {
        CoreError(
            kind, "'\(entry.name)' in the zip archive is damaged", at: path, expected: "\(entry.size) bytes",
            found: "\(found)", remedy: "copy or download the file again")
    }
}
