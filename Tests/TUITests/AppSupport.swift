import Foundation
import TUI
import Testing
import VAECore

/// A network of 25 pixels, two dimensions and no training: enough for every screen.
let tinyNetwork: Network = {
    guard let network = try? Network(.perceptron(image: ImageShape(height: 5, width: 5), hidden: [6], latent: 2)) else {
        preconditionFailure("a network that cannot be built")
    }
    return network
}()

func tinySnapshot(step: Int = 0, network: Network = tinyNetwork) -> ParameterSnapshot {
    var random = Seeded(state: 5)
    let values = (0..<network.parameterCount).map { _ in Float.random(in: -0.5...0.5, using: &random) }
    return ParameterSnapshot(network: network, values: values, step: step, epoch: step / 10)
}

/// 30 images to train on and 12 held out.
let tinyDataset: Dataset = {
    func set(_ count: Int) -> ImageSet {
        ImageSet(
            shape: ImageShape(height: 5, width: 5), pixels: (0..<count * 25).map { UInt8($0 * 37 % 256) },
            labels: (0..<count).map { UInt8($0 % 10) })
    }
    return Dataset(name: "tiny", train: set(30), test: set(12), source: "nowhere")
}()

let tinyTraining = TrainingConfiguration(epochs: 2, batchSize: 10, learningRate: 1e-3)

func tinySession(
    network: Network = tinyNetwork, data: DataState = .ready(tinyDataset),
    training: TrainingConfiguration = tinyTraining,
    save: @escaping @Sendable (SavedRun) throws -> String = { "runs/tiny-\($0.snapshot.step)/model.safetensors" }
) -> Session {
    Session(
        snapshot: tinySnapshot(network: network), name: "tiny", loadData: { data },
        makeTrainer: { dataset in
            try Trainer(model: network.configuration, training: training, dataset: dataset, threads: 1)
        }, save: save)
}

func tinyState(
    width: Int = 80, height: Int = 24, _ capabilities: Capabilities = Capabilities(), network: Network = tinyNetwork
) -> AppState {
    tinySession(network: network).initialState(width: width, height: height, capabilities)
}

func tinyMail(
    steps: ClosedRange<Int>, state: TrainingState = .running, snapshot: Bool = true, epoch: EpochReport? = nil
) -> TrainingMailbox.Mail {
    var mail = TrainingMailbox.Mail()
    mail.state = state
    mail.progress = TrainingProgress(
        step: steps.upperBound, totalSteps: 100, epoch: 0, epochs: 10, imagesPerSecond: 1234, secondsLeft: 61)
    mail.steps = steps.map {
        StepMetrics(
            step: $0, terms: LossTerms(reconstruction: 100 / Double($0), kl: 3), learningRate: 1e-3, beta: 1)
    }
    mail.epochs = epoch.map { [$0] } ?? []
    mail.snapshot = snapshot ? tinySnapshot(step: steps.upperBound) : nil
    return mail
}

func tinyReport(epoch: Int, step: Int) -> EpochReport {
    EpochReport(
        epoch: epoch, step: step, seconds: 1, imagesPerSecond: 30, train: LossTerms(reconstruction: 20, kl: 3),
        test: Evaluation(
            binarization: .grey, images: 12, terms: LossTerms(reconstruction: 21, kl: 2.5), klPerDimension: [2, 0.5],
            meanVariance: [0.5, 0.001]))
}

