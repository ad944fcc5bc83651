import Drawing
import VAECore

/// Where things are on the Explore screen; also what the cursor's steps are, which depend on it.
struct ExploreLayout {
    /// The plane's tiles, its frame apart.
    private(set) var plane: Rect
    let tile: (columns: Int, rows: Int)
    let columns: Int
    let rows: Int
    /// Of a z of one dimension, what is above the line of its pictures; empty otherwise.
    let above: Rect
    /// The cursor's picture and its numbers; empty where there is no room.
    private(set) var side: Rect
    /// The pictures of the path from a to b, below the plane; empty without one, or without room.
    let strip: Rect
    let stripCount: Int
    /// The plane and what is left and right of its tiles: where the rows of the dimensions are.
    let room: Rect
    /// Columns from this plane to that of the model beside, where both are shown; nil for one plane.
    let toSecond: Int?

    init(_ state: AppState) {
        let body = Frame.body(state)
        let isDouble = Self.showsTwo(state, body)
        let digit = isDouble && body.width < 170 ? 0 : Self.sideWidth(body, state.model.shape)
        let left = body.split(columns: body.width - digit).left
        side = Rect(x: left.maxX, y: body.y, width: digit, height: body.height)
        // One row below the plane for its axis.
        let whole = Rect(x: left.x, y: left.y, width: digit > 0 ? left.width - 1 : left.width, height: left.height - 1)
        let stripRows = state.explore.path.ends != nil && whole.height >= 15 ? (whole.height >= 45 ? 7 : 4) : 0
        // Two planes have a row for their models' names above them.
        let half = (whole.width - 2) / 2
        toSecond = isDouble ? half + 2 : nil
        room = Rect(
            x: whole.x, y: whole.y + (isDouble ? 1 : 0), width: isDouble ? half : whole.width,
            height: whole.height - stripRows - (isDouble ? 1 : 0))
        stripCount = stripRows == 0 ? 0 : whole.width / Self.stripTile(stripRows).columns
        let isLine = state.model.latent == 1
        tile = isLine ? Self.lineTile(room) : Self.tile(room)
        columns = Self.odd(room.width / tile.columns)
        rows = isLine ? 1 : Self.odd(room.height / tile.rows)
        plane = Rect(x: room.x, y: room.y, width: columns * tile.columns, height: rows * tile.rows)
        above = Rect(x: room.x, y: room.y, width: plane.width, height: isLine ? max(0, room.height - tile.rows) : 0)
        plane.y += above.height
        let below = state.explore.layer.feature.hasRows ? room.maxY : plane.maxY
        strip = Rect(x: whole.x, y: below + 1, width: whole.width, height: stripRows)
    }

    /// Whether the planes of both models are shown: where there is room, and each is all of its latent space.
    private static func showsTwo(_ state: AppState, _ body: Rect) -> Bool {
        guard state.beside != nil, body.width >= 120, !state.explore.layer.feature.hasRows else { return false }
        return state.planeMap != nil
    }

    /// The layout of the plane of the model beside.
    var second: ExploreLayout? {
        guard let toSecond else { return nil }
        var layout = self
        layout.plane.x += toSecond
        layout.side = Rect(x: 0, y: 0, width: 0, height: 0)
        return layout
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
        if let size = sizes.first(where: { covered($0) * 20 >= best * 19 }) { return size }
        // Three rows of small digits rather than one row of legible ones.
        return (9..<12).contains(room.height) ? (6, 3) : (7, 4)
    }

    /// Of the tiles that leave seven pictures on a line and most of the room above it, the largest.
    private static func lineTile(_ room: Rect) -> (columns: Int, rows: Int) {
        let sizes = [(28, 14), (20, 10), (16, 8), (14, 7), (12, 6), (10, 5), (8, 4), (7, 4)]
        return sizes.first { room.width / $0.0 >= 7 && $0.1 * 5 <= room.height * 2 } ?? (6, 3)
    }

    /// An odd count has a middle.
    static func odd(_ count: Int) -> Int { max(1, count % 2 == 0 ? count - 1 : count) }

    /// z from one tile to the next.
    func spacing(_ reach: Float) -> Float { columns > 1 ? 2 * reach / Float(columns - 1) : reach }

    /// The plane as it is laid out here: its pictures, out to their edges.
    func plane(_ explore: ExploreState) -> Plane {
        var plane = explore.plane.through(explore.cursor)
        let spacing = spacing(plane.reach)
        if explore.spacing == .quantile { plane.quantileDeviation = plane.reach / ExploreState.priorReach }
        (plane.columns, plane.rows) = (columns, rows)
        (plane.reach, plane.reachUp) = (spacing * Float(columns) / 2, spacing * Float(rows) / 2)
        return plane
    }

    /// Pictures of the path are as high as its strip.
    static func stripTile(_ rows: Int) -> (columns: Int, rows: Int) { rows >= 7 ? (14, 7) : (7, 4) }

    /// Cells of the density: two a cell of the screen, one above the other.
    var densityPixels: (columns: Int, rows: Int) { (plane.width, plane.height * 2) }

    /// The cell a point lies in; nil outside the plane.
    func cell(of z: [Float], _ on: Plane) -> (x: Int, y: Int)? {
        cell(across: on.across.coordinate(of: z), up: on.up.coordinate(of: z), on)
    }

    /// The same from a point's two coordinates.
    func cell(across: Float, up: Float, _ on: Plane) -> (x: Int, y: Int)? {
        let shares = on.shares(across: across, up: up)
        guard shares.across >= 0, shares.across < 1, shares.up > 0, shares.up <= 1 else { return nil }
        // Steps of a picture end between two cells: rounding must not choose now the one, now the other.
        let (x, y) = (shares.across * Double(plane.width) + 1e-4, (1 - shares.up) * Double(plane.height) + 1e-4)
        return (plane.x + min(plane.width - 1, Int(x)), plane.y + min(plane.height - 1, Int(y)))
    }

    /// The point in the middle of a cell.
    func point(atX x: Int, y: Int, _ on: Plane) -> [Float] {
        on.point(
            (Double(x - plane.x) + 0.5) / Double(plane.width), 1 - (Double(y - plane.y) + 0.5) / Double(plane.height))
    }

    /// The tile under a cell of the screen.
    func tile(atX x: Int, y: Int) -> (column: Int, row: Int)? {
        guard plane.contains(x, y) else { return nil }
        return ((x - plane.x) / tile.columns, (y - plane.y) / tile.rows)
    }

    /// The tile nearest to the cursor.
    func cursorTile(_ explore: ExploreState) -> (column: Int, row: Int) {
        let shares = plane(explore).shares(of: explore.cursor)
        func nearest(_ share: Double, _ count: Int) -> Int {
            Int(min(Double(count - 1), max(0, (share * Double(count)).rounded(.down))))
        }
        return (nearest(shares.across, columns), rows - 1 - nearest(shares.up, rows))
    }

    /// The line of text below.
    func axisRow(_ layer: ExploreLayer) -> Int { layer.feature.hasRows ? room.maxY : plane.maxY }
}
