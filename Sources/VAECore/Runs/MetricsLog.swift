import Foundation

/// The `metrics.jsonl` of a run: one JSON object per line, only appended to.
package final class MetricsLog {
    private let file: AppendedFile
    package var path: String { file.path }
    /// Lines given up because the file system refused too many.
    package var lost: Int { file.lost }
    /// Bytes of whole lines that are in the file or pending.
    var length: Int { file.length }

    /// Opens the file at the first line, and truncates it if it exists.
    init(path: String) { file = AppendedFile(path: path) }

    /// Continues the file after its first `bytes` bytes; what follows them is removed. In a file that is shorter, or has
    /// no end of a line there, the whole lines before are kept.
    /// - Throws: `CoreError(.file)` when the file cannot be opened or shortened.
    init(path: String, keeping bytes: Int) throws(CoreError) {
        let fresh = FileSystem.kind(of: path) == .nothing
        let old = fresh ? [] : try FileSystem.readStart(path, kind: .file, count: max(0, bytes)).bytes
        file = try AppendedFile(path: path, keeping: (old.lastIndex(of: 10) ?? -1) + 1)
    }

    /// Whether every line is in the file.
    package var isComplete: Bool { file.isComplete }

    /// Appends a line.
    /// - Throws: `CoreError(.file)` when the file system refuses. The line is then written with the next one.
    package func append(_ line: some Encodable) throws(CoreError) { try file.append(Self.line(line, path)) }

    /// Flushes to the disk what has been written.
    func flush() { file.flush() }

    /// Tries once more to write what is pending.
    /// - Throws: `CoreError(.file)` when a line is still missing or was given up.
    package func finish() throws(CoreError) {
        try file.writePending()
        guard lost == 0 else {
            throw CoreError(.file, "\(lost) lines could not be written", at: path, remedy: "free some space")
        }
        flush()
    }

    /// One value as a line of JSON.
    static func line(_ value: some Encodable, _ path: String) throws(CoreError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        guard let data = try? encoder.encode(value) else {
            throw CoreError(.file, "a line cannot be written as JSON", at: path, expected: "finite numbers")
        }
        return [UInt8](data) + [10]
    }
}
