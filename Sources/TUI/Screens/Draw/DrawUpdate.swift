import Drawing
import VAECore

/// The keys of the Draw screen.
func draw(_ command: DrawCommand, _ state: inout AppState) -> [Effect] {
    guard state.model.shape.channels == 1 else { return refuse("this model's images have colours: there is no brush for them", &state) }
    switch command {
    case .move(let across, let down): return movePen(across, down, &state)
    case .pen:
        guard state.draw.pen.isDown else { return lowerPen(&state) }
        state.draw.pen.isDown = false
    case .eraser:
        state.draw.erases.toggle()
        state.draw.pen.isDown = false
    case .brush(let wider):
        let size = state.draw.size + (wider ? 1 : -1)
        guard DrawState.sizes.indices.contains(size) else { return refuse("this is the \(wider ? "widest" : "finest") brush", &state) }
        state.draw.size = size
    case .undo: return step(from: \.done, to: \.undone, orSay: "nothing to undo", &state)
    case .redo: return step(from: \.undone, to: \.done, orSay: "nothing to redo", &state)
    case .clear: return clear(&state)
    case .center: return center(&state)
    case .example(let by): return loadExample(by, &state)
    case .closer:
        state.draw.isClose.toggle()
        return drawEffects(state)
    case .showOnPlane: return showOnPlane(&state)
    }
    return []
}

/// The mouse on the Draw screen: the left button draws, the right one rubs out.
func drawMouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] {
    let shape = state.model.shape
    guard shape.channels == 1 else { return [] }
    let layout = DrawLayout(state)
    switch kind {
    case .press(let button) where button == 1 || button == 3:
        // A lost release must not join two strokes.
        state.draw.mouse = nil
        guard let point = layout.pixel(atX: x, y: y, shape), layout.canvas.contains(x, y) else { return [] }
        begin(&state)
        state.draw.pen.isDown = false
        state.draw.mouse = .init(last: point, erases: button == 3 || state.draw.erases)
        return drag(to: point, &state)
    case .drag:
        // Beyond the canvas too, so that a stroke over its border ends at the border.
        guard let point = layout.pixel(atX: x, y: y, shape) else { return [] }
        return drag(to: point, &state)
    case .release:
        // Terminals that report no motion still say where the button was let go.
        guard let point = layout.pixel(atX: x, y: y, shape), state.draw.mouse != nil else { return [] }
        let effects = drag(to: point, &state)
        state.draw.mouse = nil
        return effects
    default: return []
    }
}

/// What must be computed anew for the Draw screen: after a stroke, a new snapshot, a new size, or when it is opened.
func drawEffects(_ state: AppState) -> [Effect] {
    guard state.model.shape.channels == 1 else { return [] }
    let canvas = state.draw.canvas(state.model.shape)
    var effects: [Effect] = [
        .job(
            EncodeDrawing(
                model: state.shown.now, image: canvas.isBlank ? nil : canvas, label: state.explore.label,
                map: DrawLayout(state).map(state)))
    ]
    guard state.data.dataset != nil else { return effects }
    if state.shown.codes == nil || isOutdated(state.shown.codes?.step ?? 0, state) {
        effects += [encode(state.shown, state)].compactMap { $0 }
    }
    if state.shown.scores.isEmpty || isOutdated(state.shown.scoresStep, state) { effects += scoreEffects(state) }
    return effects
}

/// Whether what was computed from all held-out images at a step is to be computed anew. While training runs every
/// step changes it: then it is, whenever the model has gone a fifth further.
private func isOutdated(_ step: Int, _ state: AppState) -> Bool {
    let now = state.model.step
    guard state.training.isActive else { return step != now }
    return step > now || now - step > 100 + step / 5
}

/// The held-out images nearest to the drawing, when there are codes and a drawing.
func findNeighbours(_ state: inout AppState) {
    state.draw.neighbours = []
    guard let mean = state.draw.encoded?.mean, mean.allSatisfy(\.isFinite), let codes = state.shown.codes,
        codes.latent == mean.count, let set = state.data.dataset?.test, codes.count <= set.count
    else { return }
    state.draw.neighbours = codes.nearest(to: mean, count: DrawState.voters).map(\.index)
}

// MARK: Strokes

/// Keeps the canvas as it is, for when the stroke that begins is undone.
private func begin(_ state: inout AppState) {
    let canvas = state.draw.canvas(state.model.shape)
    // Those of a model with images of another size are of no use.
    state.draw.done.removeAll { $0.width != canvas.width || $0.height != canvas.height }
    state.draw.done.append(canvas)
    if state.draw.done.count > DrawState.undoLimit { state.draw.done.removeFirst() }
    state.draw.undone = []
}

private func paint(from a: PixelPoint, to b: PixelPoint, erases: Bool, _ state: inout AppState) -> [Effect] {
    let shape = state.model.shape
    var canvas = state.draw.canvas(shape)
    canvas.stroke(from: a, to: b, state.draw.brush(shape), erases: erases)
    return put(canvas, &state)
}

