import Drawing
import VAECore

func drawExplore(_ state: AppState, into canvas: inout Canvas, _ body: Rect) {
    guard state.model.shape.channels == 1 else {
        let text = "pictures of \(state.model.shape.channels) channels cannot be drawn in characters"
        canvas.text(text, centeredIn: body, row: 2)
        return
    }
    let layout = ExploreLayout(state)
    switch state.explore.layer {
    case .pictures:
        LatentMap(plane: state.explore.plane, shape: state.model.shape, tile: layout.tile)
            .draw(into: &canvas, layout.plane, state.capabilities)
        drawPlaces(state, layout, into: &canvas)
        drawCursor(state, layout, into: &canvas)
    case .scatter:
        drawScatter(state, layout, into: &canvas)
        drawPlaces(state, layout, into: &canvas)
        drawCross(state, layout, into: &canvas)
    case .density:
        drawDensity(state, layout, into: &canvas)
        drawPlaces(state, layout, into: &canvas)
        drawCross(state, layout, into: &canvas)
    case .traversals: drawTraversals(state, layout, into: &canvas)
    }
    drawAxis(state, layout, into: &canvas)
    if !layout.strip.isEmpty { drawPath(state, layout, into: &canvas) }
    if !layout.side.isEmpty { drawExploreSide(state, layout.side, into: &canvas) }
}

/// Corners around the tile nearest to the cursor.
private func drawCursor(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let tile = layout.cursorTile(state.explore)
    let x = layout.plane.x + tile.column * layout.tile.columns
    let y = layout.plane.y + tile.row * layout.tile.rows
    let (right, bottom) = (x + layout.tile.columns - 1, y + layout.tile.rows - 1)
    let style = Style(Theme.warning, on: Palette.black, .bold)
    let capabilities = state.capabilities
    let corners: [(Int, Int, Unicode.Scalar, Unicode.Scalar)] = [
        (x, y, "┏", "+"), (right, y, "┓", "+"), (x, bottom, "┗", "+"), (right, bottom, "┛", "+"),
    ]
    for (cx, cy, unicode, ascii) in corners { canvas[cx, cy] = Cell(capabilities.glyph(unicode, ascii), style) }
    for edge in [x + 1, right - 1] where layout.tile.columns > 4 {
        for row in [y, bottom] { canvas[edge, row] = Cell(capabilities.glyph("━", "-"), style) }
    }
}

/// The cursor where there are no tiles: a cross, which leaves what lies around it.
private func drawCross(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    guard let place = layout.cell(of: state.explore.cursor, layout.grid(state.explore)) else { return }
    let style = Style(Theme.warning, on: Palette.black, .bold)
    canvas[place.x, place.y] = Cell(state.capabilities.glyph("╋", "+"), style)
    for x in [place.x - 1, place.x + 1] where layout.plane.contains(x, place.y) {
        canvas[x, place.y] = Cell(state.capabilities.glyph("━", "-"), style)
    }
    for y in [place.y - 1, place.y + 1] where layout.plane.contains(place.x, y) {
        canvas[place.x, y] = Cell(state.capabilities.glyph("┃", "|"), style)
    }
}

/// The marks a and b and the bookmarks, at their places.
private func drawPlaces(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let grid = layout.grid(state.explore)
    let path = state.explore.path
    var marks = state.explore.bookmarks.map { ($0, state.capabilities.glyph("◆", "*")) }
    if let start = path.start { marks.append((start, "a")) }
    if let end = path.end { marks.append((end, "b")) }
    for (z, glyph) in marks {
        guard let place = layout.cell(of: z, grid) else { continue }
        canvas[place.x, place.y] = Cell(glyph, Style(16, on: Theme.accent, .bold))
    }
}

/// The pictures along the path from a to b.
private func drawPath(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let shape = state.model.shape
    let path = state.explore.path
    let count = layout.stripCount
    guard count > 1, path.pictures.count == count * shape.count else { return }
    let tile = ExploreLayout.stripTile(layout.strip.height)
    let rasterizer = ImageRasterizer(
        source: (shape.width, shape.height), cells: tile,
        mode: state.capabilities.mode(tile.columns >= shape.width ? .half : .quadrant), state.capabilities)
    path.pictures.withUnsafeBufferPointer { pixels in
        for n in 0..<count {
            rasterizer.draw(
                UnsafeBufferPointer(rebasing: pixels[n * shape.count..<(n + 1) * shape.count]), into: &canvas,
                x: layout.strip.x + n * tile.columns, y: layout.strip.y)
        }
    }
    let style = Style(16, on: Theme.accent, .bold)
    canvas[layout.strip.x, layout.strip.y] = Cell("a", style)
    canvas[layout.strip.x + count * tile.columns - 1, layout.strip.y] = Cell("b", style)
}

