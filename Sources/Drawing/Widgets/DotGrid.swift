/// Fine dots over a rectangle of cells, for curves: 2 × 4 Braille dots a cell, or one marker a
/// cell where there is no Unicode, or where only markers tell several curves apart. A cell has the colour of the curve that touched it last.
package struct DotGrid {
    /// Size in dots.
    package let width, height: Int
    private let area: Rect
    private let isFine: Bool
    private var masks: [UInt8]
    private var owners: [Int32]
    /// The highest and lowest dot of the curve being drawn, by column: a curve with more points than
    /// columns is drawn in the time its columns take.
    private var tops: [Int]
    private var bottoms: [Int]

    package init(_ area: Rect, curves: Int, _ capabilities: Capabilities) {
        self.area = area
        isFine = Self.isFine(curves: curves, capabilities)
        width = area.width * (isFine ? 2 : 1)
        height = area.height * (isFine ? 4 : 1)
        masks = Array(repeating: 0, count: area.width * area.height)
        owners = Array(repeating: -1, count: area.width * area.height)
        tops = Array(repeating: .max, count: width)
        bottoms = Array(repeating: .min, count: width)
    }

    package static func isFine(curves: Int, _ capabilities: Capabilities) -> Bool {
        capabilities.drawsUnicode && (capabilities.colors != .none || curves < 2)
    }

    /// Where fractions of the width (from the left) and height (from the bottom) lie in dots. Both are
    /// brought near the grid, so that a line to a far point keeps its direction and ends.
    package func position(_ across: Double, _ up: Double) -> (Double, Double) {
        let x = max(-4, min(5, across)) * Double(width - 1)
        let y = (1 - max(-4, min(5, up))) * Double(height - 1)
        return (x, y)
    }

    /// Adds the straight line between two positions to the curve being drawn.
    package mutating func line(from a: (Double, Double), to b: (Double, Double)) {
        let (start, end) = a.0 <= b.0 ? (a, b) : (b, a)
        let first = max(0, Int(start.0.rounded()))
        let last = min(width - 1, Int(end.0.rounded()))
        guard first <= last else { return }
        if Int(start.0.rounded()) == Int(end.0.rounded()) { return extend(first, start.1, end.1) }
        let slope = (end.1 - start.1) / (end.0 - start.0)
        // A steep line takes in each column what lies between the middles to its left and right.
        let inset = slope > 0 ? 0.5 : -0.5
        for column in first...last {
            let left = Double(column) - 0.5
            let right = left + 1
            func height(_ x: Double) -> Double { start.1 + (x - start.0) * slope }
            if abs(slope) <= 1 {
                let y = height(max(start.0, min(end.0, Double(column))))
                extend(column, y, y)
            } else {
                extend(
                    column, left > start.0 ? height(left) + inset : start.1,
                    right < end.0 ? height(right) - inset : end.1)
            }
        }
    }

    private mutating func extend(_ column: Int, _ a: Double, _ b: Double) {
        let top = Int(min(a, b).rounded())
        let bottom = Int(max(a, b).rounded())
        guard bottom >= 0, top < height else { return }
        tops[column] = min(tops[column], max(0, top))
        bottoms[column] = max(bottoms[column], min(height - 1, bottom))
    }

    /// Lights the dots of the curve drawn since the last call, in the name of series `owner`.
    package mutating func finishCurve(_ owner: Int) {
        for x in 0..<width where tops[x] <= bottoms[x] {
            for y in tops[x]...bottoms[x] {
                let cell = isFine ? (y / 4) * area.width + x / 2 : y * area.width + x
                masks[cell] |= isFine ? UInt8(Braille.bit(x & 1, y & 3)) : 1
                owners[cell] = Int32(owner)
            }
            (tops[x], bottoms[x]) = (.max, .min)
        }
    }

    /// Draws the dots over what is on the canvas.
    package func draw(into canvas: inout Canvas, _ series: [ChartSeries], _ capabilities: Capabilities) {
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
