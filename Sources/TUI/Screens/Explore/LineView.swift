import Drawing
import VAECore

// A z of one dimension: the line of its pictures, and above it the codes' density along it.

/// How the density stands above the line.
enum LineStyle {
    /// What each class adds, one upon another.
    case stacked
    /// A band for each class.
    case bands
    /// All codes together, beside the prior.
    case total
}

/// The codes' density by class along the line.
package struct MeasureLine: Job {
    package var id: ModelSlot.ID
    package var codes: LatentCodes
    package var plane: Plane
    package var columns: Int
    package var prior: AggregatePosterior.Prior?

    package var policy: JobPolicy { .frame }
    package var about: ModelSlot.ID? { id }

    package func run(on bench: Bench) -> LineDensity? {
        LineDensity(codes, over: plane, columns: columns, prior: prior)
    }

    package func finish(_ density: LineDensity, _ state: inout AppState) -> [Effect] {
        if id == state.shown.id { state.explore.line = density }
        return []
    }
}

extension ExploreState {
    /// The codes' density along the line, once asked for.
    package var line: LineDensity? {
        get { layers[LineDensity?.self, default: nil] }
        set { layers[LineDensity?.self, default: nil] = newValue }
    }
}

extension ExploreScreen {
    /// What stands above the line, where there is one.
    func lineEffects(_ state: AppState, _ layout: ExploreLayout) -> [Effect] {
        guard !layout.above.isEmpty, let codes = state.shown.densityCodes else { return [] }
        return [
            .job(
                MeasureLine(
                    id: state.shown.id, codes: codes, plane: layout.plane(state.explore), columns: layout.above.width,
                    prior: state.model.codes?.prior))
        ]
    }
}

/// The line of pictures with the density above it, and the cursor on both.
func drawLine(_ state: AppState, _ layout: ExploreLayout, _ style: LineStyle, into canvas: inout Canvas) {
    LatentMap(pictures: state.explore.pictures, shape: state.model.shape, tile: layout.tile)
        .draw(into: &canvas, layout.plane, state.capabilities)
    if let line = state.explore.line, line.prior.count == layout.above.width {
        let drawing = LineDrawing(line: line, rect: layout.above, capabilities: state.capabilities)
        switch style {
        // Bands of less than a row would leave classes out.
        case .bands where line.labels.count <= layout.above.height: drawing.drawBands(into: &canvas)
        case .stacked, .bands: drawing.drawStack(into: &canvas)
        case .total: drawing.drawTotal(into: &canvas)
        }
    } else {
        drawWaiting(state, in: layout.above, into: &canvas)
    }
    drawPlaces(state, layout, into: &canvas)
    drawCorners(state, layout, into: &canvas)
    drawPoint(state, layout, into: &canvas)
    drawPlumb(state, layout, into: &canvas)
}

/// What the line below says of what is above, the longest wording first.
func lineCaptions(_ state: AppState, _ style: LineStyle, axes: String) -> [String] {
    let images = "\(state.shown.densityCodes == state.shown.trainingCodes ? "training" : "held-out") images"
    switch style {
    case .stacked, .bands:
        let isClassed = state.shown.densityCodes?.labels != nil
        let by = isClassed ? " by class" : ""
        return ["\(axes); above it where the \(images) lie\(isClassed ? ", by class" : "")", "z1; above: \(images)\(by)", "z1; above: images\(by)", axes]
    case .total:
        let prior = state.capabilities.glyph("•", "o")
        return ["\(axes); above it the density of the \(images)' codes, \(prior) the prior's", "\(axes); \(prior) the prior", axes]
    }
}

/// Up from the cursor's place on the line, where nothing else is.
private func drawPlumb(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    guard let place = layout.cell(of: state.explore.cursor, layout.plane(state.explore)) else { return }
    for y in layout.above.y..<layout.above.maxY where canvas[place.x, y].scalar == " " {
        canvas[place.x, y] = Cell(state.capabilities.glyph("│", "|"), Style(Theme.warning))
    }
}

private struct LineDrawing {
    let line: LineDensity
    let rect: Rect
    let capabilities: Capabilities

    /// Each cell is the class in whose part of the column its middle lies.
    func drawStack(into canvas: inout Canvas) {
        let most = line.total.max() ?? 0
        guard most > 0 else { return }
        for column in 0..<rect.width {
            var top: Float = 0
            for (n, label) in line.labels.enumerated() {
                let bottom = top
                top += line.density[n][column] / most * Float(rect.height)
                for row in 0..<rect.height where Float(row) + 0.5 >= bottom && Float(row) + 0.5 < top {
                    canvas[rect.x + column, rect.maxY - 1 - row] = cell(label)
                }
            }
        }
    }

    private func cell(_ label: Int?) -> Cell {
        guard let label else { return Cell(capabilities.glyph("•", "."), Style(252)) }
        return Cell(CodeScatter.glyph(label), Style(Palette.classColor(label)))
    }

    /// A band of rows for each class, the first at the top, all to one scale.
    func drawBands(into canvas: inout Canvas) {
        let most = line.density.map { $0.max() ?? 0 }.max() ?? 0
        guard most > 0 else { return }
        let high = rect.height / line.labels.count
        for (n, label) in line.labels.enumerated() {
            let y = rect.maxY - (line.labels.count - n) * high
            let band = Rect(x: rect.x, y: y, width: rect.width, height: high)
            let style = label.map { Style(Palette.classColor($0)) } ?? Style(252)
            drawBars(line.density[n].map { $0 / most }, band, style, into: &canvas)
            guard let label else { continue }
            canvas[band.x, band.maxY - 1] = Cell(CodeScatter.glyph(label), Style(Palette.classColor(label), .bold))
        }
    }

    /// All codes as bars, the prior as a row of dots.
    func drawTotal(into canvas: inout Canvas) {
        let most = max(line.total.max() ?? 0, line.prior.max() ?? 0)
        guard most > 0 else { return }
        drawBars(line.total.map { $0 / most }, rect, Style(Theme.accent), into: &canvas)
        for column in 0..<rect.width {
            let row = min(rect.height - 1, Int(line.prior[column] / most * Float(rect.height)))
            let dot = Cell(capabilities.glyph("•", "o"), Style(Theme.warning, on: Palette.black, .bold))
            canvas[rect.x + column, rect.maxY - 1 - row] = dot
        }
    }

    /// Bars of eighths of a cell; where there are no such characters, of whole ones.
    private func drawBars(_ shares: [Float], _ rect: Rect, _ style: Style, into canvas: inout Canvas) {
        let eighths = Array("▁▂▃▄▅▆▇█".unicodeScalars)
        for (column, share) in shares.enumerated() {
            let height = Int((share * Float(rect.height * 8)).rounded())
            for row in 0..<rect.height {
                let part = min(8, height - row * 8)
                guard part > 0 else { break }
                let glyph: Unicode.Scalar? = capabilities.drawsUnicode ? eighths[part - 1] : part >= 4 ? "#" : nil
                if let glyph { canvas[rect.x + column, rect.maxY - 1 - row] = Cell(glyph, style) }
            }
        }
    }
}
