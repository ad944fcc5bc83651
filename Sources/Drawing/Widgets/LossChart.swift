/// One curve of a chart.
package struct ChartSeries: Equatable, Sendable {
    package var label: String
    /// Palette index of the curve.
    package var color: Color
    /// What the curve is drawn with, and named by in the legend, where there is no Unicode or no colour.
    package var marker: Unicode.Scalar
    /// Whether each value is a mark of its own, as those of an epoch are, instead of a line through all.
    package var isMarked = false
    /// Steps, ascending, and a value for each; where a value is not finite the curve has a gap.
    package var x: [Double]
    package var y: [Double]

    package init(_ label: String, color: Color, marker: Unicode.Scalar = "*", x: [Double], y: [Double]) {
        self.label = label
        self.color = color
        self.marker = marker
        self.x = x
        self.y = y
    }

    /// The same, each value a mark of its own.
    package var marked: ChartSeries {
        var series = self
        series.isMarked = true
        return series
    }

    /// What a value of its own is drawn with.
    func mark(_ capabilities: Capabilities) -> Unicode.Scalar { capabilities.glyph("●", marker) }

    /// A curve of what a history holds, between two steps if told.
    package init(
        _ label: String, color: Color, marker: Unicode.Scalar = "*", _ history: History,
        in window: ClosedRange<Double>? = nil, smoothed: Bool = false
    ) {
        let points = window.map { history.points(in: $0, smoothed: smoothed) } ?? history.points(smoothed: smoothed)
        self.init(label, color: color, marker: marker, x: points.x, y: points.y)
    }
}

