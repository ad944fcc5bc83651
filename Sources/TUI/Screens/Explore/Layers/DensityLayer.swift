import Drawing
import VAECore

extension ExploreLayer {
    package static let density: ExploreLayer = ExploreLayer(feature: DensityLayer())
}

/// Where codes are denser than the prior (red) and where there are none (blue).
struct DensityLayer: PlaneLayer {
    let title = "density"
    let needsData = true

    func effects(_ state: AppState, _ layout: ExploreLayout) -> [Effect] {
        guard !state.explore.plane.isLine, let codes = state.shown.densityCodes else { return [] }
        let pixels = layout.densityPixels
        return [
            .job(
                MeasureDensity(
                    id: state.shown.id, codes: codes, plane: layout.plane(state.explore), columns: pixels.columns,
                    rows: pixels.rows, prior: state.model.codes?.prior))
        ]
    }

    func draw(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
        if state.explore.plane.isLine { return drawLine(state, layout, .total, into: &canvas) }
        let pixels = layout.densityPixels
        if let density = state.explore.density, density.columns == pixels.columns, density.rows == pixels.rows {
            // Three nats, a factor of twenty, are as strong as a colour gets.
            let image = Bitmap(width: pixels.columns, height: pixels.rows, pixels: density.logRatio.map { $0 / 3 })
            ImageRasterizer(
                source: (pixels.columns, pixels.rows), cells: (layout.plane.width, layout.plane.height),
                mode: state.capabilities.mode(.half), ramp: .diverging, state.capabilities
            ).draw(image, into: &canvas, x: layout.plane.x, y: layout.plane.y)
        } else {
            drawWaiting(state, in: layout.plane, into: &canvas)
        }
        drawPlaces(state, layout, into: &canvas)
        drawCross(state, layout, into: &canvas)
    }

    func captions(_ state: AppState, axes: String, far: String) -> [String] {
        if state.explore.plane.isLine { return lineCaptions(state, .total, axes: axes) }
        // Without colours the density is drawn with these characters.
        let (more, fewer) = state.capabilities.showsDifferencesInColor ? ("red", "blue") : (".+*#", ",-~=")
        return [
            "\(axes); \(more): more codes than the prior, \(fewer): fewer",
            "\(more): codes, \(fewer): holes in the prior", "\(more): codes, \(fewer): holes", axes,
        ]
    }
}

extension ExploreState {
    /// The codes' density beside the prior's, once asked for.
    package var density: AggregatePosterior? {
        get { layers[AggregatePosterior?.self, default: nil] }
        set { layers[AggregatePosterior?.self, default: nil] = newValue }
    }
}

extension ModelSlot {
    /// The codes whose density is shown: those of the step on show, of equals the more.
    var densityCodes: LatentCodes? {
        let known = [trainingCodes, codes].compactMap { $0 }
        return (known.first { $0.step == model.step } ?? codes).flatMap { $0.latent == model.latent ? $0 : nil }
    }
}

/// The codes' density over the plane, in so many cells, beside the prior's.
package struct MeasureDensity: Job {
    package var id: ModelSlot.ID
    package var codes: LatentCodes
    package var plane: Plane
    package var columns: Int
    package var rows: Int
    package var prior: AggregatePosterior.Prior?

    package var policy: JobPolicy { .frame }
    package var about: ModelSlot.ID? { id }

    package func run(on bench: Bench) -> AggregatePosterior? {
        AggregatePosterior(codes, over: plane, columns: columns, rows: rows, prior: prior)
    }

    package func finish(_ density: AggregatePosterior, _ state: inout AppState) -> [Effect] {
        if id == state.shown.id { state.explore.density = density } else { state.explore.second.density = density }
        return []
    }
}
