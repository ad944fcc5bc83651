import Drawing
import VAECore

// What a run tells.

/// A run has begun: its curves replace the last ones.
func started(_ run: TrainState.Run, _ state: inout AppState) -> [Effect] {
    (state.training.run, state.training.followed) = (run, nil)
    state.shown.begin(as: state.newID())
    changeHome(&state) { $0.forget() }
    forget(.run, &state)
    state.model.trainedOn = run.dataset
    state.message = nil
    defer { state.training.startNote = nil }
    if let step = run.continuedFrom {
        let note = state.training.startNote.map { "; \($0)" } ?? ""
        state.message = .init(text: "continuing from step \(step)\(note)")
    } else if run.learningRateScale != 1 {
        let factor = NumberText.plain(run.learningRateScale)
        state.message = .init(text: "restarted with learning rate × \(factor)")
    } else if state.data.dataset?.notice != nil {
        // The notice itself is longer than a line.
        state.message = .init(text: "training on the 5,000-digit sample; for all of MNIST see 'latent data list'")
    }
    return show(.train, &state)
}

/// Changes what is known of the latent space. A plane that nobody has moved follows.
func changeHome(_ state: inout AppState, _ change: (inout ModelState) -> Void) {
    let wasHome = state.explore.isHome(state.model)
    change(&state.model)
    if wasHome { state.explore.goHome(state.model) }
}

/// What the trainer told: curves grow, and a new snapshot asks for new pictures.
func received(_ mail: TrainingMailbox.Mail, _ state: inout AppState) -> [Effect] {
    if let news = mail.news { return received(news, &state) }
    guard var run = state.training.run else { return [] }
    for metrics in mail.steps {
        state.training.curves.append(metrics.terms, at: metrics.step, isTest: false)
        run.firstLoss = run.firstLoss ?? metrics.terms.negativeELBO
        run.lastStep = metrics
    }
    for report in mail.epochs {
        state.training.curves.append(report.test.terms, at: report.step, isTest: true)
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
    run.checkpoint = mail.checkpoint
    if let problem = mail.problem { state.message = .init(text: problem.description, isError: true) }
    if let snapshot = mail.snapshot {
        run.isUnsaved = run.isUnsaved || snapshot.step > 0 && snapshot.step != run.keptStep
        run.keptStep = snapshot.step
    }
    state.training.run = run
    let effects = mail.snapshot.map { arrived($0, &state) } ?? []
    let request: [Effect] = run.state.isOver ? [] : nextPictures(mail, &state)
    return effects + (isOther ? changed(run, &state) : []) + request
}

/// Asks for the next parameters to show. On a large screen pictures are most of what is sent to the terminal: there they
/// come with every third frame, the curves with each.
private func nextPictures(_ mail: TrainingMailbox.Mail, _ state: inout AppState) -> [Effect] {
    if mail.snapshot != nil {
        state.training.framesToPictures = state.width * state.height > 6000 ? 2 : 0
    } else if state.training.framesToPictures > 0 {
        state.training.framesToPictures -= 1
    } else {
        return []
    }
    return state.training.framesToPictures == 0 ? [.requestSnapshot] : []
}

/// New parameters of the run. Who looks at the past goes on looking at it, unless that is gone.
func arrived(_ snapshot: ParameterSnapshot, _ state: inout AppState) -> [Effect] {
    let past = state.training.past.shown
    state.training.past.remember(snapshot)
    if let past {
        guard state.training.past.shown == nil else { return [] }
        state.message = .init(text: "step \(past) no longer exists: the run went back to an earlier step")
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
    default:
        guard run.state.isOver else { return [] }
        // That it was stopping is over.
        state.message = nil
        return run.savesAtEnd ? saveNewest(&state) : []
    }
}
