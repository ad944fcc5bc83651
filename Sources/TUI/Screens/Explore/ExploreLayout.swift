import Drawing
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
    /// The pictures of the path from a to b, below the plane; empty without one, or without room.
    let strip: Rect
    let stripCount: Int
    /// The plane and what is left and right of its tiles: where the rows of the dimensions are.
    private let room: Rect

    init(_ state: AppState) {
        let body = Frame.body(state)
        let digit = Self.sideWidth(body, state.model.shape)
        let left = body.split(columns: body.width - digit).left
        side = Rect(x: left.maxX, y: body.y, width: digit, height: body.height)
        // One row below the plane for its axis.
        let whole = Rect(x: left.x, y: left.y, width: digit > 0 ? left.width - 1 : left.width, height: left.height - 1)
        let stripRows = state.explore.path.ends != nil && whole.height >= 15 ? (whole.height >= 45 ? 7 : 4) : 0
        room = Rect(x: whole.x, y: whole.y, width: whole.width, height: whole.height - stripRows)
        stripCount = stripRows == 0 ? 0 : whole.width / Self.stripTile(stripRows).columns
        tile = Self.tile(room)
        columns = Self.odd(room.width / tile.columns)
        rows = state.model.latent == 1 ? 1 : Self.odd(room.height / tile.rows)
        plane = Rect(x: room.x, y: room.y, width: columns * tile.columns, height: rows * tile.rows)
        let above = state.explore.layer == .traversals ? room.maxY : plane.maxY
        strip = Rect(x: whole.x, y: above + 1, width: whole.width, height: stripRows)
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
            reach: columns > 1 ? explore.reach : 0, reachUp: reachUp(explore.reach),
            quantileDeviation: explore.spacing == .quantile ? explore.reach / ExploreState.priorReach : nil)
    }

    /// Pictures of the path are as high as its strip.
    static func stripTile(_ rows: Int) -> (columns: Int, rows: Int) { rows >= 7 ? (14, 7) : (7, 4) }

    /// Cells of the density: two a cell of the screen, one above the other.
    var densityPixels: (columns: Int, rows: Int) { (plane.width, plane.height * 2) }

    /// The cell a point of the plane lies in; nil outside.
    func cell(of z: [Float], _ grid: LatentGrid) -> (x: Int, y: Int)? {
        cell(across: z[grid.dimensions.across], up: z[grid.dimensions.up], grid)
    }

    /// The same of a point's two coordinates.
    func cell(across: Float, up: Float, _ grid: LatentGrid) -> (x: Int, y: Int)? {
        let shares = grid.shares(across: across, up: up)
        guard shares.across >= 0, shares.across < 1, shares.up > 0, shares.up <= 1 else { return nil }
        return (
            plane.x + Int(shares.across * Double(plane.width)), plane.y + Int((1 - shares.up) * Double(plane.height))
        )
    }

    /// The point in the middle of a cell.
    func point(atX x: Int, y: Int, _ grid: LatentGrid) -> [Float] {
        grid.point(
            (Double(x - plane.x) + 0.5) / Double(plane.width), 1 - (Double(y - plane.y) + 0.5) / Double(plane.height))
    }

    /// The tile under a cell of the screen.
    func tile(atX x: Int, y: Int) -> (column: Int, row: Int)? {
        guard plane.contains(x, y) else { return nil }
        return ((x - plane.x) / tile.columns, (y - plane.y) / tile.rows)
    }

    /// The tile nearest to the cursor.
    func cursorTile(_ explore: ExploreState) -> (column: Int, row: Int) {
        let shares = grid(explore).shares(of: explore.cursor)
        func nearest(_ share: Double, _ count: Int) -> Int {
            Int(min(Double(count - 1), max(0, (share * Double(count)).rounded(.down))))
        }
        return (nearest(shares.across, columns), rows - 1 - nearest(shares.up, rows))
    }

    // MARK: A row for each dimension

    /// The line of text below.
    func axisRow(_ layer: ExploreState.Layer) -> Int { layer == .traversals ? room.maxY : plane.maxY }

    /// Columns for a dimension's name and KL.
    static let nameWidth = 10

    /// Pictures of the rows: the largest with room for every dimension, or for six.
    func traversalTile(_ latent: Int) -> (columns: Int, rows: Int) {
        let sizes = [(28, 14), (20, 10), (14, 7), (10, 5)]
        return sizes.first { room.height / $0.1 >= min(6, latent) && (room.width - Self.nameWidth) / $0.0 >= 3 } ?? (7, 4)
    }

    /// The dimensions with room for a row, the most informative first, those around the chosen one where there are
    /// more; and their values.
    func traversals(_ state: AppState) -> (dimensions: [Int], values: [[Float]]) {
        let order = state.model.dimensionOrder
        let tile = traversalTile(state.model.latent)
        let rows = min(order.count, max(1, room.height / tile.rows))
        let chosen = order.firstIndex(of: state.explore.dimensions.across) ?? 0
        let first = max(0, min(chosen - rows / 2, order.count - rows))
        let dimensions = Array(order[first..<first + rows])
        let count = Self.odd((room.width - Self.nameWidth) / tile.columns)
        let middle = state.model.home(state.explore.dimensions).center
        let reach = state.explore.reach
        let values = dimensions.map { dimension in
            // As far from the middle as it takes to hold the cursor.
            let z = state.explore.cursor[dimension]
            let center = min(z + reach, max(z - reach, middle[dimension]))
            return (0..<count).map { n -> Float in
                center + (count > 1 ? 2 * Float(n) / Float(count - 1) - 1 : 0) * reach
            }
        }
        return (dimensions, values)
    }

    /// Where a row's picture is drawn.
    func traversalPlace(column: Int, row: Int, _ tile: (columns: Int, rows: Int)) -> (x: Int, y: Int) {
        (room.x + Self.nameWidth + column * tile.columns, room.y + row * tile.rows)
    }

    func traversalTile(
        atX x: Int, y: Int, _ shown: (dimensions: [Int], values: [[Float]]), latent: Int
    ) -> (column: Int, row: Int)? {
        let tile = traversalTile(latent)
        let (column, row) = ((x - room.x - Self.nameWidth), (y - room.y) / tile.rows)
        guard column >= 0, y >= room.y, shown.dimensions.indices.contains(row),
            shown.values[row].indices.contains(column / tile.columns)
        else { return nil }
        return (column / tile.columns, row)
    }
}
