import Drawing
import VAECore

extension DrawScreen {
    func draw(_ state: AppState, into canvas: inout Canvas, _ body: Rect) {
        let layout = DrawLayout(state)
        drawCanvas(state, layout, into: &canvas)
        if let encoded = state.draw.encoded {
            drawReconstruction(state, encoded, layout, into: &canvas)
            let lines = layout.isCompact ? shortFigures(state, encoded) : figures(state, encoded, layout.figures.width)
            write(lines, layout.figures, into: &canvas)
            drawVerdict(state, encoded, layout, into: &canvas)
        } else {
            drawInvitation(state, layout, into: &canvas)
        }
        if state.draw.encoded != nil || !layout.isCompact { drawMap(state, layout, into: &canvas) }
        drawNeighbours(state, layout.neighbours, into: &canvas)
    }

    /// What is drawn, in a frame, with the pen on it.
    func drawCanvas(_ state: AppState, _ layout: DrawLayout, into canvas: inout Canvas) {
        let image = state.draw.canvas(state.model.shape)
        let rect = layout.canvas
        if layout.isCompact {
            canvas.verticalLine(x: rect.maxX, y: rect.y, length: rect.height, state.capabilities)
            if rect.maxY < Frame.body(state).maxY {
                canvas.horizontalLine(x: rect.x, y: rect.maxY, length: rect.width + 1, state.capabilities)
            }
        } else {
            let box = Rect(x: rect.x - 1, y: rect.y - 1, width: rect.width + 2, height: rect.height + 2)
            let titleStyle = Style(penColor(state.draw), on: nil, .bold)
            canvas.box(box, title: penText(state.draw), titleStyle: titleStyle, state.capabilities)
        }
        draw(image, rect, state.capabilities, into: &canvas)
        drawPen(state, rect, into: &canvas)
    }

    /// A picture over exactly these cells.
    func draw(_ image: Bitmap, _ rect: Rect, _ capabilities: Capabilities, into canvas: inout Canvas) {
        guard !rect.isEmpty else { return }
        ImageRasterizer(
            source: (image.width, image.height), cells: (rect.width, rect.height), channels: image.channels,
            mode: canvasMode(image.width, rect, capabilities), capabilities
        ).draw(image, into: &canvas, x: rect.x, y: rect.y)
    }

    func canvasMode(_ width: Int, _ rect: Rect, _ capabilities: Capabilities) -> GlyphMode {
        capabilities.mode(rect.width >= width ? .half : .quadrant)
    }

    func penText(_ draw: DrawState) -> String {
        let tool = draw.erases ? "eraser" : "pen"
        let width = draw.size == 1 ? "" : ", width \(NumberText.plain(Double(DrawState.sizes[draw.size])))"
        let ink = draw.ink == 0 || draw.erases ? "" : ", \(DrawState.inks[draw.ink].name)"
        return "\(tool) \(draw.pen.isDown ? "down" : "up")\(width)\(ink)"
    }

    func penColor(_ draw: DrawState) -> Color {
        if draw.erases { return Theme.accent }
        return draw.pen.isDown ? 203 : Theme.warning
    }

    /// Fills the pen's pixel with colour; where pixels have none, a letter stands for the pen.
    func drawPen(_ state: AppState, _ rect: Rect, into canvas: inout Canvas) {
        let (shape, capabilities) = (state.model.shape, state.capabilities)
        let place = state.draw.penPlace(shape)
        let color = penColor(state.draw)
        let mode = canvasMode(shape.width, rect, capabilities)
        guard mode == .half, capabilities.colors >= .sixteen else {
            let x = rect.x + (2 * place.x + 1) * rect.width / (2 * shape.width)
            let y = rect.y + (2 * place.y + 1) * rect.height / (2 * shape.height)
            let style = capabilities.colors == .none
                ? Style(nil, on: nil, [.bold, .reverse]) : Style(Palette.black, on: color, .bold)
            canvas[x, y] = Cell(state.draw.erases ? "x" : state.draw.pen.isDown ? "o" : "+", style)
            return
        }
        func halves(_ place: Int, _ cells: Int, _ pixels: Int) -> Range<Int> {
            let first = (place * cells + pixels - 1) / pixels
            return first..<max(first + 1, ((place + 1) * cells + pixels - 1) / pixels)
        }
        for x in halves(place.x, rect.width, shape.width) {
            for y in halves(place.y, rect.height * 2, shape.height) { tint(rect.x + x, rect.y + y / 2, upper: y % 2 == 0) }
        }

        /// A half block has its upper half's colour in front; a plain cell has one colour for both.
        func tint(_ x: Int, _ y: Int, upper: Bool) {
            let cell = canvas[x, y]
            let top = cell.scalar == "▀" ? cell.foreground : cell.background
            canvas[x, y] = Cell("▀", upper ? Style(color, on: cell.background) : Style(top, on: color))
        }
    }

    func drawReconstruction(
        _ state: AppState, _ encoded: DrawState.Encoded, _ layout: DrawLayout, into canvas: inout Canvas
    ) {
        let shape = state.model.shape
        let rect = layout.reconstruction
        guard encoded.reconstruction.picture.count == shape.count, rect.height >= 2 else { return }
        if !layout.isCompact {
            let title = Rect(x: rect.x, y: rect.y - 1, width: max(rect.width, 10), height: 1)
            canvas.text("the output", x: title.x, y: title.y, .bold, clip: title)
        }
        draw(Bitmap(shape, encoded.reconstruction.picture), rect, state.capabilities, into: &canvas)
    }

    /// Where the drawing lands on the plane.
    func drawMap(_ state: AppState, _ layout: DrawLayout, into canvas: inout Canvas) {
        let rect = layout.mapped(state)
        guard rect.width >= 6, rect.height >= 3 else { return }
        let encoded = state.draw.encoded
        let plane = layout.map(state).showing(encoded)
        PosteriorMap(
            plane: plane, codes: state.shown.codes, pictures: state.draw.plane, shape: state.model.shape, tile: layout.tile,
            mean: encoded?.mean, deviation: encoded?.deviation ?? []
        ).draw(into: &canvas, rect, state.capabilities)
        guard !layout.isCompact else { return }
        let title = Rect(x: rect.x, y: rect.y - 1, width: rect.width, height: 1)
        let text = encoded == nil ? "the plane" : state.draw.isClose ? "its ellipse, close" : "where it lands: X"
        canvas.text(text, x: title.x, y: title.y, .bold, clip: title)
        let axis = Rect(x: rect.x, y: rect.maxY, width: rect.width, height: 1)
        let decimals = plane.reach < 0.5 ? 2 : 1
        let middle = plane.across.coordinate(of: plane.center)
        let low = decimal(middle - plane.reach, decimals)
        let high = decimal(middle + plane.reach, decimals)
        canvas.text(low, x: axis.x, y: axis.y, .dim, clip: axis)
        canvas.text(high, endingAt: axis.maxX, y: axis.y, .dim, clip: axis)
        let shown = state.explore.dimensions
        let name = plane.isLine ? "z\(shown.across + 1)" : "z\(shown.across + 1), z\(shown.up + 1) up"
        if name.count + low.count + high.count + 2 <= axis.width { canvas.text(name, centeredIn: axis, .dim) }
    }
}
