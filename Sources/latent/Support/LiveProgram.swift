import Foundation
import TUI
import VAECore

/// Opens the full-screen program.
enum LiveProgram {
    /// Explores a trained model.
    static func explore(
        _ model: TrainedModel, name: String, path: String, data: DataChoice, drawing: DrawingOptions, frames: FrameOptions,
        screen: TUI.Screen
    ) throws {
        try requireDrawable(model.snapshot.network.configuration.image, at: path)
        try run(session(model, name: name, path: path, data: data), drawing, frames, screen: screen, training: false)
    }

    /// The tour, on the model that comes with the project.
    /// - Parameter chapter: from 0; nil goes on where the reader was.
    static func tour(
        chapter: Int?, language: TourLanguage, data: DataChoice, drawing: DrawingOptions, frames: FrameOptions
    ) throws {
        let model = try Surroundings.loadModel(nil)
        var session = session(model, name: "manifold", path: Surroundings.modelPath(nil), data: data)
        session.language = language
        try run(session, drawing, frames, screen: .explore, training: false) { state in
            if let chapter { return beginTour(chapter: chapter, &state) }
            return beginTour(at: TourPlace.read(), &state)
        }
    }

    /// Trains a new model, live.
    static func train(
        options: TrainingOptions, data: DataChoice, drawing: DrawingOptions, frames: FrameOptions, out: String?,
        record: RecordOptions
    ) throws {
        try options.check()  // before any data is read
        let dataset = try Surroundings.loadData(data)
        try requireDrawable(dataset.shape, at: dataset.name)
        let (preset, threads) = try options.resolve(dataset: dataset)
        let live = LiveRun(preset, threads: threads, out: out, options: record.options(isLive: true))
        var session = Self.session(try untrained(preset), preset, dataset, live)
        addModels(to: &session, data: data)
        try run(session, drawing, frames, screen: .train, training: true)
    }

    /// Continues a run, live.
    static func resume(
        _ resumed: Runs.Resumed, data: DataChoice, drawing: DrawingOptions, frames: FrameOptions, record: RecordOptions
    ) throws {
        try requireDrawable(resumed.dataset.shape, at: resumed.dataset.name)
        let live = LiveRun(resumed.preset, threads: resumed.threads, past: resumed.run, options: record.options(isLive: true))
        let snapshot = try resumed.run.state?.parameters ?? untrained(resumed.preset)
        var session = Self.session(snapshot, resumed.preset, resumed.dataset, live)
        addModels(to: &session, data: data)
        try run(session, drawing, frames, screen: .train, training: true)
    }

    /// Follows a run that another process trains.
    static func watch(
        _ source: FollowSource, models: String?, tags: CurveTags, data: DataChoice, drawing: DrawingOptions, frames: FrameOptions
    ) throws {
        try run(follower(source, models: models, tags: tags, data: data), drawing, frames, screen: .train, training: false)
    }

    /// A session that follows a run of another process, and shows the models it writes.
    private static func follower(
        _ source: FollowSource, models: String? = nil, tags: CurveTags = CurveTags(), data: DataChoice
    ) throws -> Session {
        let name = source.name
        var session = session(try placeholder(source), name: name, path: "", data: data)
        session.path = nil
        session.following = Following(
            name: name, tags: tags,
            start: { notify in
                let run = FollowedRun(source, model: models, notify: notify)
                run.start()
                return run
            },
            open: { landed in
                try requireDrawable(landed.model.snapshot.network.configuration.image, at: landed.path)
                return Self.session(landed.model, name: name, path: landed.path, data: data)
            })
        return session
    }

    /// The network of a run that is followed, as far as its folder tells, untrained. It is not shown: it has the place of
    /// the model that the run is yet to write.
    private static func placeholder(_ source: FollowSource) throws -> TrainedModel {
        var preset = Preset.all[0]
        if case .run(let path) = source, let run = try? RunFolder.configuration(in: path) {
            preset = Preset(name: preset.name, summary: "", model: run.model, training: run.training)
        }
        return TrainedModel(snapshot: try untrained(preset))
    }

    /// A session that trains the model it shows.
    private static func session(
        _ snapshot: ParameterSnapshot, _ preset: Preset, _ dataset: Dataset, _ live: LiveRun
    ) -> Session {
        var session = Session(
            snapshot: snapshot, name: preset.name, binarization: preset.training.binarization,
            seed: preset.training.seed, loadData: { .ready(dataset) }, makeTrainer: live.trainer, save: live.save)
        session.takeUp = live.takeUp
        return session
    }

    /// A session that shows `model`.
    /// - Parameters:
    ///   - path: the path of its file.
    ///   - data: the data set given on the command line; nil uses the one it was trained on, or the default.
    static func session(_ model: TrainedModel, name: String, path: String, data: DataChoice) -> Session {
        let preset = preset(of: model)
        let folder = RunFolder.containing(path)
        let live = LiveRun(preset, origin: RunFolder.isRun(folder) ? folder : nil)
        var session = Session(
            snapshot: model.snapshot, name: name, binarization: model.binarization,
            seed: preset.training.seed, evaluation: model.record?.evaluation, trainedOn: model.record?.dataset,
            loadData: {
                do throws(CoreError) {
                    let dataset = try Surroundings.readData(data.fitting(model), trainedOn: model.record?.dataset)
                    try requireDrawable(dataset.shape, at: dataset.name)
                    try requireFit(model, dataset)
                    return .ready(dataset)
                } catch {
                    return .missing(error.description)
                }
            },
            makeTrainer: live.trainer, save: live.save)
        session.takeUp = live.takeUp
        session.path = listedPath(path)
        session.language = Surroundings.language
        session.keepTourPlace = TourPlace.write
        session.assumption = model.assumption
        session.keepsData = { dataset in
            data.name != nil || dataset.name == Surroundings.dataName(trainedOn: model.record?.dataset)
        }
        addModels(to: &session, data: data)
        return session
    }

    /// Adds the models that the session can list: those of the project, and the runs in the working folder.
    private static func addModels(to session: inout Session, data: DataChoice) {
        session.models = {
            (Surroundings.modelsFolder.map { ModelShelf.models(in: $0) } ?? []) + ModelShelf.runs(in: Runs.folder)
        }
        session.open = { listing in
            let model = try ModelFile.load(listing.path)
            try requireDrawable(model.snapshot.network.configuration.image, at: listing.path)
            return Self.session(model, name: listing.name, path: listing.path, data: data)
        }
        session.follow = { listing in
            try follower(.run(RunFolder.containing(listing.path)), data: data)
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

    private static func run(
        _ session: Session, _ drawing: DrawingOptions, _ frames: FrameOptions, screen: TUI.Screen, training: Bool,
        begin: (inout AppState) -> [Effect] = { _ in [] }
    ) throws {
        let backend = try NcursesBackend(drawing.terminal)
        let outcome = Program(session, backend: backend, screen: screen, framesPerSecond: frames.fps)
            .run(training: training, begin: begin)
        backend.close()
        let unsaved = LiveRun.endAll()
        if let farewell = outcome.farewell { Console.message(farewell) }
        for folder in unsaved { Console.message("to continue this run: latent train --resume \(folder)") }
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
}
