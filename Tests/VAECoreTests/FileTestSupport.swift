import Foundation
import Testing
import VAECore

/// The project's folder, found from the path of this file.
let projectRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

/// A folder of its own for one test, removed when it ends.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "latent-tests-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of `name` in the folder.
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes a folder in the folder and returns its path.
    func folder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: true)
        return file(name)
    }

    /// Every name in the folder, sorted.
    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }
}

/// The text of the error that `body` throws; records an issue and returns "" if it throws none.
func refusal(_ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation) -> String {
    do {
        try body()
        Issue.record("no error", sourceLocation: sourceLocation)
        return ""
    } catch {
        return "\(error)"
    }
}

/// The bytes of the file at `path`.
func contents(_ path: String) throws -> [UInt8] {
    // Not Data(contentsOf:), which leaks its buffer for an empty file.
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? handle.close() }
    return [UInt8](try handle.readToEnd() ?? Data())
}

/// The number of mutated inputs for each parser; `LATENT_FUZZ=1000000 ./test --filter mutated` is a long run.
func fuzzRounds(_ usual: Int) -> Int {
    ProcessInfo.processInfo.environment["LATENT_FUZZ"].flatMap { Int($0) } ?? usual
}

/// A small fixed random source (SplitMix64), the same on every run.
struct TestRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}

/// `bytes` with one to four random changes: a byte, a bit, or a range that is removed, doubled or overwritten.
func mutated(_ bytes: [UInt8], using random: inout TestRandom) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) where !result.isEmpty {
        let at = Int.random(in: 0..<result.count, using: &random)
        let end = min(result.count, at + Int.random(in: 1...12, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: result[at] = UInt8.random(in: 0...255, using: &random)
        case 1: result[at] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2: result.removeSubrange(at..<end)
        case 3: result.insert(contentsOf: result[at..<end], at: at)
        case 4:
            result[at] = [0, 0xff, 0x7f, 0x80, 0x22, 0x2c, 0x2d, 0x39, 0x5b, 0x7b].randomElement(using: &random) ?? 0
        default: result.removeLast(result.count - at)
        }
    }
    return result
}
