import VAECore

/// Where things are on the Compare screen.
struct CompareLayout {
    /// The list of images; empty where there is no room.
    let list: Rect
    /// Input, reconstruction, difference: side by side, the last below where there is no room.
    let pictures: [Rect]
    let figures: Rect
    /// With two models: the differences of both reconstructions from the input, as far as there is room.
    let differences: [Rect]
    /// With two models of two dimensions: where their codes lie, as far as there is room.
    let maps: [Rect]

    init(_ state: AppState) {
        let body = Frame.body(state)
        let shape = state.model.shape
        let listWidth = body.width >= 76 ? (body.width >= 130 ? 27 : 21) : 0
        list = body.split(columns: listWidth).left
        let rest = body.split(columns: listWidth).right
        if let second = state.compare.second {
            let two = Self.two(rest, shape, hasMaps: state.model.latent == 2 && second.model.latent == 2)
            (pictures, figures, differences, maps) = (two.pictures, two.figures, two.differences, two.maps)
            return
        }
        (differences, maps) = ([], [])
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
            let small = Rect(
                x: below.maxX - shape.width / 2 - 1, y: below.y + 1, width: shape.width / 2,
                height: min(below.height - 1, shape.height / 4))
            pictures = row + [small]
            figures = Rect(x: below.x, y: below.y, width: below.width - small.width - 2, height: below.height)
        } else {
            pictures = row
            figures = below
        }
    }

    private typealias Two = (pictures: [Rect], figures: Rect, differences: [Rect], maps: [Rect])

    /// Input and both reconstructions side by side; what is left below holds figures, differences and maps.
    private static func two(_ rest: Rect, _ shape: ImageShape, hasMaps: Bool) -> Two {
        let figureRows = rest.height >= 20 ? 8 : 4
        let room = (wide: (rest.width - 2) / 3, high: max(1, rest.height - 1 - figureRows))
        let unit = max(1, 28 / shape.width)
        let wide = [3, 2, 1].map { $0 * unit * shape.width }
            .first { $0 <= room.wide && $0 * shape.height / shape.width / 2 <= room.high } ?? room.wide
        let tall = max(1, min(room.high, wide * shape.height / shape.width / 2))
        func row(_ y: Int) -> [Rect] {
            (0..<3).map { Rect(x: rest.x + $0 * (wide + 1), y: y, width: wide, height: tall) }
        }
        let pictures = row(rest.y + 1)
        let below = Rect(x: rest.x, y: rest.y + 1 + tall, width: rest.width, height: rest.height - 1 - tall)
        if below.height >= tall + 1 + figureRows, wide >= 24 {
            // A row of its own: the maps under the input, the differences under what they are of.
            let second = row(below.y + 1)
            let maps = hasMaps ? second[0].columns(2, gap: 2) : []
            return (pictures, below.split(rows: tall + 1).bottom, Array(second[1...]), maps)
        }
        guard below.height >= 12, below.width >= 112 else { return (pictures, below, [], []) }
        // Beside the figures.
        let parts = below.split(columns: 50)
        let side = parts.right.split(rows: 1).bottom
        let half = min(28, side.height * 2 * shape.width / max(1, shape.height))
        let high = min(side.height, max(1, half * shape.height / shape.width / 2))
        let differences = (0..<2).map { Rect(x: side.x + $0 * (half + 1), y: side.y, width: half, height: high) }
        let left = side.split(columns: 2 * half + 4).right
        let maps = hasMaps && left.width >= 26 ? left.columns(2, gap: 2).map {
            Rect(x: $0.x, y: $0.y, width: min($0.width, 2 * $0.height), height: min($0.height, $0.width / 2))
        } : []
        return (pictures, parts.left, differences, maps)
    }
}

func drawCompare(_ state: AppState, into canvas: inout Canvas, _ body: Rect) {
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
    drawList(state, dataset.test, layout.list, into: &canvas)
    guard let pair = state.compare.pair, pair.index < dataset.test.count else { return }
    if state.compare.second != nil {
        drawTwo(state, pair, dataset, layout, into: &canvas)
        return
    }
    drawPictures(state, pair, layout, into: &canvas)
    drawCompareFigures(state, pair, dataset, layout.figures, into: &canvas)
}

private func drawList(_ state: AppState, _ set: ImageSet, _ rect: Rect, into canvas: inout Canvas) {
    guard !rect.isEmpty else { return }
    let compare = state.compare
    let loss = compare.sorting.needsSecond ? (rect.width > 24 ? "2nd - 1st" : "diff") : state.model.isDeterministic ? "rec" : "-ELBO"
    canvas.text(rect.width > 24 ? "image  class" : "image class", x: rect.x + 1, y: rect.y, .dim, clip: rect)
    canvas.text(loss, endingAt: rect.x + (rect.width > 24 ? 22 : 19), y: rect.y, .dim, clip: rect)
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
        if let loss = listedLoss(compare, index, state.model) {
            canvas.text(loss, endingAt: rect.x + (rect.width > 24 ? 22 : 19), y: y, style)
        }
    }
}

