import Drawing
import VAECore

// What the keys of a run do.

extension TrainScreen {
    static func start(_ state: inout AppState) -> [Effect] {
        if let reason = elsewhere(state) {
            state.message = .init(text: reason)
            return []
        }
        if state.training.isActive {
            return show(.train, &state)
        }
        switch state.data {
        case .ready where state.tour.isActive: return [.startLesson(pace: state.tour.current.pace)]
        case .ready:
            if state.training.run?.isUnsaved == true { return askToRestart(&state) }
            return [.startTraining()]
        case .loading:
            state.training.waitsForData = .starting
            state.message = .init(text: "training begins as soon as the data set is loaded")
        case .missing(let reason): state.message = .init(text: reason, isError: true)
        }
        return []
    }

    /// The run that is under way; says so when there is none.
    private static func trained(_ state: inout AppState) -> TrainState.Run? {
        if state.training.isActive { return state.training.run }
        state.message = .init(text: elsewhere(state) ?? "no training is running: t starts it")
        return nil
    }

    static func togglePause(_ state: inout AppState) -> [Effect] {
        if state.training.run?.state.isOver == true { return continueRun(&state) }
        guard let run = trained(&state) else { return [] }
        if run.divergence != nil { return rollBack(&state) }
        // By what was asked for last: the trainer may not have got to it yet.
        let pauses = !run.isPausing
        state.training.run?.pauseRequest = pauses
        return [.control(pauses ? .pause : .resume)]
    }

    static func stepOnce(_ state: inout AppState) -> [Effect] {
        guard let run = trained(&state) else { return [] }
        if run.divergence != nil {
            state.message = .init(text: "halted: space continues from step \(run.keptStep) at half the learning rate")
            return []
        }
        if !run.isPausing { state.message = .init(text: "one more step, then a pause") }
        state.training.run?.pauseRequest = true
        return [.requestSnapshot, .control(.step)]
    }

    /// Goes on from the last parameters whose loss was finite, at half the learning rate.
    private static func rollBack(_ state: inout AppState) -> [Effect] {
        guard var run = state.training.run else { return [] }
        run.learningRateScale /= 2
        // At once, so that a second press does not halve it again.
        run.state = .running
        run.pauseRequest = nil
        state.training.run = run
        let factor = NumberText.plain(run.learningRateScale)
        state.message = .init(text: "continuing from step \(run.keptStep) at half the learning rate (× \(factor))")
        return [.control(.learningRateScale(run.learningRateScale)), .control(.rollBack), .requestSnapshot]
    }

    /// Ends the run and stays on what it made.
    static func stop(_ state: inout AppState) -> [Effect] {
        guard trained(&state) != nil else { return [] }
        state.training.run?.isStopping = true
        state.message = .init(text: "stopping after this step; the model stays loaded")
        return [.control(.stop)]
    }

    static func askToRestart(_ state: inout AppState) -> [Effect] {
        if state.tour.isActive { return [.startLesson(pace: state.tour.current.pace)] }
        guard let run = state.training.run else { return start(&state) }
        guard run.isUnsaved else { return restart(&state) }
        state.overlay = .restart
        return []
    }

    static func saveRun(_ state: inout AppState) -> [Effect] {
        guard let run = state.training.run else {
            state.message = .init(text: elsewhere(state) ?? "this model is already saved")
            return []
        }
        guard !run.isRecorded || state.training.past.shown != nil else {
            state.message = .init(text: "this model is already saved")
            return []
        }
        guard run.isStopping, state.training.isActive else { return save(&state) }
        // The last parameters are not there yet.
        state.training.run?.savesAtEnd = true
        state.message = .init(text: "the model will be saved as soon as training has stopped")
        return []
    }

    static func changeRate(_ state: inout AppState, up: Bool) -> [Effect] {
        guard var run = trained(&state) else { return [] }
        // Rolling back may have gone below the least that keys give.
        let least = min(1.0 / 64, run.learningRateScale)
        run.learningRateScale = min(64, max(least, run.learningRateScale * (up ? 2 : 0.5)))
        state.training.run = run
        let limit = run.learningRateScale == 64 ? " (the highest)" : run.learningRateScale == least ? " (the lowest)" : ""
        state.message = .init(
            text: "learning rate × \(NumberText.plain(run.learningRateScale))\(limit), from the next step on")
        return [.control(.learningRateScale(run.learningRateScale))]
    }

    static func changeBeta(_ state: inout AppState, up: Bool) -> [Effect] {
        guard var run = trained(&state) else { return [] }
        if run.isDeterministic {
            state.message = .init(text: "beta weighs the KL, and a plain autoencoder has none")
            return []
        }
        run.beta = nextBeta(run.beta, up: up)
        state.training.run = run
        let limit = run.beta == highestBeta ? " (the highest)" : run.beta == 0 ? " (the lowest)" : ""
        state.message = .init(text: "beta \(NumberText.plain(run.beta))\(limit), from the next step on")
        return [.control(.beta(run.beta))]
    }

    /// Enough to silence every dimension of a model of two, which takes more than 16.
    private static let highestBeta = 64.0

    /// Steps of a factor 2 between 1/16 and the highest, and 0 below.
    private static func nextBeta(_ beta: Double, up: Bool) -> Double {
        if up { return beta == 0 ? 1.0 / 16 : min(highestBeta, beta * 2) }
        return beta <= 1.0 / 16 ? 0 : beta / 2
    }

    /// The free bits that keys give, nats of each dimension.
    static let freeBitSteps: [Double] = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 1]

    static func changeFreeBits(_ state: inout AppState, up: Bool) -> [Effect] {
        guard let run = trained(&state) else { return [] }
        guard let now = run.freeBits, !run.isDeterministic else {
            let reason = run.isDeterministic ? "a plain autoencoder has no KL" : "this objective samples its KL"
            state.message = .init(text: "free bits do nothing here: \(reason)")
            return []
        }
        let next = up ? freeBitSteps.first { $0 > now } ?? now : freeBitSteps.last { $0 < now } ?? 0
        state.training.run?.freeBits = next
        let limit = next == freeBitSteps.last ? " (the most)" : ""
        state.message = .init(text: "free bits: \(NumberText.plain(next)) nats per dimension are free\(limit)")
        return [.control(.freeBits(next))]
    }

    /// Begins anew as the model's training says; after a loss that was not finite, at half the learning rate it had.
    static func restart(_ state: inout AppState) -> [Effect] {
        guard let run = state.training.run else { return [] }
        return [.startTraining(learningRateScale: run.divergence == nil ? 1 : run.learningRateScale / 2)]
    }

    /// The answer to the question whether to begin anew.
    static func answerRestart(_ key: Key, _ state: inout AppState) -> [Effect] {
        state.overlay = nil
        switch key {
        case .character("r"), .character("y"), .enter: return restart(&state)
        case .character("w"): return saveRun(&state)
        default: return []
        }
    }
}
