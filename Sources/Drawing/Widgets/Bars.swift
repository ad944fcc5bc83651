/// One labelled bar.
package struct Bar: Equatable, Sendable {
    package var label: String
    package var value: Double
    /// Palette index of the bar.
    package var color: Color
    /// Shown after the value, such as "active".
    package var note: String

    /// - Parameter value: its length, in the unit of the other bars.
    package init(_ label: String, _ value: Double, color: Color = 75, note: String = "") {
        self.label = label
        self.value = value
        self.color = color
        self.note = note
    }
}

/// Horizontal bars below one another: label, bar, value, note. More than fit below one another stand in columns.
package struct Bars: Sendable {
    package var bars: [Bar]
    /// The value of a full bar; `nil` for the greatest there is.
    package var maximum: Double?

    /// - Parameter maximum: the value of a full bar; nil for the greatest of them.
    package init(_ bars: [Bar], maximum: Double? = nil) {
        self.bars = bars
        self.maximum = maximum
    }

    /// The least columns a bar with label, value and note can do with, when bars stand side by side.
    private static let leastWidth = 30

    /// Whether so many bars all fit.
    package static func fit(_ count: Int, in rect: Rect) -> Bool { count <= max(1, rect.width / leastWidth) * rect.height }

    /// Draws as many bars as `rect` has room for; if some do not fit, the last row says how many.
    package func draw(into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) {
        guard rect.height > 0 else { return }
        let columns = max(1, min(rect.width / Self.leastWidth, (bars.count + rect.height - 1) / rect.height))
        let parts = rect.columns(columns, gap: 2)
        let isCut = bars.count > columns * rect.height
        let full = maximum ?? bars.map(\.value).filter(\.isFinite).max() ?? 0
        var first = 0
        for (index, part) in parts.enumerated() {
            let rows = min(bars.count - first, part.height - (isCut && index == columns - 1 ? 1 : 0))
            draw(bars[first..<first + max(0, rows)], full: full, into: &canvas, part, capabilities)
            first += max(0, rows)
        }
        if first < bars.count, let last = parts.last {
            canvas.text("+ \(bars.count - first) more", x: last.x, y: rect.maxY - 1, .dim, clip: rect)
        }
    }

    private func draw(
        _ shown: ArraySlice<Bar>, full: Double, into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities
    ) {
        let labels = min(rect.width / 3, (bars.map { Canvas.columns(of: $0.label) }.max() ?? 0) + 1)
        let notes = bars.map { 9 + Canvas.columns(of: $0.note) }.max() ?? 0
        let room = max(0, rect.width - labels - min(notes, rect.width * 3 / 5))
        for (row, bar) in shown.enumerated() {
            let line = rect.row(row)
            canvas.text(bar.label, x: line.x, y: line.y, clip: line.split(columns: max(0, labels - 1)).left)
            let part = full > 0 && bar.value > 0 ? min(1, bar.value / full) : 0
            Bars.fill(
                into: &canvas, Rect(x: line.x + labels, y: line.y, width: room, height: 1),
                fraction: part, Style(bar.color), capabilities)
            let end = canvas.text(
                " \(NumberText.short(bar.value, digits: 3))", x: line.x + labels + room, y: line.y, clip: line)
            canvas.text(bar.note, x: max(end + 1, line.x + labels + room + 8), y: line.y, .dim, clip: line)
        }
    }

    /// Fills a fraction of one row, to an eighth of a cell where there is Unicode.
    package static func fill(
        into canvas: inout Canvas, _ line: Rect, fraction: Double, _ style: Style, _ capabilities: Capabilities
    ) {
        let part = fraction > 0 ? min(1, fraction) : 0
        let eighths = Int((part * Double(line.width * 8)).rounded())
        let whole = capabilities.drawsUnicode ? eighths / 8 : (eighths + 4) / 8
        let block = Cell(capabilities.glyph("█", "#"), style)
        canvas.fill(Rect(x: line.x, y: line.y, width: whole, height: 1), with: block)
        let pieces: [Unicode.Scalar] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
        if capabilities.drawsUnicode, eighths % 8 > 0, whole < line.width {
            canvas[line.x + whole, line.y] = Cell(pieces[eighths % 8], style)
        }
    }
}
