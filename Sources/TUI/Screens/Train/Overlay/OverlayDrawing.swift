import Drawing
import VAECore

/// The marked runs over one another: a chart, and a table that names them and says in what they differ.
struct OverlayView {
    let runs: [MarkedRun]
    /// (steps or what the axis counts, values) of each run, as Train shows it now.
    private let curves: [(x: [Double], y: [Double])]
    let chart: LossChart
    let chartRect: Rect
    let table: Rect

    init(_ state: AppState) {
        let body = Frame.body(state)
        runs = state.overlaid
        // Beside the chart where there is room for both, else below it.
        if body.width >= 150 {
            let halves = body.split(columns: body.width * 3 / 5)
            (chartRect, table) = (halves.left, Rect(x: halves.right.x + 2, y: body.y, width: halves.right.width - 2, height: body.height))
        } else {
            let rows = min(runs.count + 2, max(3, body.height / 2))
            (chartRect, table) = body.split(rows: body.height - rows)
        }
        curves = runs.map { $0.points(state.training) }
        chart = Self.chart(runs, curves, state.training)
    }

    private static func chart(_ runs: [MarkedRun], _ curves: [(x: [Double], y: [Double])], _ training: TrainState) -> LossChart {
        let overlay = training.overlay
        let series = runs.indices.map { place in
            let look = RunOverlay.look(place)
            return ChartSeries(runs[place].name, color: look.color, marker: look.marker, x: curves[place].x, y: curves[place].y)
        }
        let isKL = training.shown == .kl
        let isCut = training.view == .all && training.held == nil && !training.isLogarithmic && !training.showsAllValues && !isKL
        var chart = LossChart(
            series, isLogarithmic: training.isLogarithmic, steps: training.window ?? training.span,
            values: isCut ? TrainCharts.settledRange(series) : nil, cursor: training.cursor.map(Double.init))
        (chart.floor, chart.unit, chart.remedy) = (isKL ? 0 : nil, "nats", "a: all")
        (chart.unitAcross, chart.hasLegend) = (overlay.axis.rawValue, false)
        return chart
    }

    func draw(_ state: AppState, into canvas: inout Canvas) {
        let title = Self.title(state.training, width: chartRect.width - 2)
        canvas.text(title, x: chartRect.x + 1, y: chartRect.y, .bold, clip: chartRect)
        chart.draw(into: &canvas, chartRect.split(rows: 1).bottom, state.capabilities)
        OverlayTable(runs, curves, state.training, width: table.width).draw(into: &canvas, table, state.capabilities)
    }

    private static func title(_ training: TrainState, width: Int) -> String {
        let set = training.overlay.isTest ? "held-out images" : "training batches"
        let term = training.shown == .all ? "negative ELBO" : training.shown.rawValue
        return fitting(
            width, ["\(term) on \(set), by \(training.overlay.axis.rawValue)   c: term  n: set  e: axis  O: back", "\(term), \(set)  O: back", term])
    }
}

extension MarkedRun {
    /// The points of its curve, as Train shows it now.
    func points(_ training: TrainState) -> (x: [Double], y: [Double]) {
        let overlay = training.overlay
        return points(
            training.shown, isTest: overlay.isTest, isSmoothed: training.isSmoothed && !overlay.isTest, on: overlay.axis)
    }

    /// The points of a term's curve on an axis.
    func points(
        _ shown: TrainState.Shown, isTest: Bool, isSmoothed: Bool, on axis: RunOverlay.Axis
    ) -> (x: [Double], y: [Double]) {
        let all = history(shown, isTest: isTest).points(smoothed: isSmoothed)
        var (x, y): ([Double], [Double]) = ([], [])
        for (step, value) in zip(all.x, all.y) {
            guard let place = place(of: step, on: axis) else { continue }
            x.append(place)
            y.append(value)
        }
        return (x, y)
    }

    /// From where to where it reaches on an axis; nil where nothing tells.
    func span(on axis: RunOverlay.Axis) -> ClosedRange<Double>? {
        guard let steps = curves.steps else { return nil }
        guard axis != .step else { return steps }
        guard let last = place(of: steps.upperBound, on: axis) else { return nil }
        return 0...max(0, last)
    }
}

