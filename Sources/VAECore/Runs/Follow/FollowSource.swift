/// Where a run that another process trains is read from.
package enum FollowSource: Sendable, Equatable {
    /// A run folder as `latent train` writes it.
    case run(String)
    /// A folder with TensorBoard's event files in it or in folders of it, or one such file.
    case events(String)
    /// A file of lines of JSON.
    case lines(String)
    /// Lines of JSON that come through a pipe: its descriptor.
    case pipe(Int32)

    /// What is at a path.
    /// - Throws: `CoreError(.file)` when it is nothing that can be followed.
    package init(path: String) throws(CoreError) {
        func has(_ name: String) -> Bool { FileSystem.kind(of: FileSystem.join(path, name)) == .file }
        switch FileSystem.kind(of: path) {
        case .folder where has("metrics.jsonl") || has("config.json"): self = .run(path)
        case .folder where EventSeries.isThere(path): self = .events(path)
        case .file where EventLog.isOne(FileSystem.lastComponent(path)): self = .events(path)
        case .file where try Self.isLines(path): self = .lines(path)
        case .nothing:
            throw CoreError(.file, "there is nothing", at: path, expected: Self.expected)
        default:
            throw CoreError(.file, "no run that could be followed", at: path, expected: Self.expected)
        }
    }

    private static let expected = "a run folder, a folder with TensorBoard's event files, a file of JSON lines, or - for standard input"

    /// Whether a file begins as lines of JSON do, or is still empty.
    private static func isLines(_ path: String) throws(CoreError) -> Bool {
        let (start, size) = try FileSystem.readStart(path, kind: .file, count: 256)
        return size == 0 || start.first { !" \t\r\n".utf8.contains($0) } == UInt8(ascii: "{")
    }

    /// Its name on screen.
    package var name: String {
        switch self {
        case .run(let path), .events(let path), .lines(let path): FileSystem.lastComponent(path)
        case .pipe: "standard input"
        }
    }

    /// Where its models are looked for, unless told; nil where there is no such place.
    var modelPlace: String? {
        switch self {
        case .run(let path): path
        case .events(let path): FileSystem.kind(of: path) == .folder ? path : FileSystem.folder(of: path)
        case .lines(let path): FileSystem.folder(of: path)
        case .pipe: nil
        }
    }
}
