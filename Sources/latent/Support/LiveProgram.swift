import Foundation
import TUI
import VAECore

/// Opens the full-screen program, with what it needs from outside.
enum LiveProgram {
    /// Explores a trained model; `t` trains its like anew.
    static func explore(_ model: TrainedModel, name: String, data: String?, drawing: DrawingOptions, screen: TUI.Screen) throws {
        try run(session(model, name: name, data: data), drawing: drawing, screen: screen, training: false)
    }

    /// Trains from the start, live.
    static func train(options: TrainingOptions, data: String?, drawing: DrawingOptions, out: String?) throws {
        try options.check()  // a mistyped option is refused before any data is read
        let dataset = try Surroundings.loadData(data)
        let (preset, threads) = try options.resolve(dataset: dataset)
        let session = try Session(
            snapshot: untrained(preset), name: preset.name, binarization: preset.training.binarization,
            seed: preset.training.seed, loadData: { .ready(dataset) },
            makeTrainer: trainerMaker(preset, threads: threads),
            save: saver(preset, out: out))
        try run(session, drawing: drawing, screen: .train, training: true)
    }

    /// A session that shows `model`.
    static func session(_ model: TrainedModel, name: String, data: String?) -> Session {
        let preset = preset(of: model)
        return Session(
            snapshot: model.snapshot, name: name, binarization: preset.training.binarization,
            seed: preset.training.seed, evaluation: model.record?.evaluation, trainedOn: model.record?.dataset,
            loadData: {
                do throws(CoreError) {
                    let dataset = try Surroundings.readData(data, trainedOn: model.record?.dataset)
                    try requireFit(model, dataset)
                    return .ready(dataset)
                } catch {
                    return .missing(error.description)
                }
            },
            makeTrainer: trainerMaker(preset, threads: nil),
            save: saver(preset, out: nil))
    }

    private static func run(_ session: Session, drawing: DrawingOptions, screen: TUI.Screen, training: Bool) throws {
        let backend = try NcursesBackend(drawing.terminal)
        let outcome = Program(session, backend: backend, screen: screen).run(training: training)
        backend.close()
        if let farewell = outcome.farewell { Console.message(farewell) }
        if outcome.exitStatus != 0 { throw Interrupted(status: outcome.exitStatus) }
    }

    /// How a model like this one is trained: as its file says, or as the preset of its architecture does.
    private static func preset(of model: TrainedModel) -> Preset {
        let configuration = model.snapshot.network.configuration
        let like = Preset.all.first { $0.model == configuration } ?? Preset.all[0]
        return Preset(
            name: model.record?.preset ?? like.name, summary: like.summary, model: configuration,
            training: model.record?.training ?? like.training)
    }

    private static func untrained(_ preset: Preset) throws -> ParameterSnapshot {
        let network = try Network(preset.model)
        let parameters = FloatBuffer(count: network.parameterCount)
        preset.training.initialization.fill(parameters, layout: network.layout, seed: preset.training.seed)
        return ParameterSnapshot(network: network, values: parameters.array)
    }

    private static func trainerMaker(_ preset: Preset, threads: Int?) -> @Sendable (Dataset) throws -> Trainer {
        { try Trainer(model: preset.model, training: preset.training, dataset: $0, threads: threads) }
    }

    /// Saves into a run folder.
    private static func saver(
        _ preset: Preset, out: String?
    ) -> @Sendable (ParameterSnapshot, EpochReport?, _ dataset: String) throws -> String {
        { snapshot, report, dataset in
            let folder = try RunFolder(parent: "runs", name: preset.name, time: runTime(), exact: out)
            try folder.write(
                .init(preset: preset.name, dataset: dataset, model: preset.model, training: preset.training))
            let isCurrent = report?.step == snapshot.step
            let record = TrainedModel.Record(
                preset: preset.name, dataset: dataset, training: preset.training,
                evaluation: isCurrent ? report?.test : nil)
            try ModelFile.save(TrainedModel(snapshot: snapshot, record: record), to: folder.modelPath)
            return folder.modelPath
        }
    }
}
