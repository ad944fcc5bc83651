import Drawing
import VAECore

extension TrainScreen {
    func draw(_ state: AppState, into canvas: inout Canvas, _ body: Rect) {
        if state.training.overlay.isShown {
            OverlayView(state).draw(state, into: &canvas)
            return
        }
        let layout = TrainLayout(state)
        if !state.training.hasCurves {
            drawInvitation(state, layout.chart, into: &canvas)
        } else {
            TrainCharts(state.training, layout.chart).draw(into: &canvas, state.capabilities)
        }
        LatentMap(pictures: state.training.thumbnail, shape: state.model.shape, tile: layout.tile)
            .draw(into: &canvas, layout.map, state.capabilities)
        drawKL(state, layout.bars, into: &canvas)
        drawFigures(state, layout.figures, into: &canvas)
        drawStrip(state, layout, into: &canvas)
        drawGauge(state, layout.gauge, into: &canvas)
    }
}

/// What there is to train, and what there will be to see.
private func drawInvitation(_ state: AppState, _ rect: Rect, into canvas: inout Canvas) {
    guard !rect.isEmpty else { return }
    let data: String
    switch state.data {
    case .loading: data = "the data set is loading"
    case .ready(let dataset): data = "\(dataset.train.count) images of \(dataset.name)"
    case .missing(let reason):
        let lines = ["Training needs a data set.", ""] + wrapped(reason, min(76, rect.width - 2))
        let start = max(0, (rect.height - lines.count) / 2)
        for (row, line) in lines.prefix(rect.height).enumerated() {
            canvas.text(line, centeredIn: rect, row: start + row, row == 0 ? .bold : .plain)
        }
        return
    }
    let width = min(64, rect.width - 2)
    let promise = "You will see the loss fall step by step, on training and on held-out images, the latent plane take shape,"
        + " and reconstructions of images that the model has never seen."
    var lines: [(String, Style)] = [
        ("No training is running.", .plain), ("Press t to train \(state.model.name) from scratch, live:", .bold),
        (state.model.architecture, .plain), (data, .plain),
    ]
    var more = [("", Style.plain)] + wrapped(promise, width).map { ($0, .dim) }
    if lines.count + more.count <= rect.height { lines += more }
    if let evaluation = state.model.evaluation {
        more = [("", .plain)] + storedFigures(evaluation, width).map { ($0, .plain) }
        if lines.count + more.count <= rect.height { lines += more }
    }
    let start = max(0, (rect.height - lines.count) / 2)
    for (row, line) in lines.prefix(rect.height).enumerated() {
        canvas.text(line.0, centeredIn: rect, row: start + row, line.1)
    }
}

/// How good the model on show is, as its file says.
private func storedFigures(_ evaluation: Evaluation, _ width: Int) -> [String] {
    let terms = evaluation.terms
    let intro = "The saved model on \(evaluation.images) held-out images, nats per image:"
    let reconstruction = "reconstruction \(nats(terms.reconstruction))"
    if evaluation.isDeterministic == true { return wrapped(intro, width) + [reconstruction] }
    return wrapped(intro, width) + wrapped("-ELBO \(nats(terms.negativeELBO)) = \(reconstruction) + KL \(nats(terms.kl))", width)
        + ["\(evaluation.activeUnits) of \(evaluation.meanVariance.count) dimensions active"]
}

/// Held-out images above what the model makes of them.
private func drawStrip(_ state: AppState, _ layout: TrainLayout, into canvas: inout Canvas) {
    let strip = state.training.strip
    let shape = state.model.shape
    guard !layout.strip.isEmpty else { return }
    let tile = layout.stripTile
    canvas.text("input", x: layout.strip.x + 1, y: layout.strip.y + tile.rows / 2, .dim)
    canvas.text("output", x: layout.strip.x + 1, y: layout.strip.y + tile.rows + tile.rows / 2, .dim)
    PictureRows(
        rows: [strip.inputs, strip.outputs], count: min(strip.count, layout.stripCount), shape: shape, tile: tile
    ).draw(into: &canvas, x: layout.strip.x + TrainLayout.stripLabel, y: layout.strip.y, state.capabilities)
}

private func drawGauge(_ state: AppState, _ rect: Rect, into canvas: inout Canvas) {
    if let followed = state.training.followed {
        drawFollowedGauge(followed, state, rect, into: &canvas)
        return
    }
    guard let run = state.training.run, run.progress.totalSteps > 0 else { return }
    let share = Double(run.progress.step) / Double(run.progress.totalSteps)
    let progress = run.progress
    let step = "\(stateName(run.state))  step \(progress.step) of \(progress.totalSteps)"
    let speed = progress.imagesPerSecond > 0 ? "\(NumberText.count(progress.imagesPerSecond)) images/s" : ""
    let left = run.state.isOver ? "" : progress.secondsLeft.map { "  \(duration($0)) left" } ?? ""
    // Where there is no room for both, speed and time left stand in the header.
    let kept = run.checkpoint.map { "  checkpoint \($0.time)" }
    let full = kept.map { ["\(step)  \(speed)\(left)\($0)", "\(step)\($0)"] } ?? []
    // A third of the row at least is the bar itself.
    let text = fitting(rect.width * 2 / 3, full + ["\(step)  \(speed)\(left)", "\(step)\(left)", step])
    Gauge(share, text: text).draw(into: &canvas, rect.inset(1, 0), state.capabilities)
}

/// Begin anew although what this run has learnt is not saved?
func drawRestartQuestion(_ state: AppState, into canvas: inout Canvas) {
    let isHalted = state.training.run?.divergence != nil
    KeyHelp(
        title: "Restart and discard this run?",
        [
            ("r", isHalted ? "restart at half the learning rate" : "restart from the first step"),
            ("w", "save it first"), ("Esc", state.training.isActive ? "continue this run" : "keep it"),
        ]
    ).draw(into: &canvas, Frame.body(state), state.capabilities)
}
