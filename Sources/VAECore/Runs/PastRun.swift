import Foundation
import PlainText

/// A run on disk that is to be continued.
package struct PastRun: Sendable {
    package let folder: RunFolder
    /// How the run was begun, with all that was changed up to the checkpoint.
    package let configuration: RunConfiguration
    /// Where it had come to; nil if it was ended before its first checkpoint, and begins anew.
    package let state: RunState?
    private let metricsBytes: Int
    /// The change of the number of epochs, if one is asked for.
    package private(set) var change: TrainingChange?

    /// Takes the run in the folder at `path`; nobody else can write into it from then on.
    /// - Throws: `CoreError` when there is no run, another program trains it, somebody else writes it, or its files are
    ///   damaged.
    package init(_ path: String) throws(CoreError) {
        if let trainer = (try? RunFolder.configuration(in: path))?.trainer { throw trainer.cannotBeContinued(at: path) }
        folder = try RunFolder(resuming: path)
        if FileSystem.kind(of: folder.checkpointPath) == .nothing {
            (configuration, state, metricsBytes) = (try RunFolder.configuration(in: path), nil, 0)
        } else {
            let checkpoint = try Checkpoint.read(folder.checkpointPath)
            (configuration, state, metricsBytes) = (checkpoint.configuration, checkpoint.state, checkpoint.metricsBytes)
        }
        // It becomes part of file names and is shown.
        guard PlainName.isOne(configuration.preset) else {
            throw CoreError(
                .file, "the run's preset is not a plain name", at: path, expected: PlainName.expected,
                found: "'\(sanitize(configuration.preset, limit: 80))'")
        }
    }

    /// Steps taken, and epochs completed.
    package var step: Int { state?.numbers.step ?? 0 }
    package var epoch: Int { state?.numbers.epoch ?? 0 }
    /// Epochs of the whole run.
    package var epochs: Int { change?.epochs ?? configuration.epochs }
    /// Whether every epoch is done.
    package var isFinished: Bool { epoch >= epochs }
    /// Whether its model is on disk too.
    package var hasModel: Bool { FileSystem.kind(of: folder.modelPath) != .nothing }

    /// The training as the trainer is to carry it out.
    package var training: TrainingConfiguration {
        var training = configuration.currentTraining
        training.epochs = epochs
        return training
    }

    /// Changes the number of epochs of the whole run.
    /// - Throws: `CoreError(.configuration)` when more have been begun already.
    package mutating func extend(to epochs: Int) throws(CoreError) {
        let begun = epoch + (state?.numbers.place.images ?? 0 > 0 ? 1 : 0)
        guard epochs >= max(1, begun), epochs <= 1_000_000 else {
            throw CoreError(
                .configuration, "fewer epochs than the run has begun", at: "--epochs", expected: "\(max(1, begun)) or more in all",
                found: "\(epochs)")
        }
        change = epochs == configuration.epochs ? nil : TrainingChange(step: step, epochs: epochs)
    }

    /// What the user should know about continuing here: a line for each difference, and what it means for the result.
    /// - Throws: `CoreError(.data)` when the data are not those of the run.
    package func differences(
        data: DataIdentity, machine: RunConfiguration.Machine, version: String
    ) throws(CoreError) -> [String] {
        if let old = configuration.data, !old.isSame(as: data) {
            throw CoreError(
                .data, "not the data that the run was trained on", at: data.source,
                expected: "\(configuration.dataset) as in \(old.source): \(old.train) + \(old.test) images, \(old.hash)",
                found: "\(data.train) + \(data.test) images, \(data.hash)", remedy: "give its folder with --data")
        }
        var lines: [String] = []
        func compare(_ what: String, _ old: String?, _ new: String) {
            guard let old, !old.isEmpty, old != new else { return }
            lines.append("\(what) \(new) instead of \(old): the last digits may differ from those of a run without a break")
        }
        compare("processor", configuration.machine?.processor, machine.processor)
        compare("OpenBLAS code for", configuration.machine?.blasCore, machine.blasCore)
        compare("version", configuration.version, version)
        if let old = configuration.machine, old.threads != machine.threads {
            lines.append("threads: \(machine.threads) instead of \(old.threads); the numbers stay the same")
        }
        return lines
    }

    /// A trainer that continues the run, not yet started, and records into its folder.
    /// - Throws: `CoreError` when the state does not fit the run, or the folder cannot be written to.
    package func trainer(
        dataset: Dataset, threads: Int?, options: RunRecorder.Options, notify: (@Sendable () -> Void)? = nil
    ) throws(CoreError) -> (trainer: Trainer, recorder: RunRecorder) {
        let network = try Network(configuration.model)
        let steps = (dataset.train.count + training.batchSize - 1) / training.batchSize
        try folder.cutBack(metrics: metricsBytes, step: step)
        let history = RunHistory.read(folder: folder.path)
        let recorder = try RunRecorder(
            folder: folder, configuration: configuration,
            plan: .init(
                stepsPerEpoch: steps, epochs: epochs, parameters: network.parameterCount,
                changes: configuration.changes ?? [], resumedAt: state == nil ? -1 : step, samples: .init(dataset, training)),
            options: options)
        let trainer = try Trainer(
            model: configuration.model, training: training, dataset: dataset, threads: threads, record: recorder,
            past: state, notify: notify)
        if let change {
            recorder.change(change)
            if let state { recorder.keep(state) }
        }
        trainer.tell(history, images: dataset.test.count, changes: recorder.changes)
        return (trainer, recorder)
    }
}

extension RunConfiguration.OtherTrainer {
    /// The error that tells how a run in the folder at `path` can be continued.
    fileprivate func cannotBeContinued(at path: String) -> CoreError {
        guard name == "pytorch" else {
            return CoreError(
                .file, "another program trains this run", at: path, expected: "a run of 'latent train'",
                found: "one of '\(sanitize(name, limit: 40))'", remedy: "continue it with that program")
        }
        return CoreError(
            .file, "this run was trained by PyTorch, which keeps a checkpoint of its own", at: path,
            remedy: "continue it with 'python -m latent_torch.train --out \(sanitize(path, limit: 300))'")
    }
}

extension Trainer {
    /// Reports what an earlier process told of a run that is continued.
    fileprivate func tell(_ history: RunHistory, images: Int, changes: [TrainingChange]) {
        var epochs = history.epochs.map {
            $0.report(binarization: configuration.binarization, images: dataset.train.count, heldOut: images)
        }
        // The last one with all its figures.
        if let last = past?.numbers.report {
            if epochs.last?.epoch == last.epoch { epochs.removeLast() }
            epochs.append(last)
        }
        mailbox.post {
            $0.steps = history.steps
            $0.epochs = epochs
            $0.changes = changes
        }
    }
}
