import Drawing
import VAECore

extension ExploreLayer {
    package static let codes: ExploreLayer = ExploreLayer(feature: CodesLayer())
}

/// Where the images lie, by class.
struct CodesLayer: PlaneLayer {
    let title = "codes by class"
    let needsData = true

    func draw(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
        if state.explore.plane.isLine { return drawLine(state, layout, .bands, into: &canvas) }
        if let codes = state.mappedCodes?.codes, codes.latent == state.model.latent {
            let plane = layout.plane(state.explore)
            CodeScatter(codes: codes, plane: plane)
                .draw(into: &canvas, layout.plane, state.capabilities) { layout.cell(across: $0, up: $1, plane) }
        } else {
            drawWaiting(state, in: layout.plane, into: &canvas)
        }
        drawPlaces(state, layout, into: &canvas)
        drawCross(state, layout, into: &canvas)
    }

    func captions(_ state: AppState, axes: String, far: String) -> [String] {
        if state.explore.plane.isLine { return lineCaptions(state, .bands, axes: axes) }
        let images = "\(state.mappedCodes?.isTraining == true ? "training" : "held-out") images by class"
        return ["\(far); \(images)", "\(axes); \(images)", images, axes]
    }
}
