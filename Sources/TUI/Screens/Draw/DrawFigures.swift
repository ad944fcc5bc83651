import Drawing
import VAECore

// What is said of a drawing, in figures and in words.

extension DrawScreen {
    typealias Line = (text: String, style: Style)

    /// Lines below one another, the long ones broken between words.
    func write(_ lines: [Line], _ rect: Rect, into canvas: inout Canvas) {
        var row = 0
        for line in lines {
            for part in wrapped(line.text, rect.width) where row < rect.height {
                canvas.text(part, x: rect.x, y: rect.y + row, line.style, clip: rect)
                row += 1
            }
        }
    }

    /// What to do on an empty canvas.
    func drawInvitation(_ state: AppState, _ layout: DrawLayout, into canvas: inout Canvas) {
        let rect = layout.invitation
        let isNarrow = rect.width < 26
        var lines: [Line] = [("Draw here", .bold)]
        let mouse = "with the mouse: left button draws, right button erases"
        lines.append((isNarrow ? "left button, or:" : mouse, .plain))
        if !isNarrow { lines += [("", .plain), ("or with the keys:", .plain)] }
        write(lines, rect, into: &canvas)
        let used = lines.reduce(0) { $0 + wrapped($1.text, rect.width).count }
        let keys = isNarrow
            ? [
                ("arrows", "move pen"), ("space", "pen down"), ("o", "load image"), ("u c", "undo, clear"),
                ("?", "all keys"),
            ]
            : [
                ("arrows", "move the pen (\(penSign(state)))"), ("space", "pen down, pen up"),
                ("o", "load a test image"), ("u c", "undo, clear"), ("e m", "eraser, centre"), ("?", "all keys"),
            ]
        let rest = rect.split(rows: used).bottom
        for (row, key) in keys.prefix(rest.height).enumerated() {
            canvas.text(key.0, x: rest.x, y: rest.y + row, .bold, clip: rest)
            canvas.text(key.1, x: rest.x + (isNarrow ? 7 : 8), y: rest.y + row, clip: rest)
        }
    }

    /// How the pen looks while it is up.
    func penSign(_ state: AppState) -> String {
        state.capabilities.colors >= .sixteen && state.capabilities.mode(.half) == .half ? "orange" : "a +"
    }

    /// The figures where there is room for a line each.
    func figures(_ state: AppState, _ encoded: DrawState.Encoded, _ columns: Int) -> [Line] {
        let names = columns < 28
            ? ["-ELBO  ", "recon. ", "KL     "] : ["negative ELBO   ", "reconstruction  ", "KL divergence   "]
        let terms = encoded.reconstruction.terms
        var lines: [Line] = [
            ("\(names[0])\(alignedNats(terms.negativeELBO)) nats", .bold),
            ("\(names[1])\(alignedNats(terms.reconstruction))", .plain),
            ("\(names[2])\(alignedNats(terms.kl))", .plain),
        ]
        let shown = state.explore.dimensions
        let dimensions = shown.across == shown.up ? [shown.across] : [shown.across, shown.up]
        for dimension in dimensions where encoded.mean.indices.contains(dimension) {
            lines.append((coordinate(dimension, encoded, state.capabilities), .plain))
        }
        if let label = state.explore.label { lines.append(("given class \(label)", .plain)) }
        if let shift = state.draw.canvas(state.model.shape).shiftToCenter, max(abs(shift.x), abs(shift.y)) > 1 {
            lines.append((state.centresDrawing ? "encoded centred" : "encoded as drawn", Style(Theme.warning)))
        }
        if state.model.binarization != .grey { lines.append(("seen in black and white", .dim)) }
        lines.append(("at step \(encoded.step)", .dim))
        return lines
    }

    /// One dimension of the posterior: its mean, and its deviation if it has one.
    func coordinate(_ dimension: Int, _ encoded: DrawState.Encoded, _ capabilities: Capabilities) -> String {
        let mean = "z\(dimension + 1) \(decimal(encoded.mean[dimension]))"
        guard encoded.deviation.indices.contains(dimension) else { return mean }
        let sign = capabilities.drawsUnicode ? "±" : "+-"
        return "\(mean) \(sign)\(NumberText.fixed(Double(encoded.deviation[dimension]), decimals: 2))"
    }

    /// The figures in few lines.
    func shortFigures(_ state: AppState, _ encoded: DrawState.Encoded) -> [Line] {
        var lines: [Line] = [("-ELBO \(nats(encoded.reconstruction.terms.negativeELBO))", .bold)]
        if let verdict = verdict(state, encoded) { lines.append((verdict.shortWord, style(verdict))) }
        if let resemblance = resemblance(state) { lines.append((resemblance.short, .plain)) }
        lines.append((penText(state.draw), Style(penColor(state.draw))))
        let shown = state.explore.dimensions
        let dimensions = shown.across == shown.up ? [shown.across] : [shown.across, shown.up]
        for dimension in dimensions where encoded.mean.indices.contains(dimension) {
            lines.append((coordinate(dimension, encoded, state.capabilities), .dim))
        }
        return lines
    }

