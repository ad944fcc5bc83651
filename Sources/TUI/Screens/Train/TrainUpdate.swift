import Drawing
import VAECore

/// The keys of the Train screen, some of which work on others too.
func train(_ command: TrainCommand, _ state: inout AppState) -> [Effect] {
    switch command {
    case .start: return start(&state)
    case .pause: return togglePause(&state)
    case .step: return stepOnce(&state)
    case .stop: return stop(&state)
    case .restart: return askToRestart(&state)
    case .save: return saveRun(&state)
    case .learningRate(let up): return changeRate(&state, up: up)
    case .beta(let up): return changeBeta(&state, up: up)
    case .freeBits(let up): return changeFreeBits(&state, up: up)
    case .panel: return nextPanel(&state)
    default: look(command, &state)
    }
    return []
}

/// What must be computed anew for the Train screen.
func trainEffects(_ state: AppState) -> [Effect] {
    let layout = TrainLayout(state)
    let model = state.shown.now
    var effects: [Effect] = []
    if let grid = layout.thumbnailGrid(state) {
        effects.append(.job(DecodeThumbnail(model: model, grid: grid, label: state.explore.label)))
    }
    if let dataset = state.data.dataset, layout.stripCount > 0 {
        effects.append(.job(ReconstructStrip(model: model, set: dataset.test, count: layout.stripCount)))
    }
    return effects
}

/// Keys that change only how the curves are looked at.
private func look(_ command: TrainCommand, _ state: inout AppState) {
    // About the columns of the curves: the values' labels take the rest.
    let columns = max(1, TrainLayout(state).chart.width - 8)
    switch command {
    case .logarithmic: state.training.isLogarithmic.toggle()
    case .recent: state.training.toggleRecent()
    case .showAll: state.training.showAll()
    case .smoothed: state.training.isSmoothed.toggle()
    case .curves:
        let all = TrainState.Shown.allCases
        let at = all.firstIndex(of: state.training.shown) ?? 0
        state.training.shown = all[(at + 1) % all.count]
    case .cursor(let by): state.training.moveCursor(columns: by, of: columns)
    case .cursorPage(let by): state.training.moveCursor(columns: by * max(1, columns / 4), of: columns)
    case .cursorFirst: state.training.placeCursor(at: -.greatestFiniteMagnitude)
    case .cursorLast: state.training.placeCursor(at: .greatestFiniteMagnitude)
    case .dropCursor: state.training.dropCursor()
    case .zoom(let closer): state.training.zoom(closer: closer)
    default: break
    }
}

/// The mouse on the Train screen: a press or a drag puts the cursor on the curves, the wheel zooms around it.
func trainMouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] {
    let charts = TrainCharts(state.training, TrainLayout(state).chart)
    guard state.training.run != nil, let step = charts.step(atX: x, y: y, state.capabilities) else { return [] }
    switch kind {
    case .press(1), .drag(1): state.training.placeCursor(at: step)
    case .wheelUp: state.training.zoom(closer: true, around: step)
    case .wheelDown: state.training.zoom(closer: false, around: step)
    default: break
    }
    return []
}

private func nextPanel(_ state: inout AppState) -> [Effect] {
    let all = TrainState.Panel.allCases
    let at = all.firstIndex(of: state.training.panel) ?? 0
    state.training.panel = all[(at + 1) % all.count]
    state.message = .init(text: "panel: \(state.training.panel.rawValue)")
    return refresh(state)
}

private func start(_ state: inout AppState) -> [Effect] {
    if state.training.isActive {
        return show(.train, &state)
    }
    switch state.data {
    case .ready:
        if state.training.run?.isUnsaved == true { return askToRestart(&state) }
        return [.startTraining()]
    case .loading:
        state.training.isWaitingForData = true
        state.message = .init(text: "training begins as soon as the data set is loaded")
    case .missing(let reason): state.message = .init(text: reason, isError: true)
    }
    return []
}

/// The run that is under way; says so when there is none.
private func trained(_ state: inout AppState) -> TrainState.Run? {
    if state.training.isActive { return state.training.run }
    state.message = .init(text: "nothing is being trained; t begins")
    return nil
}

private func togglePause(_ state: inout AppState) -> [Effect] {
    guard let run = trained(&state) else { return [] }
    if run.divergence != nil { return rollBack(&state) }
    // By what was asked for last: the trainer may not have got to it yet.
    let pauses = !run.isPausing
    state.training.run?.pauseRequest = pauses
    return [.control(pauses ? .pause : .resume)]
}

