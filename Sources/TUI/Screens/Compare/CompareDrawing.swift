import Drawing
import VAECore

extension CompareScreen {
    func draw(_ state: AppState, into canvas: inout Canvas, _ body: Rect) {
        guard let dataset = state.data.dataset else {
            let text: String
            if case .missing(let reason) = state.data { text = reason } else { text = "the data set is loading" }
            let lines = wrapped(text, min(76, body.width - 2))
            for (row, line) in lines.prefix(body.height).enumerated() {
                canvas.text(line, centeredIn: body, row: max(0, (body.height - lines.count) / 2) + row)
            }
            return
        }
        let layout = CompareLayout(state)
        drawList(state, dataset.test, layout, into: &canvas)
        guard let pair = state.compare.pair, pair.index < dataset.test.count else { return }
        if state.beside != nil {
            drawTwo(state, pair, dataset, layout, into: &canvas)
            return
        }
        drawPictures(state, pair, layout, into: &canvas)
        drawPairs(state, layout, into: &canvas)
        drawCompareFigures(state, pair, dataset, layout.figures, into: &canvas)
    }
}

private func drawList(_ state: AppState, _ set: ImageSet, _ layout: CompareLayout, into canvas: inout Canvas) {
    let rect = layout.list
    guard !rect.isEmpty else { return }
    let compare = state.compare
    let loss = compare.sorting.needsSecond ? (rect.width > 24 ? "2nd - 1st" : "diff") : state.model.isDeterministic ? "rec" : "-ELBO"
    // The losses of another step than the one on show say which.
    let isOther = !state.shown.scores.isEmpty && state.shown.scoresStep != state.model.step
    let heading = isOther ? "step \(state.shown.scoresStep)" : rect.width > 24 ? "image  class" : "image class"
    canvas.text(heading, x: rect.x + 1, y: rect.y, isOther ? Style(Theme.warning) : .dim, clip: rect)
    canvas.text(loss, endingAt: rect.x + (rect.width > 24 ? 22 : 19), y: rect.y, .dim, clip: rect)
    let rows = rect.height - 1
    let first = layout.firstLine(compare)
    for (row, index) in compare.order.dropFirst(first).prefix(rows).enumerated() {
        let isSelected = first + row == compare.selected
        let y = rect.y + 1 + row
        let style = isSelected ? Style(16, on: Theme.accent) : Style.plain
        if isSelected { canvas.fill(Rect(x: rect.x, y: y, width: rect.width - 1, height: 1), with: Cell(" ", style)) }
        // Without colours the marker says which line is chosen.
        canvas.text(isSelected ? ">" : " ", x: rect.x, y: y, style)
        canvas.text("\(index + 1)", endingAt: rect.x + 6, y: y, style)
        if let label = set.labels?[index] {
            let tint = isSelected ? style : Style(Palette.classColor(Int(label)))
            canvas.text("\(label)", endingAt: rect.x + (rect.width > 24 ? 12 : 10), y: y, tint)
        }
        if let loss = listedLoss(index, state) {
            canvas.text(loss, endingAt: rect.x + (rect.width > 24 ? 22 : 19), y: y, style)
        }
    }
}

/// The loss by which the list is, or could be, sorted.
private func listedLoss(_ index: Int, _ state: AppState) -> String? {
    if state.compare.sorting.needsSecond {
        return state.difference(index).map { ($0 < 0 ? "" : "+") + nats($0) }
    }
    return state.shown.scores.indices.contains(index) ? nats(state.shown.scores[index].negativeELBO) : nil
}

private func drawPictures(
    _ state: AppState, _ pair: CompareState.Pair, _ layout: CompareLayout, into canvas: inout Canvas
) {
    let shape = state.model.shape
    guard pair.reconstruction.picture.count == shape.count, pair.input.count == shape.count else { return }
    let made = state.compare.sampleSeed == nil ? "output, z = mean" : "output, z sampled"
    for (n, title) in ["input \(pair.index + 1)", made].enumerated() {
        let rect = layout.pictures[n]
        canvas.text(title, x: rect.x, y: rect.y - 1, .bold, clip: Rect(x: rect.x, y: rect.y - 1, width: rect.width, height: 1))
        DigitImage(Bitmap(shape, n == 0 ? pair.input : pair.reconstruction.picture)).draw(into: &canvas, rect, state.capabilities)
    }
    guard layout.pictures.count > 2, layout.pictures[2].height >= 3 else { return }
    let rect = layout.pictures[2]
    let difference = zip(pair.reconstruction.picture, pair.input).map { $0 - $1 }
    DigitImage(Bitmap(shape, difference), ramp: .diverging).draw(into: &canvas, rect, state.capabilities)
    let isLarge = rect.y == layout.pictures[0].y
    if isLarge {
        canvas.text("difference", x: rect.x, y: rect.y - 1, .bold)
    }
    let texts = differenceTexts(state)
    // Beside the figures there is room to the left of the small picture.
    let room = isLarge ? state.width - rect.x : rect.width + 2
    canvas.text(fitting(room, texts), x: rect.x, y: isLarge ? rect.maxY : rect.y - 1, Style(203))
}

