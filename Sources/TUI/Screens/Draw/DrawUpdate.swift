import Drawing
import VAECore

// What the keys of the Draw screen do.

extension DrawScreen {
    static func togglePen(_ state: inout AppState) -> [Effect] {
        guard state.draw.pen.isDown else { return lowerPen(&state) }
        state.draw.pen.isDown = false
        return []
    }

    private static func lowerPen(_ state: inout AppState) -> [Effect] {
        begin(&state)
        state.draw.pen.isDown = true
        let place = state.draw.penPlace(state.model.shape)
        let point = PixelPoint(Float(place.x), Float(place.y))
        return paint(from: point, to: point, erases: state.draw.erases, &state)
    }

    static func movePen(_ across: Int, _ down: Int, _ state: inout AppState) -> [Effect] {
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

    static func toggleEraser(_ state: inout AppState) -> [Effect] {
        state.draw.erases.toggle()
        state.draw.pen.isDown = false
        return []
    }

    static func changeBrush(by: Int, _ state: inout AppState) -> [Effect] {
        guard DrawState.sizes.indices.contains(state.draw.size + by) else {
            return refuse("this is the \(by > 0 ? "widest" : "finest") brush", &state)
        }
        state.draw.size += by
        return []
    }

    static func undo(_ state: inout AppState) -> [Effect] {
        step(from: \.done, to: \.undone, orSay: "nothing to undo", &state)
    }

    static func redo(_ state: inout AppState) -> [Effect] {
        step(from: \.undone, to: \.done, orSay: "nothing to redo", &state)
    }

    static func clear(_ state: inout AppState) -> [Effect] {
        endStrokes(&state)
        let canvas = state.draw.canvas(state.model.shape)
        guard !canvas.isBlank else { return refuse("the canvas is empty", &state) }
        begin(&state)
        state.draw.example = nil
        return put(.blank(state.model.shape), &state)
    }

    /// The next colour of the pen, for images in colour.
    static func nextInk(_ state: inout AppState) -> [Effect] {
        guard state.model.shape.channels == 3 else {
            return refuse("this model's images are grey: the pen is white, the eraser black", &state)
        }
        state.draw.ink = (state.draw.ink + 1) % DrawState.inks.count
        state.draw.erases = false
        state.message = .init(text: "the pen is \(DrawState.inks[state.draw.ink].name)")
        return []
    }

    /// The drawing stays where it is; what changes is what the model sees.
    static func toggleCentring(_ state: inout AppState) -> [Effect] {
        state.draw.centres = !state.centresDrawing
        state.message = .init(
            text: state.centresDrawing ? "encoded with its centre of mass in the middle" : "encoded as drawn")
        return refresh(state)
    }

    /// The next or previous held-out image onto the canvas.
    static func loadExample(_ by: Int, _ state: inout AppState) -> [Effect] {
        endStrokes(&state)
        switch state.data {
        case .loading: return refuse("the data set is loading", &state)
        case .missing(let reason): return refuse(reason, &state)
        case .ready(let dataset):
            let set = dataset.test
            guard set.shape == state.model.shape, set.count > 0 else {
                return refuse("the images of \(dataset.name) have another size", &state)
            }
            let last = state.draw.example ?? (by > 0 ? -1 : set.count)
            let index = ((last + by) % set.count + set.count) % set.count
            begin(&state)
            state.draw.example = index
            let label = set.labels.map { ", class \(dataset.className(Int($0[index])))" } ?? ""
            state.message = .init(text: "image \(index + 1) of \(set.count)\(label): draw on it; u undoes")
            return put(Bitmap(set, index), &state)
        }
    }

    static func toggleClose(_ state: inout AppState) -> [Effect] {
        state.draw.isClose.toggle()
        return refresh(state)
    }

    /// The cursor of the plane to the code of the drawing.
    static func showOnPlane(_ state: inout AppState) -> [Effect] {
        guard let mean = state.draw.encoded?.mean, mean.count == state.model.latent, mean.allSatisfy(\.isFinite) else {
            return refuse("draw something first", &state)
        }
        endStrokes(&state)
        state.explore.center(on: mean)
        state.explore.origin = .draw
        state.message = .init(text: "the drawing at its code; Backspace returns")
        return show(.explore, &state)
    }
}

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
    from pile: WritableKeyPath<DrawState, [Bitmap]>, to other: WritableKeyPath<DrawState, [Bitmap]>,
    orSay nothing: String, _ state: inout AppState
) -> [Effect] {
    endStrokes(&state)
    let canvas = state.draw.canvas(state.model.shape)
    guard let next = state.draw[keyPath: pile].popLast(), next.hasSize(of: canvas)
    else { return refuse(nothing, &state) }
    state.draw[keyPath: other].append(canvas)
    return put(next, &state)
}
