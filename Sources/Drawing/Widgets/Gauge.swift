/// How far something has come: a bar over one row and text after it.
package struct Gauge: Sendable {
    /// 0…1; anything else is brought inside, not-a-number counts as 0.
    package var fraction: Double
    /// Shown right of the bar.
    package var text: String
    /// Palette index of the bar.
    package var color: Color

    package init(_ fraction: Double, text: String = "", color: Color = 82) {
        self.fraction = fraction
        self.text = text
        self.color = color
    }

    /// Draws on the first row of `rect`.
    package func draw(into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) {
        let line = rect.row(0)
        let label = text.isEmpty ? 0 : Canvas.columns(of: text) + 1
        let bar = line.split(columns: max(min(8, line.width), line.width - label)).left
        canvas.fill(bar, with: Cell(capabilities.glyph("░", "."), .dim))
        Bars.fill(into: &canvas, bar, fraction: fraction, Style(color), capabilities)
        canvas.text(text, x: bar.maxX + 1, y: line.y, clip: line)
    }
}
