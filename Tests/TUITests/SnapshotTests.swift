import Drawing
import Foundation
import TUI
import Testing
import VAECore

/// Whole screens as they were when somebody last looked at them, at five sizes on seven kinds of terminals.
@Suite struct SnapshotTests {
    static let sizes = [(40, 12), (60, 16), (80, 24), (120, 40), (200, 60)]

    /// Compares a state with what was recorded of it, on every kind of terminal.
    private func check(_ name: String, _ size: (Int, Int), _ state: (Capabilities) -> AppState) throws {
        var text = ""
        for terminal in Snapshot.terminals {
            var canvas = Canvas(width: size.0, height: size.1)
            render(state(terminal.capabilities), into: &canvas)
            text += "\(size.0)x\(size.1), \(terminal.name)\n" + Snapshot.text(canvas, terminal.capabilities) + "\n"
        }
        try Snapshot.check(text, "\(name)-\(size.0)x\(size.1)")
    }

    @Test(arguments: Screen.allCases, sizes) func screens(screen: Screen, size: (Int, Int)) throws {
        try check("\(screen.title.lowercased())", size) { Scene.state(screen, size, $0) }
    }
}

extension SnapshotTests {
    /// The planes of principal components and through three images in a z of 20, and the line of a z of one dimension.
    @Test(arguments: ["components", "points", "line"], [(40, 12), (80, 24), (120, 40), (200, 60)])
    func planes(plane: String, size: (Int, Int)) throws {
        try check("plane-\(plane)", size) { Scene.plane(plane, size, $0) }
    }
}

extension SnapshotTests {
    /// What screens show besides: other views of the plane, two planes, what lies over a screen, a screen before its first
    /// run, and the tour.
    @Test(arguments: ["codes", "density", "rows", "two-planes", "keys", "idle", "two-models", "tour", "tour-korean", "chapters", "overlay", "recorded"], [(40, 12), (80, 24), (120, 40), (200, 60)])
    func views(name: String, size: (Int, Int)) throws {
        try check("view-\(name)", size) { Scene.view(name, size, $0) }
    }
}

extension SnapshotTests {
    /// Every letter and digit on every screen can be read, on dark terminals and on light ones (WCAG 2.1: 4.5 : 1).
    @Test(arguments: Screen.allCases, Background.allCases) func contrast(screen: Screen, background: Background) throws {
        for size in Self.sizes {
            let capabilities = Capabilities(background: background)
            let state = Scene.state(screen, size, capabilities)
            var drawn = Canvas(width: size.0, height: size.1)
            render(state, into: &drawn)
            let canvas = drawn.readable(capabilities)
            for y in 0..<size.1 {
                for x in 0..<size.0 {
                    let cell = canvas[x, y]
                    guard cell.scalar.properties.isAlphabetic || cell.scalar.properties.numericType != nil,
                        let color = cell.foreground
                    else { continue }
                    let ground = cell.background.map(\.rgb) ?? background.rgb
                    let ratio = Contrast.ratio(color.rgb, ground)
                    #expect(ratio >= Contrast.least, "\(cell.scalar) in \(color) on \(cell.background ?? 0) at \(x), \(y) of \(size)")
                }
            }
        }
    }

    @Test func everyColourCanBeRead() {
        for index in UInt8(16)...255 {
            for background in Background.allCases {
                let shown = Contrast.readable(Color(index), on: background)
                #expect(Contrast.ratio(shown.rgb, background.rgb) >= Contrast.least)
                #expect(Contrast.ratio(Contrast.faint(on: background).rgb, background.rgb) >= Contrast.least)
            }
        }
        #expect(Contrast.ratio((0, 0, 0), (255, 255, 255)) == 21)
        // #767676 on white is the textbook's 4.54.
        #expect(abs(Contrast.ratio((118, 118, 118), (255, 255, 255)) - 4.54) < 0.01)
    }
}

/// What the snapshots show: answers worked out by hand instead of by a model, so that no processor rounds them its own way.
private enum Scene {
    static let shape = ImageShape(height: 28, width: 28)

