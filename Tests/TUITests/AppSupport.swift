import Drawing
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
    var session = Session(
        snapshot: tinySnapshot(network: network), name: "tiny", loadData: { data },
        makeTrainer: { dataset, notify in
            try Trainer(model: network.configuration, training: training, dataset: dataset, threads: 1, notify: notify)
        }, save: save)
    session.exportFolder = exportFolder
    return session
}

/// Where tests write pictures.
private let exportFolder: String = {
    let folder = NSTemporaryDirectory() + "latent-tests-\(ProcessInfo.processInfo.processIdentifier)"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
}()

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

/// Does the effects as the program does, but at once, and applies their answers.
func settle(_ state: inout AppState, _ effects: [Effect]) {
    let runner = EffectRunner(InlineJobs()) {}
    var effects = effects
    while !effects.isEmpty {
        var actions = runner.perform(effects.filter { !$0.trains }, state)
        actions += runner.collectAnswers()
        if effects.contains(where: \.trains) { actions.append(tinyRun(effects)) }
        effects = actions.flatMap { update(&state, $0) }
    }
}

extension Effect {
    /// Tests tell what a run would tell.
    var trains: Bool {
        switch self {
        case .startTraining, .startLesson: true
        default: false
        }
    }
}

private func tinyRun(_ effects: [Effect]) -> AppAction {
    let scales = effects.compactMap { if case .startTraining(let scale) = $0 { scale } else { nil } }
    return .trainingStarted(
        .init(name: "tiny", dataset: "tiny", images: 30, beta: 1, learningRateScale: scales.last ?? 1))
}

/// The work of a kind that is asked for.
func jobs<J: Job>(_ kind: J.Type, in effects: [Effect]) -> [J] {
    effects.compactMap { if case .job(let job) = $0 { job as? J } else { nil } }
}

/// The models that are to be put on show, or held beside.
func opened(_ effects: [Effect], beside: Bool = false) -> [OpenModel.Model] {
    jobs(OpenModel.self, in: effects).filter { $0.isBeside == beside }.map(\.model)
}

/// Where the model is to be saved.
func saves(_ effects: [Effect]) -> [SavedRun.Place] { jobs(SaveModel.self, in: effects).map(\.run.place) }

/// What is encoded of a drawing.
func encoding(_ image: Bitmap?, label: Int? = nil, _ state: AppState) -> Effect {
    .job(EncodeDrawing(model: state.shown.now, image: image, label: label, map: nil))
}

/// A disc without room, say.
struct Refusal: Error, CustomStringConvertible { let description: String }

func asks<J: Job>(for kind: J.Type, _ effects: [Effect]) -> Bool { !jobs(kind, in: effects).isEmpty }

func send(_ state: inout AppState, _ actions: AppAction...) {
    for action in actions { settle(&state, update(&state, action)) }
}

/// The key that opens a screen.
func digit(_ screen: Screen) -> Key { .character(Character(String(screen.digit))) }

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
