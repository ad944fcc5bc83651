import Drawing
import VAECore

extension ExploreLayer {
    package static let traversals: ExploreLayer = ExploreLayer(feature: TraversalsLayer())
}

/// A row of pictures for each dimension or principal component, the most informative first.
struct TraversalsLayer: PlaneLayer {
    let title = "dimensions"
    let hasRows = true

    func effects(_ state: AppState, _ layout: ExploreLayout) -> [Effect] {
        let shown = layout.traversals(state)
        return [
            .job(
                DecodeTraversals(
                    model: state.shown.now, dimensions: shown.dimensions,
                    directions: shown.dimensions.map(state.explore.direction), values: shown.values,
                    cursor: state.explore.cursor, label: state.explore.label))
        ]
    }

    // MARK: Drawing

    func draw(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
        let shape = state.model.shape
        let shown = layout.traversals(state)
        let drawn = state.explore.traversals
        let tile = layout.traversalTile(state.model.latent)
        let rasterizer = ImageRasterizer(shape, cells: tile, state.capabilities)
        let count = shown.values.first?.count ?? 0
        let isCurrent = drawn.dimensions == shown.dimensions && drawn.values == shown.values
            && drawn.pictures.count == shown.dimensions.count * count * shape.count
        for (row, dimension) in shown.dimensions.enumerated() {
            drawName(state, layout, row, dimension, into: &canvas)
            guard isCurrent else { continue }
            drawn.pictures.withUnsafeBufferPointer { pixels in
                for column in 0..<count {
                    let place = layout.traversalPlace(column: column, row: row, tile)
                    let first = (row * count + column) * shape.count
                    rasterizer.draw(
                        UnsafeBufferPointer(rebasing: pixels[first..<first + shape.count]), into: &canvas, x: place.x,
                        y: place.y)
                }
            }
            drawValue(state, layout, row, shown.values[row], dimension, into: &canvas)
        }
    }

    /// A row's name, and how much its dimension says of an image.
    private func drawName(
        _ state: AppState, _ layout: ExploreLayout, _ row: Int, _ dimension: Int, into canvas: inout Canvas
    ) {
        let tile = layout.traversalTile(state.model.latent)
        let place = layout.traversalPlace(column: 0, row: row, tile)
        let x = place.x - ExploreLayout.nameWidth
        let isChosen = dimension == state.explore.axes.across
        let style = isChosen ? Style(Theme.warning, .bold) : .plain
        canvas.text((isChosen ? ">" : " ") + state.explore.basis.name(dimension), x: x, y: place.y, style)
        if let share = state.explore.basis.share(dimension) { canvas.text(" \(share)", x: x, y: place.y + 1, .dim) }
        guard state.explore.basis.isDimensions else { return }
        guard state.model.klPerDimension.indices.contains(dimension), state.model.codes == nil else { return }
        let kl = state.model.klPerDimension[dimension]
        canvas.text(" \(NumberText.fixed(kl, decimals: 2)) nats", x: x, y: place.y + 1, .dim)
        if state.model.isActive(dimension) == false, tile.rows > 2 { canvas.text(" inactive", x: x, y: place.y + 2, .dim) }
    }

    /// A mark at the picture nearest to the cursor's value.
    private func drawValue(
        _ state: AppState, _ layout: ExploreLayout, _ row: Int, _ values: [Float], _ dimension: Int,
        into canvas: inout Canvas
    ) {
        let z = state.explore.direction(dimension).coordinate(of: state.explore.cursor)
        guard let nearest = values.indices.min(by: { abs(values[$0] - z) < abs(values[$1] - z) }) else { return }
        let tile = layout.traversalTile(state.model.latent)
        let place = layout.traversalPlace(column: nearest, row: row, tile)
        let color = dimension == state.explore.axes.across ? Theme.warning : 244
        for corner in Rect(x: place.x, y: place.y, width: tile.columns, height: tile.rows).corners {
            canvas.mark(state.capabilities.glyph(corner.unicode, "+"), color, x: corner.x, y: corner.y)
        }
    }

    /// How far the chosen row goes.
    func drawAxis(_ state: AppState, _ layout: ExploreLayout, _ line: Rect, into canvas: inout Canvas) {
        let shown = layout.traversals(state)
        guard let row = shown.dimensions.firstIndex(of: state.explore.axes.across), let low = shown.values[row].first,
            let high = shown.values[row].last
        else { return }
        let name = state.explore.basis.name(shown.dimensions[row])
        let tile = layout.traversalTile(state.model.latent)
        let x = layout.traversalPlace(column: 0, row: row, tile).x
        let width = shown.values[row].count * tile.columns
        canvas.text(" \(name)", x: line.x, y: line.y, .dim, clip: line)
        canvas.text(decimal(low), x: x, y: line.y, .dim, clip: line)
        canvas.text(decimal(high), endingAt: x + width, y: line.y, .dim, clip: line)
        let middle = Rect(x: x + 7, y: line.y, width: max(0, width - 14), height: 1)
        let texts = rowTexts(state.explore.basis) + [name]
        canvas.text(texts.first { $0.count <= middle.width } ?? "", centeredIn: middle, .dim)
    }

