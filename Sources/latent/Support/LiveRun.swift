import Foundation
import TUI
import VAECore

/// What the full-screen program trains, records and saves for one model on show.
///
/// A run gets its folder with its first checkpoint, or when it is saved. So a run of a few seconds that nobody saves
/// leaves nothing behind.
final class LiveRun: Sendable {
    private let preset: Preset
    private let threads: Int?
    /// The folder given on the command line; nil creates one in `runs/`.
    private let out: String?
    /// The folder of the run that the model came from; nil if it came from none.
    private let origin: String?
    private let options: RunRecorder.Options

    private struct State {
        /// A run to be continued by the next trainer that is made.
        var past: PastRun?
        /// Of the last trainer that was made.
        var recorder: RunRecorder?
    }

    private let state: Locked<State>
    /// Every record of this process, to be written to the end before the program ends.
    private static let all = Locked<[RunRecorder]>([])

    init(
        _ preset: Preset, threads: Int? = nil, out: String? = nil, past: PastRun? = nil, origin: String? = nil,
        options: RunRecorder.Options = RecordOptions.standard
    ) {
        self.preset = preset
        self.threads = threads
        self.out = out
        self.origin = origin
        self.options = options
        state = Locked(State(past: past))
    }

    /// A trainer that is recorded. The record of the last one ends.
    @Sendable func trainer(_ dataset: Dataset, _ notify: @escaping @Sendable () -> Void) throws -> Trainer {
        let (past, last) = state.withLock { state in
            defer { state.past = nil }
            return (state.past, state.recorder)
        }
        last?.end()
        let made: (trainer: Trainer, recorder: RunRecorder)
        if let past {
            made = try past.trainer(dataset: dataset, threads: threads, options: options, notify: notify)
        } else {
            made = try new(dataset, notify, replacing: last != nil)
        }
        state.withLock { $0.recorder = made.recorder }
        Self.all.withLock { $0.append(made.recorder) }
        return made.trainer
    }

    private func new(
        _ dataset: Dataset, _ notify: @escaping @Sendable () -> Void, replacing: Bool
    ) throws -> (trainer: Trainer, recorder: RunRecorder) {
        let workers = Workers.resolve(threads: threads)
        let recorder = RunRecorder(
            try Runs.plan(preset, dataset), options: options,
            configuration: { [preset] in Runs.configuration(preset, dataset, threads: workers) },
            makeFolder: { [preset, out] in
                try RunFolder(parent: Runs.folder, name: preset.name, time: runTime(), exact: out, replacing: replacing)
            })
        let trainer = try Trainer(
            model: preset.model, training: preset.training, dataset: dataset, threads: threads, record: recorder,
            notify: notify)
        return (trainer, recorder)
    }

    /// Takes the last run of this session, or the one that the model came from, to continue it. Its folder is written to
    /// the end first.
    /// - Returns: what may differ from a run without a break, a line each.
    /// - Throws: `CoreError` when it cannot be continued on these data.
    @Sendable func takeUp(_ dataset: Dataset) throws -> [String] {
        var folder = origin
        if let recorder = state.withLock({ $0.recorder }) {
            folder = try recorder.folder().path
            try recorder.finish(seconds: 30)
        }
        guard let folder else {
            throw CoreError(
                .configuration, "cannot be continued", at: "this model", expected: "a run with a checkpoint",
                remedy: "t trains it from scratch")
        }
        let past = try PastRun(folder)
        guard !past.isFinished else {
            past.folder.release()
            throw CoreError(
                .configuration, "every epoch is done", at: folder,
                remedy: "'latent train --resume \(folder) --epochs \(past.epochs * 2)' trains it further")
        }
        let notes = try past.differences(
            data: DataIdentity(dataset), machine: Runs.machine(threads: Workers.resolve(threads: threads)),
            version: Version.name)
        state.withLock { $0.past = past }
        return notes
    }

    /// Saves a run in its folder.
    /// - Returns: the path of the model.
    /// - Throws: `CoreError` when a file cannot be written.
    @Sendable func save(_ run: SavedRun) throws -> String {
        let saver = RunSaver(preset: preset)
        guard run.place == .runs, let recorder = state.withLock({ $0.recorder }) else { return try saver.save(run, out: out) }
        let folder = try recorder.folder()
        folder.keepSavedModel(unlessOf: run.snapshot.step)
        try ModelFile.save(saver.model(run), to: folder.modelPath)
        return folder.modelPath
    }

    /// Ends every record, at the end of the program.
    /// - Returns: the folders of runs that have a checkpoint and no model.
    static func endAll() -> [String] {
        all.withLock { recorders in
            for recorder in recorders { recorder.end() }
            return recorders.compactMap { recorder in
                do throws(CoreError) { try recorder.finish(seconds: 5) } catch { Console.message(error.description) }
                guard let folder = recorder.madeFolder else { return nil }
                return FileManager.default.fileExists(atPath: folder.modelPath) ? nil : folder.path
            }
        }
    }
}
