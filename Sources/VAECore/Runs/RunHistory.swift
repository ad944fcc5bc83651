import Foundation
import PlainText

/// What `metrics.jsonl` says of a run, as far as it can be read.
///
/// A last line that is torn, a line that cannot be read, a number that is not finite and a clock that was set back are
/// each left out or noted; the rest is read.
package struct RunHistory: Sendable, Equatable {
    package var steps: [StepMetrics] = []
    package var epochs: [Epoch] = []
    package var changes: [TrainingChange] = []
    /// Why the run failed, if its last line says so.
    package var failure: String?
    /// What is wrong with the file, a line each.
    package var notices: [String] = []
    /// The times of the first and the last line, in seconds since 1970; nil if no line has one.
    package var began, ended: Double?

    /// One epoch, in nats per image.
    package struct Epoch: Sendable, Equatable {
        /// Epochs and steps completed.
        package var epoch, step: Int
        /// Training time without the evaluation; nil if it is not known.
        package var seconds: Double?
        package var train: LossTerms?
        package var test: LossTerms
        package var activeUnits: Int?

        package init(epoch: Int, step: Int, seconds: Double?, train: LossTerms?, test: LossTerms, activeUnits: Int? = nil) {
            (self.epoch, self.step, self.seconds) = (epoch, step, seconds)
            (self.train, self.test, self.activeUnits) = (train, test, activeUnits)
        }

        /// The same as a trainer reports it, without what no line tells: the KL of each dimension.
        /// - Parameters:
        ///   - images: trained on; 0 if unknown.
        ///   - heldOut: images that the figures are of.
        package func report(binarization: Binarization, images: Int, heldOut: Int) -> EpochReport {
            EpochReport(
                epoch: epoch, step: step, seconds: seconds ?? 0,
                imagesPerSecond: Double(images) / max(seconds ?? 0, 1e-9), train: train ?? test,
                test: Evaluation(
                    binarization: binarization, images: heldOut, terms: test, klPerDimension: [], meanVariance: []))
        }
    }

    package init() {}

    /// Seconds of training, as far as epochs have been completed; nil if none tells.
    package var seconds: Double? {
        let all = epochs.compactMap(\.seconds)
        return all.isEmpty ? nil : all.reduce(0, +)
    }

    /// The epoch with the lowest loss on the held-out images.
    package var best: Epoch? { epochs.min { $0.test.negativeELBO < $1.test.negativeELBO } }

    /// Which steps of a record are kept: there may be a million.
    package enum Steps: Sendable, Equatable {
        case all
        /// At most so many, evenly spread, and the last.
        case spread(Int)
        /// The last alone, for lists.
        case last
    }

    /// Reads the record of the run in `folder`. A run without one has an empty history.
    package static func read(folder: String, steps: Steps = .all) -> RunHistory {
        let path = FileSystem.join(folder, "metrics.jsonl")
        guard FileSystem.kind(of: path) != .nothing else { return RunHistory() }
        var reader = Reader(steps)
        do throws(CoreError) {
            // In blocks, so that a long record needs little memory.
            try FileSystem.eachBlock(path, kind: .file, size: 1 << 20) { block in
                reader.take(block)
                return true
            }
            return reader.finished()
        } catch {
            var history = reader.finished()
            history.notices.append("metrics.jsonl: " + ModelShelf.reason(error))
            return history
        }
    }

    /// The history that the bytes of a `metrics.jsonl` tell.
    package init(_ bytes: [UInt8]) {
        var reader = Reader(.all)
        bytes.withUnsafeBufferPointer { reader.take($0) }
        self = reader.finished()
    }
}

/// Reads line after line.
private struct Reader {
    private var history = RunHistory()
    private var lines = 0
    private var bad: [Int] = []
    private var infinite = 0
    private var isClockBack = false
    private let kept: RunHistory.Steps
    /// Of so many steps one is kept; the last is kept too, until the next comes.
    private var stride = 1
    private var steps = 0
    private var isLastExtra = false
    /// The start of a line whose end is in the next block.
    private var partial: [UInt8] = []
    /// A longer line is no line of a record.
    private static let longestLine = 1 << 20

    init(_ kept: RunHistory.Steps) { self.kept = kept }

