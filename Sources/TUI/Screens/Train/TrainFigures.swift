import Drawing
import VAECore

/// The last numbers; or why a run has halted, and what can be done about it.
func drawFigures(_ state: AppState, _ rect: Rect, into canvas: inout Canvas) {
    guard !rect.isEmpty else { return }
    let width = rect.width - 2
    if let followed = state.training.followed {
        for (row, line) in followedLines(followed, rect.height, width).enumerated() {
            canvas.text(line.0, x: rect.x + 1, y: rect.y + row, line.1, clip: rect.inset(1, 0))
        }
        return
    }
    guard let run = state.training.run else { return }
    var lines: [(String, Style)]
    switch run.state {
    case .diverged(let error): lines = haltedLines(error, run, width)
    case .failed(let error):
        lines = [("stopped: \(error.what), \(error.place)", Style(Theme.warning, .bold)), (error.remedy ?? "", .plain)]
    default:
        lines = rect.height >= 3 ? lossLines(run, state, width) : [(shortLine(run, width), .plain)]
        if let collapse = Collapse(state) {
            // Without colours the mark says that this is no figure like the others.
            lines.append(("! " + collapse.text(width - 2), Style(Theme.warning, .bold)))
        }
    }
    for (row, line) in lines.prefix(rect.height).enumerated() {
        canvas.text(line.0, x: rect.x + 1, y: rect.y + row, line.1, clip: rect.inset(1, 0))
    }
}

private func haltedLines(_ error: CoreError, _ run: TrainState.Run, _ width: Int) -> [(String, Style)] {
    let half = NumberText.plain(run.learningRateScale / 2)
    let choices = "Step \(run.keptStep), the last good one, is kept. Space continues from it at half the learning rate"
        + " (× \(half)), r restarts at half, w saves it, x stops."
    let short = "Step \(run.keptStep), the last good one: space continues at half rate, r restarts, w saves, x stops."
    let head = fitting(width, ["halted: \(error.what), \(error.place)", "halted: \(error.what)", error.what])
    return wrapped(head, width).prefix(2).map { ($0, Style(Theme.warning, .bold)) }
        + wrapped(width < 70 ? short : choices, width).map { ($0, .plain) }
}

/// Train, test, and the settings with the active dimensions.
private func lossLines(_ run: TrainState.Run, _ state: AppState, _ width: Int) -> [(String, Style)] {
    func line(_ name: String, _ terms: LossTerms, _ rest: String) -> String {
        if run.isDeterministic { return "\(name) reconstruction \(nats(terms.reconstruction)), nats per image\(rest)" }
        let (total, reconstruction, kl) = (nats(terms.negativeELBO), nats(terms.reconstruction), nats(terms.kl))
        let full = "\(name) -ELBO \(total) = reconstruction \(reconstruction) + KL \(kl)"
        return fitting(
            width,
            [
                "\(full), nats per image\(rest)", "\(full)\(rest)", full,
                "\(name) -ELBO \(total) = \(reconstruction) + KL \(kl)", "\(name) \(total) = \(reconstruction) + \(kl)",
            ])
    }
    // Some records tell of epochs alone.
    let means = run.isRecorded && run.lastStep == nil ? run.lastEpoch.map { line("train", $0.train, "") } : nil
    let train = means ?? run.lastStep.map { line("batch", $0.terms, "") } ?? "batch after the first step"
    let test = run.lastEpoch.map { (line("test ", $0.test.terms, ", epoch \($0.epoch)"), Style.plain) }
        ?? ("test  after the first epoch", .dim)
    // While it stands still, keys change only what the next step works with.
    var last = fitting(width, settings(run).flatMap { run.state == .paused ? ["last step: \($0)", $0] : [$0] })
    if let test = run.lastEpoch?.test, !run.isDeterministic, !test.meanVariance.isEmpty {
        let active = activeText(state, test, width: width - last.count - 3)
        if last.count + 3 + active.count <= width { last += "   " + active }
    }
    return [(train, .plain), test, (last, .plain)]
}

/// What the trainer works with, as of the last step.
private func settings(_ run: TrainState.Run) -> [String] {
    guard let step = run.lastStep else { return [""] }
    let factor = run.learningRateScale == 1 ? "" : " (×\(NumberText.plain(run.learningRateScale)))"
    let rate = "rate " + NumberText.plain(step.learningRate) + factor
    if run.isDeterministic { return [rate] }
    let beta = "beta " + NumberText.plain(step.beta)
    guard run.freeBits != nil else { return ["\(rate) \(beta)", rate] }
    let free = NumberText.plain(step.freeBits)
    return ["\(rate) \(beta) free bits \(free)", "\(rate) \(beta) free \(free)", "\(rate) \(beta)"]
}

/// All there is room for in one line.
private func shortLine(_ run: TrainState.Run, _ width: Int) -> String {
    guard let terms = run.lastStep?.terms else { return "" }
    let test = run.lastEpoch.map { "  test \(nats($0.test.terms.negativeELBO))" } ?? ""
    if run.isDeterministic { return fitting(width, ["reconstruction \(nats(terms.reconstruction))\(test)"]) }
    let (total, reconstruction, kl) = (nats(terms.negativeELBO), nats(terms.reconstruction), nats(terms.kl))
    return fitting(
        width,
        [
            "-ELBO \(total) = reconstruction \(reconstruction) + KL \(kl)\(test)",
            "-ELBO \(total) = \(reconstruction) + KL \(kl)\(test)", "-ELBO \(total) = \(reconstruction) + KL \(kl)",
            "\(total) = \(reconstruction) + \(kl)",
        ])
}
