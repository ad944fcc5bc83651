import Drawing
import VAECore

func drawDraw(_ state: AppState, into canvas: inout Canvas, _ body: Rect) {
    guard state.model.shape.channels == 1 else {
        canvas.text(
            "this model's images have colours: there is no brush for them", centeredIn: body, row: body.height / 2)
        return
    }
    let layout = DrawLayout(state)
    drawCanvas(state, layout, into: &canvas)
    if let encoded = state.draw.encoded {
        drawReconstruction(state, encoded, layout, into: &canvas)
        let lines = layout.isCompact ? shortFigures(state, encoded) : figures(state, encoded, layout.figures.width)
        write(lines, layout.figures, into: &canvas)
        drawVerdict(state, encoded, layout, into: &canvas)
    } else {
        drawInvitation(state, layout, into: &canvas)
    }
    if state.draw.encoded != nil || !layout.isCompact { drawMap(state, layout, into: &canvas) }
    drawNeighbours(state, layout.neighbours, into: &canvas)
}

// MARK: Canvas and reconstruction

/// What is drawn, in a frame, with the pen on it.
private func drawCanvas(_ state: AppState, _ layout: DrawLayout, into canvas: inout Canvas) {
    let image = state.draw.canvas(state.model.shape)
    let rect = layout.canvas
    if layout.isCompact {
        canvas.verticalLine(x: rect.maxX, y: rect.y, length: rect.height, state.capabilities)
        if rect.maxY < state.height - 1 {
            canvas.horizontalLine(x: rect.x, y: rect.maxY, length: rect.width + 1, state.capabilities)
        }
    } else {
        let box = Rect(x: rect.x - 1, y: rect.y - 1, width: rect.width + 2, height: rect.height + 2)
        let titleStyle = Style(penColor(state.draw), on: nil, .bold)
        canvas.box(box, title: penText(state.draw), titleStyle: titleStyle, state.capabilities)
    }
    draw(image, rect, state.capabilities, into: &canvas)
    drawPen(state, rect, into: &canvas)
}

/// A picture over exactly these cells.
private func draw(_ image: GrayImage, _ rect: Rect, _ capabilities: Capabilities, into canvas: inout Canvas) {
    guard !rect.isEmpty else { return }
    ImageRasterizer(
        source: (image.width, image.height), cells: (rect.width, rect.height),
        mode: canvasMode(image.width, rect, capabilities), capabilities
    ).draw(image, into: &canvas, x: rect.x, y: rect.y)
}

private func canvasMode(_ width: Int, _ rect: Rect, _ capabilities: Capabilities) -> GlyphMode {
    capabilities.mode(rect.width >= width ? .half : .quadrant)
}

private func penText(_ draw: DrawState) -> String {
    let tool = draw.erases ? "eraser" : "pen"
    let width = draw.size == 1 ? "" : ", width \(NumberText.short(Double(DrawState.sizes[draw.size])))"
    return "\(tool) \(draw.pen.isDown ? "down" : "up")\(width)"
}

private func penColor(_ draw: DrawState) -> UInt8 {
    if draw.erases { return Theme.accent }
    return draw.pen.isDown ? 203 : Theme.warning
}

/// Fills the pen's pixel with colour; where pixels have none, a letter stands for the pen.
private func drawPen(_ state: AppState, _ rect: Rect, into canvas: inout Canvas) {
    let (shape, capabilities) = (state.model.shape, state.capabilities)
    let place = state.draw.penPlace(shape)
    let color = penColor(state.draw)
    let mode = canvasMode(shape.width, rect, capabilities)
    guard mode == .half, capabilities.colors >= .sixteen else {
        let x = rect.x + (2 * place.x + 1) * rect.width / (2 * shape.width)
        let y = rect.y + (2 * place.y + 1) * rect.height / (2 * shape.height)
        let style = capabilities.colors == .none
            ? Style(nil, on: nil, [.bold, .reverse]) : Style(Palette.black, on: color, .bold)
        canvas[x, y] = Cell(state.draw.erases ? "x" : state.draw.pen.isDown ? "o" : "+", style)
        return
    }
    func halves(_ place: Int, _ cells: Int, _ pixels: Int) -> Range<Int> {
        let first = (place * cells + pixels - 1) / pixels
        return first..<max(first + 1, ((place + 1) * cells + pixels - 1) / pixels)
    }
    for x in halves(place.x, rect.width, shape.width) {
        for y in halves(place.y, rect.height * 2, shape.height) { tint(rect.x + x, rect.y + y / 2, upper: y % 2 == 0) }
    }

    /// A half block has its upper half's colour in front; a plain cell has one colour for both.
    func tint(_ x: Int, _ y: Int, upper: Bool) {
        let cell = canvas[x, y]
        let top = cell.scalar == "▀" ? cell.foreground : cell.background
        canvas[x, y] = Cell("▀", upper ? Style(color, on: cell.background) : Style(top, on: color))
    }
}

