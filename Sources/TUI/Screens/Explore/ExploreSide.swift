import Drawing
import Glibc
import VAECore

/// Beside the plane: the cursor's picture, its coordinates, and what is known of the place.
func drawExploreSide(_ state: AppState, _ rect: Rect, into canvas: inout Canvas) {
    let shape = state.model.shape
    // What remains below the picture holds the numbers.
    let textRows = 6
    var below = rect
    if state.explore.picture.count == shape.count {
        let high = min(rect.width * shape.height / shape.width / 2, rect.height - textRows)
        let box = Rect(x: rect.x, y: rect.y, width: rect.width, height: max(1, high))
        let isEntropy = state.explore.showsEntropy
        let pixels = isEntropy ? state.explore.picture.map(entropy) : state.explore.picture
        DigitImage(Bitmap(shape, pixels), ramp: isEntropy ? .viridis : .gray).draw(into: &canvas, box, state.capabilities)
        below = rect.split(rows: box.height).bottom
    }
    let neighbours = Neighbours(state)
    let lines = sideTexts(state, neighbours, rect.width, rows: below.height)
    let tile = rect.width >= 50 ? (columns: 14, rows: 7) : (columns: 7, rows: 4)
    // The pictures and the line that says what they are.
    let strip = neighbours.canBeDrawn && below.height >= (state.explore.isFresh ? lines.count : min(lines.count, 3)) + tile.rows + 1 ? tile.rows + 1 : 0
    for (row, line) in lines.prefix(below.height - strip).enumerated() {
        canvas.text(line.text, x: below.x + 1, y: below.y + row, line.style, clip: below)
    }
    if strip > 0 {
        let y = below.y + min(lines.count, below.height - strip)
        let titles = neighbours.titles((below.width - 1) / tile.columns)
        canvas.text(fitting(below.width - 1, titles), x: below.x + 1, y: y, .dim, clip: below)
        neighbours.draw(
            into: &canvas, Rect(x: below.x + 1, y: y + 1, width: below.width - 1, height: strip - 1), tile,
            state.capabilities)
    }
}

/// Bits of uncertainty of a pixel that is black with this probability: 0 where it is sure, 1 at a half.
func entropy(_ p: Float) -> Float {
    guard p > 0, p < 1 else { return 0 }
    return -p * log2f(p) - (1 - p) * log2f(1 - p)
}

/// What stands below the picture, the most telling first, each in the longest wording that has room.
private func sideTexts(_ state: AppState, _ neighbours: Neighbours, _ width: Int, rows: Int) -> [(text: String, style: Style)] {
    let explore = state.explore
    var lines: [(String, Style)] = []
    func add(_ style: Style, _ wordings: String...) { lines.append((fitting(width - 1, wordings), style)) }
    func coordinate(_ axis: Int, _ direction: Direction, _ way: String) {
        let text = "\(explore.basis.name(axis))  \(decimal(direction.coordinate(of: explore.cursor), 3))"
        add(.bold, "\(text)  \(way)", text)
    }
    coordinate(explore.axes.across, explore.plane.across, "across")
    if !explore.plane.isLine { coordinate(explore.axes.up, explore.plane.up, "up") }
    if let label = explore.label { add(.plain, "class \(state.className(label))  (c: next)", "class \(label)") }
    if explore.isFresh, !state.training.isActive {
        let numbers = state.model.latent == 2 ? "two numbers" : "\(state.model.latent) numbers, of which two vary here"
        let tour = state.tour.isActive ? ("", "") : (" T: a guided tour.", " T: tour")
        let wordings = [
            "Each place is \(numbers). The picture is what the model draws from them. Walk with the arrows.\(tour.0)",
            "Each place is \(numbers); the picture is drawn from them.\(tour.1)", "Walk with the arrows.\(tour.1)",
        ].map { wrapped($0, max(12, width - 1)) }
        // No sentence ends in the middle for want of rows.
        let hint = wordings.first { lines.count + $0.count <= rows } ?? []
        return lines + hint.map { ($0, Style(Theme.accent)) }
    }
    if let step = state.training.past.shown { add(Style(Theme.warning), "showing step \(step)", "step \(step)") }
    if explore.showsEntropy {
        let bits = NumberText.fixed(Double(explore.picture.reduce(0) { $0 + entropy($1) }), decimals: 1)
        add(Style(Theme.accent), "uncertainty: \(bits) bits", "\(bits) bits")
    }
    let step = "step \(explore.pictures.step)"
    if let run = state.training.run, !run.state.isOver {
        let how = run.state == .paused ? "paused" : "live"
        add(Style(Theme.accent), "decoded at \(step), \(how)", "\(step), \(how)", step)
    }
    if let mix = neighbours.mix {
        add(Style(Theme.accent), "\(mix.count) nearest: \(mix.three)", "nearest: \(mix.two)", "nearest: \(mix.one)", mix.one)
    }
    let distance = NumberText.fixed(Double(explore.cursor.reduce(0) { $0 + $1 * $1 }.squareRoot()), decimals: 2)
    add(.plain, "\(distance) from the origin", "|z| = \(distance)")
    if state.model.latent > 2 {
        add(.dim, "\(state.model.latent - 2) more dimensions, fixed", "\(state.model.latent - 2) more, fixed")
    }
    if !state.training.isActive { add(.dim, "decoded at \(step)", step) }
    if explore.path.ends != nil {
        add(.dim, "\(explore.path.kind.rawValue) path from a to b: g walks, o bends", "path: g walks, o bends", "path: g, o")
    }
    return lines
}