private func stepOnce(_ state: inout AppState) -> [Effect] {
    guard let run = trained(&state) else { return [] }
    if run.divergence != nil {
        state.message = .init(text: "halted: space goes on from step \(run.keptStep) at half the learning rate")
        return []
    }
    if !run.isPausing { state.message = .init(text: "one more step, then a pause") }
    state.training.run?.pauseRequest = true
    return [.requestSnapshot, .control(.step)]
}

/// Goes on from the last parameters whose loss was finite, at half the learning rate.
private func rollBack(_ state: inout AppState) -> [Effect] {
    guard var run = state.training.run else { return [] }
    run.learningRateScale /= 2
    // At once, so that a second press does not halve it again.
    run.state = .running
    run.pauseRequest = nil
    state.training.run = run
    let factor = NumberText.plain(run.learningRateScale)
    state.message = .init(text: "going on from step \(run.keptStep) at half the learning rate (× \(factor))")
    return [.control(.learningRateScale(run.learningRateScale)), .control(.rollBack), .requestSnapshot]
}

/// Ends the run and stays on what it made.
private func stop(_ state: inout AppState) -> [Effect] {
    guard trained(&state) != nil else { return [] }
    state.training.run?.isStopping = true
    state.message = .init(text: "stopping after this step; the model stays on show")
    return [.control(.stop)]
}

private func askToRestart(_ state: inout AppState) -> [Effect] {
    guard let run = state.training.run else { return start(&state) }
    guard run.isUnsaved else { return restart(&state) }
    state.overlay = .restart
    return []
}

/// The answer to the question whether to begin anew.
func pressRestart(_ key: Key, _ state: inout AppState) -> [Effect] {
    state.overlay = nil
    switch key {
    case .character("r"), .character("y"), .enter: return restart(&state)
    case .character("w"): return saveRun(&state)
    default: return []
    }
}

/// Begins anew as the model's training says; after a loss that was not finite, at half the learning rate it had.
private func restart(_ state: inout AppState) -> [Effect] {
    guard let run = state.training.run else { return [] }
    return [.startTraining(learningRateScale: run.divergence == nil ? 1 : run.learningRateScale / 2)]
}

private func saveRun(_ state: inout AppState) -> [Effect] {
    guard let run = state.training.run else {
        state.message = .init(text: "nothing was trained: this model is saved already")
        return []
    }
    guard run.isStopping, state.training.isActive else { return save(&state) }
    // The last parameters are not there yet.
    state.training.run?.savesAtEnd = true
    state.message = .init(text: "it is saved as soon as it has stopped")
    return []
}

private func changeRate(_ state: inout AppState, up: Bool) -> [Effect] {
    guard var run = trained(&state) else { return [] }
    // Rolling back may have gone below the least that keys give.
    let least = min(1.0 / 64, run.learningRateScale)
    run.learningRateScale = min(64, max(least, run.learningRateScale * (up ? 2 : 0.5)))
    state.training.run = run
    let limit = run.learningRateScale == 64 ? " (the highest)" : run.learningRateScale == least ? " (the lowest)" : ""
    state.message = .init(
        text: "learning rate × \(NumberText.short(run.learningRateScale))\(limit), from the next step on")
    return [.control(.learningRateScale(run.learningRateScale))]
}

private func changeBeta(_ state: inout AppState, up: Bool) -> [Effect] {
    guard var run = trained(&state) else { return [] }
    if run.isDeterministic {
        state.message = .init(text: "a plain autoencoder has no KL to weigh with beta")
        return []
    }
    run.beta = nextBeta(run.beta, up: up)
    state.training.run = run
    let limit = run.beta == 16 ? " (the highest)" : run.beta == 0 ? " (the lowest)" : ""
    state.message = .init(text: "beta \(NumberText.short(run.beta))\(limit), from the next step on")
    return [.control(.beta(run.beta))]
}

/// Steps of a factor 2 between 1/16 and 16, and 0 below.
private func nextBeta(_ beta: Double, up: Bool) -> Double {
    if up { return beta == 0 ? 1.0 / 16 : min(16, beta * 2) }
    return beta <= 1.0 / 16 ? 0 : beta / 2
}

