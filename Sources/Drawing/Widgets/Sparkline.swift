/// A curve in one row of characters, its least value a low block, its greatest a full one.
package struct Sparkline: Sendable {
    /// In order; where a value is not finite there is a gap.
    package var values: [Double]

    package init(_ values: [Double]) { self.values = values }

    private static let blocks: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
    private static let characters: [Unicode.Scalar] = ["_", ".", "-", "=", "+", "*", "%", "#"]

    /// Draws a column for each value in the first row of `rect`; of more values than columns, their means.
    /// - Returns: columns taken.
    @discardableResult
    package func draw(
        into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities, _ style: Style = .plain
    ) -> Int {
        guard !rect.isEmpty, !values.isEmpty else { return 0 }
        let means = columns(min(rect.width, values.count))
        let finite = means.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else { return means.count }
        let glyphs = capabilities.drawsUnicode ? Self.blocks : Self.characters
        for (column, value) in means.enumerated() where value.isFinite {
            // Halves: the span of two huge values is no number itself.
            let span = high / 2 - low / 2
            let part = span > 0 ? (value / 2 - low / 2) / span : 0
            let level = min(glyphs.count - 1, max(0, Int((part * Double(glyphs.count - 1)).rounded())))
            canvas[rect.x + column, rect.y] = Cell(glyphs[level], style)
        }
        return means.count
    }

    /// The means of `count` stretches of about equal length; of what is not finite, none.
    private func columns(_ count: Int) -> [Double] {
        (0..<count).map { column in
            let stretch = values[values.count * column / count..<values.count * (column + 1) / count].filter(\.isFinite)
            guard !stretch.isEmpty else { return .nan }
            return stretch.reduce(0) { $0 + $1 / Double(stretch.count) }
        }
    }
}