/// Curves over training steps, with axes and a legend that gives the current values.
///
/// Any values may come: not-a-number, infinities, 1e±308, none at all.
package struct LossChart: Sendable {
    package var series: [ChartSeries]
    /// Whether the value axis is logarithmic; values of 0 and less are gaps there.
    package var isLogarithmic: Bool
    /// The steps shown; `nil` for all there are.
    package var steps: ClosedRange<Double>?
    /// The values shown; `nil` for those that occur.
    package var values: ClosedRange<Double>?
    /// Where the value axis begins, if not at the least value; a logarithmic one has no such place.
    package var floor: Double?
    /// The unit of the values, for the axis.
    package var unit = ""
    /// What the curves run over.
    package var unitAcross = "step"
    /// How to see the values above `values`, where some are: "a: all".
    package var remedy = ""
    /// Whether the curves are named above them.
    package var hasLegend = true
    /// The step the legend reads from, marked by a line; `nil` for the last of each curve.
    package var cursor: Double?

    package init(
        _ series: [ChartSeries], isLogarithmic: Bool = false, steps: ClosedRange<Double>? = nil,
        values: ClosedRange<Double>? = nil, cursor: Double? = nil
    ) {
        self.series = series
        self.isLogarithmic = isLogarithmic
        self.steps = steps
        self.values = values
        self.cursor = cursor
    }

    /// Draws the chart over all of `rect`; without room for axes, the curves alone.
    package func draw(into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) {
        let area = rect.intersection(canvas.bounds)
        guard !area.isEmpty else { return }
        let parts = parts(of: area, capabilities)
        drawLegend(into: &canvas, area, rows: parts.legend, capabilities)
        if parts.hasAxes { drawAxes(into: &canvas, area, parts.plot, parts.across, parts.up, capabilities) }
        drawCursor(into: &canvas, parts, capabilities)
        drawCurves(into: &canvas, parts.plot, parts.across, parts.up, capabilities)
        drawMarks(into: &canvas, parts, capabilities)
        drawNote(into: &canvas, parts, capabilities)
        drawCursorLabel(into: &canvas, parts)
    }

    /// Where the parts of a chart lie in an area, and its scales.
    package struct Parts {
        package let legend: Int
        package let plot: Rect
        package let hasAxes: Bool
        package let across: AxisScale
        package let up: AxisScale
    }

    package func parts(of area: Rect, _ capabilities: Capabilities) -> Parts {
        let (across, up) = scales()
        let legend = hasLegend && area.height >= 5 ? legendPlaces(area).map { $0.row + 1 }.max() ?? 0 : 0
        var plot = area.split(rows: legend).bottom
        let hasAxes = area.width >= 24 && plot.height >= 3
        if hasAxes {
            let labels = up.labels(max(2, plot.height / 3)).map(\.text) + [unit]
            let margin = min(plot.width / 3, (labels.map(\.count).max() ?? 1) + 1)
            plot = plot.split(rows: -1).top.split(columns: margin).right
        }
        return Parts(legend: legend, plot: plot, hasAxes: hasAxes, across: across, up: up)
    }

    /// The step under a column of a chart drawn over `rect`; nil left and right of its curves.
    package func step(atColumn x: Int, in rect: Rect, _ capabilities: Capabilities) -> Double? {
        let parts = parts(of: rect, capabilities)
        guard x >= parts.plot.x, x < parts.plot.maxX, series.contains(where: { !$0.x.isEmpty }) else { return nil }
        let part = Double(x - parts.plot.x) / Double(max(1, parts.plot.width - 1))
        let step = parts.across.low + part * (parts.across.high - parts.across.low)
        return step.isFinite ? step : nil
    }

    private func isShown(_ x: Double) -> Bool { x.isFinite && (steps?.contains(x) ?? true) }

    /// The steps and the values that are shown.
    package func scales() -> (across: AxisScale, up: AxisScale) {
        var low = Double.infinity
        var high = -Double.infinity
        var shown: [Double] = []
        for curve in series {
            for (x, y) in zip(curve.x, curve.y) where isShown(x) {
                low = min(low, x)
                high = max(high, x)
                shown.append(y)
            }
        }
        if let steps { (low, high) = (steps.lowerBound, steps.upperBound) }
        if let values { shown = [values.lowerBound, values.upperBound] }
        let bound = 1e300
        let across = AxisScale(low: max(-bound, min(bound, low)), high: max(-bound, min(bound, high)))
        let up = AxisScale(covering: shown + (floor.map { [$0] } ?? []), isLogarithmic: isLogarithmic)
        guard let floor, !isLogarithmic, floor < up.high else { return (across, up) }
        return (across, AxisScale(low: floor, high: up.high))
    }

    private func drawCurves(
        into canvas: inout Canvas, _ plot: Rect, _ across: AxisScale, _ up: AxisScale,
        _ capabilities: Capabilities
    ) {
        var dots = DotGrid(plot, curves: series.count, capabilities)
        // The first curve lies over the others.
        for (index, curve) in series.enumerated().reversed() where !curve.isMarked || isDense(curve, plot) {
            var previous: (Double, Double)?
            for (x, y) in zip(curve.x, curve.y) {
                guard isShown(x), let column = across.fraction(x), let row = up.fraction(y) else {
                    if previous != nil { dots.finishCurve(index) }
                    previous = nil
                    continue
                }
                let point = dots.position(column, row)
                dots.line(from: previous ?? point, to: point)
                previous = point
            }
            dots.finishCurve(index)
        }
        dots.draw(into: &canvas, series, capabilities)
    }

    private func drawCursor(
        into canvas: inout Canvas, _ parts: Parts, _ capabilities: Capabilities
    ) {
        let plot = parts.plot
        guard let cursor, let place = parts.across.fraction(cursor), place >= 0, place <= 1 else { return }
        let column = plot.x + Int((place * Double(max(0, plot.width - 1))).rounded())
        canvas.verticalLine(x: column, y: plot.y, length: plot.height, style: .dim, capabilities)
    }

    /// At the top of its line, where no tick is covered.
    private func drawCursorLabel(into canvas: inout Canvas, _ parts: Parts) {
        guard let label = cursorLabel(parts) else { return }
        canvas.text(label.text, x: label.start, y: parts.plot.y, .reverse, clip: parts.plot)
    }

    /// What the cursor's label says, and its first column.
    private func cursorLabel(_ parts: Parts) -> (text: String, start: Int)? {
        let plot = parts.plot
        guard parts.hasAxes, let cursor, abs(cursor) < 1e15, let place = parts.across.fraction(cursor), place >= 0, place <= 1
        else { return nil }
        let label = " \(Int(cursor.rounded())) "
        let column = plot.x + Int((place * Double(max(0, plot.width - 1))).rounded())
        return (label, max(plot.x, min(plot.maxX - label.count, column - label.count / 2)))
    }

    /// Marks so close that they would run into one another: a line joins them, and some stand for all.
    private func isDense(_ curve: ChartSeries, _ plot: Rect) -> Bool { curve.x.count(where: isShown) * 4 > plot.width }

    private func drawMarks(into canvas: inout Canvas, _ parts: Parts, _ capabilities: Capabilities) {
        let plot = parts.plot
        for curve in series.reversed() where curve.isMarked {
            let mark = Cell(curve.mark(capabilities), Style(curve.color, on: nil, .bold))
            let apart = isDense(curve, plot) ? 6 : 1
            var free = plot.x
            for (x, y) in zip(curve.x, curve.y) where isShown(x) {
                guard let across = parts.across.fraction(x), let up = parts.up.fraction(y), (0...1).contains(across),
                    (0...1).contains(up)
                else { continue }
                let column = plot.x + Int((across * Double(max(0, plot.width - 1))).rounded())
                guard column >= free else { continue }
                free = column + apart
                canvas[column, plot.maxY - 1 - Int((up * Double(max(0, plot.height - 1))).rounded())] = mark
            }
        }
    }

    /// Says what the axis cannot show, or does not.
    private func drawNote(into canvas: inout Canvas, _ parts: Parts, _ capabilities: Capabilities) {
        let shown = series.flatMap { curve in zip(curve.x, curve.y).filter { isShown($0.0) && $0.1.isFinite }.map(\.1) }
        guard parts.hasAxes, let highest = shown.max(), let lowest = shown.min() else { return }
        var wordings: [String] = []
        if let values, highest > values.upperBound {
            let sign = capabilities.glyph("▲", "^")
            wordings = ["\(sign) up to \(NumberText.short(highest)) before; \(remedy)", "\(sign) more; \(remedy)"]
        } else if isLogarithmic, lowest <= 0 {
            wordings = ["values of 0 and less have no place on a logarithmic axis", "no values ≤ 0 on a log axis", "no values ≤ 0"]
        }
        // At the right, or left of the cursor's label, which would cover it.
        let label = cursorLabel(parts)
        let covers = label.map { $0.start + $0.text.count > parts.plot.maxX - (wordings.first?.count ?? 0) } ?? false
        let end = covers ? label?.start ?? parts.plot.maxX : parts.plot.maxX
        guard let text = wordings.first(where: { Canvas.columns(of: $0) <= end - parts.plot.x }) else { return }
        canvas.text(text, endingAt: end, y: parts.plot.y, .dim, clip: parts.plot)
    }
}