    /// What the rows are, the longest wording first.
    private func rowTexts(_ basis: PlaneBasis) -> [String] {
        switch basis {
        case .dimensions: ["each row changes one dimension; the others stay at the cursor", "each row changes one dimension"]
        case .components(let components, _):
            [
                "each row goes along one principal component of the codes (step \(components.step))",
                "each row goes along one principal component", "a row for each component",
            ]
        case .points: ["the rows go from a towards b, and at right angles to it towards c", "the ways from a to b and to c"]
        }
    }

    // MARK: The cursor

    /// Up and down choose the dimension, left and right change it.
    func move(across: Int, up: Int, scale: Float, _ state: inout AppState) {
        let shown = ExploreLayout(state).traversals(state)
        let dimension = state.explore.axes.across
        guard let row = shown.dimensions.firstIndex(of: dimension) else { return }
        if up != 0 {
            chooseRow(up, &state)
        } else if shown.values[row].count > 1 {
            let step = (shown.values[row][1] - shown.values[row][0]) * scale
            let direction = state.explore.direction(dimension)
            let z = direction.coordinate(of: state.explore.cursor) + Float(across) * step
            state.explore.cursor = direction.moved(state.explore.cursor, to: ExploreState.held(tidy(z)))
            if abs(z) > ExploreState.limit { sayLimit(&state) }
            follow(&state)
        }
    }

    private func chooseRow(_ up: Int, _ state: inout AppState) {
        let order = state.explore.axisOrder(state.model)
        let next = (order.firstIndex(of: state.explore.axes.across) ?? 0) - up
        guard order.indices.contains(next) else {
            let isKL = state.explore.basis.isDimensions && state.model.codes == nil
            let what = state.explore.basis.isDimensions ? "dimension" : "row"
            let end = "this is the \(up > 0 ? "first" : "last") \(what), in the order of their \(isKL ? "KL" : "spread")"
            state.message = .init(text: order.count == 1 ? "this model has one dimension" : end)
            return
        }
        state.explore.show(across: order[next])
    }

    func click(x: Int, y: Int, _ layout: ExploreLayout, _ state: inout AppState) -> Bool {
        let shown = layout.traversals(state)
        guard let place = layout.traversalTile(atX: x, y: y, shown, latent: state.model.latent) else { return false }
        let dimension = shown.dimensions[place.row]
        state.explore.show(across: dimension)
        state.explore.cursor = state.explore.direction(dimension)
            .moved(state.explore.cursor, to: tidy(shown.values[place.row][place.column]))
        return true
    }

    func export(_ state: inout AppState) -> [Effect] {
        let traversals = state.explore.traversals
        guard !traversals.pictures.isEmpty else { return ExploreLayer.pictures.feature.export(&state) }
        return exportPictures("traversals", traversals.pictures, columns: traversals.values.first?.count ?? 1, state)
    }
}

// MARK: Where the rows are

extension ExploreLayout {
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
        let order = state.explore.axisOrder(state.model)
        let tile = traversalTile(state.model.latent)
        let rows = min(order.count, max(1, room.height / tile.rows))
        let chosen = order.firstIndex(of: state.explore.axes.across) ?? 0
        let first = max(0, min(chosen - rows / 2, order.count - rows))
        let dimensions = Array(order[first..<first + rows])
        let count = Self.odd((room.width - Self.nameWidth) / tile.columns)
        let middle = state.explore.home(state.model).center
        let reach = state.explore.plane.reach
        let values = dimensions.map { dimension in
            // As far from the middle as it takes to hold the cursor.
            let direction = state.explore.direction(dimension)
            let z = direction.coordinate(of: state.explore.cursor)
            let center = min(z + reach, max(z - reach, direction.coordinate(of: middle)))
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

// MARK: Their pictures

/// Pictures along some axes, a row each; what they do not change is as at the cursor.
package struct Traversals: Sendable, Equatable {
    /// The numbers of the axes: dimensions, or principal components.
    package var dimensions: [Int] = []
    /// Coordinates along the axis, left to right.
    package var values: [[Float]] = []
    /// (dimensions, values, pixels).
    package var pictures: [Float] = []

    package init(dimensions: [Int] = [], values: [[Float]] = [], pictures: [Float] = []) {
        (self.dimensions, self.values, self.pictures) = (dimensions, values, pictures)
    }
}

extension ExploreState {
    /// The dimensions row by row, once asked for.
    package var traversals: Traversals {
        get { layers[Traversals.self, default: Traversals()] }
        set { layers[Traversals.self, default: Traversals()] = newValue }
    }
}

/// A row of pictures for each of some axes, through the cursor.
package struct DecodeTraversals: Job {
    package var model: ModelAt
    package var dimensions: [Int]
    package var directions: [Direction]
    package var values: [[Float]]
    package var cursor: [Float]
    package var label: Int?

    package var policy: JobPolicy { .frame }
    package var about: ModelSlot.ID? { model.id }

    package func run(on bench: Bench) -> Traversals? {
        let z = zip(directions, values).flatMap { direction, row in row.flatMap { direction.moved(cursor, to: $0) } }
        return Traversals(dimensions: dimensions, values: values, pictures: bench.decode(z, label: label, model.snapshot))
    }

    package func finish(_ traversals: Traversals, _ state: inout AppState) -> [Effect] {
        state.explore.traversals = traversals
        return []
    }
}
