import Drawing
import VAECore

// The card of the chosen model.

func drawCard(_ state: AppState, _ listing: ModelListing, _ rect: Rect, into canvas: inout Canvas) {
    guard !rect.isEmpty else { return }
    let lines = cardTexts(state, listing).flatMap { line in
        wrapped(line.text, rect.width - 1).map { CardLine(text: $0, style: line.style, isImportant: line.isImportant) }
    }
    let isDeterministic = listing.card?.configuration.isDeterministic == true
    let losses = listing.curve.map { isDeterministic ? $0.test.reconstruction : $0.test.negativeELBO }
    // Where there is room the curve is a chart at the bottom, else a line.
    let parts = rect.split(rows: rect.height >= 40 && losses.count > 1
        ? min(rect.height * 3 / 5, 14 + (listing.card?.configuration.latent ?? 0)) : rect.height)
    if !parts.bottom.isEmpty { drawLossChart(listing.curve.map { Double($0.epoch) }, losses, parts.bottom, state, into: &canvas) }
    let (rect, curve) = (parts.top, parts.bottom.isEmpty ? losses : [])
    var y = rect.y
    for line in fitting(lines, rows: rect.height - (curve.isEmpty ? 0 : 1)) {
        canvas.text(line.text, x: rect.x + 1, y: y, line.style, clip: rect)
        y += 1
    }
    if let first = curve.first, let last = curve.last, y < rect.maxY {
        drawCurve(curve, from: nats(first), to: nats(last), rect.row(y - rect.y), state, into: &canvas)
        y += 1
    }
    drawDimensions(listing, Rect(x: rect.x + 1, y: y, width: rect.width - 2, height: rect.maxY - y), state, into: &canvas)
}

private func drawLossChart(
    _ epochs: [Double], _ losses: [Double], _ rect: Rect, _ state: AppState, into canvas: inout Canvas
) {
    var chart = LossChart([ChartSeries("test loss by epoch", color: 231, marker: "O", x: epochs, y: losses).marked])
    chart.unitAcross = "epoch"
    chart.unit = "nats"
    chart.draw(into: &canvas, rect, state.capabilities)
}

/// As many lines as there are rows: the important ones, and of the others the first.
private func fitting(_ lines: [CardLine], rows: Int) -> [CardLine] {
    var others = rows - lines.count(where: \.isImportant)
    return Array(
        lines.filter { line in
            if line.isImportant { return true }
            others -= 1
            return others >= 0
        }.prefix(max(0, rows)))
}

private func drawCurve(
    _ curve: [Double], from first: String, to last: String, _ row: Rect, _ state: AppState, into canvas: inout Canvas
) {
    let title = row.width >= 60 ? "test loss by epoch  \(first) " : "\(first) "
    let start = canvas.text(title, x: row.x + 1, y: row.y, clip: row)
    let room = row.maxX - start - last.count - 2
    let taken = Sparkline(curve).draw(
        into: &canvas, Rect(x: start, y: row.y, width: room, height: 1), state.capabilities, Style(Theme.accent))
    canvas.text(" \(last)", x: start + taken, y: row.y, clip: row)
}

/// The KL of each dimension as bars, the greatest first; of an autoencoder, the variance of its codes.
private func drawDimensions(_ listing: ModelListing, _ rect: Rect, _ state: AppState, into canvas: inout Canvas) {
    guard rect.height >= 3, let card = listing.card, let evaluation = card.record?.evaluation else { return }
    let isDeterministic = card.configuration.isDeterministic
    let values = isDeterministic ? evaluation.meanVariance : evaluation.klPerDimension
    canvas.text(isDeterministic ? "variance of the codes" : "KL per dimension, nats", x: rect.x, y: rect.y, .dim, clip: rect)
    let order = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
    let below = rect.split(rows: 1).bottom
    Bars(order.map { Bar("z\($0 + 1)", values[$0]) }, maximum: isDeterministic ? nil : fullBar(values))
        .draw(into: &canvas, Rect(x: below.x, y: below.y, width: min(60, below.width), height: below.height), state.capabilities)
}

private struct CardLine {
    var text: String
    var style = Style.plain
    var isImportant = false
}

