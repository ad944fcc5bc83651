import Drawing
import VAECore

/// What the Explore screen shows of a latent space: pictures, codes, their density, rows of dimensions. Adding one is a
/// file and one row in `ExploreLayer.allCases`.
protocol PlaneLayer: Sendable {
    /// In the list of keys.
    var title: String { get }
    /// Whether it shows where the images of a data set lie.
    var needsData: Bool { get }
    /// Whether it fills the room with rows of pictures of its own, in place of the plane.
    var hasRows: Bool { get }
    /// What must be computed for it, besides the plane's pictures.
    func effects(_ state: AppState, _ layout: ExploreLayout) -> [Effect]
    /// Draws it with the cursor on it.
    func draw(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas)
    /// Draws the line below it.
    func drawAxis(_ state: AppState, _ layout: ExploreLayout, _ line: Rect, into canvas: inout Canvas)
    /// What that line says in its middle, the longest wording first.
    /// - Parameters:
    ///   - axes: which dimensions run across and up.
    ///   - far: the same, and how far up.
    func captions(_ state: AppState, axes: String, far: String) -> [String]
    /// One step of the cursor: `across` and `up` are -1, 0 or 1, `scale` is the share of a step.
    func move(across: Int, up: Int, scale: Float, _ state: inout AppState)
    /// The cursor to what is under a cell of the screen.
    /// - Returns: whether there is something.
    func click(x: Int, y: Int, _ layout: ExploreLayout, _ state: inout AppState) -> Bool
    /// Writes it to a file: unless told otherwise, what is seen of it as a drawing.
    func export(_ state: inout AppState) -> [Effect]
}

/// Unless told otherwise a layer lies on the plane, where one walks from cell to cell.
extension PlaneLayer {
    var needsData: Bool { false }
    var hasRows: Bool { false }

    func effects(_ state: AppState, _ layout: ExploreLayout) -> [Effect] { [] }

    func drawAxis(_ state: AppState, _ layout: ExploreLayout, _ line: Rect, into canvas: inout Canvas) {
        drawPlaneAxis(state, layout, line, into: &canvas)
    }

    func captions(_ state: AppState, axes: String, far: String) -> [String] { [far, axes] }

    func move(across: Int, up: Int, scale: Float, _ state: inout AppState) {
        walk(across: Float(across) * scale, up: Float(up) * scale, &state)
    }

    func click(x: Int, y: Int, _ layout: ExploreLayout, _ state: inout AppState) -> Bool {
        guard layout.plane.contains(x, y) else { return false }
        state.explore.place(at: layout.point(atX: x, y: y, layout.plane(state.explore)))
        return true
    }

    func export(_ state: inout AppState) -> [Effect] { exportView(state) }

    /// The plane, or both, with what stands above and below, as it is seen.
    func exportView(_ state: AppState) -> [Effect] {
        let layout = ExploreLayout(state)
        let (first, last) = (layout.plane, layout.second?.plane ?? layout.plane)
        // With what is above a line, or the names above two planes; and the axes.
        let top = first.y - layout.above.height - (layout.second == nil ? 0 : 1)
        let name = title.split(separator: " ").first.map(String.init) ?? "view"
        return exportDrawing(name, Rect(x: first.x, y: top, width: last.maxX - first.x, height: first.maxY + 1 - top), state)
    }
}

/// One of the layers.
package struct ExploreLayer: Sendable, Hashable {
    let feature: any PlaneLayer

    package var title: String { feature.title }

    package static func == (a: ExploreLayer, b: ExploreLayer) -> Bool { a.title == b.title }
    package func hash(into hasher: inout Hasher) { hasher.combine(title) }
}

extension ExploreLayer: CaseIterable {
    /// The table of layers, in the order of the key v.
    package static let allCases: [ExploreLayer] = [.pictures, .codes, .density, .traversals]
}

/// In place of what cannot be drawn yet.
func drawWaiting(_ state: AppState, in rect: Rect, into canvas: inout Canvas) {
    let lines: [String]
    switch state.data {
    case .loading: lines = ["the data set is loading"]
    case .missing: lines = ["this view shows where images lie,", "and there is no data set: press v"]
    case .ready: lines = ["encoding the images"]
    }
    for (row, line) in lines.enumerated() {
        canvas.text(line, centeredIn: rect, row: rect.height / 2 + row, .dim)
    }
}
