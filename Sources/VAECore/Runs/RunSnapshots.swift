import Foundation
import Synchronization

/// The model files in `snapshots/`: the parameters at some steps of the run, evenly spaced, to look back at.
///
/// They are kept every `interval` steps. When there are more than `limit`, every other one is removed and the interval
/// doubles.
package final class RunSnapshots: @unchecked Sendable {
    /// How many and of what size.
    package struct Options: Sendable, Equatable {
        /// The largest number; 0 keeps none.
        package var limit = 64
        /// The largest number of bytes of all.
        package var bytes = 128 << 20
        /// Stored with 16 bits a number, not 32.
        package var isHalf = false

        package init(limit: Int = 64, bytes: Int = 128 << 20, isHalf: Bool = false) {
            self.limit = limit
            self.bytes = bytes
            self.isHalf = isHalf
        }
    }

    private let limit: Int
    private let isHalf: Bool
    /// Steps between two snapshots; read by the trainer, changed by the writer.
    private let interval: Atomic<Int>

    /// - Parameters:
    ///   - totalSteps: steps of the whole run.
    ///   - parameters: of the network.
    package init(_ options: Options, totalSteps: Int, parameters: Int) {
        let size = max(1, parameters) * (options.isHalf ? 2 : 4)
        limit = options.limit == 0 ? 0 : max(2, min(options.limit, options.bytes / size))
        isHalf = options.isHalf
        interval = Atomic(max(1, (totalSteps + max(1, limit - 1) - 1) / max(1, limit - 1)))
    }

    /// Whether the parameters after `step` steps are kept.
    func wants(step: Int) -> Bool { limit > 0 && step % interval.load(ordering: .relaxed) == 0 }

    /// Writes the parameters into `folder`, and removes every other snapshot when there are too many.
    /// - Throws: `CoreError(.file)` when the file system refuses.
    func keep(_ model: TrainedModel, in folder: String) throws(CoreError) {
        guard wants(step: model.snapshot.step) else { return }
        if mkdir(folder, 0o777) != 0, errno != EEXIST { throw FileSystem.failure("cannot create the folder", at: folder) }
        try ModelFile.save(model, to: "\(folder)/\(Self.name(step: model.snapshot.step))", half: isHalf, flushes: false)
        var steps = Self.steps(in: folder)
        while steps.count > limit {
            // Those of a shorter interval go first: the run was shorter when they were kept.
            var apart = interval.load(ordering: .relaxed)
            if steps.allSatisfy({ $0 % apart == 0 }) { apart *= 2 }
            interval.store(apart, ordering: .relaxed)
            for step in steps where step % apart != 0 { unlink("\(folder)/\(Self.name(step: step))") }
            steps = steps.filter { $0 % apart == 0 }
        }
    }

    /// Removes snapshots of steps after `step`, which a resumed run has yet to take.
    static func remove(after step: Int, in folder: String) {
        for later in steps(in: folder) where later > step { unlink("\(folder)/\(name(step: later))") }
    }

    /// The snapshots of one network in a run's folder, by step, as many as fit: where they are too many, evenly spread ones.
    /// A file that cannot be read, or is of another network, is left out.
    /// - Parameters:
    ///   - step: later ones are left out.
    ///   - bytes: how much memory they may take.
    package static func read(run: String, of network: ModelConfiguration, upTo step: Int, bytes: Int) -> [ParameterSnapshot] {
        let folder = FileSystem.join(run, "snapshots")
        let steps = steps(in: folder).filter { $0 <= step }
        guard let first = steps.first, let size = try? ModelFile.card("\(folder)/\(name(step: first))").parameters else { return [] }
        let most = max(1, bytes / max(1, 4 * size))
        let apart = (steps.count + most - 1) / most
        return stride(from: 0, to: steps.count, by: max(1, apart)).compactMap { place in
            guard let snapshot = try? ModelFile.load("\(folder)/\(name(step: steps[place]))").snapshot else { return nil }
            return snapshot.network.configuration == network ? snapshot : nil
        }
    }

    /// The steps of the snapshots in a folder, in order.
    package static func steps(in folder: String) -> [Int] {
        (FileSystem.names(in: folder) ?? []).compactMap { step(of: $0) }.sorted()
    }

    /// The name of a snapshot: `step-00014100.safetensors`.
    package static func name(step: Int) -> String {
        let digits = String(step)
        return "step-\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits).safetensors"
    }

    /// Whether a file's name is that of a snapshot.
    static func isOne(_ name: String) -> Bool { step(of: name) != nil }

    private static func step(of name: String) -> Int? {
        guard name.hasPrefix("step-"), name.hasSuffix(".safetensors") else { return nil }
        let digits = name.dropFirst(5).dropLast(12)
        guard digits.count >= 8, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        return Int(digits)
    }
}
