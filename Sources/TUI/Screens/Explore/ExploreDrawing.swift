import Drawing
import VAECore

extension ExploreScreen {
    func draw(_ state: AppState, into canvas: inout Canvas, _ body: Rect) {
        let layout = ExploreLayout(state)
        if let second = layout.second {
            drawTwoPlanes(state, layout, second, into: &canvas)
        } else {
            drawOnePlane(state, layout, into: &canvas)
        }
        if !layout.strip.isEmpty { drawPath(state, layout, into: &canvas) }
        if !layout.side.isEmpty { drawExploreSide(state, layout.side, into: &canvas) }
    }
}

private func drawOnePlane(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let layer = state.explore.layer
    layer.feature.draw(state, layout, into: &canvas)
    let wide = layout.side.isEmpty ? state.width : layout.side.x - 1
    let line = Rect(x: layout.plane.x, y: layout.axisRow(layer), width: wide, height: 1)
    layer.feature.drawAxis(state, layout, line, into: &canvas)
}

/// The pictures along the path from a to b.
private func drawPath(_ state: AppState, _ layout: ExploreLayout, into canvas: inout Canvas) {
    let shape = state.model.shape
    let path = state.explore.path
    let count = layout.stripCount
    guard count > 1, path.pictures.count == count * shape.count else { return }
    let tile = ExploreLayout.stripTile(layout.strip.height)
    let rasterizer = ImageRasterizer(shape, cells: tile, state.capabilities)
    path.pictures.withUnsafeBufferPointer { pixels in
        for n in 0..<count {
            rasterizer.draw(
                UnsafeBufferPointer(rebasing: pixels[n * shape.count..<(n + 1) * shape.count]), into: &canvas,
                x: layout.strip.x + n * tile.columns, y: layout.strip.y)
        }
    }
    let style = Style(16, on: Theme.accent, .bold)
    canvas[layout.strip.x, layout.strip.y] = Cell("a", style)
    canvas[layout.strip.x + count * tile.columns - 1, layout.strip.y] = Cell("b", style)
}

/// The line below a plane: what runs across and up, and how far.
func drawPlaneAxis(_ state: AppState, _ layout: ExploreLayout, _ line: Rect, into canvas: inout Canvas) {
    let plane = layout.plane(state.explore)
    // To the middles of the outermost pictures; in equal steps of probability, to those of the outermost cells.
    let edge = layout.columns > 1 && state.explore.spacing == .linear
        ? 0.5 / Double(layout.columns) : 0.5 / Double(layout.plane.width)
    let low = decimal(plane.z(across: edge)), high = decimal(plane.z(across: 1 - edge))
    let right = min(line.maxX, max(layout.plane.maxX, line.x + 36))
    canvas.text(low, x: line.x, y: line.y, .dim, clip: line)
    canvas.text(high, endingAt: right, y: line.y, .dim, clip: line)
    let room = max(0, right - line.x - low.count - high.count - 2)
    let middle = Rect(x: line.x + low.count + 1, y: line.y, width: room, height: 1)
    let text = axisTexts(state, layout, plane).first { Canvas.columns(of: $0) <= middle.width } ?? ""
    canvas.text(text, centeredIn: middle, layout.side.isEmpty ? .plain : .dim)
}

/// What stands in the middle of the axis, the longest wording first.
private func axisTexts(_ state: AppState, _ layout: ExploreLayout, _ plane: Plane) -> [String] {
    // Without the large picture and its numbers; a layer that needs a word of explanation has it beside a second plane.
    if layout.side.isEmpty, layout.toSecond == nil || !state.explore.layer.feature.needsData {
        let z = plane.coordinates(of: state.explore.cursor)
        let place = "(\(decimal(z.across))\(plane.isLine ? "" : ", " + decimal(z.up)))"
        let (across, up) = state.explore.axes
        switch state.explore.basis {
        case .dimensions: return [state.model.latent > 2 ? "z\(across + 1), z\(up + 1) = \(place)" : "z = \(place)"]
        case .components: return ["PC \(across + 1), PC \(up + 1) = \(place)"]
        case .points: return ["a to b, to c = \(place)"]
        }
    }
    let edge = 0.5 / Double(max(1, layout.rows))
    let heights = " \(decimal(plane.z(up: edge))) to \(decimal(plane.z(up: 1 - edge)))"
    let feature = state.explore.layer.feature
    let captions = axesTexts(state.explore, plane, state.model).map { axes, isFar in
        feature.captions(state, axes: axes, far: plane.isLine || !isFar ? axes : axes + heights)
    }
    // Of each caption first the wording that says most of the axes.
    return (0..<(captions.first?.count ?? 0)).flatMap { n in captions.map { $0[n] } }
}

/// What runs across and up, the longest wording first; and whether it leaves room for how far up.
private func axesTexts(_ explore: ExploreState, _ plane: Plane, _ model: ModelState) -> [(text: String, isFar: Bool)] {
    let (across, up) = explore.axes
    let names = (explore.basis.name(across), explore.basis.name(up))
    let plain = "\(names.0) across" + (plane.isLine ? "" : ", \(names.1) up")
    switch explore.basis {
    case .dimensions: return [(plain, true)]
    case .components(let components, _):
        let shares = (explore.basis.share(across) ?? "", explore.basis.share(up) ?? "")
        let step = components.step == model.step ? "" : " of step \(components.step)"
        let short = "\(names.0) (\(shares.0)) across, \(names.1) (\(shares.1)) up\(step)"
        let long = "\(names.0), \(shares.0) of the codes' variance\(step), across; \(names.1), \(shares.1), up"
        let least = step.isEmpty ? [plain, "PC \(across + 1), \(up + 1)"] : ["PC \(across + 1), \(up + 1)\(step)"]
        return [(long, true), (short, true), (short, false)] + least.map { ($0, false) }
    case .points:
        guard explore.isThroughItsPoints else {
            return [("\(plain), beside the plane of a, b and c", true), ("beside the plane of a, b, c", false)]
        }
        return [("\(names.0) across, the rest of the way \(names.1) up", true), (plain, true), (plain, false)]
    }
}

/// A coordinate with its sign, so that columns of them line up.
func decimal(_ value: Float, _ decimals: Int = 2) -> String {
    let text = NumberText.fixed(Double(abs(value)), decimals: decimals)
    return (value < 0 && text.contains { $0 != "0" && $0 != "." } ? "-" : "+") + text
}