    static func state(_ screen: Screen, _ size: (Int, Int), _ capabilities: Capabilities) -> AppState {
        var state = session(network).initialState(width: size.0, height: size.1, capabilities)
        run(&state, [.data(.ready(dataset))])
        switch screen {
        case .train: train(&state)
        case .explore:
            run(&state, [.key("a"), .key(.right), .key(.right), .key(.up), .key("b"), .key("m"), .key(.left)])
        case .compare: run(&state, [.key("3"), .key(.down), .key(.down)])
        case .draw: run(&state, [.key("4"), .key(" "), .key(.right), .key(.right), .key(.down), .key(.down)])
        default: run(&state, [.key("5"), .key(.down)])
        }
        state.message = nil
        return state
    }

    static func plane(_ plane: String, _ size: (Int, Int), _ capabilities: Capabilities) -> AppState {
        var state = session(plane == "line" ? network(1) : network(20))
            .initialState(width: size.0, height: size.1, capabilities)
        run(&state, [.data(.ready(dataset)), .key("0")])
        if plane != "line" { run(&state, [.key("V")]) }
        if plane == "points" { run(&state, "#4\na#9\nb#2\nAV".map { .key($0 == "\n" ? .enter : .character($0)) }) }
        run(&state, [.key(.right), .key(.up)])
        state.message = nil
        return state
    }

    /// Keys that lead to a view.
    private static let keys = [
        "codes": "v", "density": "vv", "rows": "vvv", "two-planes": "Bv", "keys": "?", "idle": "1", "two-models": "3b",
        "tour": "T", "tour-korean": "T", "chapters": "TT", "overlay": "5mjmjmjmjmjmjmjmOh",
        "recorded": "1",
    ]

    static func view(_ name: String, _ size: (Int, Int), _ capabilities: Capabilities) -> AppState {
        var own = session(network)
        if name == "tour-korean" { own.language = .korean }
        if name == "overlay" { own.models = { (1...8).map { tinyListing("run-\($0)", latent: $0, shape: shape, place: .runs) } } }
        var state = own.initialState(width: size.0, height: size.1, capabilities)
        run(&state, [.data(.ready(dataset))])
        if name == "recorded", let record = record(state) { run(&state, [record]) }
        for key in keys[name] ?? "" { run(&state, [.key(.character(key))]) }
        state.message = nil
        return state
    }

    /// A run of three epochs that was stopped: its epochs and some of its steps.
    private static func history(_ n: Int = 0) -> RunHistory {
        var history = RunHistory()
        for step in 1...30 {
            let loss = 120 + 4000 / Double(step * 10 + 10) + Double(n * 5)
            history.steps.append(StepMetrics(step: step * 10, terms: LossTerms(reconstruction: loss, kl: 4), learningRate: 1e-3, beta: 1))
        }
        for epoch in 1...3 {
            let terms = LossTerms(reconstruction: 170 - 12 * Double(epoch) + Double(n * 5), kl: 6)
            history.epochs.append(.init(epoch: epoch, step: 100 * epoch, seconds: 2, train: terms, test: terms))
        }
        return history
    }

    private static func settings(_ n: Int) -> RunSettings {
        let training = TrainingConfiguration(epochs: 3 + n % 2, batchSize: 10, learningRate: 1e-3, beta: Double(1 << (n % 4)), seed: UInt64(n))
        return RunSettings(dataset: "rings", model: .perceptron(hidden: [6], latent: 1 + n), training: training)
    }

    /// The record of the model on show: its run, which was stopped.
    private static func record(_ state: AppState) -> AppAction? {
        let job = ReadRecord(model: state.shown.now)
        var listing = RunListing("runs/none")
        (listing.state, listing.epochs, listing.epoch, listing.step, listing.canResume) = (.stopped, 10, 3, 300, true)
        return job.answer(RecordedRun(job.model, history(), nil, listing, snapshots: []))
    }

