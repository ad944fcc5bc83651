/// Where the files of a data set are on the network, and by what each is known to be whole.
public struct Download: Sendable, Equatable {
    /// One file.
    public struct File: Sendable, Equatable {
        /// Its name at the mirrors and on disk.
        public let name: String
        /// The dimensions of the images; of labels, their number alone.
        public let dimensions: [Int]
        public let hash: Hash

        package init(name: String, dimensions: [Int], hash: Hash) {
            self.name = name
            self.dimensions = dimensions
            self.hash = hash
        }
    }

    /// By what bytes are known to be the right ones: SHA-256 as hexadecimal digits.
    public enum Hash: Sendable, Equatable {
        /// Of what the file holds when unpacked. Two packers may give two files.
        case unpacked(String)
        /// Of the file as it is.
        case packed(String)
        /// Nothing is known here.
        case unknown
    }

    /// A zip archive that holds all of the files.
    public struct Archive: Sendable, Equatable {
        /// Its name at the mirrors.
        public let name: String
        /// Bytes.
        public let size: Int
        public let sha256: String
        /// The folder in it, with a slash.
        public let folder: String

        package init(name: String, size: Int, sha256: String, folder: String) {
            self.name = name
            self.size = size
            self.sha256 = sha256
            self.folder = folder
        }
    }

    /// The folders that have the files, in order of preference; each ends with a slash.
    public let mirrors: [String]
    public let files: [File]
    /// The archive that the mirrors have instead of the files; nil if they have the files.
    public let archive: Archive?

    package init(_ mirrors: [String], _ files: [File], archive: Archive? = nil) {
        self.mirrors = mirrors
        self.files = files
        self.archive = archive
    }

    /// The largest that a file by itself may be, packed: twice the largest here (EMNIST's digits).
    package static let largestFile = 150_000_000

    /// Checks that these are the bytes of a file.
    /// - Parameter place: where they come from, for errors.
    /// - Throws: `CoreError(.data)` when they are not.
    package static func verify(_ bytes: [UInt8], as file: File, at place: String) throws(CoreError) {
        let found: [Int]
        var unpacked: [UInt8]?
        if file.dimensions.count == 1 {
            found = [try IDXLabels.parse(bytes, name: place).count]
            if case .unpacked = file.hash { unpacked = try IDX(bytes: bytes, name: place).encoded(gzip: false) }
        } else {
            let content = try IDX(bytes: bytes, name: place)
            found = content.dimensions
            if case .unpacked = file.hash { unpacked = content.encoded(gzip: false) }
        }
        let text = { (numbers: [Int]) in numbers.map(String.init).joined(separator: "×") }
        guard found == file.dimensions else {
            throw CoreError(
                .data, "another file than \(file.name)", at: place, expected: text(file.dimensions), found: text(found))
        }
        switch file.hash {
        case .unpacked(let expected): try require(SHA256.hex(unpacked ?? []), expected, of: file.name, at: place)
        case .packed(let expected): try require(SHA256.hex(bytes), expected, of: file.name, at: place)
        case .unknown: break
        }
    }

    /// Checks that these are the bytes of an archive.
    package static func verify(_ bytes: [UInt8], as archive: Archive, at place: String) throws(CoreError) {
        try require(SHA256.hex(bytes), archive.sha256, of: archive.name, at: place)
    }

    private static func require(
        _ found: String, _ expected: String, of name: String, at place: String
    ) throws(CoreError) {
        guard found == expected else {
            throw CoreError(.data, "other bytes than those of \(name)", at: place, expected: "SHA-256 \(expected)", found: found)
        }
    }

    /// Takes the files out of the archive at `path` into `folder`, each checked before it takes its place.
    /// - Throws: `CoreError(.data)` when the archive does not hold them.
    package func unpack(_ path: String, into folder: String) throws(CoreError) {
        guard let archive else { return }
        let zip = try ZipArchive(path: path, kind: .data)
        for file in files {
            let name = archive.folder + file.name
            guard let entry = zip.entry(name), entry.size <= Self.largestFile else {
                throw CoreError(.data, "the archive does not hold '\(name)'", at: path)
            }
            let bytes = try zip.read(entry)
            try Self.verify(bytes, as: file, at: name)
            try AtomicFile.write(bytes, to: folder + "/" + file.name)
        }
    }
}
