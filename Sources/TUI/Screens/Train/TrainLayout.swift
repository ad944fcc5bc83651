import Drawing
import VAECore

/// Where things are on the Train screen, from 40×10 cells up.
struct TrainLayout {
    /// The curves; empty where a panel stands in their place.
    let chart: Rect
    /// The plane in small; empty where there is no room.
    let map: Rect
    let tile: (columns: Int, rows: Int)
    /// KL of each dimension, with a title.
    let bars: Rect
    /// The last numbers: lines above the strip.
    let figures: Rect
    /// Inputs above reconstructions; empty where there is no room.
    let strip: Rect
    let stripTile: (columns: Int, rows: Int)
    let stripCount: Int
    let gauge: Rect

    /// Columns left of the strip's pictures, for what they are.
    static let stripLabel = 9
    /// The least columns of the curves beside a panel, and of the panel of bars.
    private static let leastChart = 40
    private static let leastBars = 28

    init(_ state: AppState) {
        let body = Frame.body(state)
        let shape = state.model.shape
        gauge = Rect(x: body.x, y: body.maxY - 1, width: body.width, height: 1)
        stripTile = Self.fitted(shape, body.height >= 44 ? (14, 7) : (7, 4))
        let stripHeight = body.height >= 20 && Self.hasModel(state) ? 2 * stripTile.rows : 0
        strip = Rect(x: body.x, y: gauge.y - stripHeight, width: body.width, height: stripHeight)
        stripCount = stripHeight == 0 ? 0 : max(0, (body.width - Self.stripLabel) / (stripTile.columns + 1))
        let lines = Self.figureLines(state, body)
        figures = Rect(x: body.x, y: strip.y - lines, width: body.width, height: lines)
        let top = Rect(x: body.x, y: body.y, width: body.width, height: figures.y - body.y)
        let panels = Panels(state, top)
        (chart, map, tile, bars) = (panels.chart, panels.map, panels.tile, panels.bars)
    }

    /// Three lines where there is room, one where there is little; one more for a warning. A halted run says why and
    /// what can be done, wherever it is.
    private static func figureLines(_ state: AppState, _ body: Rect) -> Int {
        let lines = body.height >= 14 ? 3 : 1
        guard let run = state.training.run else { return state.training.followed == nil ? 0 : lines }
        if run.divergence != nil { return body.width < 80 ? 4 : 3 }
        if case .failed = run.state { return max(2, lines) }
        return lines + (Collapse(state) == nil ? 0 : 1)
    }

    /// Whether there is a model to show pictures of: a followed run may not have written one yet.
    private static func hasModel(_ state: AppState) -> Bool {
        state.training.followed.map { $0.modelFile != nil } ?? true
    }

    /// Of a tile of cells, as much as a picture of this shape fills.
    private static func fitted(_ shape: ImageShape, _ tile: (Int, Int)) -> (columns: Int, rows: Int) {
        let rect = Rect(x: 0, y: 0, width: tile.0, height: tile.1)
            .fitting(pixelWidth: shape.width, pixelHeight: shape.height)
        return (max(2, rect.width), max(1, rect.height))
    }

    /// The curves and what stands beside them, or in their place.
    private struct Panels {
        var chart: Rect
        var map = Rect(x: 0, y: 0, width: 0, height: 0)
        var tile = (columns: 6, rows: 3)
        var bars = Rect(x: 0, y: 0, width: 0, height: 0)
        let state: AppState

        init(_ state: AppState, _ top: Rect) {
            self.state = state
            chart = top
            guard TrainLayout.hasModel(state) else { return }
            let panel = state.training.panel
            let hasBars = hasKL(state)
            let room = top.width - TrainLayout.leastChart - 1
            if panel == .both, hasBars, placeBoth(top, room) { return }
            if panel != .bars || !hasBars, placeMap(top, height: top.height, width: room) {
                beside(top, map.width)
                return
            }
            if panel != .map, hasBars, room >= TrainLayout.leastBars {
                let width = min(max(TrainLayout.leastBars, top.width / 3), room)
                bars = Rect(x: top.maxX - width, y: top.y, width: width, height: top.height)
                beside(top, width)
                return
            }
            if panel == .bars, hasBars { bars = top }
            if panel == .map { _ = placeMap(top, height: top.height, width: top.width, fewest: 1) }
            if !bars.isEmpty || !map.isEmpty { chart = Rect(x: top.x, y: top.y, width: 0, height: 0) }
        }

        /// The map above the bars where the screen is high, beside them where it is wide.
        private mutating func placeBoth(_ top: Rect, _ room: Int) -> Bool {
            if top.height >= 20 {
                let wanted = min(state.model.latent + 1, max(7, top.height / 3))
                guard placeMap(top, height: top.height - wanted - 1, width: room) else { return false }
                // Bars read badly when they are narrow; the map stands in the middle above them.
                let width = max(map.width, TrainLayout.leastBars)
                map.x = top.maxX - width + (width - map.width) / 2
                bars = Rect(x: top.maxX - width, y: map.maxY + 1, width: width, height: top.maxY - map.maxY - 1)
                beside(top, width)
                return true
            }
            let wide = min(36, room / 2 - 10)
            guard wide >= TrainLayout.leastBars, placeMap(top, height: top.height, width: room - wide - 1) else { return false }
            bars = Rect(x: map.x - wide - 1, y: top.y, width: wide, height: top.height)
            beside(top, map.width + wide + 1)
            return true
        }

        /// Puts the map at the right, of about square tiles as large as leave four below one another.
        private mutating func placeMap(_ top: Rect, height: Int, width: Int, fewest: Int = 2) -> Bool {
            let tiles = [(14, 7), (10, 5), (7, 4), (6, 3)].map { TrainLayout.fitted(state.model.shape, $0) }
            let chosen = tiles.first { height / $0.rows >= 4 } ?? tiles[3]
            let side = height / chosen.rows
            let columns = min(side, width / chosen.columns)
            guard columns >= fewest, side >= fewest else { return false }
            // A line of tiles where z has one dimension.
            let rows = state.model.latent == 1 ? 1 : side
            tile = chosen
            map = Rect(
                x: top.maxX - columns * tile.columns, y: top.y, width: columns * tile.columns, height: rows * tile.rows)
            return true
        }

        private mutating func beside(_ top: Rect, _ width: Int) { chart = top.split(columns: -(width + 1)).left }
    }

    /// The small plane: the two most informative dimensions, around the middle of what the Explore screen begins with.
    func thumbnail(_ state: AppState) -> Plane? {
        guard !map.isEmpty else { return nil }
        let shown = state.model.firstDimensions
        let home = state.model.home(shown)
        let (columns, rows) = (map.width / tile.columns, map.height / tile.rows)
        // Three quarters of the way to the middles of the outermost pictures.
        func edge(_ count: Int) -> Float { home.reach * 0.75 * Float(count) / Float(max(1, count - 1)) }
        return Plane(
            center: home.center, across: .dimension(shown.across), up: .dimension(shown.up), reach: edge(columns), reachUp: edge(rows),
            columns: columns, rows: rows)
    }
}