private func drawReconstruction(
    _ state: AppState, _ encoded: DrawState.Encoded, _ layout: DrawLayout, into canvas: inout Canvas
) {
    let shape = state.model.shape
    let rect = layout.reconstruction
    guard encoded.reconstruction.picture.count == shape.count, rect.height >= 2 else { return }
    if !layout.isCompact {
        let title = Rect(x: rect.x, y: rect.y - 1, width: max(rect.width, 10), height: 1)
        canvas.text("the model's version", x: title.x, y: title.y, .bold, clip: title)
    }
    let image = GrayImage(width: shape.width, height: shape.height, pixels: encoded.reconstruction.picture)
    draw(image, rect, state.capabilities, into: &canvas)
}

// MARK: Text

private typealias Line = (text: String, style: Style)

/// Lines below one another, the long ones broken between words.
private func write(_ lines: [Line], _ rect: Rect, into canvas: inout Canvas) {
    var row = 0
    for line in lines {
        for part in wrapped(line.text, rect.width) where row < rect.height {
            canvas.text(part, x: rect.x, y: rect.y + row, line.style, clip: rect)
            row += 1
        }
    }
}

/// What to do on an empty canvas.
private func drawInvitation(_ state: AppState, _ layout: DrawLayout, into canvas: inout Canvas) {
    let rect = layout.invitation
    let isNarrow = rect.width < 26
    var lines: [Line] = [("Draw here", .bold)]
    let mouse = "with the mouse: hold the left button, the right one rubs out"
    lines.append((isNarrow ? "left button, or:" : mouse, .plain))
    if !isNarrow { lines += [("", .plain), ("or with the keys:", .plain)] }
    write(lines, rect, into: &canvas)
    let used = lines.reduce(0) { $0 + wrapped($1.text, rect.width).count }
    let keys = isNarrow
        ? [
            ("arrows", "move pen"), ("space", "pen down"), ("o", "load image"), ("u c", "undo, clear"),
            ("?", "all keys"),
        ]
        : [
            ("arrows", "move the pen, \(penSign(state))"), ("space", "put it down, lift it"),
            ("o", "load a test image"), ("u c", "undo, clear"), ("e m", "eraser, centre"), ("?", "all keys"),
        ]
    let rest = rect.split(rows: used).bottom
    for (row, key) in keys.prefix(rest.height).enumerated() {
        canvas.text(key.0, x: rest.x, y: rest.y + row, .bold, clip: rest)
        canvas.text(key.1, x: rest.x + (isNarrow ? 7 : 8), y: rest.y + row, clip: rest)
    }
}

/// How the pen looks while it is up.
private func penSign(_ state: AppState) -> String {
    state.capabilities.colors >= .sixteen && state.capabilities.mode(.half) == .half ? "orange" : "a +"
}

/// The figures where there is room for a line each.
private func figures(_ state: AppState, _ encoded: DrawState.Encoded, _ columns: Int) -> [Line] {
    let names = columns < 28
        ? ["-ELBO  ", "recon. ", "KL     "] : ["negative ELBO   ", "reconstruction  ", "KL divergence   "]
    let terms = encoded.reconstruction.terms
    var lines: [Line] = [
        ("\(names[0])\(padded(terms.negativeELBO)) nats", .bold),
        ("\(names[1])\(padded(terms.reconstruction))", .plain),
        ("\(names[2])\(padded(terms.kl))", .plain),
    ]
    let shown = state.explore.dimensions
    let dimensions = shown.across == shown.up ? [shown.across] : [shown.across, shown.up]
    for dimension in dimensions where encoded.mean.indices.contains(dimension) {
        lines.append((coordinate(dimension, encoded, state.capabilities), .plain))
    }
    if let label = state.explore.label { lines.append(("told: class \(label)", .plain)) }
    if let shift = state.draw.canvas(state.model.shape).shiftToCenter, max(abs(shift.x), abs(shift.y)) > 1 {
        lines.append(("off centre: press m", Style(Theme.warning)))
    }
    if state.model.binarization != .grey { lines.append(("seen black and white", .dim)) }
    lines.append(("at step \(encoded.step)", .dim))
    return lines
}

