import VAECore

/// Where things are on the Explore screen; also what the cursor's steps are, which depend on it.
struct ExploreLayout {
    /// The plane's tiles, its frame apart.
    let plane: Rect
    let tile: (columns: Int, rows: Int)
    let columns: Int
    let rows: Int
    /// The cursor's picture and its numbers; empty where there is no room.
    let side: Rect

    init(_ state: AppState) {
        let body = Frame.body(state)
        let digit = Self.sideWidth(body, state.model.shape)
        let left = body.split(columns: body.width - digit).left
        side = Rect(x: left.maxX, y: body.y, width: digit, height: body.height)
        // One row below the plane for its axis.
        let room = Rect(x: left.x, y: left.y, width: digit > 0 ? left.width - 1 : left.width, height: left.height - 1)
        tile = Self.tile(room)
        columns = Self.odd(room.width / tile.columns)
        rows = state.model.latent == 1 ? 1 : Self.odd(room.height / tile.rows)
        plane = Rect(x: room.x, y: room.y, width: columns * tile.columns, height: rows * tile.rows)
    }

    /// Columns for the large picture: twice its size, its size, half, or none.
    private static func sideWidth(_ body: Rect, _ shape: ImageShape) -> Int {
        for (factor, least) in [(2, 140), (1, 72), (0, 52)] where body.width >= least {
            // The numbers below need room too, however small the picture.
            let wide = factor == 0 ? max(14, shape.width / 2) + 2 : max(28, shape.width) * factor + 1
            let high = factor == 0 ? shape.height / 4 + 4 : shape.height * factor / 2 + 4
            if wide <= body.width * 2 / 5, high <= body.height || factor <= 1 { return wide }
        }
        return 0
    }

    /// Of the tiles that leave nine columns and seven rows, the largest that fills the room well; else the smallest
    /// in which digits are legible.
    private static func tile(_ room: Rect) -> (columns: Int, rows: Int) {
        let sizes = [(16, 8), (14, 7), (12, 6), (10, 5), (8, 4)].filter { room.width / $0.0 >= 9 && room.height / $0.1 >= 7 }
        func covered(_ tile: (Int, Int)) -> Int {
            odd(room.width / tile.0) * tile.0 * odd(room.height / tile.1) * tile.1
        }
        let best = sizes.map(covered).max() ?? 0
        return sizes.first { covered($0) * 20 >= best * 19 } ?? (7, 4)
    }

    /// An odd count has a middle.
    private static func odd(_ count: Int) -> Int { max(1, count % 2 == 0 ? count - 1 : count) }

    /// z from one tile to the next.
    func spacing(_ reach: Float) -> Float { columns > 1 ? 2 * reach / Float(columns - 1) : reach }

    func reachUp(_ reach: Float) -> Float { spacing(reach) * Float(rows - 1) / 2 }

    /// The points of the plane.
    func grid(_ explore: ExploreState) -> LatentGrid {
        var center = explore.cursor
        center[explore.dimensions.across] = explore.center.across
        if explore.dimensions.up != explore.dimensions.across { center[explore.dimensions.up] = explore.center.up }
        return LatentGrid(
            columns: columns, rows: rows, center: center, dimensions: explore.dimensions,
            reach: columns > 1 ? explore.reach : 0, reachUp: reachUp(explore.reach))
    }

    /// The tile under a cell of the screen.
    func tile(atX x: Int, y: Int) -> (column: Int, row: Int)? {
        guard plane.contains(x, y) else { return nil }
        return ((x - plane.x) / tile.columns, (y - plane.y) / tile.rows)
    }

    /// The tile nearest to the cursor.
    func cursorTile(_ explore: ExploreState) -> (column: Int, row: Int) {
        let spacing = spacing(explore.reach)
        func nearest(_ z: Float, _ center: Float, _ count: Int) -> Int {
            let place = (z - center) / spacing + Float(count - 1) / 2
            return Int(min(Float(count - 1), max(0, place.rounded())))
        }
        let shown = explore.dimensions
        let column = nearest(explore.cursor[shown.across], explore.center.across, columns)
        guard shown.up != shown.across else { return (column, 0) }
        return (column, rows - 1 - nearest(explore.cursor[shown.up], explore.center.up, rows))
    }
}

func drawExplore(_ state: AppState, into canvas: inout Canvas, _ body: Rect) {
    let layout = ExploreLayout(state)
    LatentMap(plane: state.explore.plane, shape: state.model.shape, tile: layout.tile)
        .draw(into: &canvas, layout.plane, state.capabilities)
    drawCursor(state, layout, into: &canvas)
    drawAxis(state, layout, into: &canvas)
    if !layout.side.isEmpty { drawSide(state, layout.side, into: &canvas) }
}

