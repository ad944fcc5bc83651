// The parts of a chart around its curves: legend and axes.

extension LossChart {
    /// Where the legend's entries go from the top of `area`, on as many rows as they need, three at most; entries
    /// without room are left out. Marks stand in the row of the line before them, whose they are.
    package func legendPlaces(_ area: Rect) -> [(x: Int, row: Int, value: String)] {
        let most = min(3, max(1, area.height / 4))
        let values = series.map { current($0).map { " \(NumberText.short($0))" } ?? "" }
        // Room for any value: the legend stays as it is while the cursor moves.
        let widths = zip(series, values).map { 2 + Canvas.columns(of: $0.label) + max(6, $1.count) }
        var places: [(x: Int, row: Int, value: String)] = []
        var (x, row) = (area.x, 0)
        for (n, curve) in series.enumerated() {
            let belongs = curve.isMarked && n > 0
            let followed = n + 1 < series.count && series[n + 1].isMarked ? widths[n + 1] + 1 : 0
            if x > area.x, !belongs, x + widths[n] + followed > area.maxX {
                row += 1
                x = area.x
                if row == most { break }
            }
            places.append((x, row, values[n]))
            x += widths[n] + (followed > 0 ? 1 : 2)
        }
        return places
    }

    /// Draws the first `rows` rows of the legend.
    package func drawLegend(into canvas: inout Canvas, _ area: Rect, rows: Int, _ capabilities: Capabilities) {
        for (curve, place) in zip(series, legendPlaces(area)) where place.row < rows {
            let y = area.y + place.row
            let isFine = DotGrid.isFine(curves: series.count, capabilities)
            let mark = curve.isMarked ? String(curve.mark(capabilities)) : isFine ? "━" : String(curve.marker)
            var x = canvas.text(mark, x: place.x, y: y, Style(curve.color, on: nil, .bold), clip: area)
            x = canvas.text(" \(curve.label)", x: x, y: y, clip: area)
            canvas.text(place.value, x: x, y: y, .bold, clip: area)
        }
    }

    /// The value at the cursor, or the last one.
    private func current(_ curve: ChartSeries) -> Double? {
        let count = min(curve.x.count, curve.y.count)
        guard count > 0 else { return nil }
        guard let cursor else { return curve.y[count - 1] }
        return (0..<count).last { curve.x[$0] <= cursor }.map { curve.y[$0] }
    }

    /// Draws the value labels left of `plot` and the steps in the row below it.
    package func drawAxes(
        into canvas: inout Canvas, _ area: Rect, _ plot: Rect, _ across: AxisScale, _ up: AxisScale,
        _ capabilities: Capabilities
    ) {
        guard !plot.isEmpty else { return }
        let lines = LineGlyphs(capabilities)
        canvas.verticalLine(x: plot.x - 1, y: plot.y, length: plot.height, capabilities)
        var isTopFree = true
        for (tick, text) in up.labels(max(2, plot.height / 3)) {
            guard let place = up.fraction(tick), place >= 0, place <= 1 else { continue }
            let y = plot.maxY - 1 - Int((place * Double(plot.height - 1)).rounded())
            canvas.text(text, endingAt: plot.x - 1, y: y, .dim, clip: area)
            canvas[plot.x - 1, y] = Cell(lines.teeRight, .dim)
            isTopFree = isTopFree && y > plot.y
        }
        if isTopFree { canvas.text(unit, endingAt: plot.x - 1, y: plot.y, .dim, clip: area) }
        canvas[plot.x - 1, plot.maxY] = Cell(lines.bottomLeft, .dim)
        canvas.horizontalLine(x: plot.x, y: plot.maxY, length: plot.width, capabilities)
        var free = plot.x
        let end = plot.width >= 20 ? plot.maxX - unitAcross.count - 1 : plot.maxX
        if end < plot.maxX { canvas.text(" \(unitAcross)", x: end, y: plot.maxY, .dim, clip: area) }
        // There is no half step or epoch.
        for (tick, label) in across.labels(max(2, plot.width / 12)) where tick == tick.rounded() {
            guard let place = across.fraction(tick), place >= 0, place <= 1 else { continue }
            let middle = plot.x + Int((place * Double(plot.width - 1)).rounded())
            let start = max(plot.x, min(end - label.count, middle - label.count / 2))
            guard start >= free, abs(start + label.count / 2 - middle) <= label.count else { continue }
            free = canvas.text(label, x: start, y: plot.maxY, .dim, clip: area) + 1
        }
    }
}
