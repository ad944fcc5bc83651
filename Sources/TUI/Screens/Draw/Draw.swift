import Drawing
import VAECore

extension Screen {
    package static let draw: Screen = Screen(feature: DrawScreen())
}

/// A canvas to draw on, and what the model makes of it.
struct DrawScreen: ScreenFeature {
    let title = "Draw"
    let keys: [KeyBinding] = [
        KeyBinding(
            "arrows hjkl", "move the pen by a pixel", hint: "move",
            .on(.left, "h") { movePen(-1, 0, &$0) }, .on(.right, "l") { movePen(1, 0, &$0) },
            .on(.up, "k") { movePen(0, -1, &$0) }, .on(.down, "j") { movePen(0, 1, &$0) }),
        KeyBinding(
            "shift+arrows HJKL", "move the pen by four",
            .on(.shiftLeft, "H") { movePen(-4, 0, &$0) }, .on(.shiftRight, "L") { movePen(4, 0, &$0) },
            .on(.shiftUp, "K") { movePen(0, -4, &$0) }, .on(.shiftDown, "J") { movePen(0, 4, &$0) }),
        KeyBinding("space", "pen down (it draws), pen up", hint: "pen", .on(" ", do: togglePen)),
        KeyBinding("c", "clear the canvas", hint: "clear", .on("c", .backspace, .delete, do: clear)),
        KeyBinding("u", "undo the last stroke", hint: "undo", .on("u", do: undo)),
        KeyBinding("U", "redo the stroke", .on("U", "r", do: redo)),
        KeyBinding(
            "o O", "next or previous held-out image, to edit", hint: "image",
            .on("o") { loadExample(1, &$0) }, .on("O") { loadExample(-1, &$0) }),
        KeyBinding("e", "eraser or pen; the right button erases too", hint: "eraser", .on("e", do: toggleEraser)),
        KeyBinding("m", "encode it centred by mass, as MNIST's digits are, or as drawn", hint: "centre", .on("m", do: toggleCentring)),
        KeyBinding(
            "+ -", "wider or thinner brush",
            .on("+", "=") { changeBrush(by: 1, &$0) }, .on("-", "_") { changeBrush(by: -1, &$0) }),
        KeyBinding("n", "next colour of the pen, for images in colour", .on("n", do: nextInk)),
        KeyBinding("z", "zoom into the ellipse on the map, and back", hint: "closer", .on("z", do: toggleClose)),
        KeyBinding("Enter", "show the drawing's place on the plane", hint: "to plane", .on(.enter, do: showOnPlane)),
    ]

    func forget(_ change: ModelChange, _ state: inout AppState) {
        switch change {
        case .run: break
        case .model(let shape, let keepsData):
            if shape { state.draw = DrawState() }
            if !keepsData { state.draw.example = nil }
        case .data:
            state.draw.leastInk = state.data.dataset.flatMap { DrawState.leastInk(of: $0.test) }
            return
        }
        // The drawing stays; what the model made of it goes.
        (state.draw.encoded, state.draw.neighbours, state.draw.plane) = (nil, [], PlanePictures())
    }

    /// What the model makes of the drawing; and of the held-out images, to compare it with.
    func effects(_ state: AppState) -> [Effect] {
        let image = state.drawingSeen
        let map = DrawLayout(state).map(state)
        var effects: [Effect] = [
            .job(
                EncodeDrawing(
                    model: state.shown.now, image: image, label: state.explore.label,
                    map: map.hasPictures ? map : nil))
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

    /// The left button draws, the right one rubs out.
    func mouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] {
        let shape = state.model.shape
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
}

extension AppState {
    /// Whether the model sees the drawing centred.
    package var centresDrawing: Bool {
        let isMNIST = model.trainedOn.map { $0.contains("mnist") && !$0.contains("fashion") } ?? false
        return draw.centres ?? isMNIST
    }

    /// The drawing as the model sees it; nil for an empty canvas.
    package var drawingSeen: Bitmap? {
        let canvas = draw.canvas(model.shape)
        guard !canvas.isBlank else { return nil }
        return centresDrawing ? canvas.centeredByMass ?? canvas : canvas
    }

    package var draw: DrawState {
        get { screens[DrawState.self, default: DrawState()] }
        _modify { yield &screens[DrawState.self, default: DrawState()] }
    }
}