private func cardTexts(_ state: AppState, _ listing: ModelListing) -> [CardLine] {
    var title = listing.name
    if isShown(listing, state) { title += "  (loaded)" }
    if listing.path == state.beside?.path { title += "  (beside)" }
    guard let card = listing.card else {
        var reason = ""
        if case .unreadable(let text) = listing.content { reason = text }
        return [
            CardLine(text: title, style: .bold, isImportant: true),
            CardLine(text: reason, style: Style(Theme.warning), isImportant: true),
            CardLine(text: file(listing), style: .dim),
        ] + runLines(listing) + (listing.notice.map { [CardLine(text: $0, style: Style(Theme.warning))] } ?? [])
    }
    let configuration = card.configuration
    let kind = configuration.isDeterministic ? "plain autoencoder" : "VAE"
    var lines = [CardLine(text: "\(title)  \(kind)", style: .bold, isImportant: true)]
    lines.append(CardLine(text: configuration.summary))
    let dimensions = configuration.latent == 1 ? "z of 1 dimension" : "z of \(configuration.latent) dimensions"
    lines.append(
        CardLine(
            text: "\(NumberText.count(Double(card.parameters))) parameters, \(dimensions), "
                + "\(configuration.likelihood.rawValue) pixels, images \(configuration.image.description)"))
    lines += figures(listing, card)
    lines += runLines(listing)
    lines += training(card)
    if let text = holes(state, listing, card) { lines.append(CardLine(text: text)) }
    if let text = misfit(state, card) { lines.append(CardLine(text: text, style: Style(Theme.warning))) }
    if let notice = listing.notice { lines.append(CardLine(text: notice, style: Style(Theme.warning))) }
    lines.append(CardLine(text: file(listing), style: .dim))
    return lines
}

private func file(_ listing: ModelListing) -> String {
    listing.bytes > 0 ? "\(listing.path)  \(bytes(listing.bytes))" : listing.path
}

private func bytes(_ count: Int) -> String {
    count >= 1_000_000 ? NumberText.fixed(Double(count) / 1e6, decimals: 1) + " MB" : "\((count + 999) / 1000) kB"
}

private func training(_ card: ModelCard) -> [CardLine] {
    guard let record = card.record else {
        return [CardLine(text: "from another program: its training is unknown")]
            + (card.assumption.map { [CardLine(text: $0, style: Style(Theme.warning))] } ?? [])
    }
    let training = record.training
    var objective = training.objective.bound.rawValue
    if training.objective.samples > 1 { objective += " of \(training.objective.samples) samples" }
    if training.beta != 1 { objective += ", beta \(NumberText.plain(training.beta))" }
    if configurationIsPlain(card) { objective = "reconstruction alone" }
    return [
        CardLine(text: "preset \(record.preset), objective \(objective), seed \(training.seed)"),
        CardLine(
            text: "\(record.dataset), \(training.binarization.title(card.configuration.image)) pixels, \(card.epoch) of \(training.epochs) epochs, step \(card.step)"),
    ]
}

/// How far the run has come that made it, and what can be done about it.
private func runLines(_ listing: ModelListing) -> [CardLine] {
    guard let run = listing.run else { return [] }
    var state = "run: \(run.state.name)"
    if case .failed(let reason) = run.state { state += ", \(reason)" }
    if case .running(let process, let host) = run.state { state += " on \(host), process \(process)" }
    state += ", epoch \(run.epoch)" + (run.epochs.map { " of \($0)" } ?? "") + ", step \(run.step)"
    let best = run.best.map { "best \(nats($0.test.negativeELBO)) after epoch \($0.epoch)" }
    let seconds = run.seconds.map { "\(duration($0)) of training" }
    let key = listing.isWritten ? "Enter follows it" : listing.canContinue ? "R continues it" : nil
    let more = [key, best, seconds].compactMap { $0 }.joined(separator: "; ")
    return ([state] + (more.isEmpty ? [] : [more])).map { CardLine(text: $0, isImportant: true) }
}

private func configurationIsPlain(_ card: ModelCard) -> Bool { card.configuration.isDeterministic }

private func figures(_ listing: ModelListing, _ card: ModelCard) -> [CardLine] {
    guard let terms = listing.terms else { return [CardLine(text: "no figures on held-out images", isImportant: true)] }
    guard !card.configuration.isDeterministic else {
        return [CardLine(text: "reconstruction \(nats(terms.reconstruction)) nats (plain autoencoder: no bound)", isImportant: true)]
    }
    var lines = [
        CardLine(
            text: "-ELBO \(nats(terms.negativeELBO)) = \(nats(terms.reconstruction)) + KL \(nats(terms.kl)) nats", isImportant: true)
    ]
    if let evaluation = card.record?.evaluation {
        lines[0].text += ", \(evaluation.activeUnits)/\(card.configuration.latent) active"
    } else if let epoch = listing.curve.last?.epoch {
        lines[0].text += ", after epoch \(epoch)"
    }
    return lines
}

private func holes(_ state: AppState, _ listing: ModelListing, _ card: ModelCard) -> String? {
    guard card.configuration.latent == 2, card.configuration.classes == nil else { return nil }
    return holesText(state.models.holes[listing.path] ?? nil)
}

/// How much of a plane is holes, in a line.
func holesText(_ holes: LatentHoles?) -> String? {
    guard let holes else { return nil }
    func percent(_ share: Double) -> String { NumberText.fixed(100 * share, decimals: 0) }
    return "holes: \(percent(holes.empty)) % empty (no code near), \(percent(holes.lost)) % lost (encoded elsewhere)"
}

/// That the data loaded are not for this model.
private func misfit(_ state: AppState, _ card: ModelCard) -> String? {
    guard let dataset = state.data.dataset, dataset.shape.count != card.configuration.image.count else { return nil }
    return "not for images of \(dataset.name), which are \(dataset.shape.description)"
}
