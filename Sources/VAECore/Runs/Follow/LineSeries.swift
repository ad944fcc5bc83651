import PlainText

/// The values in lines of JSON, as they come: a `metrics.jsonl` of ours, or of anybody who writes an object per line with
/// a step in it.
///
/// Each number is a series of its own, under its path: `train.kl`. Of our own lines, the means over an epoch are
/// `epoch.train.kl`, so that they are not mixed with those of a step.
struct LineSeries {
    /// What a line can call its step, the first that it has.
    private static let steps = ["step", "global_step", "iteration", "iter", "_step", "epoch"]
    /// Numbers that are no curve.
    private static let clocks: Set<String> = ["time", "timestamp", "wall_time", "_timestamp", "_runtime"]
    private static let longestLine = 1 << 20

    /// Lines that could not be read. The last line of a file that grows does not count before it is whole.
    private(set) var damaged = 0
    /// Values that are not finite, which are left out.
    private(set) var infinite = 0
    /// Whether a line says that the run has failed, and why.
    private(set) var failure: String?
    private var partial: [UInt8] = []
    /// Lines without a step count as steps.
    private var lines = 0.0

    /// Reads the lines of a block, which may begin and end within a line.
    mutating func take(_ block: UnsafeBufferPointer<UInt8>, _ news: inout RunNews) {
        var start = 0
        while let end = block[start...].firstIndex(of: 10) {
            if partial.isEmpty {
                if end > start { read(UnsafeBufferPointer(rebasing: block[start..<end]), &news) }
            } else {
                let line = partial + block[start..<end]
                partial = []
                line.withUnsafeBufferPointer { read($0, &news) }
            }
            start = end + 1
        }
        if partial.count <= Self.longestLine { partial += block[start...] }
    }

    private mutating func read(_ line: UnsafeBufferPointer<UInt8>, _ news: inout RunNews) {
        lines += 1
        var numbers: [(path: String, value: Double)] = []
        var (event, message) = (String?.none, String?.none)
        let isWhole = JSONLineScanner.scan(line) { path, value in
            switch value {
            case .number(let number): numbers.append((path, number))
            case .text(let text) where path == "event": event = text
            case .text(let text) where path == "message": message = text
            default: break
            }
        }
        guard isWhole else {
            damaged += 1
            return
        }
        if event == "failed" { failure = sanitize(message ?? "an error", limit: 200) }
        // What was changed is no value of a step.
        guard event != "change" else { return }
        let key = Self.steps.first { key in numbers.contains { $0.path == key } }
        let step = key.flatMap { key in numbers.first { $0.path == key }?.value } ?? lines
        guard step.isFinite else { return }
        for (path, value) in numbers where path != key && !Self.clocks.contains(path) {
            guard value.isFinite else {
                infinite += 1
                continue
            }
            let isEpochMean = event == "epoch" && path.hasPrefix("train.")
            news.add(isEpochMean ? "epoch." + path : path, step: step, value: value)
        }
    }
}