/// The canvas as it is from now on.
private func put(_ canvas: GrayImage, _ state: inout AppState) -> [Effect] {
    state.draw.image = canvas
    if canvas.isBlank {
        state.draw.encoded = nil
        state.draw.neighbours = []
    }
    return drawEffects(state)
}

private func drag(to point: PixelPoint, _ state: inout AppState) -> [Effect] {
    guard let stroke = state.draw.mouse else { return [] }
    let shape = state.model.shape
    state.draw.mouse?.last = point
    state.draw.pen.place = .init(x: pixel(point.x, shape.width), y: pixel(point.y, shape.height))
    return paint(from: stroke.last, to: point, erases: stroke.erases, &state)

    func pixel(_ place: Float, _ count: Int) -> Int { Int(max(0, min(Float(count - 1), place.rounded()))) }
}

private func lowerPen(_ state: inout AppState) -> [Effect] {
    begin(&state)
    state.draw.pen.isDown = true
    let place = state.draw.penPlace(state.model.shape)
    let point = PixelPoint(Float(place.x), Float(place.y))
    return paint(from: point, to: point, erases: state.draw.erases, &state)
}

private func movePen(_ across: Int, _ down: Int, _ state: inout AppState) -> [Effect] {
    let shape = state.model.shape
    let from = state.draw.penPlace(shape)
    state.draw.pen.place = .init(x: from.x + across, y: from.y + down)
    let to = state.draw.penPlace(shape)
    state.draw.pen.place = to
    guard state.draw.pen.isDown, to != from else { return [] }
    return paint(
        from: PixelPoint(Float(from.x), Float(from.y)), to: PixelPoint(Float(to.x), Float(to.y)),
        erases: state.draw.erases, &state)
}

// MARK: The whole canvas

private func refuse(_ reason: String, _ state: inout AppState) -> [Effect] {
    state.message = .init(text: reason)
    return []
}

/// Ends a stroke under way: it does not go on over another canvas.
private func endStrokes(_ state: inout AppState) {
    state.draw.pen.isDown = false
    state.draw.mouse = nil
}

/// Takes a canvas from one pile and puts the present one on the other.
private func step(
    from pile: WritableKeyPath<DrawState, [GrayImage]>, to other: WritableKeyPath<DrawState, [GrayImage]>,
    orSay nothing: String, _ state: inout AppState
) -> [Effect] {
    endStrokes(&state)
    let canvas = state.draw.canvas(state.model.shape)
    guard let next = state.draw[keyPath: pile].popLast(), next.width == canvas.width, next.height == canvas.height
    else { return refuse(nothing, &state) }
    state.draw[keyPath: other].append(canvas)
    return put(next, &state)
}

private func clear(_ state: inout AppState) -> [Effect] {
    endStrokes(&state)
    let canvas = state.draw.canvas(state.model.shape)
    guard !canvas.isBlank else { return refuse("the canvas is empty", &state) }
    begin(&state)
    state.draw.example = nil
    return put(GrayImage(width: canvas.width, height: canvas.height) { _, _ in 0 }, &state)
}

private func center(_ state: inout AppState) -> [Effect] {
    endStrokes(&state)
    let canvas = state.draw.canvas(state.model.shape)
    guard let centered = canvas.centeredByMass else { return refuse("nothing to centre: the canvas is empty", &state) }
    guard centered != canvas else { return refuse("its centre of mass is in the middle already", &state) }
    begin(&state)
    return put(centered, &state)
}

/// The next or previous held-out image onto the canvas.
private func loadExample(_ by: Int, _ state: inout AppState) -> [Effect] {
    endStrokes(&state)
    switch state.data {
    case .loading: return refuse("the data set is loading", &state)
    case .missing(let reason): return refuse(reason, &state)
    case .ready(let dataset):
        let set = dataset.test
        guard set.shape == state.model.shape, set.count > 0 else {
            return refuse("the images of \(dataset.name) are of another size", &state)
        }
        let last = state.draw.example ?? (by > 0 ? -1 : set.count)
        let index = ((last + by) % set.count + set.count) % set.count
        begin(&state)
        state.draw.example = index
        let label = set.labels.map { ", class \($0[index])" } ?? ""
        state.message = .init(text: "image \(index) of \(set.count)\(label): draw on it, u undoes that")
        return put(GrayImage(set, index), &state)
    }
}

extension GrayImage {
    /// One image of a set, of one channel.
    init(_ set: ImageSet, _ index: Int) {
        self.init(width: set.shape.width, height: set.shape.height, pixels: set[index].map { Float($0) / 255 })
    }
}

/// The cursor of the plane to the code of the drawing.
private func showOnPlane(_ state: inout AppState) -> [Effect] {
    guard let mean = state.draw.encoded?.mean, mean.count == state.model.latent, mean.allSatisfy(\.isFinite) else {
        return refuse("draw something first", &state)
    }
    endStrokes(&state)
    state.explore.cursor = mean.map { min(ExploreState.limit, max(-ExploreState.limit, $0)) }
    let shown = state.explore.dimensions
    state.explore.center = (state.explore.cursor[shown.across], state.explore.cursor[shown.up])
    state.explore.origin = .draw
    state.message = .init(text: "the drawing at its code; Backspace goes back")
    return show(.explore, &state)
}
