import Foundation
import TUI
import VAECore

/// Opens the full-screen program.
enum LiveProgram {
    /// Explores a trained model.
    static func explore(
        _ model: TrainedModel, name: String, path: String, data: String?, drawing: DrawingOptions, frames: FrameOptions,
        screen: TUI.Screen
    ) throws {
        try requireGrey(model.snapshot.network.configuration.image, at: path)
        try run(session(model, name: name, path: path, data: data), drawing, frames, screen: screen, training: false)
    }

    /// Trains a new model, live.
    static func train(
        options: TrainingOptions, data: String?, drawing: DrawingOptions, frames: FrameOptions, out: String?
    ) throws {
        try options.check()  // before any data is read
        let dataset = try Surroundings.loadData(data)
        try requireGrey(dataset.shape, at: dataset.name)
        let (preset, threads) = try options.resolve(dataset: dataset)
        var session = try Session(
            snapshot: untrained(preset), name: preset.name, binarization: preset.training.binarization,
            seed: preset.training.seed, loadData: { .ready(dataset) },
            makeTrainer: trainerMaker(preset, threads: threads),
            save: RunSaver(preset: preset, out: out).save)
        addModels(to: &session, data: data)
        try run(session, drawing, frames, screen: .train, training: true)
    }

    /// A session that shows `model`.
    /// - Parameters:
    ///   - path: the path of its file.
    ///   - data: the data set given on the command line; nil uses the one it was trained on, or the default.
    static func session(_ model: TrainedModel, name: String, path: String, data: String?) -> Session {
        let preset = preset(of: model)
        var session = Session(
            snapshot: model.snapshot, name: name, binarization: preset.training.binarization,
            seed: preset.training.seed, evaluation: model.record?.evaluation, trainedOn: model.record?.dataset,
            loadData: {
                do throws(CoreError) {
                    let dataset = try Surroundings.readData(data, trainedOn: model.record?.dataset)
                    try requireGrey(dataset.shape, at: dataset.name)
                    try requireFit(model, dataset)
                    return .ready(dataset)
                } catch {
                    return .missing(error.description)
                }
            },
            makeTrainer: trainerMaker(preset, threads: nil),
            save: RunSaver(preset: preset).save)
        session.path = listedPath(path)
        session.assumption = model.assumption
        session.keepsData = { dataset in
            data != nil || dataset.name == Surroundings.dataName(trainedOn: model.record?.dataset)
        }
        addModels(to: &session, data: data)
        return session
    }

    /// Adds the models that the session can list: those of the project, and the runs in the working folder.
    private static func addModels(to session: inout Session, data: String?) {
        session.models = {
            (Surroundings.modelsFolder.map { ModelShelf.models(in: $0) } ?? []) + ModelShelf.runs(in: runsFolder)
        }
        session.open = { listing in
            let model = try ModelFile.load(listing.path)
            try requireGrey(model.snapshot.network.configuration.image, at: listing.path)
            return Self.session(model, name: listing.name, path: listing.path, data: data)
        }
    }

    /// The path under which a model is listed: that of the run itself, not of the link `runs/latest`.
    private static func listedPath(_ path: String) -> String {
        let file = path as NSString
        let folder = file.deletingLastPathComponent as NSString
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: folder as String),
            !target.contains("/")
        else { return inModelsFolder(path) ?? path }
        return "\(folder.deletingLastPathComponent)/\(target)/\(file.lastPathComponent)"
    }

    /// The path of a shipped model in the project's folder, however it was given; nil for any other model.
    private static func inModelsFolder(_ path: String) -> String? {
        guard let models = Surroundings.modelsFolder else { return nil }
        func whole(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }
        guard whole(path).hasPrefix(whole(models) + "/") else { return nil }
        return models + whole(path).dropFirst(whole(models).count)
    }

    private static let runsFolder = "runs"

    private static func run(
        _ session: Session, _ drawing: DrawingOptions, _ frames: FrameOptions, screen: TUI.Screen, training: Bool
    ) throws {
        let backend = try NcursesBackend(drawing.terminal)
        let outcome = Program(session, backend: backend, screen: screen, framesPerSecond: frames.fps).run(training: training)
        backend.close()
        if let farewell = outcome.farewell { Console.message(farewell) }
        if outcome.exitStatus != 0 { throw Interrupted(status: outcome.exitStatus) }
    }

    /// The network and training for another model like this one: as in its file, or as in the preset of its architecture.
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

    private static func trainerMaker(_ preset: Preset, threads: Int?) -> Session.TrainerMaker {
        { try Trainer(model: preset.model, training: preset.training, dataset: $0, threads: threads, notify: $1) }
    }
}
