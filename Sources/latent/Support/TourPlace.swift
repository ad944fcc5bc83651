import Foundation
import VAECore

/// Where the reader of the tour was last, in a small file of the user's.
enum TourPlace {
    private static var path: String? { Surroundings.stateFolder.map { $0 + "/tour" } }

    /// Empty if it is not known.
    static func read() -> String {
        guard let path, let text = try? String(contentsOfFile: path, encoding: .utf8) else { return "" }
        return String(text.prefix { !$0.isNewline }.prefix(100))
    }

    /// A place that cannot be kept is no loss worth a word.
    static func write(_ place: String) {
        guard let path else { return }
        try? FileManager.default.createDirectory(
            atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try? Data((place + "\n").utf8).write(to: URL(fileURLWithPath: path))
    }
}