/// The images whose codes are nearest to the cursor.
private struct Neighbours {
    private let nearest: [(index: Int, distance: Float)]
    private let labels: [UInt8]?
    private let images: ImageSet?
    private let isTraining: Bool

    init(_ state: AppState) {
        let dataset = state.data.dataset
        // The training images once they are encoded, which takes longer; the held-out ones until then.
        isTraining = state.shown.trainingCodes?.step == state.model.step
        let codes = isTraining ? state.shown.trainingCodes : state.shown.codes
        guard let codes, codes.latent == state.model.latent, let dataset, dataset.shape == state.model.shape else {
            (nearest, labels, images) = ([], nil, nil)
            return
        }
        nearest = codes.nearest(to: state.explore.cursor, count: 10)
        labels = codes.labels
        images = isTraining ? dataset.train : dataset.test
    }

    var canBeDrawn: Bool { images != nil && !nearest.isEmpty }

    /// What so many pictures are, the longest wording first.
    func titles(_ count: Int) -> [String] {
        let shown = nearest.prefix(count)
        let kind = "nearest \(isTraining ? "training" : "held-out") images"
        func far(_ one: (index: Int, distance: Float)?) -> String {
            NumberText.fixed(Double(one?.distance ?? 0), decimals: 2)
        }
        return ["\(kind), \(far(shown.first)) to \(far(shown.last)) away:", "\(kind):"]
    }

    /// The classes of the nearest, the most frequent first: three of them, two, one.
    var mix: (count: Int, three: String, two: String, one: String)? {
        guard canBeDrawn, let labels else { return nil }
        var counts: [UInt8: Int] = [:]
        for one in nearest { counts[labels[one.index], default: 0] += 1 }
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        func text(_ most: Int) -> String {
            sorted.prefix(most).map { "\($0.key) ×\($0.value)" }.joined(separator: ", ") + (sorted.count > most ? " …" : "")
        }
        return (nearest.count, text(3), text(2), text(1))
    }

    /// The nearest as small pictures, side by side.
    func draw(into canvas: inout Canvas, _ rect: Rect, _ tile: (columns: Int, rows: Int), _ capabilities: Capabilities) {
        guard let images else { return }
        let rasterizer = ImageRasterizer(images.shape, cells: tile, capabilities)
        for (n, one) in nearest.prefix(rect.width / tile.columns).enumerated() where one.index < images.count {
            rasterizer.draw(Bitmap(images, one.index), into: &canvas, x: rect.x + n * tile.columns, y: rect.y)
        }
    }
}
