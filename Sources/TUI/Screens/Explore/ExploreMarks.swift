import Drawing
import VAECore

// What is marked on the plane: the cursor, a, b and bookmarks.

/// Corners around the picture nearest to the cursor.
func drawCorners(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let tile = layout.cursorTile(state.explore)
    let rect = Rect(
        x: layout.plane.x + tile.column * layout.tile.columns, y: layout.plane.y + tile.row * layout.tile.rows,
        width: layout.tile.columns, height: layout.tile.rows)
    let style = Style(Theme.warning, on: Palette.black, .bold)
    for corner in rect.corners { canvas[corner.x, corner.y] = Cell(state.capabilities.glyph(corner.unicode, "+"), style) }
    for edge in [rect.x + 1, rect.maxX - 2] where rect.width > 4 {
        for row in [rect.y, rect.maxY - 1] { canvas[edge, row] = Cell(state.capabilities.glyph("━", "-"), style) }
    }
}

/// The cursor's place where it lies between pictures: the corners are around the nearest of them.
func drawPoint(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let plane = layout.plane(state.explore)
    let tile = layout.cursorTile(state.explore)
    let (here, picture) = (plane.shares(of: state.explore.cursor), plane.shares(of: plane.point(column: tile.column, row: tile.row)))
    // A tenth of a picture, as far as the finest step goes.
    let isOff = abs(here.across - picture.across) * Double(layout.columns) > 0.05
        || abs(here.up - picture.up) * Double(layout.rows) > 0.05
    guard isOff, let place = layout.cell(of: state.explore.cursor, plane) else { return }
    canvas[place.x, place.y] = Cell(state.capabilities.glyph("╋", "+"), Style(Theme.warning, on: Palette.black, .bold))
}

/// The cursor where there are no tiles: a cross, which leaves what lies around it.
func drawCross(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    guard let place = layout.cell(of: state.explore.cursor, layout.plane(state.explore)) else { return }
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
func drawPlaces(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let plane = layout.plane(state.explore)
    let path = state.explore.path
    if let ends = path.ends {
        let way = Cell(state.capabilities.glyph("•", "."), Style(Theme.accent, on: Palette.black, .bold))
        for z in path.kind.points(from: ends.start, to: ends.end, count: 2 * layout.plane.width) {
            if let place = layout.cell(of: z, plane) { canvas[place.x, place.y] = way }
        }
    }
    var marks = state.explore.bookmarks.map { ($0, state.capabilities.glyph("◆", "*")) }
    if let start = path.start { marks.append((start, "a")) }
    if let end = path.end { marks.append((end, "b")) }
    for (z, glyph) in marks {
        guard let place = layout.cell(of: z, plane) else { continue }
        canvas[place.x, place.y] = Cell(glyph, Style(16, on: Theme.accent, .bold))
    }
}
