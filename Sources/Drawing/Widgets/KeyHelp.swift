/// A box over the screen that lists keys and what they do.
package struct KeyHelp: Sendable {
    package var title: String
    /// A key and what it does; an empty key makes the text a heading.
    package var rows: [(key: String, text: String)]
    /// The first row shown, for lists longer than the screen.
    package var offset: Int

    package init(title: String, _ rows: [(key: String, text: String)], offset: Int = 0) {
        self.title = title
        self.rows = rows
        self.offset = offset
    }

    /// The rows, their texts in as many lines as a narrow rectangle asks for; the key of a further line is a space.
    private func folded(_ rect: Rect) -> [(key: String, text: String)] {
        let room = rect.width - 7 - (rows.map { Canvas.columns(of: $0.key) }.max() ?? 0)
        guard room >= 10 else { return rows }
        return rows.flatMap { row -> [(key: String, text: String)] in
            if row.key.isEmpty || Canvas.columns(of: row.text) <= room { return [row] }
            return wrapped(row.text, room).enumerated().map { ($0 == 0 ? row.key : " ", $1) }
        }
    }

    /// How the rows are laid out in a rectangle: in as many columns as the height asks for and the width allows.
    private func shape(_ rect: Rect) -> (keys: Int, column: Int, columns: Int, lines: Int) {
        let rows = folded(rect)
        let keys = rows.map { Canvas.columns(of: $0.key) }.max() ?? 0
        let texts = rows.map { Canvas.columns(of: $0.text) + ($0.key.isEmpty ? 0 : keys + 2) }.max() ?? 0
        let high = max(1, rect.height - 2)
        let fits = max(1, (rect.width - 2) / (texts + 3))
        let columns = max(1, min(fits, (rows.count + high - 1) / high))
        return (keys, texts + 3, columns, min(high, max(1, (rows.count + columns - 1) / columns)))
    }

    /// Rows shown at a time in `rect`.
    package func page(in rect: Rect) -> Int {
        let shape = shape(rect)
        return shape.columns * shape.lines
    }

    /// The offset that shows the last rows in `rect`.
    package func lastOffset(in rect: Rect) -> Int { max(0, folded(rect).count - page(in: rect)) }

    /// Draws the box in the middle of `rect`.
    /// - Returns: the rectangle it covers.
    @discardableResult
    package func draw(into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) -> Rect {
        let shape = shape(rect)
        let wide = max(shape.columns * shape.column - 1, Canvas.columns(of: title) + 4)
        let box = rect.centered(width: wide + 2, height: shape.lines + 2)
        canvas.fill(box)
        let inside = canvas.box(box, title: title, capabilities)
        let first = max(0, min(offset, lastOffset(in: rect)))
        for (index, row) in folded(rect).dropFirst(first).prefix(page(in: rect)).enumerated() {
            let x = inside.x + 1 + index / shape.lines * shape.column
            let y = inside.y + index % shape.lines
            if row.key.isEmpty {
                canvas.text(row.text, x: x, y: y, Style(nil, on: nil, [.bold, .underline]), clip: inside)
            } else {
                canvas.text(row.key, x: x, y: y, .bold, clip: inside)
                canvas.text(row.text, x: x + shape.keys + 2, y: y, clip: inside)
            }
        }
        if lastOffset(in: rect) > 0 {
            let more = first < lastOffset(in: rect) ? " PgDn: more " : " PgUp: back "
            canvas.text(more, endingAt: box.maxX - 1, y: box.maxY - 1, .bold, clip: box)
        }
        return box
    }
}
