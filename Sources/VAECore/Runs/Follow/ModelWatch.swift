#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Loads the model files that a run writes, as they land. A file that is still being written is waited for.
final class ModelWatch {
    /// Where to look: a folder, a file, or a pattern such as `checkpoints/*.safetensors`.
    private let place: String
    /// Every file as it was at the last look, and the one that changed last. Clocks of two machines may differ, and a clock
    /// may be set back: the times of files count at the first look only.
    private var known: [String: Stamp] = [:]
    private var last: Stamp?
    /// The file that was last looked at, and as it was then.
    private var seen: Stamp?
    /// The file that was loaded last.
    private var loaded: Stamp?
    /// The file that could not be loaded yet, and how often it has been found the same since.
    private var unread: (stamp: Stamp, times: Int)?
    /// Files that are no models, or damaged: no longer waited for.
    private var refused: [Stamp] = []
    /// After so many looks that find a file the same, nobody is writing it.
    private static let patience = 20
    /// Whether a file is waited for: then it should be looked at again soon.
    private(set) var isWaiting = false

    init(_ place: String) { self.place = place }

    /// What tells whether a file has changed.
    private struct Stamp: Equatable {
        var path: String
        var size: Int
        var number: UInt64
        /// Nanoseconds since 1970.
        var modified: Int
    }

    /// The newest model, if it has changed since the last call and is whole.
    /// - Throws: `CoreError` when it cannot be read although nobody writes it any more.
    func next() throws(CoreError) -> RunNews.LandedModel? {
        guard let newest = newest(), newest != loaded else {
            isWaiting = false
            return nil
        }
        isWaiting = true
        // Two looks must find it the same: a file that is being written changes.
        guard seen == newest else {
            seen = newest
            return nil
        }
        do throws(CoreError) {
            let model = try Self.load(newest.path)
            guard stamp(newest.path) == newest else { return nil }
            (loaded, isWaiting) = (newest, false)
            return RunNews.LandedModel(model: model, path: newest.path)
        } catch {
            let times = unread?.stamp == newest ? (unread?.times ?? 0) + 1 : 1
            unread = (newest, times)
            guard times >= Self.patience else { return nil }
            refused = refused.filter { $0.path != newest.path } + [newest]
            throw error
        }
    }

    private static func load(_ path: String) throws(CoreError) -> TrainedModel {
        var model = try ModelFile.load(path)
        if model.snapshot.step == 0, let step = step(in: FileSystem.lastComponent(path)) {
            model.snapshot = ParameterSnapshot(
                network: model.snapshot.network, values: model.snapshot.values, step: step, epoch: model.snapshot.epoch)
        }
        return model
    }

    /// The step that a file's name tells, as in `vae-step=1200.safetensors`.
    static func step(in name: String) -> Int? {
        guard let word = name.range(of: "step") else { return nil }
        let digits = name[word.upperBound...].drop { "=-_ ".contains($0) }.prefix { $0.isASCII && $0.isNumber }
        return Int(digits)
    }

    // MARK: Files

    private func newest() -> Stamp? {
        let stamps = candidates().compactMap(stamp).filter { !refused.contains($0) }
        let changed = stamps.filter { known[$0.path] != $0 }
        known = Dictionary(stamps.map { ($0.path, $0) }) { first, _ in first }
        let isThere = last.map { known[$0.path] == $0 } ?? false
        // Where nothing has changed the last one counts, and where that is gone the newest of those left.
        if !changed.isEmpty || !isThere {
            last = (changed.isEmpty ? stamps : changed).max { ($0.modified, $0.path) < ($1.modified, $1.path) }
        }
        return last
    }

    private func stamp(_ path: String) -> Stamp? {
        var status = stat()
        guard stat(path, &status) == 0, FileSystem.kind(mode: status.st_mode) == .file else { return nil }
        return Stamp(
            path: path, size: Int(status.st_size), number: UInt64(truncatingIfNeeded: status.st_ino),
            modified: Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec))
    }

    private func candidates() -> [String] {
        switch FileSystem.kind(of: place) {
        case .file: [place]
        case .folder: Self.models(in: place) + Self.folders(in: place).flatMap { Self.models(in: $0) }
        default: Self.matches(place)
        }
    }

    /// The folders in which files may land.
    var folders: [String] {
        switch FileSystem.kind(of: place) {
        case .file: [FileSystem.folder(of: place)]
        case .folder: [place] + Self.folders(in: place)
        default: Array(Set(Self.matches(place).map { FileSystem.folder(of: $0) } + [FileSystem.folder(of: place)]))
        }
    }

    private static func models(in folder: String) -> [String] {
        (FileSystem.names(in: folder) ?? []).filter { $0.hasSuffix(".safetensors") && !$0.hasPrefix(".") }
            .map { FileSystem.join(folder, $0) }
    }

    /// The folders in a folder, but for those that are runs of their own, whose models belong to them.
    private static func folders(in folder: String) -> [String] {
        (FileSystem.names(in: folder) ?? []).filter { !$0.hasPrefix(".") }.map { FileSystem.join(folder, $0) }
            .filter { FileSystem.kind(of: $0) == .folder && !isRun($0) }
    }

    private static func isRun(_ folder: String) -> Bool {
        (FileSystem.names(in: folder) ?? []).contains { $0 == "metrics.jsonl" || EventLog.isOne($0) }
    }

    private static func matches(_ pattern: String) -> [String] {
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }
}
