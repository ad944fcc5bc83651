import VAECore

/// The keys of the Train screen, some of which work on others too.
func train(_ command: TrainCommand, _ state: inout AppState) -> [Effect] {
    switch command {
    case .start: return start(&state)
    case .pause: return togglePause(&state)
    case .step: return stepOnce(&state)
    case .learningRate(let up):
        guard state.training.isActive, var run = state.training.run else { return [] }
        run.learningRateScale = min(64, max(1.0 / 64, run.learningRateScale * (up ? 2 : 0.5)))
        state.training.run = run
        state.message = .init(text: "learning rate × \(NumberText.short(run.learningRateScale))")
        return [.control(.learningRateScale(run.learningRateScale))]
    case .beta(let up):
        guard state.training.isActive, var run = state.training.run else { return [] }
        run.beta = nextBeta(run.beta, up: up)
        state.training.run = run
        state.message = .init(text: "beta \(NumberText.short(run.beta))")
        return [.control(.beta(run.beta))]
    case .save:
        if state.training.run != nil { return [.save] }
        state.message = .init(text: "nothing was trained: this model is saved already")
    case .logarithmic: state.training.isLogarithmic.toggle()
    case .recent: state.training.showsRecent.toggle()
    case .smoothed: state.training.isSmoothed.toggle()
    case .curves:
        let all = TrainState.Shown.allCases
        let at = all.firstIndex(of: state.training.shown) ?? 0
        state.training.shown = all[(at + 1) % all.count]
    }
    return []
}

private func start(_ state: inout AppState) -> [Effect] {
    if state.training.isActive {
        return show(.train, &state)
    }
    switch state.data {
    case .ready: return [.startTraining]
    case .loading:
        state.training.isWaitingForData = true
        state.message = .init(text: "training begins as soon as the data set is loaded")
    case .missing(let reason): state.message = .init(text: reason, isError: true)
    }
    return []
}

private func togglePause(_ state: inout AppState) -> [Effect] {
    guard let run = state.training.run, state.training.isActive else { return [] }
    return [.control(run.state == .paused ? .resume : .pause)]
}

private func stepOnce(_ state: inout AppState) -> [Effect] {
    guard let run = state.training.run, state.training.isActive else { return [] }
    return run.state == .paused ? [.requestSnapshot, .control(.step)] : [.control(.pause)]
}

/// Steps of a factor 2 between 1/16 and 16, and 0 below.
private func nextBeta(_ beta: Double, up: Bool) -> Double {
    if up { return beta == 0 ? 1.0 / 16 : min(16, beta * 2) }
    return beta <= 1.0 / 16 ? 0 : beta / 2
}

/// A run has begun: its curves replace the last ones.
func started(_ run: TrainState.Run, _ state: inout AppState) -> [Effect] {
    state.training.run = run
    state.training.curves = TrainState.Curves()
    changeHome(&state) { $0.forget() }
    state.explore.forgetPlaces()
    state.codes = nil
    state.trainingCodes = nil
    state.model.trainedOn = run.dataset
    if state.data.dataset?.notice != nil {
        // The notice itself is longer than a line.
        state.message = .init(text: "training on the 5,000-digit sample; all of MNIST: see 'latent data list'")
    }
    return show(.train, &state)
}

/// Changes what is known of the latent space. A plane that nobody has moved follows.
private func changeHome(_ state: inout AppState, _ change: (inout ModelState) -> Void) {
    let wasHome = state.explore.isHome(state.model)
    change(&state.model)
    if wasHome { state.explore.goHome(state.model) }
}

/// What the trainer told: curves grow, and a new snapshot asks for new pictures.
func received(_ mail: TrainingMailbox.Mail, _ state: inout AppState) -> [Effect] {
    guard var run = state.training.run else { return [] }
    for metrics in mail.steps {
        append(metrics.terms, at: metrics.step, to: &state.training.curves, test: false)
        run.lastStep = metrics
    }
    for report in mail.epochs {
        append(report.test.terms, at: report.step, to: &state.training.curves, test: true)
        run.lastEpoch = report
        changeHome(&state) { $0.learn(from: report.test) }
    }
    let rescue = mail.state == run.state ? [] : rescue(after: mail.state, &state)
    run.state = mail.state
    run.progress = mail.progress
    guard let snapshot = mail.snapshot else {
        state.training.run = run
        return rescue
    }
    run.isUnsaved = run.isUnsaved || snapshot.step > 0
    state.training.run = run
    // Who looks at the past goes on looking at it.
    guard state.explore.timeline.step == nil else { return rescue + (run.state.isOver ? [] : [.requestSnapshot]) }
    state.model.step = snapshot.step
    state.model.epoch = snapshot.epoch
    return refresh(state) + rescue + (run.state.isOver ? [] : [.requestSnapshot])
}

/// A run that has failed is saved as it was while its loss was finite.
private func rescue(after ending: TrainingState, _ state: inout AppState) -> [Effect] {
    guard case .failed(let error) = ending else { return [] }
    state.message = .init(text: error.description, isError: true)
    return [.save]
}

private func append(_ terms: LossTerms, at step: Int, to curves: inout TrainState.Curves, test: Bool) {
    let x = Double(step)
    if test {
        curves.testTotal.append(x: x, y: terms.negativeELBO)
        curves.testReconstruction.append(x: x, y: terms.reconstruction)
        curves.testKL.append(x: x, y: terms.kl)
    } else {
        curves.trainTotal.append(x: x, y: terms.negativeELBO)
        curves.trainReconstruction.append(x: x, y: terms.reconstruction)
        curves.trainKL.append(x: x, y: terms.kl)
    }
}