    func verdict(_ state: AppState, _ encoded: DrawState.Encoded) -> Verdict? {
        let ink = state.draw.canvas(state.model.shape).pixels.reduce(0) { $0 + Double($1) }
        return Verdict(
            encoded.reconstruction.terms, isSparse: ink < state.draw.leastInk ?? 0, among: state.shown.scores)
    }

    func style(_ verdict: Verdict) -> Style {
        switch verdict.kind {
        case .typical: Style(120, on: nil, .bold)
        case .sparse, .plain, .unusual: Style(221, on: nil, .bold)
        case .unlike: Style(210, on: nil, .bold)
        }
    }

    func drawVerdict(
        _ state: AppState, _ encoded: DrawState.Encoded, _ layout: DrawLayout, into canvas: inout Canvas
    ) {
        guard !layout.verdict.isEmpty else { return }
        guard let verdict = verdict(state, encoded) else {
            let isComing = state.data.dataset != nil && state.shown.scores.isEmpty
            write([(isComing ? "computing the losses of the test images" : "", .dim)], layout.verdict, into: &canvas)
            return
        }
        let stale = state.shown.scoresStep == encoded.step ? "" : " (at step \(state.shown.scoresStep))"
        let line = layout.verdict.row(0)
        let end = canvas.text("\(verdict.word): ", x: line.x, y: line.y, style(verdict), clip: line)
        let rest = "\(verdict.reason)\(stale)"
        if end + rest.count <= line.maxX || layout.verdict.height < 2 {
            canvas.text(rest, x: end, y: line.y, clip: line)
        } else {
            canvas.text(rest, x: line.x, y: line.y + 1, clip: layout.verdict)
        }
        Distribution(values: state.shown.scores.map(\.negativeELBO), marked: encoded.reconstruction.terms.negativeELBO)
            .draw(into: &canvas, layout.distribution, state.capabilities)
    }

    /// What the neighbours say the drawing is, in a sentence and in a few words.
    func resemblance(_ state: AppState) -> (long: String, short: String)? {
        // What is unlike every image, or is hardly anything yet, is not like one of them either.
        if let encoded = state.draw.encoded, let kind = verdict(state, encoded)?.kind, kind == .unlike || kind == .sparse { return nil }
        guard let dataset = state.data.dataset, !state.draw.neighbours.isEmpty else { return nil }
        // A conditional model keeps the class out of its codes: neighbours share the style alone.
        guard state.model.classes == nil, let vote = state.draw.vote(dataset.test.labels) else { return nil }
        let what = dataset.name.hasPrefix("mnist") ? (vote.label == 8 ? "an 8" : "a \(vote.label)") : "class \(vote.label)"
        return ("looks like \(what): \(vote.votes) of the \(vote.of) nearest", "like \(what) (\(vote.votes)/\(vote.of))")
    }

    /// The images whose codes are nearest, with their classes.
    func drawNeighbours(_ state: AppState, _ rect: Rect, into canvas: inout Canvas) {
        guard let set = state.data.dataset?.test, rect.height >= 5, rect.width >= 10, set.shape == state.model.shape,
            !state.draw.neighbours.isEmpty
        else { return }
        let title = resemblance(state)
        let lines = wrapped(title?.long ?? "nearest test images", rect.width)
        write(lines.map { ($0, .bold) }, rect, into: &canvas)
        let room = rect.split(rows: lines.count).bottom
        let tile = tileSize(room, state.model.shape)
        // The class stands right of its picture.
        let (across, down) = (room.width / (tile.columns + 3), room.height / tile.rows)
        guard across > 0, down > 0 else { return }
        for (n, index) in state.draw.neighbours.prefix(min(6, across * down)).enumerated() where index < set.count {
            let (x, y) = (room.x + n % across * (tile.columns + 3), room.y + n / across * tile.rows)
            let place = Rect(x: x, y: y, width: tile.columns, height: tile.rows)
            draw(Bitmap(set, index), place, state.capabilities, into: &canvas)
            guard let label = set.labels.map({ Int($0[index]) }) else { continue }
            let style = Style(Palette.classColor(label), on: nil, .bold)
            canvas.text("\(label)", x: place.maxX + 1, y: y, style, clip: room)
        }
    }

    /// The largest tile of which five fit, or else the smallest.
    func tileSize(_ room: Rect, _ shape: ImageShape) -> (columns: Int, rows: Int) {
        func columns(_ rows: Int) -> Int { max(2, rows * 2 * shape.width / shape.height) }
        for rows in [14, 10, 7, 5, 4] where room.width / (columns(rows) + 3) * (room.height / rows) >= 5 {
            return (columns(rows), rows)
        }
        return (columns(min(4, room.height)), min(4, room.height))
    }
}
