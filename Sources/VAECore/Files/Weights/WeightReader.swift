/// Reads one kind of file that holds weights.
protocol WeightReader: Sendable {
    /// The kind, for people: "safetensors".
    static var kind: String { get }
    /// Whether a file is of this kind.
    static func recognises(_ file: FileStart) -> Bool
    /// Names and shapes of everything in the file, and how to read the numbers.
    /// - Throws: `CoreError(.model)` naming what is wrong with the file.
    static func read(path: String) throws(CoreError) -> Weights
}

/// The first bytes of a file, and what it is called: what its kind can be told from.
struct FileStart {
    var path: String
    var bytes: [UInt8]
    var size: Int
    /// The names of what it contains, if it is a zip archive.
    var zipNames: [String]?
    /// Why it cannot be read, if it is one and cannot.
    var zipError: CoreError?

    /// - Throws: `CoreError(.model)` when the file cannot be read.
    init(path: String) throws(CoreError) {
        let start = try FileSystem.readStart(path, kind: .model, count: 512)
        self.path = path
        bytes = start.bytes
        size = start.size
        if begins(with: [0x50, 0x4b, 0x03, 0x04]) {
            do throws(CoreError) {
                zipNames = try ZipArchive(path: path).entries.map(\.name)
            } catch {
                zipError = error
            }
        }
    }

    func begins(with prefix: [UInt8], at offset: Int = 0) -> Bool {
        bytes.dropFirst(offset).starts(with: prefix)
    }

    /// The first bytes as text, in small letters, without white space or a byte-order mark before it.
    var text: String {
        String(decoding: bytes, as: UTF8.self).lowercased().drop { $0.isWhitespace || $0 == "\u{feff}" }.description
    }
}

extension Weights {
    /// Every kind of file with weights that is read. A new one is a new row here.
    static let readers: [any WeightReader.Type] = [TorchWeights.self, SafetensorsWeights.self]

    /// Reads names and shapes of the file at `path`, whatever its kind.
    /// - Throws: `CoreError(.model)` when it cannot be read, is damaged, or is of a kind that holds no weights; then it
    ///   says which kind and what converts it.
    static func read(path: String) throws(CoreError) -> Weights {
        let start = try FileStart(path: path)
        if let reader = readers.first(where: { $0.recognises(start) }) { return try reader.read(path: path) }
        if let error = start.zipError { throw error }
        if let wrong = WrongKind.all.first(where: { $0.matches(start) }) { throw wrong.error(start) }
        // What nothing else claims is taken for a damaged safetensors file, whose reader says what is wrong with it.
        return try SafetensorsWeights.read(path: path)
    }
}