/// One dimension of the posterior: its mean, and its deviation if it has one.
private func coordinate(_ dimension: Int, _ encoded: DrawState.Encoded, _ capabilities: Capabilities) -> String {
    let mean = "z\(dimension + 1) \(decimal(encoded.mean[dimension]))"
    guard encoded.deviation.indices.contains(dimension) else { return mean }
    let sign = capabilities.drawsUnicode ? "±" : "+-"
    return "\(mean) \(sign)\(NumberText.fixed(Double(encoded.deviation[dimension]), decimals: 2))"
}

/// The figures in few lines.
private func shortFigures(_ state: AppState, _ encoded: DrawState.Encoded) -> [Line] {
    var lines: [Line] = [("-ELBO \(nats(encoded.reconstruction.terms.negativeELBO))", .bold)]
    if let verdict = verdict(state, encoded) { lines.append((verdict.shortWord, style(verdict))) }
    if let resemblance = resemblance(state) { lines.append((resemblance.short, .plain)) }
    lines.append((penText(state.draw), Style(penColor(state.draw))))
    let shown = state.explore.dimensions
    let dimensions = shown.across == shown.up ? [shown.across] : [shown.across, shown.up]
    for dimension in dimensions where encoded.mean.indices.contains(dimension) {
        lines.append((coordinate(dimension, encoded, state.capabilities), .dim))
    }
    return lines
}

private func padded(_ value: Double) -> String {
    let text = nats(value)
    return String(repeating: " ", count: max(0, 7 - text.count)) + text
}

// MARK: Beside the held-out images

private func verdict(_ state: AppState, _ encoded: DrawState.Encoded) -> Verdict? {
    let ink = state.draw.canvas(state.model.shape).pixels.reduce(0) { $0 + Double($1) }
    return Verdict(
        encoded.reconstruction.terms, isSparse: ink < state.draw.leastInk ?? 0, among: state.shown.scores)
}

private func style(_ verdict: Verdict) -> Style {
    switch verdict.kind {
    case .typical: Style(120, on: nil, .bold)
    case .sparse, .plain, .unusual: Style(221, on: nil, .bold)
    case .unlike: Style(210, on: nil, .bold)
    }
}

private func drawVerdict(
    _ state: AppState, _ encoded: DrawState.Encoded, _ layout: DrawLayout, into canvas: inout Canvas
) {
    guard !layout.verdict.isEmpty else { return }
    guard let verdict = verdict(state, encoded) else {
        let isComing = state.data.dataset != nil && state.shown.scores.isEmpty
        write([(isComing ? "computing the test images' losses" : "", .dim)], layout.verdict, into: &canvas)
        return
    }
    let stale = state.shown.scoresStep == encoded.step ? "" : " (at step \(state.shown.scoresStep))"
    let line = layout.verdict.row(0)
    let end = canvas.text("\(verdict.word): ", x: line.x, y: line.y, style(verdict), clip: line)
    let rest = "\(verdict.reason)\(stale)"
    if end + rest.count <= line.maxX || layout.verdict.height < 2 {
        canvas.text(rest, x: end, y: line.y, clip: line)
    } else {
        canvas.text(rest, x: line.x, y: line.y + 1, clip: layout.verdict)
    }
    Distribution(values: state.shown.scores.map(\.negativeELBO), marked: encoded.reconstruction.terms.negativeELBO)
        .draw(into: &canvas, layout.distribution, state.capabilities)
}

