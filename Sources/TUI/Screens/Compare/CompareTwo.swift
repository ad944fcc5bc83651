import Drawing
import VAECore

// Two models beside one another on the Compare screen.

func drawTwo(
    _ state: AppState, _ pair: CompareState.Pair, _ dataset: Dataset, _ layout: CompareLayout, into canvas: inout Canvas
) {
    guard let second = state.beside else { return }
    let names = ["input \(pair.index + 1)", state.model.name, second.model.name]
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
    func draw(_ pixels: [Float], _ rect: Rect, _ ramp: ColorRamp) {
        guard pixels.count == shape.count else { return }
        DigitImage(Bitmap(shape, pixels), ramp: ramp).draw(into: &canvas, rect, state.capabilities)
    }
    for (picture, rect) in zip(made, layout.pictures) { draw(picture.pixels, rect, .gray) }
    for (picture, rect) in zip(made.dropFirst(), layout.differences) {
        draw(zip(picture.pixels, picture.input).map { $0 - $1 }, rect, .diverging)
        let line = Rect(x: rect.x, y: rect.y - 1, width: rect.width, height: 1)
        canvas.text(fitting(line.width, differenceTexts(state) + ["difference"]), x: line.x, y: line.y, .dim, clip: line)
    }
}

/// The codes of all held-out images under both models, that of the chosen one marked.
private func drawMaps(
    _ state: AppState, _ pair: CompareState.Pair, _ second: ModelSlot, _ maps: [Rect], into canvas: inout Canvas
) {
    let codes = [state.shown.codes, second.codes]
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
    _ state: AppState, _ pair: CompareState.Pair, _ second: ModelSlot, _ dataset: Dataset, _ rect: Rect,
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
    let label = dataset.test.labels.map { ", class \(dataset.className(Int($0[pair.index])))" } ?? ""
    let number = dataset.test.labels.map { ", class \($0[pair.index])" } ?? ""
    func isSeen(_ model: ModelState) -> Bool { dataset.isSeen(inTrainingOn: model.trainedOn) }
    let seen = models.allSatisfy(isSeen) ? "(both were trained on it)" : models.contains(where: isSeen) ? "" : "(held out)"
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
        let image = "image \(pair.index + 1) of \(dataset.test.count)"
        let wordings = ["\(image) \(seen)\(label)", "\(image) \(seen)\(number)", image + number]
        canvas.text(fitting(rect.width, wordings), x: rect.x, y: y, clip: rect)
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
    let by = state.comparesReconstructions && state.compare.sorting.needsSecond ? " (reconstruction)" : ""
    canvas.text("in nats; order: \(state.compare.sorting.rawValue)\(by); step \(pair.step)", x: rect.x, y: y, .dim, clip: rect)
}

/// The share of each plane that is empty, as far as it is known.
private func holesCells(_ state: AppState, _ second: ModelSlot) -> [String] {
    let paths = [!state.training.isOwn ? state.shown.path : nil, second.path]
    return paths.map { path in
        guard let path, let holes = state.models.holes[path] ?? nil else { return "" }
        return "\(NumberText.fixed(100 * holes.empty, decimals: 0)) % empty"
    }
}