/// The free bits that keys give, nats of each dimension.
let freeBitSteps: [Double] = [0, 0.01, 0.05, 0.1, 0.25, 0.5, 1]

private func changeFreeBits(_ state: inout AppState, up: Bool) -> [Effect] {
    guard let run = trained(&state) else { return [] }
    guard let now = run.freeBits, !run.isDeterministic else {
        let reason = run.isDeterministic ? "a plain autoencoder has no KL" : "this objective samples its KL"
        state.message = .init(text: "no free bits here: \(reason)")
        return []
    }
    let next = up ? freeBitSteps.first { $0 > now } ?? now : freeBitSteps.last { $0 < now } ?? 0
    state.training.run?.freeBits = next
    let limit = next == freeBitSteps.last ? " (the most)" : ""
    state.message = .init(text: "free bits: \(NumberText.plain(next)) nats of each dimension cost nothing\(limit)")
    return [.control(.freeBits(next))]
}

/// A run has begun: its curves replace the last ones.
func started(_ run: TrainState.Run, _ state: inout AppState) -> [Effect] {
    state.training.run = run
    state.training.forgetRun()
    state.shown.begin(as: state.newID())
    changeHome(&state) { $0.forget() }
    state.explore.forgetPlaces()
    forgetPictures(&state)
    state.model.trainedOn = run.dataset
    if run.learningRateScale != 1 {
        let factor = NumberText.plain(run.learningRateScale)
        state.message = .init(text: "begun anew with the learning rate × \(factor)")
    } else if state.data.dataset?.notice != nil {
        // The notice itself is longer than a line.
        state.message = .init(text: "training on the 5,000-digit sample; all of MNIST: see 'latent data list'")
    }
    return show(.train, &state)
}

/// What was computed from the model before goes: pictures, codes, losses, and the orders they gave.
func forgetPictures(_ state: inout AppState) {
    (state.training.strip, state.training.thumbnail) = (.init(), PlanePictures())
    state.explore.forgetPictures()
    (state.draw.encoded, state.draw.neighbours, state.draw.plane) = (nil, [], PlanePictures())
    state.compare.forgetLosses(images: state.data.dataset?.test.count ?? 0)
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
        run.firstLoss = run.firstLoss ?? metrics.terms.negativeELBO
        run.lastStep = metrics
    }
    for report in mail.epochs {
        append(report.test.terms, at: report.step, to: &state.training.curves, test: true)
        run.lastEpoch = report
        changeHome(&state) { $0.learn(from: report.test) }
    }
    state.training.remember(mail)
    if !mail.klPerDimension.isEmpty { state.training.klPerDimension = mail.klPerDimension }
    let isOther = mail.state != run.state
    run.state = mail.state
    if run.pauseRequest == (mail.state == .paused) || !mail.state.takesSteps && mail.state != .paused {
        run.pauseRequest = nil
    }
    run.progress = mail.progress
    if let snapshot = mail.snapshot {
        run.isUnsaved = run.isUnsaved || snapshot.step > 0 && snapshot.step != run.keptStep
        run.keptStep = snapshot.step
    }
    state.training.run = run
    let effects = mail.snapshot.map { arrived($0, &state) } ?? []
    let request: [Effect] = mail.snapshot == nil || run.state.isOver ? [] : [.requestSnapshot]
    return effects + (isOther ? changed(run, &state) : []) + request
}

/// New parameters of the run. Who looks at the past goes on looking at it, unless that is gone.
private func arrived(_ snapshot: ParameterSnapshot, _ state: inout AppState) -> [Effect] {
    let past = state.training.past.shown
    state.training.past.remember(snapshot)
    if let past {
        guard state.training.past.shown == nil else { return [] }
        state.message = .init(text: "step \(past) is gone: the run went back to an earlier one")
        return showStep(nil, &state)
    }
    state.shown.show(snapshot)
    return refresh(state)
}

/// What a change of the run's state asks for: a run that has failed is saved as it was while its loss was finite, one
/// that has diverged says so.
private func changed(_ run: TrainState.Run, _ state: inout AppState) -> [Effect] {
    switch run.state {
    case .failed(let error):
        state.message = .init(text: error.description, isError: true)
        return saveNewest(&state)
    case .diverged:
        // What happened and what can be done about it stand below the curves and in the line of keys.
        state.message = nil
        return []
    default: return run.state.isOver && run.savesAtEnd ? saveNewest(&state) : []
    }
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
