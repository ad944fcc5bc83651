import VAECore

/// Where things are on the Train screen.
struct TrainLayout {
    let chart: Rect
    /// The plane in small, right of the chart; empty where there is no room.
    let thumbnail: Rect
    let tile: (columns: Int, rows: Int)
    /// The last numbers: a line above the strip.
    let figures: Rect
    /// Inputs above reconstructions; empty where there is no room.
    let strip: Rect
    let stripTile: (columns: Int, rows: Int)
    let stripCount: Int
    let gauge: Rect

    init(_ state: AppState) {
        let body = Frame.body(state)
        gauge = Rect(x: body.x, y: body.maxY - 1, width: body.width, height: 1)
        stripTile = body.height >= 44 ? (14, 7) : (7, 4)
        let stripHeight = body.height >= 20 ? 2 * stripTile.rows : 0
        strip = Rect(x: body.x, y: gauge.y - stripHeight, width: body.width, height: stripHeight)
        figures = Rect(x: body.x, y: strip.y - 2, width: body.width, height: body.height >= 14 ? 2 : 0)
        let label = 9
        stripCount = stripHeight == 0 ? 0 : max(0, (body.width - label) / (stripTile.columns + 1))
        let top = Rect(x: body.x, y: body.y, width: body.width, height: (figures.isEmpty ? strip.y : figures.y) - body.y)
        // A square of tiles as high as the chart.
        let candidates = [(14, 7), (10, 5), (7, 4), (6, 3)]
        tile = candidates.first { top.height / $0.1 >= 4 } ?? candidates[3]
        let side = top.height / tile.rows
        let wide = side * tile.columns
        let fits = side >= 2 && body.width - wide >= 40
        thumbnail = fits
            ? Rect(x: body.maxX - wide, y: top.y, width: wide, height: side * tile.rows)
            : Rect(x: body.maxX, y: top.y, width: 0, height: 0)
        chart = Rect(x: top.x, y: top.y, width: top.width - (fits ? wide + 1 : 0), height: top.height)
    }

    /// The points of the small plane: the two most informative dimensions, around the middle of what the Explore
    /// screen begins with.
    func thumbnailGrid(_ state: AppState) -> LatentGrid? {
        guard !thumbnail.isEmpty else { return nil }
        let columns = thumbnail.width / tile.columns
        let rows = state.model.latent == 1 ? 1 : thumbnail.height / tile.rows
        let shown = state.model.firstDimensions
        let home = state.model.home(shown)
        return LatentGrid(
            columns: columns, rows: rows, center: home.center, dimensions: shown, reach: home.reach * 0.75)
    }
}

func drawTrain(_ state: AppState, into canvas: inout Canvas, _ body: Rect) {
    let layout = TrainLayout(state)
    if state.training.run == nil {
        drawInvitation(state, layout.chart, into: &canvas)
    } else {
        drawChart(state, layout.chart, into: &canvas)
    }
    LatentMap(plane: state.training.thumbnail, shape: state.model.shape, tile: layout.tile)
        .draw(into: &canvas, layout.thumbnail, state.capabilities)
    if !layout.figures.isEmpty { drawFigures(state, layout.figures, into: &canvas) }
    drawStrip(state, layout, into: &canvas)
    drawGauge(state, layout.gauge, into: &canvas)
}

private func drawInvitation(_ state: AppState, _ rect: Rect, into canvas: inout Canvas) {
    let data: String
    switch state.data {
    case .loading: data = "the data set is loading"
    case .ready(let dataset): data = "\(dataset.train.count) images of \(dataset.name)"
    case .missing: data = "no data set: see the line below"
    }
    let lines = [
        "Nothing is being trained yet.", "", "Press t to train \(state.model.name) anew, live:",
        state.model.architecture, data,
    ]
    for (row, text) in lines.enumerated() {
        canvas.text(text, centeredIn: rect, row: max(0, rect.height / 2 - 3) + row, row == 2 ? .bold : .plain)
    }
}

/// The curves: negative ELBO and reconstruction on one scale, KL, which is far smaller, on its own.
private func drawChart(_ state: AppState, _ rect: Rect, into canvas: inout Canvas) {
    let training = state.training
    let curves = training.curves
    let large = [
        Curve(.total, "-ELBO", (81, "*"), curves.trainTotal, (231, "O"), curves.testTotal),
        Curve(.reconstruction, "reconstruction", (208, "+"), curves.trainReconstruction, (223, "X"), curves.testReconstruction),
    ].filter { training.shown == .all || training.shown == $0.shown }
    let kl = Curve(.kl, "KL", (118, "."), curves.trainKL, (157, "o"), curves.testKL)
    guard training.shown == .all else {
        drawCurves(training.shown == .kl ? [kl] : large, training, rect, state.capabilities, into: &canvas)
        return
    }
    let parts = rect.height >= 18
        ? rect.split(rows: rect.height * 2 / 3) : { ($0.left, $0.right) }(rect.split(columns: rect.width * 3 / 5))
    drawCurves(large, training, parts.0, state.capabilities, into: &canvas)
    drawCurves([kl], training, parts.1, state.capabilities, into: &canvas)
}

/// One term over training: while the parameters moved, and on the held-out images.
private struct Curve {
    let shown: TrainState.Shown
    let label: String
    let train, test: (color: UInt8, marker: Unicode.Scalar)
    let trainHistory, testHistory: History

