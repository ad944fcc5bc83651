import VAECore

/// Where things are on the Compare screen.
struct CompareLayout {
    /// The list of images; empty where there is no room.
    let list: Rect
    /// Input, reconstruction, difference: side by side, the last below where there is no room.
    let pictures: [Rect]
    let figures: Rect

    init(_ state: AppState) {
        let body = Frame.body(state)
        let shape = state.model.shape
        let listWidth = body.width >= 76 ? (body.width >= 130 ? 27 : 21) : 0
        list = body.split(columns: listWidth).left
        let rest = body.split(columns: listWidth).right
        let figureRows = 6
        let high = rest.height - 1 - figureRows
        // The largest whole multiple of the images' size at which three, or two, stand side by side.
        var choice = (count: 2, wide: rest.width / 2)
        let unit = max(1, 28 / shape.width)
        for (count, scale) in [(3, 3 * unit), (3, 2 * unit), (3, unit), (2, 2 * unit), (2, unit), (2, max(1, unit * 2 / 3))] {
            let wide = shape.width * scale
            if count * (wide + 1) <= rest.width + 1, shape.height * scale / 2 <= high {
                choice = (count, wide)
                break
            }
        }
        let tall = max(1, min(high, choice.wide * shape.height / shape.width / 2))
        let row = (0..<choice.count).map { n in
            Rect(x: rest.x + n * (choice.wide + 1), y: rest.y + 1, width: choice.wide, height: tall)
        }
        let below = Rect(x: rest.x, y: rest.y + 1 + tall, width: rest.width, height: body.maxY - rest.y - 1 - tall)
        if choice.count == 2, below.width >= 46 {
            // The difference at half size beside the figures.
            let small = Rect(x: below.maxX - shape.width / 2 - 1, y: below.y, width: shape.width / 2, height: min(below.height, shape.height / 4))
            pictures = row + [small]
            figures = Rect(x: below.x, y: below.y, width: below.width - small.width - 2, height: below.height)
        } else {
            pictures = row
            figures = below
        }
    }
}

func drawCompare(_ state: AppState, into canvas: inout Canvas, _ body: Rect) {
    guard let dataset = state.data.dataset else {
        let text: String
        if case .missing(let reason) = state.data { text = reason } else { text = "the data set is loading" }
        canvas.text(text, centeredIn: body, row: body.height / 2)
        return
    }
    let layout = CompareLayout(state)
    drawList(state, dataset.test, layout.list, into: &canvas)
    guard let pair = state.compare.pair, pair.index < dataset.test.count else { return }
    drawPictures(state, pair, layout, into: &canvas)
    drawCompareFigures(state, pair, dataset, layout.figures, into: &canvas)
}

private func drawList(_ state: AppState, _ set: ImageSet, _ rect: Rect, into canvas: inout Canvas) {
    guard !rect.isEmpty else { return }
    let compare = state.compare
    let title = rect.width > 24 ? "image  class   -ELBO" : "image class -ELBO"
    canvas.text(title, x: rect.x + 1, y: rect.y, .dim, clip: rect)
    let rows = rect.height - 1
    let first = max(0, min(compare.selected - rows / 2, compare.order.count - rows))
    for (row, index) in compare.order.dropFirst(first).prefix(rows).enumerated() {
        let isSelected = first + row == compare.selected
        let y = rect.y + 1 + row
        let style = isSelected ? Style(16, on: Frame.accent) : Style.plain
        if isSelected { canvas.fill(Rect(x: rect.x, y: y, width: rect.width - 1, height: 1), with: Cell(" ", style)) }
        // Without colours the marker says which line is chosen.
        canvas.text(isSelected ? ">" : " ", x: rect.x, y: y, style)
        canvas.text("\(index)", endingAt: rect.x + 6, y: y, style)
        if let label = set.labels?[index] {
            let tint = isSelected ? style : Style(Palette.classColor(Int(label)))
            canvas.text("\(label)", endingAt: rect.x + (rect.width > 24 ? 12 : 10), y: y, tint)
        }
        if compare.scores.indices.contains(index) {
            canvas.text(nats(compare.scores[index].negativeELBO), endingAt: rect.x + (rect.width > 24 ? 22 : 19), y: y, style)
        }
    }
}

private func drawPictures(
    _ state: AppState, _ pair: CompareState.Pair, _ layout: CompareLayout, into canvas: inout Canvas
) {
    let shape = state.model.shape
    guard shape.channels == 1, pair.reconstruction.picture.count == shape.count, pair.input.count == shape.count else { return }
    func image(_ pixels: [Float]) -> GrayImage { GrayImage(width: shape.width, height: shape.height, pixels: pixels) }
    let made = state.compare.sampleSeed == nil ? "model's, z = mean" : "model's, z drawn"
    for (n, title) in ["input \(pair.index)", made].enumerated() {
        let rect = layout.pictures[n]
        canvas.text(title, x: rect.x, y: rect.y - 1, .bold, clip: Rect(x: rect.x, y: rect.y - 1, width: rect.width, height: 1))
        DigitImage(image(n == 0 ? pair.input : pair.reconstruction.picture)).draw(into: &canvas, rect, state.capabilities)
    }
    guard layout.pictures.count > 2, layout.pictures[2].height >= 3 else { return }
    let rect = layout.pictures[2]
    let difference = zip(pair.reconstruction.picture, pair.input).map { $0 - $1 }
    DigitImage(image(difference), ramp: .diverging).draw(into: &canvas, rect, state.capabilities)
    if rect.y == layout.pictures[0].y {
        canvas.text("difference", x: rect.x, y: rect.y - 1, .bold)
        canvas.text("red: more ink than the input", x: rect.x, y: rect.maxY, Style(203), clip: Rect(x: rect.x, y: rect.maxY, width: rect.width, height: 1))
    }
}

private func drawCompareFigures(
    _ state: AppState, _ pair: CompareState.Pair, _ dataset: Dataset, _ rect: Rect, into canvas: inout Canvas
) {
    let terms = pair.reconstruction.terms
    let label = dataset.test.labels.map { ", class \($0[pair.index])" } ?? ""
    let seen = dataset.isSeen(inTrainingOn: state.model.trainedOn) ? "seen in training" : "held out"
    var lines = [
        ("image \(pair.index) of \(dataset.test.count) \(seen)\(label)", Style.plain),
        ("negative ELBO   \(padded(terms.negativeELBO)) nats", .bold),
        ("reconstruction  \(padded(terms.reconstruction))", .plain),
        ("KL divergence   \(padded(terms.kl))", .plain),
        ("z  \(pair.reconstruction.z.prefix(4).map { decimal($0) }.joined(separator: " "))\(pair.reconstruction.z.count > 4 ? " ..." : "")", .plain),
        ("\(state.model.binarization.rawValue) pixels; by \(state.compare.sorting.rawValue); step \(pair.step)", .dim),
    ]
    if rect.height < lines.count { lines.removeFirst() }
    for (row, line) in lines.prefix(rect.height).enumerated() {
        canvas.text(line.0, x: rect.x, y: rect.y + row, line.1, clip: rect)
    }
}

private func padded(_ value: Double) -> String {
    let text = nats(value)
    return String(repeating: " ", count: max(0, 7 - text.count)) + text
}