    /// A run in its third epoch.
    private static func train(_ state: inout AppState) {
        let run = TrainState.Run(name: "manifold", dataset: "rings", images: 2000, beta: 1)
        Self.run(&state, [.trainingStarted(run)])
        var mail = TrainingMailbox.Mail()
        mail.state = .running
        mail.progress = TrainingProgress(
            step: 260, totalSteps: 1000, epoch: 2, epochs: 10, imagesPerSecond: 34_567, secondsLeft: 47)
        mail.steps = (1...260).map { step in
            let x = Double(step)
            return StepMetrics(
                step: step, terms: LossTerms(reconstruction: 120 + 4000 / (x + 10) + Double(step * 7 % 11), kl: 8 - 80 / (x + 10)),
                learningRate: 1e-3, beta: 1)
        }
        mail.epochs = (1...2).map { epoch in
            EpochReport(
                epoch: epoch, step: epoch * 100, seconds: 1, imagesPerSecond: 34_567,
                train: LossTerms(reconstruction: 150, kl: 7),
                test: Evaluation(
                    binarization: .grey, images: 500, terms: LossTerms(reconstruction: 170 - 10 * Double(epoch), kl: 7),
                    klPerDimension: [4.25, 2.75], meanVariance: [0.75, 0.5]))
        }
        mail.klPerDimension = [4.5, 3]
        mail.snapshot = ParameterSnapshot(
            network: network, values: [Float](repeating: 0, count: network.parameterCount), step: 260, epoch: 2)
        Self.run(&state, [.mail(mail)])
    }

    // MARK: Its model and its data

    private static let network = network(2)

    private static func network(_ latent: Int) -> Network {
        guard let network = try? Network(.perceptron(image: shape, hidden: [6], latent: latent)) else {
            preconditionFailure("a network that cannot be built")
        }
        return network
    }

    private static func session(_ network: Network) -> Session {
        var session = tinySession(network: network, data: .ready(dataset))
        session.name = "manifold"
        session.trainedOn = "rings"
        session.path = "models/manifold/model.safetensors"
        session.models = {
            [
                tinyListing("manifold", shape: shape, curve: [160, 148, 141, 138, 136.5, 135.4]),
                tinyListing("autoencoder", shape: shape, isDeterministic: true), tinyListing("wide", latent: 20, shape: shape),
            ] + tinyListings.filter { $0.name == "half" }
        }
        return session
    }

    private static let dataset: Dataset = {
        func set(_ count: Int) -> ImageSet {
            ImageSet(
                shape: shape, pixels: (0..<count).flatMap { n in picture(n).map { UInt8($0 * 255) } },
                labels: (0..<count).map { UInt8($0 * 7 % 10) })
        }
        return Dataset(name: "rings", train: set(120), test: set(60), source: "nowhere")
    }()

    /// A ring whose width and height depend on `n`, in sixteen greys.
    static func picture(_ n: Int) -> [Float] {
        let (wide, high) = (5 + n * 3 % 7, 5 + n * 5 % 8)
        return (0..<shape.count).map { i in
            let (x, y) = (2 * (i % 28) - 27, 2 * (i / 28) - 27)
            let distance = 64 * x * x / (4 * wide * wide) + 64 * y * y / (4 * high * high)
            return Float(max(0, min(15, 15 - abs(distance - 64) / 3))) / 15
        }
    }

    private static func pictures(_ count: Int) -> [Float] { (0..<count).flatMap { picture($0) } }

    // MARK: Answers

    private static func run(_ state: inout AppState, _ actions: [AppAction]) {
        var actions = actions
        while !actions.isEmpty {
            var next: [AppAction] = []
            for action in actions { next += update(&state, action).flatMap(answers) }
            actions = next
        }
    }