/// What the neighbours say the drawing is, in a sentence and in a few words.
private func resemblance(_ state: AppState) -> (long: String, short: String)? {
    guard let dataset = state.data.dataset, !state.draw.neighbours.isEmpty else { return nil }
    // A conditional model keeps the class out of its codes: neighbours share the style alone.
    guard state.model.classes == nil, let vote = state.draw.vote(dataset.test.labels) else { return nil }
    let what = dataset.name.hasPrefix("mnist") ? (vote.label == 8 ? "an 8" : "a \(vote.label)") : "class \(vote.label)"
    return ("looks like \(what): \(vote.votes) of the \(vote.of) nearest", "like \(what) (\(vote.votes)/\(vote.of))")
}

/// The images whose codes are nearest, with their classes.
private func drawNeighbours(_ state: AppState, _ rect: Rect, into canvas: inout Canvas) {
    guard let set = state.data.dataset?.test, rect.height >= 5, rect.width >= 10, set.shape == state.model.shape,
        !state.draw.neighbours.isEmpty
    else { return }
    let title = resemblance(state)
    let lines = wrapped(title?.long ?? "nearest test images", rect.width)
    write(lines.map { ($0, .bold) }, rect, into: &canvas)
    let room = rect.split(rows: lines.count).bottom
    let tile = tileSize(room, state.model.shape)
    // The class stands right of its picture.
    let (across, down) = (room.width / (tile.columns + 3), room.height / tile.rows)
    guard across > 0, down > 0 else { return }
    for (n, index) in state.draw.neighbours.prefix(min(6, across * down)).enumerated() where index < set.count {
        let (x, y) = (room.x + n % across * (tile.columns + 3), room.y + n / across * tile.rows)
        let place = Rect(x: x, y: y, width: tile.columns, height: tile.rows)
        draw(GrayImage(set, index), place, state.capabilities, into: &canvas)
        guard let label = set.labels.map({ Int($0[index]) }) else { continue }
        let style = Style(Palette.classColor(label), on: nil, .bold)
        canvas.text("\(label)", x: place.maxX + 1, y: y, style, clip: room)
    }
}

/// The largest tile of which five fit, or else the smallest.
private func tileSize(_ room: Rect, _ shape: ImageShape) -> (columns: Int, rows: Int) {
    func columns(_ rows: Int) -> Int { max(2, rows * 2 * shape.width / shape.height) }
    for rows in [14, 10, 7, 5, 4] where room.width / (columns(rows) + 3) * (room.height / rows) >= 5 {
        return (columns(rows), rows)
    }
    return (columns(min(4, room.height)), min(4, room.height))
}

// MARK: The map

/// Where the drawing lands on the plane.
private func drawMap(_ state: AppState, _ layout: DrawLayout, into canvas: inout Canvas) {
    let rect = layout.mapped(state)
    guard rect.width >= 6, rect.height >= 3 else { return }
    let encoded = state.draw.encoded
    let window = layout.window(state).showing(encoded, isClose: state.draw.isClose)
    PosteriorMap(
        window: window, codes: state.shown.codes, pictures: state.draw.plane, shape: state.model.shape, tile: layout.tile,
        mean: encoded?.mean, deviation: encoded?.deviation ?? []
    ).draw(into: &canvas, rect, state.capabilities)
    guard !layout.isCompact else { return }
    let title = Rect(x: rect.x, y: rect.y - 1, width: rect.width, height: 1)
    let text = encoded == nil ? "the plane" : state.draw.isClose ? "its ellipse, close" : "where it lands: X"
    canvas.text(text, x: title.x, y: title.y, .bold, clip: title)
    let axis = Rect(x: rect.x, y: rect.maxY, width: rect.width, height: 1)
    let decimals = window.reach < 0.5 ? 2 : 1
    let low = decimal(window.center[window.across] - window.reach, decimals)
    let high = decimal(window.center[window.across] + window.reach, decimals)
    canvas.text(low, x: axis.x, y: axis.y, .dim, clip: axis)
    canvas.text(high, endingAt: axis.maxX, y: axis.y, .dim, clip: axis)
    let name = window.across == window.up ? "z\(window.across + 1)" : "z\(window.across + 1), z\(window.up + 1) up"
    if name.count + low.count + high.count + 2 <= axis.width { canvas.text(name, centeredIn: axis, .dim) }
}
