import Foundation
import TUI
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
    save: @escaping @Sendable (ParameterSnapshot, EpochReport?, String) throws -> String = { snapshot, _, _ in
        "runs/tiny-\(snapshot.step)/model.safetensors"
    }
) -> Session {
    Session(
        snapshot: tinySnapshot(network: network), name: "tiny", loadData: { data },
        makeTrainer: { dataset in
            try Trainer(model: network.configuration, training: tinyTraining, dataset: dataset, threads: 1)
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
    let inference = Inference(tinySnapshot(step: state.model.step))
    func planes(_ grid: LatentGrid) -> PlanePictures {
        PlanePictures(grid: grid, pictures: inference.decode(grid.points), step: state.model.step)
    }
    for effect in effects {
        let action: AppAction
        switch effect {
        case .explore(let grid, let cursor, _): action = .explored(planes(grid), picture: inference.decode(cursor))
        case .thumbnail(let grid, _): action = .thumbnail(planes(grid))
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
                    step: state.model.step))
        case .score:
            action = .scored(
                (0..<12).map { LossTerms(reconstruction: Double($0 * 7 % 12), kl: 1) }, step: state.model.step)
        case .encode:
            action = .encoded(
                LatentCodes(Inference(tinySnapshot(step: state.model.step)), tinyDataset.test, .grey, seed: 1))
        case .draw, .models: continue
        case .startTraining:
            action = .trainingStarted(.init(name: "tiny", dataset: "tiny", images: 30, beta: 1))
        case .restartTraining(let scale):
            action = .trainingStarted(
                .init(name: "tiny", dataset: "tiny", images: 30, beta: 1, learningRateScale: scale))
        case .save: action = .saved(path: "runs/tiny/model.safetensors")
        case .control, .requestSnapshot, .redraw, .quit: continue
        }
        settle(&state, update(&state, action))
    }
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

/// A backend without a terminal that sends each event once the screen shows a text; after them it hangs up.
final class WaitingBackend: TerminalBackend {
    let size = (width: 80, height: 24)
    let capabilities = Capabilities()
    private var events: [(shown: String, event: InputEvent)]
    private var screen = ""
    private let limit = ContinuousClock.now + .seconds(120)

    init(_ events: [(shown: String, event: InputEvent)]) { self.events = events }

    var wake: @Sendable () -> Void { {} }

    func present(_ canvas: Canvas) -> Bool {
        screen = canvas.plainText
        return true
    }

    func nextEvent(timeoutMilliseconds: Int) -> InputEvent? {
        guard let next = events.first, ContinuousClock.now < limit else { return .hangup }
        if screen.contains(next.shown) { return events.removeFirst().event }
        if timeoutMilliseconds > 0 { Thread.sleep(forTimeInterval: 0.002) }
        return nil
    }

    func suspend() {}
    func resume() {}
    func close() {}
}
