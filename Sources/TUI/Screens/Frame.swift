import Drawing
import VAECore

/// Draws the whole screen for a state. Touches no terminal, thread, clock or file.
package func render(_ state: AppState, into canvas: inout Canvas) {
    guard state.width >= Frame.leastWidth, state.height >= Frame.leastHeight else {
        canvas.text("latent needs \(Frame.leastWidth)×\(Frame.leastHeight) cells", x: 0, y: 0)
        canvas.text("this terminal has \(state.width)×\(state.height); q quits", x: 0, y: 1)
        return
    }
    drawHeader(state, into: &canvas)
    state.screen.feature.draw(state, into: &canvas, Frame.body(state))
    if state.tour.isActive { TourPanel(state).draw(state, into: &canvas) }
    drawFooter(state, into: &canvas)
    drawOverlay(state, into: &canvas)
}

/// The smallest terminal in which the screens are drawn, in cells.
package let leastScreen = (width: Frame.leastWidth, height: Frame.leastHeight)

/// What every screen has: a line of tabs and status above, a line of keys below.
package enum Frame {
    static let leastWidth = 40
    static let leastHeight = 10

    /// The rectangle between the two lines, above the panel of the tour.
    package static func body(_ state: AppState) -> Rect {
        Rect(x: 0, y: 1, width: state.width, height: state.height - 2 - TourPanel.rows(state))
    }
}

/// Where the tabs of the first line are, for drawing and for the mouse.
func tabs(_ state: AppState) -> [(screen: Screen, columns: Range<Int>, text: String)] {
    var x = 1
    return Screen.allCases.map { screen in
        let text = state.width < 60 && screen != state.screen ? " \(screen.digit) " : " \(screen.digit) \(screen.title) "
        defer { x += text.count }
        return (screen, x..<x + text.count, text)
    }
}

private func drawHeader(_ state: AppState, into canvas: inout Canvas) {
    let line = canvas.bounds.row(0)
    canvas.fill(line, with: Cell(" ", Theme.bar))
    var x = 1
    for tab in tabs(state) {
        let isCurrent = tab.screen == state.screen
        // Without colours the brackets say which screen this is.
        let text = isCurrent && state.capabilities.colors == .none ? "[\(tab.text.dropFirst().dropLast())]" : tab.text
        x = canvas.text(text, x: tab.columns.lowerBound, y: 0, isCurrent ? Style(16, on: Theme.accent, .bold) : Theme.bar)
    }
    let room = state.width - x - 2
    let isPast = state.training.past.shown != nil
    let status = statusTexts(state).first { Canvas.columns(of: $0) <= room } ?? ""
    canvas.text(status, endingAt: state.width - 1, y: 0, isPast ? Style(16, on: Theme.warning, .bold) : Theme.bar, clip: line)
}

/// The state of the run, the longest wording first.
private func statusTexts(_ state: AppState) -> [String] {
    if let past = state.training.past.shown {
        return [" showing step \(past) · Esc returns to now ", " step \(past) · Esc: now ", " step \(past) ", "past"]
    }
    guard let run = state.training.run else {
        if let followed = state.training.followed { return followedStatus(followed, state) }
        let trained = "\(state.model.name)  \(state.model.architecture)  step \(state.model.step)"
        return [trained, "\(state.model.name)  step \(state.model.step)", "step \(state.model.step)"]
    }
    let progress = run.progress
    let epoch = "epoch \(min(progress.epochs, progress.epoch + (run.state.isOver ? 0 : 1)))/\(progress.epochs)"
    let step = "step \(state.model.step == progress.step || !run.state.isOver ? progress.step : state.model.step)"
    let speed = "\(NumberText.count(progress.imagesPerSecond)) images/s"
    let left = progress.secondsLeft.map { "  \(duration($0)) left" } ?? ""
    let isPausing = run.pauseRequest == true && run.state.takesSteps
    let name = isPausing ? "pausing" : stateName(run.state)
    // Of a run that was loaded its name tells more than its end.
    if run.isRecorded { return ["\(run.name)  \(name)  \(epoch)  \(step)", "\(run.name)  \(step)", step] }
    if run.state.isOver { return ["\(run.name)  \(name)  \(epoch)  \(step)", "\(name)  \(epoch)  \(step)", "\(name)  \(step)", step] }
    let full = ["\(run.name)  \(name)  \(epoch)  \(step)  \(speed)\(left)", "\(name)  \(epoch)  \(step)\(left)"]
    // Where it stands still, that says more than how long it would take.
    if isPausing || !run.state.takesSteps { return full + ["\(name)  \(epoch)  \(step)", "\(name)  \(step)", step] }
    // At 80 columns the speed and the time left, which tell more than the epoch.
    let short = "\(NumberText.count(progress.imagesPerSecond))/s"
    let narrow = progress.imagesPerSecond > 0 ? ["\(step)  \(short)\(left)", "\(step)\(left)"] : []
    return full + ["\(epoch)  \(step)\(left)"] + narrow + ["\(epoch)  \(step)", "\(name)  \(step)", step]
}

func stateName(_ state: TrainingState) -> String {
    switch state {
    case .starting: "starting"
    case .running: "training"
    case .evaluating: "evaluating"
    case .paused: "paused"
    case .diverged: "halted"
    case .finished: "trained"
    case .stopped: "stopped"
    case .failed: "failed"
    }
}

/// The list of keys, which scrolls where the screen is too small for it.
func keyHelp(_ state: AppState, offset: Int = 0) -> KeyHelp {
    KeyHelp(title: "Keys", KeyBindings.help(on: state.screen), offset: offset)
}

private func drawOverlay(_ state: AppState, into canvas: inout Canvas) {
    switch state.overlay {
    case .help(let offset):
        keyHelp(state, offset: offset)
            .draw(into: &canvas, Frame.body(state), state.capabilities)
    case .quit:
        let isPaused = state.training.run?.state == .paused
        let question = !state.training.isActive
            ? "The trained model is not saved." : isPaused ? "Training is paused." : "Training is running."
        KeyHelp(
            title: question,
            [
                ("s", state.training.isActive ? "stop, save and quit" : "save and quit"),
                ("d", "discard and quit"), ("Esc", "stay"),
            ]
        ).draw(into: &canvas, Frame.body(state), state.capabilities)
    case .series(let selected): drawSeries(selected: selected, state, into: &canvas)
    case .chapters(let selected): drawChapters(selected: selected, state, into: &canvas)
    case .restart: drawRestartQuestion(state, into: &canvas)
    case .typing(let prompt, let text): drawPrompt(prompt, text, state, into: &canvas)
    case .saveFailed(let reason, let quits): drawSaveQuestion(reason, quits: quits, state, into: &canvas)
    case nil: break
    }
}

/// Why the model could not be saved, as far as there is room, above every answer there is.
private func drawSaveQuestion(_ reason: String, quits: Bool, _ state: AppState, into canvas: inout Canvas) {
    let body = Frame.body(state)
    let answers = [("w", "try again"), ("t", "save in the temporary folder")]
        + (quits ? [("d", "quit without saving")] : []) + [("Esc", "go back: nothing is lost yet")]
    // Less wide than the box by the mark of what is left out.
    let lines = wrapped(reason, max(10, min(80, body.width) - 13))
    let shown = lines.prefix(max(1, body.height - 2 - answers.count))
    var rows = shown.map { (" ", $0) }
    if shown.count < lines.count { rows[rows.count - 1].1 += state.capabilities.drawsUnicode ? "…" : "..." }
    KeyHelp(title: "Not saved", rows + answers).draw(into: &canvas, body, state.capabilities)
}
