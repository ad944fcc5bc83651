import Drawing
import VAECore

// Strokes on the canvas, whoever draws them.

/// Keeps the canvas as it is, for when the stroke that begins is undone.
func begin(_ state: inout AppState) {
    let canvas = state.draw.canvas(state.model.shape)
    // Those of a model with images of another size are of no use.
    state.draw.done.removeAll { !$0.hasSize(of: canvas) }
    state.draw.done.append(canvas)
    if state.draw.done.count > DrawState.undoLimit { state.draw.done.removeFirst() }
    state.draw.undone = []
}

func paint(from a: PixelPoint, to b: PixelPoint, erases: Bool, _ state: inout AppState) -> [Effect] {
    let shape = state.model.shape
    var canvas = state.draw.canvas(shape)
    canvas.stroke(from: a, to: b, state.draw.brush(shape), erases: erases, color: DrawState.inks[state.draw.ink].color)
    return put(canvas, &state)
}

/// The canvas as it is from now on.
func put(_ canvas: Bitmap, _ state: inout AppState) -> [Effect] {
    state.draw.image = canvas
    if canvas.isBlank {
        state.draw.encoded = nil
        state.draw.neighbours = []
    }
    return refresh(state)
}

func drag(to point: PixelPoint, _ state: inout AppState) -> [Effect] {
    guard let stroke = state.draw.mouse else { return [] }
    let shape = state.model.shape
    state.draw.mouse?.last = point
    state.draw.pen.place = .init(x: pixel(point.x, shape.width), y: pixel(point.y, shape.height))
    return paint(from: stroke.last, to: point, erases: stroke.erases, &state)

    func pixel(_ place: Float, _ count: Int) -> Int { Int(max(0, min(Float(count - 1), place.rounded()))) }
}

/// The held-out images nearest to the drawing, when there are codes and a drawing.
func findNeighbours(_ state: inout AppState) {
    state.draw.neighbours = []
    guard let mean = state.draw.encoded?.mean, mean.allSatisfy(\.isFinite), let codes = state.shown.codes,
        codes.latent == mean.count, let set = state.data.dataset?.test, codes.count <= set.count
    else { return }
    state.draw.neighbours = codes.nearest(to: mean, count: DrawState.voters).map(\.index)
}
