import Foundation
import Testing
import VAECore

/// A run that is continued from the state between any two steps gives the same bits as one without a break.
@Suite struct ResumeTests {
    static let images = 100
    static let batch = 16
    static let epochs = 12
    /// 7 a epoch, the last with four images.
    static let steps = 84
    static let shape = ImageShape(height: 4, width: 5)
    static let model = ModelConfiguration.perceptron(image: shape, hidden: [8], latent: 3)

    static func training(_ optimizer: OptimizerConfiguration = .adam()) -> TrainingConfiguration {
        TrainingConfiguration(
            epochs: epochs, batchSize: batch, learningRate: 1e-2, schedule: .oneCycle, klWarmUp: 2,
            binarization: .stochastic, optimizer: optimizer, seed: 7)
    }

    static let dataset = Dataset.noise(images: images, seed: 3, shape: shape)

    /// What a run reports, but for times; and its states.
    final class Notes: RunRecord, @unchecked Sendable {
        var lines: [String] = []
        /// The state before each step, and the last.
        var states: [Int: RunState] = [:]
        var last: RunState?
        /// Called with the trainer after each step, on the trainer's thread.
        var afterStep: ((Int) -> Void)?

        func report(to mailbox: TrainingMailbox) {}
        func step(_ metrics: StepMetrics) {
            lines.append("\(metrics)")
            afterStep?(metrics.step)
        }
        func epoch(_ report: EpochReport) {
            var report = report
            (report.seconds, report.imagesPerSecond) = (0, 0)
            lines.append("\(report)")
        }
        func change(_ change: TrainingChange) { lines.append("\(change)") }
        func pause(_ hasBegun: Bool, step: Int) {}
        func failed(_ error: CoreError, step: Int) { lines.append("\(error)") }
        var wantsState: Bool { true }
        func keep(_ state: RunState) {
            states[state.numbers.step] = states[state.numbers.step] ?? state
            last = state
        }
        func wantsSnapshot(step: Int) -> Bool { false }
        func keep(_ snapshot: ParameterSnapshot) {}
    }

    /// Everything about a run's end that could differ.
    struct End: Equatable {
        var parameters, lastGood: [UInt32]
        var averages: [[UInt32]]
        var lines: [String]
        var snapshotEpochs: [Int]
    }

    /// Trains from the beginning, or from a state, to the end. After a divergence it rolls back and sets the factor on the
    /// learning rate to 1.
    static func run(
        _ training: TrainingConfiguration = training(), from past: RunState? = nil, goesOn: Bool = true,
        change: @escaping (Int) -> [TrainingControl.Command] = { _ in [] }
    ) throws -> (end: End, notes: Notes) {
        let notes = Notes()
        let trainer = try Trainer(
            model: model, training: training, dataset: dataset, threads: 1, record: notes, past: past)
        notes.afterStep = { [unowned trainer] step in for command in change(step) { trainer.obey(command) } }
        trainer.start(asksWhenDiverged: goesOn)
        var epochs: [Int] = []
        let limit = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < limit {
            let mail = trainer.mailbox.wait(seconds: 1)
            if case .diverged = mail.state {
                if let snapshot = mail.snapshot { epochs.append(snapshot.epoch) }
                trainer.obey(.learningRateScale(1))
                trainer.obey(.rollBack)
            }
            guard mail.state.isOver else { continue }
            let last = try #require(notes.last)
            let end = End(
                parameters: last.parameters.values.map(\.bitPattern), lastGood: last.lastGood.values.map(\.bitPattern),
                averages: last.averages.map { $0.values.map(\.bitPattern) }, lines: notes.lines, snapshotEpochs: epochs)
            return (end, notes)
        }
        throw CoreError(.training, "no end in two minutes", at: "the test")
    }

    /// Whether the rest of a run from `past` equals that part of the whole run.
    static func isSame(_ rest: End, as whole: End) -> Bool {
        rest.parameters == whole.parameters && rest.averages == whole.averages && rest.lastGood == whole.lastGood
            && rest.snapshotEpochs == whole.snapshotEpochs && whole.lines.suffix(rest.lines.count) == rest.lines[...]
            && !rest.lines.isEmpty
    }

    /// Changes made at fixed steps.
    static func changes(_ step: Int) -> [TrainingControl.Command] {
        switch step {
        case 10: [.beta(2), .freeBits(0.1)]
        case 30: [.learningRateScale(0.5)]
        case 61: [.beta(0.5)]
        default: []
        }
    }

