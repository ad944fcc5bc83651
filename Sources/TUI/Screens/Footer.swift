import Drawing
import VAECore

// The last line: a message, or the keys, or what is being typed.

/// Lines a message may take of a narrow screen.
private let messageLines = 3

func drawFooter(_ state: AppState, into canvas: inout Canvas) {
    if let message = state.message {
        let style = message.isError ? Style(16, on: Theme.warning) : Theme.barBold
        drawOverLastLines(message.text, state, style, endingAt: state.height, into: &canvas)
        return
    }
    let line = canvas.bounds.row(state.height - 1)
    canvas.fill(line, with: Cell(" ", Theme.bar))
    // The last hints (help, quit) always show; the others as far as there is room.
    let hints = KeyBindings.hints(state)
    let kept = hints.suffix(2)
    let reserve = kept.reduce(0) { $0 + width(of: $1) }
    var x = 1
    for hint in hints.dropLast(2) where x + width(of: hint) + reserve <= state.width {
        x = draw(hint, at: x)
    }
    for hint in kept { x = draw(hint, at: x) }

    func width(of hint: (label: String, hint: String)) -> Int { hint.label.count + hint.hint.count + 3 }
    func draw(_ hint: (label: String, hint: String), at x: Int) -> Int {
        let after = canvas.text(hint.label, x: x, y: line.y, Theme.barBold, clip: line)
        return canvas.text(" \(hint.hint)", x: after, y: line.y, Theme.bar, clip: line) + 2
    }
}

/// A text over the lines above `bottom`: one, or where it is too long for one, a few.
private func drawOverLastLines(
    _ text: String, _ state: AppState, _ style: Style, endingAt bottom: Int, into canvas: inout Canvas
) {
    let room = state.width - 2
    let lines = wrapped(text, room)
    let shown = lines.prefix(messageLines)
    for (n, part) in shown.enumerated() {
        let line = canvas.bounds.row(bottom - shown.count + n)
        canvas.fill(line, with: Cell(" ", style))
        canvas.text(part, x: 1, y: line.y, style, clip: line)
        if Canvas.columns(of: part) > room || n == messageLines - 1 && lines.count > messageLines {
            canvas[line.maxX - 1, line.y] = Cell(state.capabilities.glyph("…", "~"), style)
        }
    }
}

/// The line in which a text is typed, in place of the keys; what is wrong with it, or what may be typed, beside it or
/// where there is no room, above.
func drawPrompt(_ prompt: Prompt, _ text: String, _ state: AppState, into canvas: inout Canvas) {
    let line = canvas.bounds.row(state.height - 1)
    canvas.fill(line, with: Cell(" ", Theme.barBold))
    // The end of a long text is what is being typed.
    let room = state.width - 5 - prompt.label.count
    let end = canvas.text("\(prompt.label): \(text.suffix(room))", x: 1, y: line.y, Theme.barBold, clip: line)
    canvas[min(end, line.maxX - 1), line.y] = Cell(" ", Style(16, on: Theme.accent))
    guard let beside = state.message?.text ?? (text.isEmpty ? prompt.hint(state) : nil) else { return }
    let style = state.message == nil ? Theme.bar : Style(Theme.warning, on: 236)
    if end + 2 + Canvas.columns(of: beside) < line.maxX {
        canvas.text(beside, x: end + 2, y: line.y, style, clip: line)
    } else {
        drawOverLastLines(beside, state, style, endingAt: line.y, into: &canvas)
    }
}
