import Drawing
import VAECore

// What may lie on the Explore screen's plane besides pictures.

/// The images' codes, by class.
func drawScatter(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    guard let codes = state.mappedCodes?.codes, codes.latent == state.model.latent else {
        drawWaiting(state, layout, into: &canvas)
        return
    }
    let grid = layout.grid(state.explore)
    CodeScatter(codes: codes, dimensions: state.explore.dimensions)
        .draw(into: &canvas, layout.plane, state.capabilities) { layout.cell(across: $0, up: $1, grid) }
}

/// Where codes are denser than the prior (red) and where there are none (blue).
func drawDensity(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let pixels = layout.densityPixels
    guard let density = state.explore.density, density.columns == pixels.columns, density.rows == pixels.rows else {
        drawWaiting(state, layout, into: &canvas)
        return
    }
    // Three nats, a factor of twenty, are as strong as a colour gets.
    let image = GrayImage(width: pixels.columns, height: pixels.rows, pixels: density.logRatio.map { $0 / 3 })
    ImageRasterizer(
        source: (pixels.columns, pixels.rows), cells: (layout.plane.width, layout.plane.height),
        mode: state.capabilities.mode(.half), ramp: .diverging, state.capabilities
    ).draw(image, into: &canvas, x: layout.plane.x, y: layout.plane.y)
}

private func drawWaiting(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let lines: [String]
    switch state.data {
    case .loading: lines = ["the data set is loading"]
    case .missing: lines = ["this view shows where the images of a data", "set lie; there is none: press v"]
    case .ready: lines = ["encoding the images"]
    }
    for (row, line) in lines.enumerated() {
        canvas.text(line, centeredIn: layout.plane, row: layout.plane.height / 2 + row, .dim)
    }
}

/// A row of pictures for each dimension, the most informative first.
func drawTraversals(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let shape = state.model.shape
    let shown = layout.traversals(state)
    let drawn = state.explore.traversals
    let tile = layout.traversalTile(state.model.latent)
    let rasterizer = ImageRasterizer(
        source: (shape.width, shape.height), cells: tile,
        mode: state.capabilities.mode(tile.columns >= shape.width ? .half : .quadrant), state.capabilities)
    let count = shown.values.first?.count ?? 0
    let isCurrent = drawn.dimensions == shown.dimensions && drawn.values == shown.values
        && drawn.pictures.count == shown.dimensions.count * count * shape.count
    for (row, dimension) in shown.dimensions.enumerated() {
        drawDimension(state, layout, row, dimension, into: &canvas)
        guard isCurrent else { continue }
        drawn.pictures.withUnsafeBufferPointer { pixels in
            for column in 0..<count {
                let place = layout.traversalPlace(column: column, row: row, tile)
                let first = (row * count + column) * shape.count
                rasterizer.draw(
                    UnsafeBufferPointer(rebasing: pixels[first..<first + shape.count]), into: &canvas, x: place.x,
                    y: place.y)
            }
        }
        drawValue(state, layout, row, shown.values[row], dimension, into: &canvas)
    }
}

/// A row's name, and how much its dimension says of an image.
private func drawDimension(
    _ state: AppState, _ layout: ExploreLayout, _ row: Int, _ dimension: Int, into canvas: inout Canvas
) {
    let tile = layout.traversalTile(state.model.latent)
    let place = layout.traversalPlace(column: 0, row: row, tile)
    let x = place.x - ExploreLayout.nameWidth
    let isChosen = dimension == state.explore.dimensions.across
    let style = isChosen ? Style(Theme.warning, .bold) : .plain
    canvas.text((isChosen ? ">" : " ") + "z\(dimension + 1)", x: x, y: place.y, style)
    guard state.model.klPerDimension.indices.contains(dimension), state.model.codes == nil else { return }
    let kl = state.model.klPerDimension[dimension]
    canvas.text(" \(NumberText.fixed(kl, decimals: 2)) nats", x: x, y: place.y + 1, .dim)
    if kl < 0.01, tile.rows > 2 { canvas.text(" unused", x: x, y: place.y + 2, .dim) }
}

/// A mark at the picture nearest to the cursor's value.
private func drawValue(
    _ state: AppState, _ layout: ExploreLayout, _ row: Int, _ values: [Float], _ dimension: Int,
    into canvas: inout Canvas
) {
    let z = state.explore.cursor[dimension]
    guard let nearest = values.indices.min(by: { abs(values[$0] - z) < abs(values[$1] - z) }) else { return }
    let tile = layout.traversalTile(state.model.latent)
    let place = layout.traversalPlace(column: nearest, row: row, tile)
    let isChosen = dimension == state.explore.dimensions.across
    let style = Style(isChosen ? Theme.warning : 244, on: Palette.black, .bold)
    canvas[place.x, place.y] = Cell(state.capabilities.glyph("┏", "+"), style)
    canvas[place.x + tile.columns - 1, place.y] = Cell(state.capabilities.glyph("┓", "+"), style)
    canvas[place.x, place.y + tile.rows - 1] = Cell(state.capabilities.glyph("┗", "+"), style)
    canvas[place.x + tile.columns - 1, place.y + tile.rows - 1] = Cell(
        state.capabilities.glyph("┛", "+"), style)
}