    @Test(arguments: OptimizerConfiguration.names)
    func everyStepIsAPlaceToStop(optimizer: String) throws {
        let training = Self.training(try #require(OptimizerConfiguration(named: optimizer)))
        let (whole, notes) = try Self.run(training, change: Self.changes)
        #expect(notes.last?.numbers.step == Self.steps && notes.states.count == Self.steps + 1)
        let folder = try TemporaryFolder()
        var random = TestRandom(state: 5)
        for _ in 0..<12 {
            let step = Int.random(in: 0..<Self.steps, using: &random)
            // Through a file, as in practice.
            let configuration = RunConfiguration(preset: "tiny", dataset: "noise", model: Self.model, training: training)
            let checkpoint = Checkpoint(
                configuration: configuration, state: try #require(notes.states[step]), metricsBytes: step)
            try checkpoint.write(to: folder.file("checkpoint.safetensors"))
            let read = try Checkpoint.read(folder.file("checkpoint.safetensors"))
            #expect(read.metricsBytes == step && read.configuration == configuration)
            #expect(read.state.numbers == checkpoint.state.numbers)
            let rest = try Self.run(training, from: read.state, change: Self.changes).end
            #expect(Self.isSame(rest, as: whole), "resumed at step \(step)")
        }
    }

    /// A run that is stopped while it evaluates an epoch evaluates it again, and counts it once.
    @Test(arguments: [1, 5, 12])
    func evaluationsAreRepeated(epoch: Int) throws {
        let whole = try Self.run().end
        let stopped = try Self.run { $0 == epoch * 7 ? [.stop] : [] }
        let state = try #require(stopped.notes.last)
        #expect(state.numbers.epoch == epoch - 1 && state.numbers.place.images == Self.images)
        let rest = try Self.run(from: state).end
        #expect(Self.isSame(rest, as: whole))
        #expect(stopped.end.lines + rest.lines == whole.lines)
    }

    /// A change that was asked for and not yet in effect is not lost.
    @Test func changesBetweenTwoStepsAreKept() throws {
        let change: (Int) -> [TrainingControl.Command] = { $0 == 20 ? [.beta(3)] : [] }
        let whole = try Self.run(change: change).end
        let stopped = try Self.run { $0 == 20 ? [.beta(3), .stop] : [] }
        let state: RunState = try #require(stopped.notes.last)
        let rest = try Self.run(from: state).end
        #expect(Self.isSame(rest, as: whole) && stopped.end.lines + rest.lines == whole.lines)
    }

    /// The parts of a state; each that is lost makes another run.
    @Test(arguments: [
        "step", "epoch", "images", "sum", "rate", "beta", "free bits", "optimizer step", "parameters", "first_moment",
        "second_moment",
    ])
    func eachPartMatters(part: String) throws {
        let (whole, notes) = try Self.run(change: Self.changes)
        var state = try #require(notes.states[46])
        #expect(Self.isSame(try Self.run(from: state, change: Self.changes).end, as: whole))
        let start = try #require(notes.states[0])
        switch part {
        case "step": state.numbers.step = 43
        case "epoch": state.numbers.epoch = 5
        case "images": state.numbers.place.images = 0
        case "sum": state.numbers.place.sum = LossTerms()
        case "rate": state.numbers.settings.learningRateScale = 1
        case "beta": state.numbers.settings.beta = nil
        case "free bits": state.numbers.settings.freeBits = nil
        case "optimizer step": state.numbers.optimizerStep = 0
        case "parameters": state.parameters = start.parameters
        default:
            let index = try #require(state.averages.firstIndex { $0.name == part })
            state.averages[index].values = start.averages[index].values
        }
        #expect(!Self.isSame(try Self.run(from: state, change: Self.changes).end, as: whole), "without \(part)")
    }

    /// After a divergence, a resumed run goes back to the same parameters as one without a break.
    @Test(arguments: ["", "last good parameters", "last good step", "last good epoch", "repeated step"])
    func aRollBackGoesWhereItWould(part: String) throws {
        // After step 70 the rate is such that the next step breaks everything; step 64 is the last good one.
        let breaks: (Int) -> [TrainingControl.Command] = { $0 == 70 ? [.learningRateScale(1e30)] : [] }
        let (whole, notes) = try Self.run(change: breaks)
        #expect(whole.lines.contains { $0.contains("rolledBackTo: Optional(64)") }, "\(whole.lines.filter { $0.contains("rolled") })")
        var state = try #require(notes.states[part == "repeated step" ? 64 : 67])
        switch part {
        case "last good parameters": state.lastGood = state.parameters
        case "last good step":
            state.lastGood = ParameterSnapshot(network: state.lastGood.network, values: state.lastGood.values, step: 1, epoch: 9)
        case "last good epoch":
            state.lastGood = ParameterSnapshot(network: state.lastGood.network, values: state.lastGood.values, step: 64, epoch: 1)
        case "repeated step": state.numbers.repeatedStep = 64
        default: break
        }
        #expect(Self.isSame(try Self.run(from: state, change: breaks).end, as: whole) == part.isEmpty)
    }

    /// The loss that others are compared with comes from the first step of the run, not of the process.
    @Test func theFirstLossIsRemembered() throws {
        let notes = try Self.run().notes
        var state = try #require(notes.states[30])
        #expect(state.numbers.divergenceScale == notes.states[1]?.numbers.divergenceScale)
        state.numbers.divergenceScale = 1e-9
        let lines = try Self.run(from: state, goesOn: false).end.lines
        #expect(lines.count == 1 && lines[0].contains("training diverges"), "\(lines)")
    }

    /// A state of another network, optimiser or place is refused.
    @Test func otherStatesAreRefused() throws {
        let state = try #require(try Self.run().notes.states[20])
        #expect(throws: CoreError.self) { try Self.run(Self.training(.sgd()), from: state) }
        var other = state
        other.numbers.place.images = 7
        #expect(throws: CoreError.self) { try Self.run(from: other) }
        other = state
        other.numbers.step = 3
        #expect(throws: CoreError.self) { try Self.run(from: other) }
        let network = try Network(.perceptron(image: Self.shape, hidden: [9], latent: 3))
        other = state
        other.parameters = ParameterSnapshot(network: network, values: [Float](repeating: 0, count: network.parameterCount))
        #expect(throws: CoreError.self) { try Self.run(from: other) }
    }
}
