import Drawing
import VAECore

/// Where things are on the Draw screen, and which pixel is under a cell.
struct DrawLayout {
    /// The canvas without its frame, and the output of it without its title.
    let canvas: Rect
    let reconstruction: Rect
    let figures: Rect
    /// A sentence on how well the drawing fits; empty where the figures say it.
    let verdict: Rect
    /// The held-out images' losses; empty where there is no room.
    let distribution: Rect
    /// The map without its title and axes.
    let plane: Rect
    /// The nearest images, with a title; empty where there is no room.
    let neighbours: Rect
    /// What to do, while nothing is drawn.
    let invitation: Rect
    /// Whether there is no room for frames and titles.
    let isCompact: Bool
    /// Size of one picture on the map in cells.
    let tile: (columns: Int, rows: Int)

    init(_ state: AppState) {
        let body = Frame.body(state)
        let shape = state.model.shape
        let tile = (columns: max(3, min(24, 8 * shape.width / max(1, shape.height))), rows: 4)
        if body.width >= 100, body.height >= 28 {
            self.init(wide: body, shape, tile)
        } else if body.width >= 72, body.height >= 20 {
            self.init(medium: body, shape, tile)
        } else {
            self.init(compact: body, shape, tile)
        }
    }

    /// The canvas at the left, what it comes to below; the output and the map at the right.
    private init(wide body: Rect, _ shape: ImageShape, _ tile: (columns: Int, rows: Int)) {
        (isCompact, self.tile) = (false, tile)
        let size = Self.size(shape, columns: body.width / 2 - 2, rows: body.height - 9)
        canvas = Rect(x: body.x + 1, y: body.y + 1, width: size.columns, height: size.rows)
        let below = Rect(
            x: body.x, y: canvas.maxY + 1, width: max(size.columns + 2, 40), height: body.maxY - canvas.maxY - 1)
        verdict = Rect(x: below.x + 1, y: below.y, width: below.width - 2, height: min(2, below.height))
        let rest = Rect(x: verdict.x, y: verdict.maxY, width: verdict.width, height: below.height - verdict.height)
        distribution = rest.height >= 4 ? rest.split(rows: min(9, rest.height)).top : .none

        let right = Rect(x: below.maxX + 1, y: body.y, width: body.width - below.width - 1, height: body.height)
        let made = Self.size(shape, columns: right.width * 55 / 100, rows: body.height * 2 / 5)
        reconstruction = Rect(x: right.x, y: right.y + 1, width: made.columns, height: made.rows)
        figures = Rect(
            x: reconstruction.maxX + 2, y: right.y + 1, width: right.maxX - reconstruction.maxX - 2, height: made.rows)
        invitation = Rect(x: right.x + 1, y: right.y + 1, width: right.width - 1, height: made.rows)
        let lower = Rect(x: right.x, y: reconstruction.maxY, width: right.width, height: body.maxY - reconstruction.maxY)
        plane = Self.plane(Rect(x: lower.x, y: lower.y + 1, width: lower.width - 16, height: lower.height - 2), tile)
        neighbours = Rect(
            x: plane.maxX + 2, y: lower.y, width: body.maxX - plane.maxX - 2, height: lower.height)
    }

    /// Canvas and the output side by side, the map at the right, what it comes to below.
    private init(medium body: Rect, _ shape: ImageShape, _ tile: (columns: Int, rows: Int)) {
        (isCompact, self.tile, distribution) = (false, tile, .none)
        let size = Self.size(shape, columns: (body.width - 24) / 2, rows: body.height - 8)
        canvas = Rect(x: body.x + 1, y: body.y + 1, width: size.columns, height: size.rows)
        reconstruction = Rect(x: canvas.maxX + 2, y: canvas.y, width: size.columns, height: size.rows)
        invitation = Rect(x: canvas.maxX + 2, y: canvas.y, width: max(size.columns, 28), height: size.rows)
        let side = Rect(
            x: invitation.maxX + 1, y: body.y, width: body.maxX - invitation.maxX - 1, height: body.height)
        plane = Self.plane(Rect(x: side.x, y: side.y + 1, width: side.width, height: min(side.height / 2 - 1, 16)), tile)
        figures = Rect(x: side.x, y: plane.maxY + 2, width: side.width, height: body.maxY - plane.maxY - 2)
        let below = Rect(
            x: body.x + 1, y: canvas.maxY + 1, width: side.x - body.x - 2, height: body.maxY - canvas.maxY - 1)
        (verdict, neighbours) = below.split(rows: 1)
    }