/// The line below the plane: what runs across and up, and how far.
private func drawAxis(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let explore = state.explore
    let y = layout.plane.maxY
    let wide = layout.side.isEmpty ? state.width : layout.side.x - 1
    let line = Rect(x: layout.plane.x, y: layout.axisRow(explore.layer), width: wide, height: 1)
    if explore.layer == .traversals {
        drawRowAxis(state, layout, line, into: &canvas)
        return
    }
    let grid = layout.grid(explore)
    let ends = layout.columns > 1 && explore.spacing == .linear
        ? (grid.across(0.5 / Double(layout.columns)), grid.across(1 - 0.5 / Double(layout.columns)))
        : (grid.across(0.5 / Double(layout.plane.width)), grid.across(1 - 0.5 / Double(layout.plane.width)))
    let low = decimal(ends.0), high = decimal(ends.1)
    let right = min(line.maxX, max(layout.plane.maxX, line.x + 36))
    canvas.text(low, x: line.x, y: y, .dim, clip: line)
    canvas.text(high, endingAt: right, y: y, .dim, clip: line)
    let room = max(0, right - line.x - low.count - high.count - 2)
    let middle = Rect(x: line.x + low.count + 1, y: y, width: room, height: 1)
    let text = axisTexts(state, layout).first { Canvas.columns(of: $0) <= middle.width } ?? ""
    canvas.text(text, centeredIn: middle, layout.side.isEmpty ? .plain : .dim)
}

/// The same below the rows of the dimensions: how far the chosen row goes.
private func drawRowAxis(_ state: AppState, _ layout: ExploreLayout, _ line: Rect, into canvas: inout Canvas) {
    let shown = layout.traversals(state)
    guard let row = shown.dimensions.firstIndex(of: state.explore.dimensions.across), let low = shown.values[row].first,
        let high = shown.values[row].last
    else { return }
    let name = "z\(shown.dimensions[row] + 1)"
    let x = layout.traversalPlace(column: 0, row: row, layout.traversalTile(state.model.latent)).x
    let width = shown.values[row].count * layout.traversalTile(state.model.latent).columns
    canvas.text(" \(name)", x: line.x, y: line.y, .dim, clip: line)
    canvas.text(decimal(low), x: x, y: line.y, .dim, clip: line)
    canvas.text(decimal(high), endingAt: x + width, y: line.y, .dim, clip: line)
    let middle = Rect(x: x + 7, y: line.y, width: max(0, width - 14), height: 1)
    let texts = ["a row changes one dimension, the others stay as at the cursor", "a row changes one dimension alone", name]
    canvas.text(texts.first { $0.count <= middle.width } ?? "", centeredIn: middle, .dim)
}

/// What stands in the middle of the axis, the longest wording first.
private func axisTexts(_ state: AppState, _ layout: ExploreLayout) -> [String] {
    let explore = state.explore
    let isLine = explore.dimensions.up == explore.dimensions.across
    if layout.side.isEmpty {
        let across = decimal(explore.cursor[explore.dimensions.across])
        return ["z = (\(across)\(isLine ? "" : ", " + decimal(explore.cursor[explore.dimensions.up])))"]
    }
    let axes = "z\(explore.dimensions.across + 1) across" + (isLine ? "" : ", z\(explore.dimensions.up + 1) up")
    let far = axes + (isLine ? "" : heights(layout, layout.grid(explore)))
    switch explore.layer {
    case .scatter:
        let images = "\(state.mappedCodes?.isTraining == true ? "training" : "held-out") images by class"
        return ["\(far); \(images)", "\(axes); \(images)", images, axes]
    case .density:
        // Without colours the density is drawn with these characters.
        let (more, fewer) = state.capabilities.colors == .none ? (".+*#", ",-~=") : ("red", "blue")
        return [
            "\(axes); \(more): more codes than the prior, \(fewer): fewer",
            "\(more): codes, \(fewer): holes in the prior", "\(more): codes, \(fewer): holes", axes,
        ]
    case .pictures where explore.spacing == .quantile: return ["\(far), equal steps in probability", "\(axes), equal steps in probability", far, axes]
    case .pictures, .traversals: return [far, axes]
    }
}

/// How far the plane goes, from its lowest row to its highest.
private func heights(_ layout: ExploreLayout, _ grid: LatentGrid) -> String {
    let edge = 0.5 / Double(max(1, layout.rows))
    return " \(decimal(grid.up(edge))) to \(decimal(grid.up(1 - edge)))"
}

/// A coordinate with its sign, so that columns of them line up.
func decimal(_ value: Float, _ decimals: Int = 2) -> String {
    let text = NumberText.fixed(Double(abs(value)), decimals: decimals)
    return (value < 0 && text.contains { $0 != "0" && $0 != "." } ? "-" : "+") + text
}
