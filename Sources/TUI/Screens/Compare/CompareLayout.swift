import Drawing
import VAECore

/// Where things are on the Compare screen.
struct CompareLayout {
    /// The list of images; empty where there is no room.
    let list: Rect
    /// Input, reconstruction, difference: side by side, the last below where there is no room.
    let pictures: [Rect]
    let figures: Rect
    /// The images after the chosen one above their outputs; no place without room.
    let pairs: Rect
    let pairTile: (columns: Int, rows: Int)
    /// With two models: the differences of both reconstructions from the input, as far as there is room.
    let differences: [Rect]
    /// With two models of two dimensions: where their codes lie, as far as there is room.
    let maps: [Rect]

    init(_ state: AppState) {
        let body = Frame.body(state)
        let shape = state.model.shape
        let listWidth = body.width >= 76 ? (body.width >= 130 ? 27 : 21) : 0
        list = body.split(columns: listWidth).left
        let rest = body.split(columns: listWidth).right
        if let second = state.beside {
            let two = Self.two(rest, shape, hasMaps: state.model.latent == 2 && second.model.latent == 2)
            (pictures, figures, differences, maps) = (two.pictures, two.figures, two.differences, two.maps)
            (pairs, pairTile) = (Rect(x: 0, y: 0, width: 0, height: 0), (1, 1))
            return
        }
        (differences, maps) = ([], [])
        let figureRows = 6
        let high = rest.height - 1 - figureRows
        // The largest whole multiple of the images' size at which three, or two, stand side by side.
        var choice = (count: 2, wide: rest.width / 2)
        let unit = max(1, 28 / shape.width)
        for (count, scale) in [(3, 3 * unit), (3, 2 * unit), (3, unit), (2, 2 * unit), (2, unit), (2, max(1, unit * 2 / 3))] {
            let wide = shape.width * scale
            if count * (wide + 1) <= rest.width + 1, shape.height * scale / 2 <= high {
                choice = (count, wide)
                break
            }
        }
        let tall = max(1, min(high, choice.wide * shape.height / shape.width / 2))
        let row = (0..<choice.count).map { n in
            Rect(x: rest.x + n * (choice.wide + 1), y: rest.y + 1, width: choice.wide, height: tall)
        }
        let below = Rect(x: rest.x, y: rest.y + 1 + tall, width: rest.width, height: body.maxY - rest.y - 1 - tall)
        if choice.count == 2, below.width >= 46 {
            // The difference at half size beside the figures.
            let small = Rect(
                x: below.maxX - shape.width / 2 - 1, y: below.y + 1, width: shape.width / 2,
                height: min(below.height - 1, shape.height / 4))
            pictures = row + [small]
            figures = Rect(x: below.x, y: below.y, width: below.width - small.width - 2, height: below.height)
        } else {
            pictures = row
            figures = below.split(rows: figureRows + 1).top
        }
        // A title, inputs and outputs; the class of each beside it would say what the list says.
        let room = below.split(rows: figureRows + 2).bottom
        let tiles = [(28, 14), (20, 10), (14, 7), (8, 4)].map { ($0.0 * shape.width / shape.height, $0.1) }
        let tile = tiles.first { 2 * $0.1 + 1 <= room.height && room.width / ($0.0 + 1) >= 4 }
        pairTile = tile.map { (max(2, $0.0), $0.1) } ?? (1, 1)
        pairs = tile == nil || body.width < 120 ? Rect(x: 0, y: 0, width: 0, height: 0) : room
    }

    /// How many pairs have room.
    var pairCount: Int { pairs.isEmpty ? 0 : (pairs.width + 1) / (pairTile.columns + 1) }

    /// The first line of the list that is shown, so that the chosen one is.
    func firstLine(_ compare: CompareState) -> Int {
        let rows = list.height - 1
        return max(0, min(compare.selected - rows / 2, compare.order.count - rows))
    }

    /// The line of the list under a cell of the screen.
    func line(atX x: Int, y: Int, _ compare: CompareState) -> Int? {
        guard list.contains(x, y), y > list.y else { return nil }
        let line = firstLine(compare) + y - list.y - 1
        return compare.order.indices.contains(line) ? line : nil
    }

    private typealias Two = (pictures: [Rect], figures: Rect, differences: [Rect], maps: [Rect])

    /// Input and both reconstructions side by side; what is left below holds figures, differences and maps.
    private static func two(_ rest: Rect, _ shape: ImageShape, hasMaps: Bool) -> Two {
        let figureRows = rest.height >= 20 ? 8 : 4
        let room = (wide: (rest.width - 2) / 3, high: max(1, rest.height - 1 - figureRows))
        let unit = max(1, 28 / shape.width)
        let wide = [3, 2, 1].map { $0 * unit * shape.width }
            .first { $0 <= room.wide && $0 * shape.height / shape.width / 2 <= room.high } ?? room.wide
        let tall = max(1, min(room.high, wide * shape.height / shape.width / 2))
        func row(_ y: Int) -> [Rect] {
            (0..<3).map { Rect(x: rest.x + $0 * (wide + 1), y: y, width: wide, height: tall) }
        }
        let pictures = row(rest.y + 1)
        let below = Rect(x: rest.x, y: rest.y + 1 + tall, width: rest.width, height: rest.height - 1 - tall)
        if below.height >= tall + 1 + figureRows, wide >= 24 {
            // A row of its own: the maps under the input, the differences under what they are of.
            let second = row(below.y + 1)
            let maps = hasMaps ? second[0].columns(2, gap: 2) : []
            return (pictures, below.split(rows: tall + 1).bottom, Array(second[1...]), maps)
        }
        guard below.height >= 12, below.width >= 112 else { return (pictures, below, [], []) }
        // Beside the figures.
        let parts = below.split(columns: 50)
        let side = parts.right.split(rows: 1).bottom
        let half = min(28, side.height * 2 * shape.width / max(1, shape.height))
        let high = min(side.height, max(1, half * shape.height / shape.width / 2))
        let differences = (0..<2).map { Rect(x: side.x + $0 * (half + 1), y: side.y, width: half, height: high) }
        let left = side.split(columns: 2 * half + 4).right
        let maps = hasMaps && left.width >= 26 ? left.columns(2, gap: 2).map {
            Rect(x: $0.x, y: $0.y, width: min($0.width, 2 * $0.height), height: min($0.height, $0.width / 2))
        } : []
        return (pictures, parts.left, differences, maps)
    }
}