    private static func answers(to effect: Effect) -> [AppAction] {
        guard case .job(let job) = effect else { return [] }
        switch job {
        case let job as DecodePlane: return [job.answer((plane(job.plane), picture(3)))]
        case let job as DecodeThumbnail: return [job.answer(plane(job.plane))]
        case let job as DecodePath: return [job.answer(pictures(job.points.count))]
        case let job as DecodeTraversals:
            let count = job.values.reduce(0) { $0 + $1.count }
            return [job.answer(Traversals(dimensions: job.dimensions, values: job.values, pictures: pictures(count)))]
        case let job as ReconstructStrip:
            return [job.answer(.init(inputs: pictures(job.count), outputs: pictures(job.count), count: job.count, step: 260))]
        case let job as ReconstructPairs:
            let made = job.indices.flatMap { picture($0 + 1) }
            return [job.answer(.init(inputs: job.indices.flatMap(picture), outputs: made, count: job.indices.count, step: 0))]
        case let job as ReconstructImage:
            return [
                job.answer(.init(index: job.index, input: picture(job.index), reconstruction: made(job.index + 1), step: 0))
            ]
        case let job as EncodeDrawing:
            let encoded = job.image.map { _ in
                DrawState.Encoded(mean: [0.5, -1], deviation: [0.25, 0.125], reconstruction: made(5), step: 0)
            }
            return [job.answer((encoded, job.map.map { plane($0.plane) } ?? PlanePictures()))]
        case let job as EncodeImages: return [job.answer(codes(job.set, job.model.snapshot))]
        case let job as FindComponents: return [job.answer(.components(components, origin: job.origin ?? []))]
        case let job as MeasureLine: return [job.answer(line(job.columns))]
        case let job as ScoreImages: return [job.answer((0..<job.set.count).map(terms))]
        case let job as DrawSamples:
            return [job.answer(.init(path: job.listing.path, bytes: job.listing.bytes, shape: shape, pictures: pictures(60)))]
        case let job as OpenModel:
            var other = session(network)
            (other.name, other.path) = ("autoencoder", "models/autoencoder/model.safetensors")
            return [job.answer(other)]
        case let job as ReadMarked:
            let n = Int(job.listing.name.suffix(1)) ?? 0
            return [job.answer(MarkedRun(job.listing, history(n), settings(n)))]
        case let job as ListModels: return [job.answer(job.session.models())]
        default: return []
        }
    }

    private static func plane(_ plane: Plane) -> PlanePictures {
        PlanePictures(plane: plane, pictures: pictures(plane.rows * plane.columns))
    }

    private static func terms(_ n: Int) -> LossTerms {
        LossTerms(reconstruction: 100 + Double(n * 37 % 60), kl: 5 + Double(n % 8) / 4)
    }

    private static func made(_ n: Int) -> Inference.Reconstruction {
        .init(picture: picture(n), z: [0.5, -1], terms: terms(n), klPerDimension: [3, 2])
    }

    private static func codes(_ set: ImageSet, _ snapshot: ParameterSnapshot) -> LatentCodes {
        let latent = snapshot.network.latent
        let mean = (0..<latent * set.count).map { (n: Int) -> Float in
            // In a z of 20 the first four dimensions vary.
            n % latent < 4 ? Float((n / latent * 2 + n % latent) * 29 % 64 - 32) / 16 : 0
        }
        return LatentCodes(
            mean: mean, deviation: [Float](repeating: 0.125, count: mean.count), latent: latent, labels: set.labels,
            step: snapshot.step)
    }

    /// Two directions at right angles, and two dimensions.
    private static let components: PrincipalComponents = {
        func vector(_ values: [Int: Float]) -> [Float] { (0..<20).map { values[$0] ?? 0 } }
        let vectors = [vector([0: 0.6, 1: 0.8]), vector([0: 0.8, 1: -0.6]), vector([2: 1]), vector([3: 1])]
        return PrincipalComponents(
            mean: [Float](repeating: 0, count: 20), vectors: vectors, variances: [31, 12.25, 9, 47.75], step: 0)
    }()

    /// Three classes, each a triangle.
    private static func line(_ columns: Int) -> LineDensity {
        func triangle(_ middle: Int, _ width: Int, _ height: Float) -> [Float] {
            (0..<columns).map { column in
                max(0, height - height * Float(abs(16 * column - middle * columns)) / Float(width * columns))
            }
        }
        return LineDensity(
            labels: [0, 3, 7], density: [triangle(4, 3, 1), triangle(8, 4, 0.75), triangle(12, 2, 1.5)],
            prior: triangle(8, 8, 1), step: 0)
    }
}
