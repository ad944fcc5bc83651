import Drawing
import VAECore

extension ExploreLayer {
    package static let pictures: ExploreLayer = ExploreLayer(feature: PicturesLayer())
}

/// What the model draws from each place of the plane.
struct PicturesLayer: PlaneLayer {
    let title = "pictures"

    func draw(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
        if state.explore.plane.isLine { return drawLine(state, layout, .stacked, into: &canvas) }
        LatentMap(pictures: state.explore.pictures, shape: state.model.shape, tile: layout.tile)
            .draw(into: &canvas, layout.plane, state.capabilities)
        drawPlaces(state, layout, into: &canvas)
        drawCorners(state, layout, into: &canvas)
        drawPoint(state, layout, into: &canvas)
    }

    func captions(_ state: AppState, axes: String, far: String) -> [String] {
        if state.explore.plane.isLine { return lineCaptions(state, .stacked, axes: axes) }
        guard state.explore.spacing == .quantile else { return [far, axes] }
        return ["\(far), equal steps in probability", "\(axes), equal steps in probability", far, axes]
    }

    /// A click chooses the picture under it.
    func click(x: Int, y: Int, _ layout: ExploreLayout, _ state: inout AppState) -> Bool {
        guard let tile = layout.tile(atX: x, y: y) else { return false }
        state.explore.place(at: layout.plane(state.explore).point(column: tile.column, row: tile.row))
        return true
    }

    func export(_ state: inout AppState) -> [Effect] {
        if ExploreLayout(state).second != nil { return exportView(state) }
        guard let plane = state.explore.pictures.plane, !state.explore.pictures.pictures.isEmpty else {
            state.message = .init(text: "no pictures yet")
            return []
        }
        return exportPictures("plane", state.explore.pictures.pictures, columns: plane.columns, state)
    }
}
