/// Charts side by side with a legend below, as a picture for a page or a slide: lines and letters on white.
package struct Figure: Sendable {
    package struct Panel: Sendable {
        package var title: String
        package var chart: LossChart

        package init(title: String, chart: LossChart) {
            self.title = title
            self.chart = chart
        }
    }

    /// What is drawn, in pixels from the top left corner.
    package enum Shape: Sendable, Equatable {
        case line([Point], Color, width: Double)
        case dot(Point, Color, radius: Double)
        /// A line of text, its middle at the height of the point.
        case text(String, Point, Anchor, Color)
    }

    /// Which part of a text stands at its place.
    package enum Anchor: Sendable { case start, middle, end }

    package struct Point: Sendable, Equatable {
        package var x, y: Double
    }

    package var panels: [Panel]
    package var legend: [(text: String, color: Color)]
    /// Pixels.
    package let width, height: Int

    /// A character's width and the height of a line, pixels.
    package static let character = 16.0, lineHeight = 28.0
    private static let margin = 24.0
    private static let ink = Color(red: 30, green: 30, blue: 30), faint = Color(red: 221, green: 221, blue: 221)

    /// Colours that are told apart on white, also by most who do not tell red from green.
    package static let colors = [
        Color(red: 0, green: 90, blue: 170), Color(red: 205, green: 80, blue: 0), Color(red: 0, green: 130, blue: 90),
        Color(red: 170, green: 30, blue: 110), Color(red: 110, green: 90, blue: 0), Color(red: 80, green: 60, blue: 180),
        Color(red: 0, green: 130, blue: 160), Color(red: 90, green: 90, blue: 90),
    ]

    package init(panels: [Panel], legend: [(text: String, color: Color)], width: Int = 1600, height: Int = 900) {
        self.panels = panels
        self.legend = legend
        self.width = width
        self.height = height
    }

    /// Everything on the figure, what lies below first.
    package var shapes: [Shape] {
        let entries = legendShapes()
        let each = Double(width) / Double(max(1, panels.count))
        return entries.shapes + panels.enumerated().flatMap { place, panel in
            shapes(of: panel, left: Double(place) * each, right: Double(place + 1) * each, bottom: entries.top)
        }
    }

    /// The legend's rows, as many entries in each as have room; and where they begin.
    private func legendShapes() -> (shapes: [Shape], top: Double) {
        let sample = 48.0
        let longest = legend.map { Double($0.text.count) * Self.character }.max() ?? 0
        let across = max(1, Int((Double(width) - 2 * Self.margin) / (sample + longest + 2 * Self.character)))
        let rows = (legend.count + across - 1) / across
        let top = Double(height) - Self.margin / 2 - Double(rows) * Self.lineHeight
        let shapes = legend.enumerated().flatMap { place, entry in
            let x = Self.margin + Double(place % across) * (sample + longest + 2 * Self.character)
            let y = top + (Double(place / across) + 0.5) * Self.lineHeight
            return [
                Shape.line([Point(x: x, y: y), Point(x: x + sample - 12, y: y)], entry.color, width: 5),
                .text(entry.text, Point(x: x + sample, y: y), .start, Self.ink),
            ]
        }
        return (shapes, top)
    }

    private func shapes(of panel: Panel, left: Double, right: Double, bottom: Double) -> [Shape] {
        let (across, up) = panel.chart.scales()
        let labels = up.labels(6)
        let wide = Double(labels.map(\.text.count).max() ?? 1) * Self.character
        let frame = (
            left: left + Self.margin + wide + 10, right: right - Self.margin, top: Self.margin + 2 * Self.lineHeight,
            bottom: bottom - 2 * Self.lineHeight - 8)
        func x(_ fraction: Double) -> Double { frame.left + fraction * (frame.right - frame.left) }
        func y(_ fraction: Double) -> Double { frame.bottom - fraction * (frame.bottom - frame.top) }
        var shapes: [Shape] = [.text(panel.title, Point(x: frame.left, y: Self.margin + 0.5 * Self.lineHeight), .start, Self.ink)]
        for label in labels {
            guard let place = up.fraction(label.value) else { continue }
            let height = y(place)
            shapes.append(.line([Point(x: frame.left, y: height), Point(x: frame.right, y: height)], Self.faint, width: 1))
            shapes.append(.text(label.text, Point(x: frame.left - 10, y: height), .end, Self.ink))
        }
        for label in across.labels(max(2, Int((frame.right - frame.left) / 180))) {
            guard let place = across.fraction(label.value) else { continue }
            let middle = x(place)
            shapes.append(.line([Point(x: middle, y: frame.bottom), Point(x: middle, y: frame.bottom + 7)], Self.ink, width: 2))
            shapes.append(.text(label.text, Point(x: middle, y: frame.bottom + 0.8 * Self.lineHeight), .middle, Self.ink))
        }
        let unit = panel.chart.unitAcross
        shapes.append(.text(unit, Point(x: frame.right, y: frame.bottom + 1.7 * Self.lineHeight), .end, Self.ink))
        shapes.append(.text(panel.chart.unit, Point(x: frame.left, y: Self.margin + 1.5 * Self.lineHeight), .start, Self.ink))
        if let high = panel.chart.values?.upperBound,
            let most = panel.chart.series.flatMap(\.y).filter(\.isFinite).max(), most > high {
            let text = "up to \(NumberText.count(most)) before"
            shapes.append(.text(text, Point(x: frame.right, y: frame.top - 0.5 * Self.lineHeight), .end, Self.ink))
        }
        let corner = Point(x: frame.left, y: frame.bottom)
        shapes.append(.line([Point(x: frame.left, y: frame.top), corner, Point(x: frame.right, y: frame.bottom)], Self.ink, width: 2))
        for series in panel.chart.series {
            for part in parts(of: series, across, up) {
                let points = part.map { Point(x: x($0.x), y: y($0.y)) }
                if series.isMarked || points.count == 1 {
                    shapes += points.map { .dot($0, series.color, radius: 5) }
                } else {
                    shapes.append(.line(points, series.color, width: 3))
                }
            }
        }
        return shapes
    }

    /// The parts of a curve without gaps, as fractions along both axes. Where it leaves the axes it is cut off at their ends.
    private func parts(of series: ChartSeries, _ across: AxisScale, _ up: AxisScale) -> [[Point]] {
        var parts: [[Point]] = []
        var last: Point?
        for (x, y) in zip(series.x, series.y) {
            guard let x = across.fraction(x), let y = up.fraction(y), x >= 0, x <= 1 else {
                last = nil
                continue
            }
            let point = Point(x: x, y: y)
            let isInside = (0...1).contains(y)
            if let last, !series.isMarked, let (from, to) = Self.cut(last, point) {
                // A part goes on where it was inside.
                if (0...1).contains(last.y), !parts.isEmpty { parts[parts.count - 1].append(to) } else { parts.append([from, to]) }
            } else if isInside {
                parts.append([point])
            }
            last = point
        }
        return parts
    }

    /// The piece of a stroke that lies between 0 and 1 upwards; nil if there is none.
    private static func cut(_ a: Point, _ b: Point) -> (Point, Point)? {
        let bounds = 0.0...1.0
        guard max(a.y, b.y) >= 0, min(a.y, b.y) <= 1 else { return nil }
        func inside(_ point: Point) -> Point {
            guard !bounds.contains(point.y) else { return point }
            let y = max(0, min(1, point.y))
            return Point(x: a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y), y: y)
        }
        return (inside(a), inside(b))
    }
}
