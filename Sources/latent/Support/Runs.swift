import Foundation
import VAECore

/// Runs in the folder `runs/` of the working folder.
enum Runs {
    static let folder = "runs"

    /// The folder of a run given by its path or its name in `runs/`.
    static func path(_ name: String) -> String {
        let inside = folder + "/" + name
        let isName = !name.contains("/") && !FileManager.default.fileExists(atPath: name)
        return isName && FileManager.default.fileExists(atPath: inside) ? inside : name
    }

    /// What `config.json` says of a new run; reads every image.
    static func configuration(_ preset: Preset, _ dataset: Dataset, threads: Int) -> RunConfiguration {
        RunConfiguration(
            preset: preset.name, dataset: dataset.name, model: preset.model, training: preset.training,
            data: DataIdentity(dataset), machine: machine(threads: threads), version: Version.name)
    }

    static func machine(threads: Int) -> RunConfiguration.Machine {
        RunConfiguration.Machine(threads: threads, processor: Surroundings.processor)
    }

    static func plan(_ preset: Preset, _ dataset: Dataset) throws(CoreError) -> RunRecorder.Plan {
        RunRecorder.Plan(
            stepsPerEpoch: (dataset.train.count + preset.training.batchSize - 1) / preset.training.batchSize,
            epochs: preset.training.epochs, parameters: try Network(preset.model).parameterCount,
            samples: .init(dataset, preset.training))
    }

    /// A run to be continued, with its data.
    struct Resumed {
        var run: PastRun
        var dataset: Dataset
        var threads: Int?

        var preset: Preset {
            Preset(
                name: run.configuration.preset, summary: "", model: run.configuration.model,
                training: run.configuration.training)
        }
    }

    /// Takes a run to continue it. Says on stderr what may differ from a run without a break.
    /// - Returns: nil when there is nothing left to do, which is said too.
    static func resume(_ name: String, epochs: Int?, threads: Int?, data: DataChoice) throws -> Resumed? {
        var run = try PastRun(path(name))
        if let epochs { try run.extend(to: epochs) }
        if run.isFinished, run.hasModel {
            Console.note(
                "this run has finished: \(run.epoch) epochs, \(run.step) steps; to train it further, "
                    + "give more epochs in all, such as --epochs \(run.epoch * 2)")
            run.folder.release()
            return nil
        }
        let old = run.configuration
        let isKnown = Catalogue.entry(named: old.dataset) != nil
        var choice = data
        if choice.name == nil {
            choice.name = isKnown ? old.dataset : old.data?.source ?? old.dataset
            choice.reading = old.data?.reading ?? Reading()
        }
        let dataset = try Surroundings.loadData(choice)
        let threads = threads ?? run.configuration.machine?.threads
        let differences = try run.differences(
            data: DataIdentity(dataset), machine: machine(threads: Workers.resolve(threads: threads)),
            version: Version.name)
        for difference in differences { Console.message(difference) }
        return Resumed(run: run, dataset: dataset, threads: threads)
    }
}