/// What the colours, or else the characters, of a difference mean, the longest wording first.
func differenceTexts(_ state: AppState) -> [String] {
    let isGrey = state.model.shape.channels == 1
    let (more, less) = isGrey ? ("too much ink", "too little") : ("too bright", "too dark")
    let (shorter, least) = isGrey ? ("more ink, blue: less", "too much") : ("brighter, blue: darker", more)
    return state.capabilities.showsDifferencesInColor
        ? ["red: \(more), blue: \(less) (full colour: 1)", "red: \(more), blue: \(less)", "red: \(shorter)", "red: \(more)",
            "red: \(least)"]
        : [".+*# \(more), ,-~= \(less) (# and = : 1)", ".+*# \(more), ,-~= \(less)",
            ".+*# more, ,-~= less", ".+*#: \(least)"]
}

/// The images after the chosen one, in the order of the list, above what the model makes of them.
private func drawPairs(_ state: AppState, _ layout: CompareLayout, into canvas: inout Canvas) {
    let (shape, pairs, place) = (state.model.shape, state.compare.pairs, layout.pairs)
    guard !place.isEmpty else { return }
    canvas.text("the next in the list, inputs above outputs", x: place.x, y: place.y, .dim, clip: place)
    PictureRows(
        rows: [pairs.inputs, pairs.outputs], count: min(pairs.count, layout.pairCount), shape: shape, tile: layout.pairTile
    ).draw(into: &canvas, x: place.x, y: place.y + 1, state.capabilities)
}

private func drawCompareFigures(
    _ state: AppState, _ pair: CompareState.Pair, _ dataset: Dataset, _ rect: Rect, into canvas: inout Canvas
) {
    let terms = pair.reconstruction.terms
    let label = dataset.test.labels.map { ", class \(dataset.className(Int($0[pair.index])))" } ?? ""
    let number = dataset.test.labels.map { ", class \($0[pair.index])" } ?? ""
    let seen =
        !foreignData(state).isEmpty ? "of \(dataset.name)"
        : dataset.isSeen(inTrainingOn: state.model.trainedOn) ? "(the model was trained on it)" : "(held out)"
    let figures = state.model.isDeterministic
        ? [
            ("reconstruction  \(alignedNats(terms.reconstruction)) nats", Style.bold),
            ("a plain autoencoder: no KL, no bound", .plain),
        ]
        : [
            ("negative ELBO   \(alignedNats(terms.negativeELBO)) nats", .bold),
            ("reconstruction  \(alignedNats(terms.reconstruction))", .plain),
            ("KL divergence   \(alignedNats(terms.kl))", .plain),
        ]
    let (pixels, order) = (state.model.binarization.title(state.model.shape), "order: \(state.compare.sorting.rawValue)")
    let image = "image \(pair.index + 1) of \(dataset.test.count)"
    let short = seen == "(the model was trained on it)" ? "(trained on it)" : seen
    let heading = fitting(rect.width, ["\(image) \(seen)\(label)", "\(image) \(short)\(label)", image + label, image + number])
    let bounds = state.compare.bounds.flatMap { $0.isOf(pair) ? $0.text : nil }.map { text in
        (fitting(rect.width, ["-log p(x), by samples of z  \(text)", "-log p(x)  \(text)", text]), Style.plain)
    }
    var lines = [(heading, Style.plain)] + figures + [bounds].compactMap { $0 } + [
        ("z  \(pair.reconstruction.z.prefix(4).map { decimal($0) }.joined(separator: " "))\(pair.reconstruction.z.count > 4 ? " ..." : "")", .plain),
        (fitting(rect.width, ["\(pixels) pixels; \(order); step \(pair.step)", "\(order); step \(pair.step)", order]), .dim),
    ]
    if rect.height < lines.count { lines.removeFirst() }
    for (row, line) in lines.prefix(rect.height).enumerated() {
        canvas.text(line.0, x: rect.x, y: rect.y + row, line.1, clip: rect)
    }
}