/// Does the effects that answer at once, as the runtime does, with a network of random weights.
func settle(_ state: inout AppState, _ effects: [Effect]) {
    let network = network(like: state.model)
    let inference = Inference(tinySnapshot(step: state.model.step, network: network))
    let takesData = network.pixels == tinyDataset.shape.count
    func planes(_ grid: LatentGrid) -> PlanePictures {
        PlanePictures(grid: grid, pictures: inference.decode(grid.points), step: state.model.step)
    }
    for effect in effects {
        let action: AppAction
        switch effect {
        case .explore(let grid, let cursor, _): action = .explored(planes(grid), picture: inference.decode(cursor))
        case .density(let grid, let columns, let rows, let prior):
            guard let codes = state.codes else { continue }
            action = .density(AggregatePosterior(codes, over: grid, columns: columns, rows: rows, prior: prior))
        case .traverse(let dimensions, let values, let cursor, _):
            let z = zip(dimensions, values).flatMap { dimension, row in
                row.flatMap { value in cursor.indices.map { $0 == dimension ? value : cursor[$0] } }
            }
            action = .traversed(.init(dimensions: dimensions, values: values, pictures: inference.decode(z)))
        case .path(let points, _): action = .path(inference.decode(points.flatMap { $0 }))
        case .showStep(let step): action = .showing(step: step ?? 20, epoch: 0)
        case .export(let export): action = .exported(path: "latent-\(export.name)-step\(export.step).png")
        case .animate: action = .exported(path: "latent-path-step\(state.model.step).gif")
        case .timeLapse: action = .exported(path: "latent-steps-to-\(state.model.step).gif")
        case .encodeTraining where !takesData: continue
        case .encodeTraining:
            action = .encodedTraining(
                LatentCodes(inference, tinyDataset.train, .grey, seed: 1))
        case .thumbnail(let grid, _): action = .thumbnail(planes(grid))
        case .strip where !takesData, .compare where !takesData, .score where !takesData, .encode where !takesData: continue
        case .strip(let count):
            let images = (0..<min(count, 12)).flatMap { tinyDataset.test[$0].map { Float($0) / 255 } }
            action = .strip(
                .init(
                    inputs: images, outputs: inference.reconstruct(images).flatMap(\.picture), count: images.count / 25,
                    step: state.model.step))
        case .compare(let index, let seed):
            let image = tinyDataset.test[index].map { Float($0) / 255 }
            action = .compared(
                .init(
                    index: index, input: image, reconstruction: inference.reconstruct(image, sampleSeed: seed)[0],
                    step: state.model.step,
                    second: state.compare.second.map { _ in
                        .init(input: image, reconstruction: inference.reconstruct(image, sampleSeed: 1)[0])
                    }))
        case .score:
            action = .scored(
                (0..<12).map { LossTerms(reconstruction: Double($0 * 7 % 12), kl: 1) }, step: state.model.step)
        case .encode:
            action = .encoded(
                LatentCodes(inference, tinyDataset.test, .grey, seed: 1))
        case .models(let work):
            guard let answer = tinyAnswer(work, state) else { continue }
            action = answer
        case .draw(let work): action = tinyDrawn(work, inference, step: state.model.step)
        case .startTraining:
            action = .trainingStarted(.init(name: "tiny", dataset: "tiny", images: 30, beta: 1))
        case .restartTraining(let scale):
            action = .trainingStarted(
                .init(name: "tiny", dataset: "tiny", images: 30, beta: 1, learningRateScale: scale))
        case .save: action = .saved(path: "runs/tiny/model.safetensors", step: state.model.step)
        case .saveElsewhere: action = .saved(path: "tmp/tiny/model.safetensors", step: state.model.step)
        case .control, .requestSnapshot, .redraw, .quit: continue
        }
        settle(&state, update(&state, action))
    }
}

/// The answer to work for the Draw screen.
func tinyDrawn(_ work: DrawWork, _ inference: Inference, step: Int) -> AppAction {
    guard case .encode(let image, _, let map) = work else { preconditionFailure("other work") }
    // A test's model may see images of another size: then nothing comes of them.
    let encoded = image.flatMap { $0.pixels.count == 25 ? $0 : nil }.map { image in
        let posterior = inference.encode(image.pixels)
        return DrawState.Encoded(
            mean: posterior.mean, deviation: posterior.logVariance.map { exp(0.5 * $0) },
            reconstruction: inference.reconstruct(image.pixels)[0], step: step)
    }
    let grid = map.map { $0.window.showing(encoded, isClose: $0.isClose).grid(columns: $0.columns, rows: $0.rows) }
    let plane = grid.map { PlanePictures(grid: $0, pictures: inference.decode($0.points), step: step) }
    return .draw(.encoded(encoded, plane ?? PlanePictures()))
}

/// A network of the size of the model on show.
private func network(like model: ModelState) -> Network {
    if model.latent == 2, model.shape == tinyNetwork.configuration.image { return tinyNetwork }
    guard let network = try? Network(.perceptron(image: model.shape, hidden: [6], latent: model.latent)) else {
        preconditionFailure("a network that cannot be built")
    }
    return network
}

func send(_ state: inout AppState, _ actions: AppAction...) {
    for action in actions { settle(&state, update(&state, action)) }
}

/// The key that opens a screen.
func digit(_ screen: Screen) -> Key { .character(Character(String(screen.rawValue))) }

func drawn(_ state: AppState) -> [String] {
    var canvas = Canvas(width: state.width, height: state.height)
    render(state, into: &canvas)
    return canvas.plainText.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
}

/// A backend without a terminal that sends each event once the screen shows a text; after them it hangs up, unless the
/// program ends by itself.
final class WaitingBackend: TerminalBackend {
    let size = (width: 80, height: 24)
    let capabilities = Capabilities()
    private var events: [(shown: String, event: InputEvent)]
    private var screen = ""
    private let limit = ContinuousClock.now + .seconds(60)
    /// When to hang up.
    private var end: ContinuousClock.Instant?

    init(_ events: [(shown: String, event: InputEvent)]) { self.events = events }

    var wake: @Sendable () -> Void { {} }

    func present(_ canvas: Canvas) -> Bool {
        screen = canvas.plainText
        return true
    }