/// The loss by which the list is, or could be, sorted.
private func listedLoss(_ compare: CompareState, _ index: Int, _ model: ModelState) -> String? {
    if compare.sorting.needsSecond {
        return compare.difference(index, model).map { ($0 < 0 ? "" : "+") + nats($0) }
    }
    return compare.scores.indices.contains(index) ? nats(compare.scores[index].negativeELBO) : nil
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
    let isLarge = rect.y == layout.pictures[0].y
    if isLarge {
        canvas.text("difference", x: rect.x, y: rect.y - 1, .bold)
    }
    let isColored = state.capabilities.colors != .none
    let texts = isColored
        ? ["red: more ink than the input", "red: more ink"] : [".+*# more ink than the input, ,-~= less", ".+*#: more ink"]
    canvas.text(
        isLarge ? texts[0] : texts[1], x: rect.x, y: isLarge ? rect.maxY : rect.y - 1, Style(203),
        clip: Rect(x: rect.x, y: rect.y - 1, width: rect.width, height: rect.height + 2))
}

private func drawCompareFigures(
    _ state: AppState, _ pair: CompareState.Pair, _ dataset: Dataset, _ rect: Rect, into canvas: inout Canvas
) {
    let terms = pair.reconstruction.terms
    let label = dataset.test.labels.map { ", class \($0[pair.index])" } ?? ""
    let seen =
        !foreignData(state).isEmpty ? "of \(dataset.name)"
        : dataset.isSeen(inTrainingOn: state.model.trainedOn) ? "seen in training" : "held out"
    let figures = state.model.isDeterministic
        ? [
            ("reconstruction  \(padded(terms.reconstruction)) nats", Style.bold),
            ("a plain autoencoder: no KL, no bound", .plain),
        ]
        : [
            ("negative ELBO   \(padded(terms.negativeELBO)) nats", .bold),
            ("reconstruction  \(padded(terms.reconstruction))", .plain),
            ("KL divergence   \(padded(terms.kl))", .plain),
        ]
    var lines = [("image \(pair.index) of \(dataset.test.count) \(seen)\(label)", Style.plain)] + figures + [
        ("z  \(pair.reconstruction.z.prefix(4).map { decimal($0) }.joined(separator: " "))\(pair.reconstruction.z.count > 4 ? " ..." : "")", .plain),
        ("\(state.model.binarization.rawValue) pixels; order: \(state.compare.sorting.rawValue); step \(pair.step)", .dim),
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

// MARK: Two models

private func drawTwo(
    _ state: AppState, _ pair: CompareState.Pair, _ dataset: Dataset, _ layout: CompareLayout, into canvas: inout Canvas
) {
    guard let second = state.compare.second else { return }
    let names = ["input \(pair.index)", state.model.name, second.model.name]
    for (name, rect) in zip(names, layout.pictures) {
        canvas.text(name, x: rect.x, y: rect.y - 1, .bold, clip: Rect(x: rect.x, y: rect.y - 1, width: rect.width, height: 1))
    }
    drawTwoPictures(state, pair, layout, into: &canvas)
    drawMaps(state, pair, second, layout.maps, into: &canvas)
    drawTwoFigures(state, pair, second, dataset, layout.figures, into: &canvas)
}

private func drawTwoPictures(
    _ state: AppState, _ pair: CompareState.Pair, _ layout: CompareLayout, into canvas: inout Canvas
) {
    let shape = state.model.shape
    let made: [(pixels: [Float], input: [Float])] = [
        (pair.input, pair.input), (pair.reconstruction.picture, pair.input),
        (pair.second?.reconstruction.picture ?? [], pair.second?.input ?? []),
    ]
    guard shape.channels == 1 else { return }
    func draw(_ pixels: [Float], _ rect: Rect, _ ramp: ColorRamp) {
        guard pixels.count == shape.count else { return }
        let image = GrayImage(width: shape.width, height: shape.height, pixels: pixels)
        DigitImage(image, ramp: ramp).draw(into: &canvas, rect, state.capabilities)
    }
    for (picture, rect) in zip(made, layout.pictures) { draw(picture.pixels, rect, .gray) }
    for (picture, rect) in zip(made.dropFirst(), layout.differences) {
        draw(zip(picture.pixels, picture.input).map { $0 - $1 }, rect, .diverging)
        let line = Rect(x: rect.x, y: rect.y - 1, width: rect.width, height: 1)
        canvas.text("difference (red: more)", x: line.x, y: line.y, .dim, clip: line)
    }
}

/// The codes of all held-out images under both models, that of the chosen one marked.
private func drawMaps(
    _ state: AppState, _ pair: CompareState.Pair, _ second: CompareState.Second, _ maps: [Rect], into canvas: inout Canvas
) {
    let codes = [state.codes, second.codes]
    let places = [pair.reconstruction.z, pair.second?.reconstruction.z ?? []]
    for (n, rect) in maps.enumerated() {
        let title = Rect(x: rect.x, y: rect.y - 1, width: rect.width, height: 1)
        canvas.text(n == 0 ? state.model.name : second.model.name, x: title.x, y: title.y, .dim, clip: title)
        guard let codes = codes[n], codes.latent == 2 else { continue }
        CodeMap(codes: codes, dimensions: (0, 1), mark: places[n].count == 2 ? places[n] : nil)
            .draw(into: &canvas, rect, state.capabilities)
    }
}

/// The figures of both in two columns. A plain autoencoder has no bound and no KL: its columns say so.
private func drawTwoFigures(
    _ state: AppState, _ pair: CompareState.Pair, _ second: CompareState.Second, _ dataset: Dataset, _ rect: Rect,
    into canvas: inout Canvas
) {
    let models = [state.model, second.model]
    let made = [pair.reconstruction, pair.second?.reconstruction]
    let labels = rect.width >= 46 ? 16 : 7
    let wide = min(20, max(1, (rect.width - labels) / 2))
    func terms(_ n: Int, _ value: (LossTerms) -> Double, ofAutoencoder: String? = nil) -> String {
        guard let one = made[n] else { return "..." }
        if models[n].isDeterministic, let ofAutoencoder { return ofAutoencoder }
        return nats(value(one.terms))
    }
    func places(_ n: Int) -> String {
        made[n].map { $0.z.prefix(2).map { decimal($0) }.joined(separator: " ") + ($0.z.count > 2 ? " .." : "") } ?? ""
    }
    let label = dataset.test.labels.map { ", class \($0[pair.index])" } ?? ""
    func isSeen(_ model: ModelState) -> Bool { dataset.isSeen(inTrainingOn: model.trainedOn) }
    let seen = models.allSatisfy(isSeen) ? "seen in training" : models.contains(where: isSeen) ? "" : "held out"
    let rows: [(title: String, short: String, cells: [String], style: Style)] = [
        ("", "", models.map(\.name), .bold),
        ("negative ELBO", "-ELBO", [0, 1].map { terms($0, \.negativeELBO, ofAutoencoder: "no bound") }, .bold),
        ("reconstruction", "rec", [0, 1].map { terms($0, \.reconstruction) }, .plain),
        ("KL divergence", "KL", [0, 1].map { terms($0, \.kl, ofAutoencoder: "none") }, .plain),
        ("z", "z", [0, 1].map(places), .plain),
        ("holes", "holes", holesCells(state, second), .plain),
    ]
    // With few rows the names stand over the pictures already.
    let shown = rect.height >= 8 ? rows : Array(rows[1...])
    var y = rect.y
    if rect.height >= 5 {
        canvas.text("image \(pair.index) of \(dataset.test.count) \(seen)\(label)", x: rect.x, y: y, clip: rect)
        y += 1
    }
    for row in shown where y < rect.maxY && row.cells.contains(where: { !$0.isEmpty }) {
        canvas.text(labels == 16 ? row.title : row.short, x: rect.x, y: y, row.style, clip: rect)
        for (n, cell) in row.cells.enumerated() {
            let column = Rect(x: rect.x + labels + n * wide, y: y, width: wide - 1, height: 1)
            canvas.text(cell, x: column.x, y: y, row.style, clip: column.intersection(rect))
        }
        y += 1
    }
    guard y < rect.maxY else { return }
    let by = state.compare.comparesReconstructions(state.model) && state.compare.sorting.needsSecond ? " (reconstruction)" : ""
    canvas.text("in nats; order: \(state.compare.sorting.rawValue)\(by); step \(pair.step)", x: rect.x, y: y, .dim, clip: rect)
}

/// The share of each plane that is empty, as far as it is known.
private func holesCells(_ state: AppState, _ second: CompareState.Second) -> [String] {
    let paths = [state.training.run == nil ? state.models.shown : nil, second.path]
    return paths.map { path in
        guard let path, let holes = state.models.holes[path] ?? nil else { return "" }
        return "\(NumberText.fixed(100 * holes.empty, decimals: 0)) % empty"
    }
}
