import Drawing
import VAECore

extension ModelsScreen {
    func draw(_ state: AppState, into canvas: inout Canvas, _ body: Rect) {
        let layout = ModelsLayout(state)
        guard let current = state.models.current else {
            let text = state.models.isListed ? "models/ and runs/ are empty: t trains a model" : "reading the models"
            canvas.text(text, centeredIn: body, row: body.height / 2)
            return
        }
        drawModelList(state, layout, into: &canvas)
        if layout.card.y > layout.list.maxY, layout.card.x == body.x {
            canvas.horizontalLine(
                x: body.x, y: layout.card.y - 1, length: body.width, style: .dim, state.capabilities)
        }
        drawCard(state, current, layout.card, into: &canvas)
        if let samples = layout.samples { drawSamples(state, current, samples, into: &canvas) }
    }
}

private func drawModelList(_ state: AppState, _ layout: ModelsLayout, into canvas: inout Canvas) {
    let columns = ModelsLayout.Columns(layout.list)
    let top = layout.list.y
    func put(_ text: String, _ range: Range<Int>?, _ y: Int, _ style: Style) {
        guard let range else { return }
        canvas.text(text, x: range.lowerBound, y: y, style, clip: Rect(x: range.lowerBound, y: y, width: range.count, height: 1))
        if Canvas.columns(of: text) > range.count, !range.isEmpty { canvas[range.upperBound - 1, y] = Cell("…", style) }
    }
    put("model \(state.models.selected + 1) of \(state.models.listings.count)", columns.name, top, .dim)
    put("architecture", columns.architecture, top, .dim)
    put("data", columns.data, top, .dim)
    canvas.text("test loss", endingAt: columns.loss, y: top, .dim, clip: layout.list)
    if let end = columns.epochs { canvas.text("epochs", endingAt: end, y: top, .dim, clip: layout.list) }
    let first = layout.first(state.models)
    for (row, listing) in state.models.listings.dropFirst(first).prefix(max(0, layout.list.height - 1)).enumerated() {
        let y = top + 1 + row
        let isSelected = first + row == state.models.selected
        let style = isSelected ? Style(16, on: Theme.accent) : Style.plain
        if isSelected { canvas.fill(layout.list.row(row + 1), with: Cell(" ", style)) }
        canvas.text(isSelected ? ">" : " ", x: layout.list.x, y: y, style)
        canvas.text(mark(of: listing, state), x: layout.list.x + 2, y: y, style)
        if let place = state.training.overlay.paths.firstIndex(of: listing.path) {
            let tint = isSelected ? style : Style(RunOverlay.look(place).color, on: nil, .bold)
            canvas.text("\(place + 1)", x: layout.list.x + 1, y: y, tint)
        }
        put(listing.name, columns.name, y, style)
        guard let card = listing.card else {
            if case .unreadable(let reason) = listing.content {
                let tint = isSelected ? style : Style(Theme.warning)
                // Where a row has room for its name alone, the card says why.
                let start = min(columns.name.upperBound + 1, columns.name.lowerBound + Canvas.columns(of: listing.name) + 2)
                if layout.list.width >= 60 { put(reason, start..<layout.list.maxX, y, tint) }
                else { canvas.text("unreadable", endingAt: columns.loss, y: y, tint, clip: layout.list) }
            }
            continue
        }
        put(card.configuration.summary, columns.architecture, y, style)
        put(card.record?.dataset ?? "?", columns.data, y, style)
        canvas.text(shortLoss(listing, card), endingAt: columns.loss, y: y, style, clip: layout.list)
        if let end = columns.epochs { canvas.text(epochs(listing, card), endingAt: end, y: y, style, clip: layout.list) }
    }
}

/// The epochs trained; of a run that is not at its end, of how many. A run that another process trains has a mark.
private func epochs(_ listing: ModelListing, _ card: ModelCard) -> String {
    let done = max(card.epoch, listing.run?.epoch ?? 0)
    let sign = listing.isWritten ? "+" : ""
    guard let run = listing.run, let all = run.epochs, run.state != .finished, done < all else { return "\(done)\(sign)" }
    return fitting(ModelsLayout.Columns.epochsWidth, ["\(done)/\(all)\(sign)", "\(done)\(sign)"])
}

/// Marks of the model on show and of the one held beside it.
private func mark(of listing: ModelListing, _ state: AppState) -> String {
    if isShown(listing, state) { return String(Character(state.capabilities.glyph("●", "*"))) }
    return listing.path == state.beside?.path ? String(Character(state.capabilities.glyph("○", "o"))) : " "
}

func isShown(_ listing: ModelListing, _ state: AppState) -> Bool {
    listing.path == state.shown.path && state.training.run?.isUnsaved != true
}

/// The negative ELBO; of a plain autoencoder, which has none, its reconstruction under that name.
private func shortLoss(_ listing: ModelListing, _ card: ModelCard) -> String {
    guard let terms = listing.terms else { return "?" }
    return card.configuration.isDeterministic ? "rec \(nats(terms.reconstruction))" : nats(terms.negativeELBO)
}