    func nextEvent(timeoutMilliseconds: Int) -> InputEvent? {
        guard let next = events.first else {
            end = end ?? .now + .seconds(2)
            if .now > end ?? .now { return .hangup }
            if timeoutMilliseconds > 0 { Thread.sleep(forTimeInterval: 0.002) }
            return nil
        }
        guard ContinuousClock.now < limit else {
            Issue.record("not shown in time: \(next.shown). On screen:\n\(screen)")
            return .hangup
        }
        if screen.contains(next.shown) { return events.removeFirst().event }
        if timeoutMilliseconds > 0 { Thread.sleep(forTimeInterval: 0.002) }
        return nil
    }

    func suspend() {}
    func resume() {}
    func close() {}
}

// MARK: Models

/// A model as the list has it, on 5 × 5 pixels unless told.
func tinyListing(
    _ name: String, latent: Int = 2, shape: ImageShape = ImageShape(height: 5, width: 5), isDeterministic: Bool = false,
    curve: [Double] = [], place: ModelListing.Place = .models
) -> ModelListing {
    let configuration = ModelConfiguration.perceptron(
        image: shape, hidden: [6], latent: latent, isDeterministic: isDeterministic)
    let evaluation = Evaluation(
        binarization: .grey, images: 12, terms: LossTerms(reconstruction: 20, kl: isDeterministic ? 0 : 2.5),
        klPerDimension: (0..<latent).map { 3 / Double($0 + 1) }, meanVariance: (0..<latent).map { 1 / Double($0 + 1) },
        isDeterministic: isDeterministic ? true : nil)
    return ModelListing(
        place: place, name: name, path: "models/\(name)/model.safetensors", bytes: 4_500_000,
        content: .model(
            ModelCard(
                configuration: configuration, parameters: 1234,
                record: .init(preset: "tiny", dataset: "tiny", training: tinyTraining, evaluation: evaluation), step: 70,
                epoch: 7)),
        curve: curve.enumerated().map { EpochFigure(epoch: $0 + 1, test: LossTerms(reconstruction: $1, kl: 1)) })
}

/// Models of several kinds, one that is damaged, one of other images, one with a name that means harm.
let tinyListings = [
    tinyListing("first"), tinyListing("twin", isDeterministic: true),
    ModelListing(
        place: .runs, name: "half", path: "runs/half/model.safetensors",
        content: .unreadable("no model.safetensors in its folder (yet)")),
    tinyListing("wide", latent: 200, curve: [180, 140, 130, .nan, 128], place: .runs),
    tinyListing("line", latent: 1, curve: [9]), tinyListing("others", shape: ImageShape(height: 20, width: 28)),
    tinyListing("ev\u{1B}[31mil\u{202E}\nname, and a long one at that: \(String(repeating: "x", count: 90))"),
]

/// The session that opens a listed model, with parameters at random.
func tinySession(_ listing: ModelListing) throws -> Session {
    guard let card = listing.card else { throw CoreError(.model, "damaged", at: listing.path) }
    var session = tinySession(network: try Network(card.configuration))
    session.name = listing.name
    session.path = listing.path
    session.evaluation = card.record?.evaluation
    session.trainedOn = card.record?.dataset
    session.models = { tinyListings }
    session.open = tinySession
    return session
}

/// What the runtime answers to work for the Models screen.
func tinyAnswer(_ work: ModelsWork, _ state: AppState) -> AppAction? {
    func read(_ listing: ModelListing, _ answer: (Session) -> ModelsAnswer) -> AppAction {
        do { return .models(answer(try tinySession(listing))) } catch {
            return .models(.refused(name: listing.name, reason: "\(error)"))
        }
    }
    let holes = LatentHoles(lost: 0.16, empty: 0.376, medianDistance: 0.2, codes: 30)
    switch work {
    case .list: return .models(.listed(tinyListings))
    case .open(let listing):
        return read(listing) { .opened($0, keepsData: $0.model.shape == tinyDataset.shape) }
    case .loadData: return .data(.missing("no images of that size"))
    case .hold(let listing): return read(listing) { .held($0) }
    case .holdNamed(let name): return tinyListings.first { $0.name == name }.map { listing in read(listing) { .held($0) } }
    case .drop: return nil
    case .scoreSecond:
        return .models(.secondScored((0..<12).map { LossTerms(reconstruction: Double($0 * 5 % 12), kl: 2) }))
    case .encodeSecond:
        return .models(.secondEncoded(LatentCodes(Inference(tinySnapshot()), tinyDataset.test, .grey, seed: 1)))
    case .measureHoles(.listed(let listing)): return .models(.measured(path: listing.path, holes))
    case .measureHoles(.shown): return .models(.measured(path: state.models.shown ?? "", holes))
    case .measureHoles(.second): return .models(.measured(path: state.compare.second?.path ?? "", holes))
    }
}
