/// Reads one kind of data set.
protocol DatasetReader: Sendable {
    /// The kind, for people: "IDX files".
    static var kind: String { get }
    /// Reads what is at a place.
    /// - Returns: nil when nothing there is of this kind.
    /// - Throws: `CoreError(.data)` when something there is of this kind, but cannot be read or is incomplete.
    static func read(_ place: DataPlace, _ reading: Reading) throws(CoreError) -> ReadPictures?
}

/// Every kind of data set that is read, asked in this order. A new one is a new row here.
let datasetReaders: [any DatasetReader.Type] = [
    IDXReader.self, CSVReader.self, ArrayReader.self, PictureFolderReader.self,
]

/// What a reader found.
struct ReadPictures {
    var train: ImageSet
    /// Nil if the set has no part of its own that is held out.
    var test: ImageSet?
    /// The name of each class, by its label, if the set names them.
    var classNames: [String]?
    /// What was assumed or left out, each in a line.
    var notes: [String] = []
}

/// A file or folder that may hold a data set.
struct DataPlace {
    let path: String
    let isFolder: Bool
    /// The names in the folder, sorted; empty for a file.
    let names: [String]
    /// The first bytes of the file; empty for a folder.
    let start: [UInt8]

    /// - Throws: `CoreError(.data)` when it can be neither listed nor read.
    init(_ path: String) throws(CoreError) {
        self.path = path
        isFolder = FileSystem.kind(of: path) == .folder
        if isFolder {
            guard let names = FileSystem.names(in: path) else {
                throw FileSystem.failure("cannot list the folder", at: path, kind: .data)
            }
            (self.names, start) = (names, [])
        } else {
            (names, start) = ([], try FileSystem.readStart(path, kind: .data, count: 512).bytes)
        }
    }

    /// The path of something in the folder.
    func file(_ name: String) -> String { FileSystem.join(path, name) }
}
