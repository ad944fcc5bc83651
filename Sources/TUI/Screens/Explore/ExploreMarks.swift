import Drawing
import VAECore

// What is marked on the plane: the cursor, a, b and bookmarks.

/// Corners around the picture nearest to the cursor.
func drawCorners(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let tile = layout.cursorTile(state.explore)
    let rect = Rect(
        x: layout.plane.x + tile.column * layout.tile.columns, y: layout.plane.y + tile.row * layout.tile.rows,
        width: layout.tile.columns, height: layout.tile.rows)
    func mark(_ unicode: Unicode.Scalar, _ ascii: Unicode.Scalar, _ x: Int, _ y: Int) {
        canvas.mark(state.capabilities.glyph(unicode, ascii), Theme.warning, x: x, y: y)
    }
    for corner in rect.corners { mark(corner.unicode, "+", corner.x, corner.y) }
    for edge in [rect.x + 1, rect.maxX - 2] where rect.width > 4 {
        for row in [rect.y, rect.maxY - 1] { mark("━", "-", edge, row) }
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
    canvas.mark(state.capabilities.glyph("╋", "+"), Theme.warning, x: place.x, y: place.y)
}

/// The cursor where there are no tiles: a cross, which leaves what lies around it.
func drawCross(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    guard let place = layout.cell(of: state.explore.cursor, layout.plane(state.explore)) else { return }
    func mark(_ unicode: Unicode.Scalar, _ ascii: Unicode.Scalar, _ x: Int, _ y: Int) {
        canvas.mark(state.capabilities.glyph(unicode, ascii), Theme.warning, x: x, y: y)
    }
    mark("╋", "+", place.x, place.y)
    for x in [place.x - 1, place.x + 1] where layout.plane.contains(x, place.y) {
        mark("━", "-", x, place.y)
    }
    for y in [place.y - 1, place.y + 1] where layout.plane.contains(place.x, y) {
        mark("┃", "|", place.x, y)
    }
}

/// The marks a, b and c and the bookmarks, at their places; of those beside the plane, where they are nearest to it.
func drawPlaces(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let plane = layout.plane(state.explore)
    let path = state.explore.path
    if let ends = path.ends {
        let way = state.capabilities.glyph("•", ".")
        for z in path.kind.points(from: ends.start, to: ends.end, count: 2 * layout.plane.width) {
            if let place = layout.cell(of: z, plane) { canvas.mark(way, Theme.accent, x: place.x, y: place.y) }
        }
    }
    var marks = state.explore.bookmarks.map { ($0, state.capabilities.glyph("◆", "*")) }
    if let start = path.start { marks.append((start, "a")) }
    if let end = path.end { marks.append((end, "b")) }
    if let third = path.third { marks.append((third, "c")) }
    for (z, glyph) in marks {
        guard let place = layout.cell(of: z, plane) else { continue }
        canvas[place.x, place.y] = Cell(glyph, Style(16, on: Theme.accent, .bold))
    }
}