/// Corners around the tile nearest to the cursor.
private func drawCursor(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let tile = layout.cursorTile(state.explore)
    let x = layout.plane.x + tile.column * layout.tile.columns
    let y = layout.plane.y + tile.row * layout.tile.rows
    let (right, bottom) = (x + layout.tile.columns - 1, y + layout.tile.rows - 1)
    let style = Style(Frame.warning, on: Palette.black, .bold)
    let capabilities = state.capabilities
    let corners: [(Int, Int, Unicode.Scalar, Unicode.Scalar)] = [
        (x, y, "┏", "+"), (right, y, "┓", "+"), (x, bottom, "┗", "+"), (right, bottom, "┛", "+"),
    ]
    for (cx, cy, unicode, ascii) in corners { canvas[cx, cy] = Cell(capabilities.glyph(unicode, ascii), style) }
    for edge in [x + 1, right - 1] where layout.tile.columns > 4 {
        for row in [y, bottom] { canvas[edge, row] = Cell(capabilities.glyph("━", "-"), style) }
    }
}

/// The line below the plane: what runs across and up, and how far.
private func drawAxis(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let explore = state.explore
    let y = layout.plane.maxY
    let line = Rect(x: layout.plane.x, y: y, width: max(layout.plane.width, 36), height: 1)
    let low = explore.center.across - (layout.columns > 1 ? explore.reach : 0)
    let high = explore.center.across + (layout.columns > 1 ? explore.reach : 0)
    let right = decimal(high)
    canvas.text(decimal(low), x: line.x, y: y, .dim, clip: line)
    canvas.text(right, endingAt: layout.plane.maxX, y: y, .dim)
    let name = "z\(explore.dimensions.across + 1) across"
    let up = explore.dimensions.up == explore.dimensions.across ? "" : ", z\(explore.dimensions.up + 1) up"
    let middle = Rect(x: line.x + 7, y: y, width: max(0, layout.plane.width - 14), height: 1)
    let where_ = layout.side.isEmpty
        ? "z = (\(decimal(explore.cursor[explore.dimensions.across])), \(decimal(explore.cursor[explore.dimensions.up])))"
        : name + up
    canvas.text(where_, centeredIn: middle, layout.side.isEmpty ? .plain : .dim)
}

/// The cursor's picture with its coordinates.
private func drawSide(_ state: AppState, _ rect: Rect, into canvas: inout Canvas) {
    let shape = state.model.shape
    // What remains below the picture holds the numbers.
    let textRows = 6
    var below = rect
    if state.explore.picture.count == shape.count, shape.channels == 1 {
        let high = min(rect.width * shape.height / shape.width / 2, rect.height - textRows)
        let box = Rect(x: rect.x, y: rect.y, width: rect.width, height: max(1, high))
        let image = GrayImage(width: shape.width, height: shape.height, pixels: state.explore.picture)
        DigitImage(image).draw(into: &canvas, box, state.capabilities)
        below = rect.split(rows: box.height).bottom
    }
    for (row, line) in sideTexts(state).prefix(below.height).enumerated() {
        canvas.text(line.text, x: below.x + 1, y: below.y + row, line.style, clip: below)
    }
}

private func sideTexts(_ state: AppState) -> [(text: String, style: Style)] {
    let explore = state.explore
    let shown = explore.dimensions
    var lines: [(String, Style)] = [("", .plain)]
    lines.append(("z\(shown.across + 1)  \(decimal(explore.cursor[shown.across], 3))  across", .bold))
    if shown.up != shown.across { lines.append(("z\(shown.up + 1)  \(decimal(explore.cursor[shown.up], 3))  up", .bold)) }
    if let label = explore.label { lines.append(("class \(label)  (c: next)", .plain)) }
    let distance = explore.cursor.reduce(0) { $0 + $1 * $1 }.squareRoot()
    lines.append(("\(NumberText.fixed(Double(distance), decimals: 2)) from the origin", .plain))
    if state.model.latent > 2 { lines.append(("the other \(state.model.latent - 2) held", .dim)) }
    lines.append(("decoded at step \(explore.plane.step)", .dim))
    if let run = state.training.run, !run.state.isOver {
        lines.append((stateName(run.state) == "paused" ? "paused: space goes on" : "changes as it trains", Style(Frame.accent)))
    }
    return lines
}

/// A coordinate with its sign, so that columns of them line up.
func decimal(_ value: Float, _ decimals: Int = 2) -> String {
    let text = NumberText.fixed(Double(abs(value)), decimals: decimals)
    return (value < 0 && text.contains { $0 != "0" && $0 != "." } ? "-" : "+") + text
}