/// A row for each run: its mark, its name, its last and best value, and in what it differs from the others.
private struct OverlayTable {
    private struct Column {
        var title: String
        var cells: [String]
        var isRight: Bool
        var width: Int { ([title] + cells).map { Canvas.columns(of: $0) }.max() ?? 0 }
    }

    private var columns: [Column]
    /// Settings that differ and have no room for a column.
    private var rest: [(name: String, values: [String?])] = []
    private let count: Int

    init(_ runs: [MarkedRun], _ curves: [(x: [Double], y: [Double])], _ training: TrainState, width: Int) {
        count = runs.count
        let cursor = training.cursor.map(Double.init)
        let axis = training.overlay.axis.rawValue
        let read = curves.map { curve -> String in
            let at = cursor.map { cursor in curve.x.lastIndex { $0 <= cursor } } ?? curve.y.indices.last
            return at.map { nats(curve.y[$0]) } ?? "-"
        }
        let best = curves.map { $0.y.filter(\.isFinite).min().map { nats($0) } ?? "-" }
        let differences = RunSettings.differences(runs.map(\.settings))
        let fixed = [
            Column(title: training.cursor.map { "at \(axis) \($0)" } ?? "last", cells: read, isRight: true),
            Column(title: "best", cells: best, isRight: true),
        ]
        var room = width - 3 - fixed.reduce(0) { $0 + $1.width + 2 }
        let longest = runs.map { Canvas.columns(of: $0.name) }.max() ?? 0
        // Names give way to settings, which tell runs apart better than a date.
        let name = min(longest, max(12, min(24, room / 2)))
        room -= name + 2
        columns = [Column(title: "run", cells: runs.map { Self.cut($0.name, name) }, isRight: false)] + fixed
        for difference in differences {
            let column = Column(title: difference.name, cells: difference.values.map { Self.cut($0 ?? "-", 24) }, isRight: false)
            if column.width + 2 <= room {
                room -= column.width + 2
                columns.append(column)
            } else {
                rest.append(difference)
            }
        }
    }

    /// The end of a name says more than its middle: run folders begin with a date.
    private static func cut(_ text: String, _ width: Int) -> String {
        guard Canvas.columns(of: text) > width, text.count > width else { return text }
        return text.prefix(width / 2 - 1) + "…" + text.suffix(width - width / 2)
    }

    func draw(into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) {
        guard rect.height >= 2 else { return }
        var x = rect.x + 3
        let rows = min(count, rect.height - 1)
        for row in 0..<rows {
            let look = RunOverlay.look(row)
            let isFine = DotGrid.isFine(curves: count, capabilities)
            canvas.text(isFine ? "━" : String(look.marker), x: rect.x + 1, y: rect.y + 1 + row, Style(look.color, on: nil, .bold), clip: rect)
        }
        for column in columns {
            func put(_ text: String, _ y: Int, _ style: Style) {
                let shown = capabilities.drawsUnicode ? text : text.replacing("…", with: "~")
                if column.isRight { canvas.text(shown, endingAt: x + column.width, y: y, style, clip: rect) }
                else { canvas.text(shown, x: x, y: y, style, clip: rect) }
            }
            put(column.title == "run" && rows < count ? "run, \(rows) of \(count)" : column.title, rect.y, .dim)
            for row in 0..<rows { put(column.cells[row], rect.y + 1 + row, .plain) }
            x += column.width + 2
        }
        drawRest(into: &canvas, Rect(x: rect.x + 1, y: rect.y + 1 + rows, width: rect.width - 1, height: rect.height - 1 - rows))
    }

    /// What else differs, and what has no room.
    private func drawRest(into canvas: inout Canvas, _ rect: Rect) {
        guard !rest.isEmpty, rect.height > 0 else { return }
        if rect.height < rest.count + 2 {
            canvas.text("also different: " + rest.map(\.name).joined(separator: ", "), x: rect.x, y: rect.y, .dim, clip: rect)
            return
        }
        canvas.text("also different, run by run:", x: rect.x, y: rect.y + 1, .dim, clip: rect)
        for (row, difference) in rest.enumerated() {
            let text = "\(difference.name): " + difference.values.map { $0 ?? "-" }.joined(separator: " | ")
            canvas.text(text, x: rect.x, y: rect.y + 2 + row, clip: rect)
        }
    }
}
