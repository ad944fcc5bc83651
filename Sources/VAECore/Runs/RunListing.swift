import Foundation
import PlainText

/// A run on disk, as a list shows it. Read without its parameters.
package struct RunListing: Sendable, Equatable {
    /// What a run is doing.
    package enum State: Sendable, Equatable {
        /// A process writes it now.
        case running(process: Int32, host: String)
        /// Every epoch is done.
        case finished
        /// Ended before its last epoch.
        case stopped
        /// Ended by an error.
        case failed(String)
        /// Its files do not tell.
        case unknown

        /// The state in a word.
        package var name: String {
            switch self {
            case .running: "running"
            case .finished: "finished"
            case .stopped: "stopped"
            case .failed: "failed"
            case .unknown: "unknown"
            }
        }
    }

    /// The name of its folder, safe to show, and the folder's path.
    package var name, path: String
    package var state: State
    /// The names of the preset and of the data set, safe to show; empty if unknown.
    package var preset, dataset: String
    /// Steps taken, epochs completed, and epochs of the whole run; as far as they are known.
    package var step, epoch: Int
    package var epochs: Int?
    /// The epoch with the lowest loss on the held-out images, in nats per image; nil before the first.
    package var best: RunHistory.Epoch?
    /// Seconds of training, without evaluations; nil before the first epoch has ended.
    package var seconds: Double?
    /// When its record was last written, in seconds since 1970; 0 if unknown.
    package var modified: Double
    /// The program that trains it, safe to show, if that is another one: `pytorch`.
    package var trainer: String?
    /// Whether `latent train --resume` can continue it.
    package var canResume: Bool
    /// What is wrong with its files, a line each.
    package var notices: [String]

    /// Reads the run in the folder at `path`.
    /// - Parameter history: its record, if it has been read already.
    package init(_ path: String, history: RunHistory? = nil) {
        let file = { FileSystem.join(path, $0) }
        let history = history ?? RunHistory.read(folder: path, steps: .last)
        self.path = path
        name = sanitize(FileSystem.lastComponent(path), limit: 100)
        notices = history.notices
        best = history.best
        seconds = history.seconds
        var configuration: RunConfiguration?
        var numbers: RunState.Numbers?
        canResume = false
        do throws(CoreError) {
            if FileSystem.kind(of: file("checkpoint.safetensors")) != .nothing {
                (configuration, numbers) = try Checkpoint.summary(file("checkpoint.safetensors"))
                canResume = true
            } else {
                configuration = try RunFolder.configuration(in: path)
                canResume = configuration?.data != nil && configuration?.trainer == nil
            }
        } catch {
            notices.append("\(FileSystem.lastComponent(error.place)): " + ModelShelf.reason(error))
        }
        preset = sanitize(configuration?.preset ?? "", limit: 100)
        dataset = sanitize(configuration?.dataset ?? "", limit: 100)
        trainer = configuration?.trainer.map { sanitize($0.name, limit: 40) }
        epochs = configuration?.epochs
        epoch = max(history.epochs.last?.epoch ?? 0, numbers?.epoch ?? 0)
        step = max(history.epochs.last?.step ?? 0, history.steps.last?.step ?? 0, numbers?.step ?? 0)
        state =
            if let writer = RunFolder.writer(of: path) {
                .running(process: writer.process, host: writer.host)
            } else if let failure = history.failure {
                .failed(failure)
            } else if let epochs {
                epoch >= epochs ? .finished : .stopped
            } else {
                .unknown
            }
        if case .finished = state { canResume = false }
        modified = ["metrics.jsonl", "checkpoint.safetensors", "config.json"].compactMap { Self.modified(file($0)) }.max() ?? 0
    }

    private static func modified(_ path: String) -> Double? {
        let date = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
        return date?.timeIntervalSince1970
    }

    /// Every run in a folder, by name: the folders in it that hold a run's files. A link, such as `latest`, does not
    /// count.
    /// - Returns: an empty list when there is no such folder.
    package static func all(in folder: String) -> [RunListing] {
        (FileSystem.names(in: folder) ?? []).filter { !$0.hasPrefix(".") }.compactMap { name in
            let path = FileSystem.join(folder, name)
            let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
            return !isLink && RunFolder.isRun(path) ? RunListing(path) : nil
        }
    }
}
