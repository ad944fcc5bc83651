/// How often values occur, as bars, with a mark below where one value lies among them.
package struct Distribution {
    package var values: [Double]
    package var marked: Double

    package init(values: [Double], marked: Double) { (self.values, self.marked) = (values, marked) }

    /// Draws the bars over all rows of `rect` but the last two: the mark, and the ends.
    package func draw(into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) {
        guard rect.height >= 3, rect.width >= 8, let range = range() else { return }
        func place(_ value: Double) -> Int {
            let part = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
            return Int(max(0, min(Double(rect.width - 1), (part.isFinite ? part : 0) * Double(rect.width))))
        }
        var counts = [Int](repeating: 0, count: rect.width)
        for value in values where range.contains(value) { counts[place(value)] += 1 }
        drawBars(counts, into: &canvas, rect.split(rows: -2).top, capabilities)
        drawMark(range, place(max(range.lowerBound, min(range.upperBound, marked))), into: &canvas, rect, capabilities)
    }

    /// From the least to where the bulk ends: a few values far out would press all others into one bar.
    private func range() -> ClosedRange<Double>? {
        let known = values.filter(\.isFinite)
        guard let low = known.min(), let high = known.max(), low < high else { return nil }
        let mean = known.reduce(0) { $0 + $1 / Double(known.count) }
        let variance = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / Double(known.count) }
        let end = mean + 4 * variance.squareRoot()
        return low...(end.isFinite && end > low ? min(high, end) : high)
    }

    private func drawBars(_ counts: [Int], into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) {
        let most = Double(max(1, counts.max() ?? 1))
        let pieces: [Unicode.Scalar] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
        for (column, count) in counts.enumerated() where count > 0 {
            let eighths = max(1, Int((Double(count) / most * Double(rect.height * 8)).rounded()))
            for row in 0..<rect.height {
                let part = max(0, min(8, eighths - row * 8))
                guard part > 0 else { break }
                let glyph = capabilities.drawsUnicode ? pieces[part] : part > 3 ? "#" : "."
                canvas[rect.x + column, rect.maxY - 1 - row] = Cell(glyph, Style(75))
            }
        }
    }

    private func drawMark(
        _ range: ClosedRange<Double>, _ column: Int, into canvas: inout Canvas, _ rect: Rect,
        _ capabilities: Capabilities
    ) {
        let y = rect.maxY - 1
        canvas.text(NumberText.fixed(range.lowerBound, decimals: 0), x: rect.x, y: y, .dim, clip: rect)
        canvas.text("\(NumberText.fixed(range.upperBound, decimals: 0)) nats", endingAt: rect.maxX, y: y, .dim, clip: rect)
        let isBeyond = marked > range.upperBound
        let glyph = isBeyond ? capabilities.glyph("▶", ">") : capabilities.glyph("▲", "^")
        canvas[rect.x + column, y - 1] = Cell(glyph, Style(Theme.warning, on: nil, .bold))
    }
}
