/// A box over the screen that lists keys and what they do.
public struct KeyHelp: Sendable {
    public var title: String
    /// A key and what it does; an empty key makes the text a heading.
    public var rows: [(key: String, text: String)]
    /// The first row shown, for lists longer than the screen.
    public var offset: Int

    public init(title: String, _ rows: [(key: String, text: String)], offset: Int = 0) {
        self.title = title
        self.rows = rows
        self.offset = offset
    }

    /// Draws the box in the middle of `rect`, in as many columns as the height asks for and the width allows.
    /// - Returns: the rectangle it covers.
    @discardableResult
    public func draw(into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) -> Rect {
        let keys = rows.map { Canvas.columns(of: $0.key) }.max() ?? 0
        let texts = rows.map { Canvas.columns(of: $0.text) + ($0.key.isEmpty ? 0 : keys + 2) }.max() ?? 0
        let high = max(1, rect.height - 2)
        let fits = max(1, (rect.width - 2) / (texts + 3))
        let columns = max(1, min(fits, (rows.count + high - 1) / high))
        let lines = min(high, max(1, (rows.count + columns - 1) / columns))
        let wide = max(columns * (texts + 3) - 1, Canvas.columns(of: title) + 4)
        let box = rect.centered(width: wide + 2, height: lines + 2)
        canvas.fill(box)
        let inside = canvas.box(box, title: title, capabilities)
        let first = max(0, min(offset, rows.count - lines * columns))
        for (index, row) in rows.dropFirst(first).prefix(lines * columns).enumerated() {
            let x = inside.x + 1 + index / lines * (texts + 3)
            let y = inside.y + index % lines
            if row.key.isEmpty {
                canvas.text(row.text, x: x, y: y, Style(nil, on: nil, [.bold, .underline]), clip: inside)
            } else {
                canvas.text(row.key, x: x, y: y, .bold, clip: inside)
                canvas.text(row.text, x: x + keys + 2, y: y, clip: inside)
            }
        }
        return box
    }
}