    /// Canvas at the left in the whole height, at the right the output and the map above the figures.
    private init(compact body: Rect, _ shape: ImageShape, _ tile: (columns: Int, rows: Int)) {
        (isCompact, self.tile, distribution, verdict, neighbours) = (true, tile, .none, .none, .none)
        let size = Self.size(shape, columns: body.width / 2, rows: body.height)
        canvas = Rect(x: body.x, y: body.y, width: size.columns, height: size.rows)
        let right = Rect(x: canvas.maxX + 2, y: body.y, width: body.maxX - canvas.maxX - 2, height: body.height)
        invitation = right
        let made = Self.size(shape, columns: right.width / 2, rows: max(1, right.height / 2))
        reconstruction = Rect(x: right.x, y: right.y, width: made.columns, height: made.rows)
        plane = Rect(
            x: reconstruction.maxX + 1, y: right.y, width: min(right.maxX - reconstruction.maxX - 1, made.rows * 2),
            height: made.rows)
        figures = right.split(rows: made.rows).bottom
    }

    /// The size in cells at which a picture is shown: the largest whole multiple of its pixels, or half as much again
    /// as one each, that fits; else as large as fits.
    private static func size(_ shape: ImageShape, columns: Int, rows: Int) -> (columns: Int, rows: Int) {
        for halves in [32, 28, 24, 20, 16, 14, 12, 10, 8, 6, 4, 3, 2] {
            let wide = shape.width * halves / 2
            let high = (shape.height * halves / 2 + 1) / 2
            if wide <= columns, high <= rows { return (wide, high) }
        }
        let fitted = Rect(x: 0, y: 0, width: columns, height: rows)
            .fitting(pixelWidth: shape.width, pixelHeight: shape.height)
        return (max(1, fitted.width), max(1, fitted.height))
    }

    /// A square in the room, of whole tiles where it holds enough of them.
    private static func plane(_ room: Rect, _ tile: (columns: Int, rows: Int)) -> Rect {
        let rows = min(room.height, room.width / 2)
        guard holdsPictures(rows * 2, rows, tile) else { return Rect(x: room.x, y: room.y, width: rows * 2, height: rows) }
        return Rect(
            x: room.x, y: room.y, width: rows * 2 / tile.columns * tile.columns, height: rows / tile.rows * tile.rows)
    }

    /// Whether so many cells hold pictures enough to tell a plane by.
    private static func holdsPictures(_ width: Int, _ height: Int, _ tile: (columns: Int, rows: Int)) -> Bool {
        width / tile.columns >= 7 && height / tile.rows >= 6
    }

    // MARK: The canvas

    /// Where on a picture the middle of a cell lies; outside its pixels for a cell beside the canvas. Nil without one.
    func pixel(atX x: Int, y: Int, _ shape: ImageShape) -> PixelPoint? {
        guard !canvas.isEmpty else { return nil }
        return PixelPoint(
            (Float(x - canvas.x) + 0.5) * Float(shape.width) / Float(canvas.width) - 0.5,
            (Float(y - canvas.y) + 0.5) * Float(shape.height) / Float(canvas.height) - 0.5)
    }

    // MARK: The map

    /// How many pictures are on the map, across and down: where there is room for them, or where nothing else could be
    /// shown on it. Nil for none.
    private func pictures(_ state: AppState) -> (columns: Int, rows: Int)? {
        let (columns, rows) = (plane.width / tile.columns, plane.height / tile.rows)
        guard columns >= 2, rows >= 1, state.model.latent > 1 else { return nil }
        if case .missing = state.data { return (columns, rows) }
        return Self.holdsPictures(plane.width, plane.height, tile) ? (columns, rows) : nil
    }

    /// The part of the plane's rectangle that the map covers.
    func mapped(_ state: AppState) -> Rect {
        guard let (columns, rows) = pictures(state) else { return plane }
        return Rect(x: plane.x, y: plane.y, width: columns * tile.columns, height: rows * tile.rows)
    }

    /// The plane the model begins with, a little wider, in the dimensions that Explore shows.
    private func home(_ state: AppState) -> Plane {
        let shown = state.explore.dimensions
        let home = state.model.home(shown)
        let map = mapped(state)
        let (wide, high) = (Float(max(1, map.width)), Float(max(1, map.height * 2)))
        // 3 of the prior's standard deviations hold nearly all codes.
        let unit = home.reach * 1.25 / min(wide, high)
        let count = pictures(state) ?? (1, 1)
        return Plane(
            center: home.center, across: .dimension(shown.across), up: .dimension(shown.up), reach: unit * wide, reachUp: unit * high,
            columns: count.columns, rows: count.rows)
    }

    /// What the map shows.
    func map(_ state: AppState) -> DrawMap {
        DrawMap(plane: home(state), isClose: state.draw.isClose, hasPictures: pictures(state) != nil)
    }
}

extension Rect {
    /// No cell at all.
    fileprivate static let none = Rect(x: 0, y: 0, width: 0, height: 0)
}