    init(
        _ shown: TrainState.Shown, _ label: String, _ train: (UInt8, Unicode.Scalar), _ trainHistory: History,
        _ test: (UInt8, Unicode.Scalar), _ testHistory: History
    ) {
        self.shown = shown
        self.label = label
        self.train = train
        self.test = test
        self.trainHistory = trainHistory
        self.testHistory = testHistory
    }
}

private func drawCurves(
    _ curves: [Curve], _ training: TrainState, _ rect: Rect, _ capabilities: Capabilities, into canvas: inout Canvas
) {
    guard let first = curves.first else { return }
    let count = first.trainHistory.count
    let recent = training.showsRecent ? max(50, count / 5) : nil
    let series = curves.flatMap { curve in
        [
            ChartSeries(
                "\(curve.label) train", color: curve.train.color, marker: curve.train.marker, curve.trainHistory,
                recent: recent, smoothed: training.isSmoothed),
            ChartSeries("test", color: curve.test.color, marker: curve.test.marker, curve.testHistory),
        ]
    }
    var steps: ClosedRange<Double>?
    if let recent, count > recent, let last = first.trainHistory.points(recent: 1).x.last {
        steps = max(0, last - Double(recent))...last
    }
    LossChart(
        series, isLogarithmic: training.isLogarithmic, steps: steps,
        values: training.isLogarithmic ? nil : settledRange(series, from: steps?.lowerBound ?? 0)
    ).draw(into: &canvas, rect, capabilities)
}

/// The values that occur, without the first fifth of the run where the loss falls from the untrained model's:
/// it would press all that follows into a line. Nil while there is too little to leave anything out.
private func settledRange(_ series: [ChartSeries], from start: Double) -> ClosedRange<Double>? {
    guard let last = series.compactMap(\.x.last).max(), last >= 40 else { return nil }
    let first = max(start, last / 5)
    let values = series.flatMap { one in zip(one.x, one.y).filter { $0.0 >= first && $0.1.isFinite }.map(\.1) }
    guard let low = values.min(), let high = values.max(), low < high else { return nil }
    let margin = (high - low) * 0.05
    return low - margin...high + margin
}

private func drawFigures(_ state: AppState, _ rect: Rect, into canvas: inout Canvas) {
    guard let run = state.training.run else { return }
    if case .failed(let error) = run.state {
        let lines = ["stopped: \(error.what), \(error.place)", error.remedy ?? ""]
        for (row, text) in lines.enumerated() {
            canvas.text(text, x: rect.x + 1, y: rect.y + row, row == 0 ? Style(Frame.warning, .bold) : .plain, clip: rect)
        }
        return
    }
    func line(_ name: String, _ terms: LossTerms, _ rest: String) -> String {
        "\(name) -ELBO \(nats(terms.negativeELBO)) = reconstruction \(nats(terms.reconstruction)) + KL \(nats(terms.kl))  \(rest), nats per image"
    }
    if let step = run.lastStep {
        let rate = NumberText.short(step.learningRate, digits: 3)
        canvas.text(
            line("train", step.terms, "rate \(rate) beta \(NumberText.short(step.beta, digits: 3))"), x: rect.x + 1, y: rect.y,
            clip: rect)
    }
    if let report = run.lastEpoch {
        let active = "\(report.test.activeUnits)/\(state.model.latent) active"
        canvas.text(
            line("test ", report.test.terms, "\(active), epoch \(report.epoch)"), x: rect.x + 1,
            y: rect.y + 1, clip: rect)
    } else {
        canvas.text("test  after the first epoch", x: rect.x + 1, y: rect.y + 1, .dim, clip: rect)
    }
}

func nats(_ value: Double) -> String { NumberText.fixed(value, decimals: 2) }

private func drawStrip(_ state: AppState, _ layout: TrainLayout, into canvas: inout Canvas) {
    let strip = state.training.strip
    let shape = state.model.shape
    guard !layout.strip.isEmpty, shape.channels == 1 else { return }
    let tile = layout.stripTile
    canvas.text("input", x: layout.strip.x + 1, y: layout.strip.y + tile.rows / 2, .dim)
    canvas.text("model's", x: layout.strip.x + 1, y: layout.strip.y + tile.rows + tile.rows / 2, .dim)
    guard strip.inputs.count == strip.count * shape.count, strip.outputs.count == strip.inputs.count else { return }
    let rasterizer = ImageRasterizer(
        source: (shape.width, shape.height), cells: tile, mode: state.capabilities.mode(.quadrant), state.capabilities)
    for n in 0..<min(strip.count, layout.stripCount) {
        let x = layout.strip.x + 9 + n * (tile.columns + 1)
        for (row, pixels) in [strip.inputs, strip.outputs].enumerated() {
            let image = GrayImage(
                width: shape.width, height: shape.height,
                pixels: Array(pixels[n * shape.count..<(n + 1) * shape.count]))
            rasterizer.draw(image, into: &canvas, x: x, y: layout.strip.y + row * tile.rows)
        }
    }
}

private func drawGauge(_ state: AppState, _ rect: Rect, into canvas: inout Canvas) {
    guard let run = state.training.run, run.progress.totalSteps > 0 else { return }
    let share = Double(run.progress.step) / Double(run.progress.totalSteps)
    let text = "\(stateName(run.state))  step \(run.progress.step) of \(run.progress.totalSteps)"
    Gauge(share, text: text).draw(into: &canvas, rect.inset(1, 0), state.capabilities)
}
