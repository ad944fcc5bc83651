/// Fine dots over a rectangle of cells, for curves and scatters: 2 × 4 Braille dots a cell, or one marker a
/// cell where there is no Unicode. A cell has the colour of the curve that touched it last.
struct DotGrid {
    /// Size in dots.
    let width, height: Int
    private let area: Rect
    private let isFine: Bool
    private var masks: [UInt8]
    private var owners: [Int32]

    init(_ area: Rect, _ capabilities: Capabilities) {
        self.area = area
        isFine = capabilities.drawsUnicode
        width = area.width * (isFine ? 2 : 1)
        height = area.height * (isFine ? 4 : 1)
        masks = Array(repeating: 0, count: area.width * area.height)
        owners = Array(repeating: -1, count: area.width * area.height)
    }

    /// Where fractions of the width (from the left) and height (from the bottom) lie in dots. Both are
    /// brought near the grid, so that a line to a far point keeps its direction and ends.
    func position(_ across: Double, _ up: Double) -> (Double, Double) {
        let x = max(-4, min(5, across)) * Double(width - 1)
        let y = (1 - max(-4, min(5, up))) * Double(height - 1)
        return (x, y)
    }

    /// Lights one dot; outside the grid nothing happens.
    mutating func light(_ x: Int, _ y: Int, _ owner: Int) {
        guard x >= 0, x < width, y >= 0, y < height else { return }
        let cell = isFine ? (y / 4) * area.width + x / 2 : y * area.width + x
        masks[cell] |= isFine ? UInt8(Braille.bit(x & 1, y & 3)) : 1
        owners[cell] = Int32(owner)
    }

    /// Lights the dots on the straight line between two positions.
    mutating func line(from start: (Double, Double), to end: (Double, Double), _ owner: Int) {
        let (dx, dy) = (end.0 - start.0, end.1 - start.1)
        let count = max(1, Int(max(abs(dx), abs(dy)).rounded(.up)))
        for step in 0...count {
            let part = Double(step) / Double(count)
            light(Int((start.0 + dx * part).rounded()), Int((start.1 + dy * part).rounded()), owner)
        }
    }

    /// Draws the dots over what is on the canvas.
    func draw(into canvas: inout Canvas, _ series: [ChartSeries], _ capabilities: Capabilities) {
        for y in 0..<area.height {
            for x in 0..<area.width {
                let cell = y * area.width + x
                guard masks[cell] != 0, series.indices.contains(Int(owners[cell])) else { continue }
                let curve = series[Int(owners[cell])]
                let glyph = isFine ? Braille.glyph(Int(masks[cell])) : curve.marker
                canvas[area.x + x, area.y + y] = Cell(glyph, Style(curve.color))
            }
        }
    }
}