    /// Reads the lines of a block, which may begin and end within a line.
    mutating func take(_ block: UnsafeBufferPointer<UInt8>) {
        var start = 0
        while let end = block[start...].firstIndex(of: 10) {
            if partial.isEmpty {
                if end > start { read(UnsafeBufferPointer(rebasing: block[start..<end])) }
            } else {
                partial += block[start..<end]
                readPartial()
            }
            start = end + 1
        }
        if partial.count <= Self.longestLine { partial += block[start...] }
    }

    private mutating func readPartial() {
        let line = partial
        partial = []
        line.withUnsafeBufferPointer { read($0) }
    }

    /// The values of a line that may be of use.
    private struct Line {
        var event: String?
        var message: String?
        var numbers: [String: Double] = [:]

        func integer(_ key: String) -> Int? { numbers[key].flatMap { Int(exactly: $0.rounded()) } }

        func terms(_ part: String) -> LossTerms? {
            guard let reconstruction = numbers[part + ".reconstruction"], let kl = numbers[part + ".kl"] else { return nil }
            return LossTerms(reconstruction: reconstruction, kl: kl)
        }
    }

    private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
        lines += 1
        var line = Line()
        let isWhole = JSONLineScanner.scan(bytes) { path, value in
            switch value {
            case .number(let number): line.numbers[path] = number
            case .text(let text) where path == "event": line.event = text
            case .text(let text) where path == "message": line.message = text
            default: break
            }
        }
        guard isWhole, take(line) else {
            bad.append(lines)
            return
        }
        guard let time = line.numbers["time"], time.isFinite else { return }
        if let ended = history.ended, time < ended - 1 { isClockBack = true }
        history.began = history.began ?? time
        history.ended = time
    }

    /// - Returns: false when a line of a known kind lacks what it must have.
    private mutating func take(_ line: Line) -> Bool {
        history.failure = nil
        switch line.event ?? "epoch" {
        case "epoch":
            guard let epoch = line.integer("epoch"), let test = line.terms("test") else { return false }
            guard test.nonFiniteTerm == nil else { return countInfinite() }
            history.epochs.append(
                .init(
                    epoch: epoch, step: line.integer("step") ?? 0, seconds: line.numbers["seconds"],
                    train: line.terms("train"), test: test, activeUnits: line.integer("active_units")))
        case "step":
            guard let step = line.integer("step"), let train = line.terms("train") else { return false }
            guard train.nonFiniteTerm == nil else { return countInfinite() }
            keep(
                StepMetrics(
                    step: step, terms: train, learningRate: line.numbers["learning_rate"] ?? 0,
                    beta: line.numbers["beta"] ?? 1, freeBits: line.numbers["free_bits"] ?? 0))
        case "change":
            guard let step = line.integer("step") else { return false }
            history.changes.append(
                TrainingChange(
                    step: step, learningRateScale: line.numbers["learning_rate_scale"], beta: line.numbers["beta"],
                    freeBits: line.numbers["free_bits"], rolledBackTo: line.integer("rolled_back_to"),
                    epochs: line.integer("epochs")))
        case "failed": history.failure = sanitize(line.message ?? "an error", limit: 200)
        default: break
        }
        return true
    }

    private mutating func keep(_ step: StepMetrics) {
        if isLastExtra { history.steps.removeLast() }
        isLastExtra = kept == .last || steps % stride != 0
        history.steps.append(step)
        steps += 1
        guard case .spread(let most) = kept, !isLastExtra, history.steps.count > max(2, most) else { return }
        // Every other goes, and from now on half as many are kept.
        history.steps = history.steps.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        stride *= 2
        isLastExtra = history.steps.last?.step != step.step
        if isLastExtra { history.steps.append(step) }
    }

    private mutating func countInfinite() -> Bool {
        infinite += 1
        return true
    }

    mutating func finished() -> RunHistory {
        if !partial.isEmpty { readPartial() }
        var result = history
        if bad == [lines], lines > 0 {
            result.notices.append("the last line of metrics.jsonl is torn")
        } else if !bad.isEmpty {
            result.notices.append("\(bad.count) of \(lines) lines of metrics.jsonl cannot be read")
        }
        if infinite > 0 { result.notices.append("\(infinite) of \(lines) lines of metrics.jsonl have a loss that is not finite") }
        if isClockBack { result.notices.append("the clock was set back during the run") }
        return result
    }
}
