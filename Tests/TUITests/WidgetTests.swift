import Drawing
import Foundation
import TUI
import Testing

@Suite struct WidgetTests {
    @Test func chartShowsAxesLegendAndCurve() {
        var canvas = marked(40, 10)
        let series = ChartSeries("loss", color: 75, x: [0, 1, 2, 3, 4], y: [200, 150, 125, 112, 106])
        LossChart([series]).draw(into: &canvas, Rect(x: 0, y: 0, width: 40, height: 9), plain)
        let lines = canvas.plainText.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0].hasPrefix("* loss 106.0"))
        #expect(lines[8].contains("+--") || lines[8].contains("+0"))
        #expect(lines[1...7].contains { $0.contains("200") } && lines[1...7].contains { $0.contains("*") })
        #expect(lines[9] == String(repeating: "x", count: 40)[...])
    }

    @Test func chartReadsTheLegendAtTheCursor() {
        var canvas = Canvas(width: 60, height: 12)
        let series = ChartSeries("kl", color: 75, x: [0, 10, 20], y: [1, 7, 3])
        LossChart([series], cursor: 12).draw(into: &canvas, canvas.bounds, colored)
        #expect(canvas.plainText.hasPrefix("━ kl 7.000"))
        #expect(canvas.plainText.unicodeScalars.contains { $0.value > 0x2800 && $0.value < 0x2900 })
    }

    @Test func chartLeavesGapsWhereThereIsNoNumber() {
        var canvas = Canvas(width: 11, height: 3)
        let values: [Double] = [1, 1, 1, 1, .nan, .nan, .nan, 1, 1, 1, 1]
        let series = ChartSeries("a", color: 75, x: Array(0...10).map(Double.init), y: values)
        LossChart([series]).draw(into: &canvas, canvas.bounds, plain)
        #expect(canvas.plainText.contains("****   ****"))
    }

    @Test func chartHasATrueLogarithmicScale() {
        var canvas = Canvas(width: 9, height: 9)
        let series = ChartSeries("a", color: 75, x: [0, 1, 2, 3, 4], y: [1, 10, 100, 1000, 10000])
        var chart = LossChart([series], isLogarithmic: true)
        chart.draw(into: &canvas, canvas.bounds, plain)
        // Equal factors are equal distances below the legend's row.
        for (x, y) in [(0, 8), (2, 6), (6, 3), (8, 1)] { #expect(canvas[x, y].scalar == "*") }
        chart.series[0].y[0] = -1
        chart.series[0].y[1] = 0
        canvas = Canvas(width: 9, height: 9)
        chart.draw(into: &canvas, canvas.bounds, plain)
        for y in 1..<9 { #expect(canvas[0, y] == .blank && canvas[2, y] == .blank) }
    }

    @Test func chartSurvivesHostileSeries() {
        let hostile: [Double] = [
            .nan, .infinity, -.infinity, 0, -0.0, 1, -1, 1e38, -1e38, 1e-38, .greatestFiniteMagnitude,
            -.greatestFiniteMagnitude, .leastNonzeroMagnitude, 550, 1e300, .leastNormalMagnitude / 4,
        ]
        var random = Seeded(state: 1)
        for round in 0..<6000 {
            let series = (0..<Int.random(in: 0...3, using: &random)).map { index in
                let count = [0, 1, 2, 5, 40].randomElement(using: &random)!
                func value() -> Double { hostile.randomElement(using: &random)! }
                let ordered = Bool.random(using: &random)
                return ChartSeries(
                    "s\(index)", color: 75, x: (0..<count).map { ordered ? Double($0) : value() },
                    y: (0..<(Bool.random(using: &random) ? count : count / 2)).map { _ in value() })
            }
            let (a, b) = (hostile.randomElement(using: &random)!, hostile.randomElement(using: &random)!)
            let window = a <= b ? a...b : nil
            let chart = LossChart(
                series, isLogarithmic: Bool.random(using: &random), steps: round % 3 == 0 ? window : nil,
                values: round % 4 == 0 ? window : nil,
                cursor: round % 2 == 0 ? hostile.randomElement(using: &random) : nil)
            var canvas = Canvas(
                width: Int.random(in: 0...60, using: &random), height: Int.random(in: 0...16, using: &random))
            let rect = Rect(
                x: Int.random(in: -5...5, using: &random), y: Int.random(in: -5...5, using: &random),
                width: Int.random(in: 0...70, using: &random), height: Int.random(in: 0...20, using: &random))
            chart.draw(into: &canvas, rect, round % 5 == 0 ? plain : colored)
        }
    }

    @Test func historyKeepsSpikes() {
        var history = History(capacity: 64)
        for step in 0..<100_000 { history.append(x: Double(step), y: step == 54_321 ? 999 : step == 777 ? -5 : 1) }
        let points = history.points()
        #expect(points.x.count <= 128)
        #expect(points.y.max() == 999 && points.y.min() == -5)
        #expect(points.x[points.y.firstIndex(of: 999)!] == 54_321)
        #expect(points.x == points.x.sorted())
        #expect(history.points(recent: 10).x == (99_990..<100_000).map(Double.init))
        #expect(history.points(recent: 50_000).y.contains(999))
        #expect(history.count == 100_000 && history.last == 1)
    }

    @Test func historyAverageHasNoBiasAndNoHoles() {
        var history = History(capacity: 16, smoothing: 0.9)
        #expect(history.smoothed == nil && history.points().x.isEmpty)
        history.append(x: 0, y: .nan)
        #expect(history.smoothed == nil)
        history.append(x: 1, y: 10)
        #expect(abs(history.smoothed! - 10) < 1e-12)
        history.append(x: 2, y: .infinity)
        history.append(x: 3, y: 20)
        #expect(abs(history.smoothed! - (0.9 * 10 + 20) / 1.9) < 1e-12)
        #expect(history.points().y.map(\.isNaN) == [true, false, true, false])
        #expect(history.points(smoothed: true).y[3] == history.smoothed)
    }

    @Test func barsAndGauge() {
        var canvas = marked(30, 4)
        let bars = Bars([Bar("z0", 4, note: "active"), Bar("z1", 2), Bar("z2", .nan), Bar("z3", -1), Bar("z4", 1)])
        bars.draw(into: &canvas, Rect(x: 0, y: 0, width: 30, height: 4), plain)
        let lines = canvas.plainText.split(separator: "\n")
        #expect(lines[0] == "z0x############ 4.00xxxactivex"[...] || lines[0].contains("active"))
        #expect(lines[1].filter { $0 == "#" }.count * 2 == lines[0].filter { $0 == "#" }.count)
        #expect(lines[2].contains("nan") && lines[3].hasPrefix("+ 2 more"))
        canvas = marked(14, 1)
        Gauge(0.5, text: "50%").draw(into: &canvas, canvas.bounds, plain)
        #expect(canvas.plainText == "#####.....x50%")
        Gauge(.nan).draw(into: &canvas, canvas.bounds, colored)
        #expect(canvas.plainText == String(repeating: "░", count: 14))
        Gauge(.infinity).draw(into: &canvas, Rect(x: 0, y: 0, width: 0, height: 0), colored)
    }

    @Test func keyHelpUsesColumnsAndScrolls() {
        var canvas = marked(40, 6)
        let rows = (0..<6).map { (key: "k\($0)", text: "text \($0)") }
        let box = KeyHelp(title: "Keys", rows).draw(into: &canvas, canvas.bounds, plain)
        #expect(box.height == 5 && canvas.plainText.contains("k0  text 0") && canvas.plainText.contains("k5  text 5"))
        canvas = marked(14, 4)
        KeyHelp(title: "Keys", rows, offset: 99).draw(into: &canvas, canvas.bounds, plain)
        #expect(canvas.plainText.contains("k5  text 5") && !canvas.plainText.contains("k3"))
    }

    @Test func numbersAreShort() {
        let expected: [(Double, String)] = [
            (0, "0"), (106.44, "106.4"), (-0.5, "-0.500"), (123456, "123456"), (1e38, "1e+38"),
            (-2.5e-7, "-2.5e-7"), (.nan, "nan"), (-.infinity, "-inf"), (0.00123, "0.00123"), (99.999, "100.00"),
        ]
        for (value, text) in expected { #expect(NumberText.short(value) == text) }
        #expect(NumberText.count(12000) == "12k" && NumberText.count(469) == "469")
        #expect(NumberText.count(1_250_000) == "1.3M" || NumberText.count(1_250_000) == "1.2M")
        #expect(NumberText.fixed(-0.001, decimals: 2) == "0.00")
        for exponent in -324...308 { _ = NumberText.short(Double("7e\(exponent)") ?? 0) }
    }
}

/// Parts of a history, and bars in columns.
@Suite struct WindowTests {
    @Test func historyBetweenTwoSteps() {
        var history = History(capacity: 64)
        for step in 1...10_000 { history.append(x: Double(step), y: step == 300 ? 99 : 1 + Double(step % 2)) }
        #expect(history.steps == 1...10_000)
        // The last steps as they were, with a neighbour where there is one.
        let late = history.points(in: 9_990...9_995)
        #expect(late.x == (9_989...9_996).map(Double.init) && late.y == late.x.map { 1 + $0.truncatingRemainder(dividingBy: 2) })
        // Long ago, least and greatest.
        let early = history.points(in: 100...1000)
        #expect(early.y.contains(99) && early.x.count < 64 && early.x == early.x.sorted())
        #expect(early.x.dropFirst().dropLast().allSatisfy { (100...1000).contains($0) })
        #expect(history.points(in: 20_000...30_000).x == [10_000])
        #expect(History().points(in: 0...1).x.isEmpty && History().steps == nil)
    }

    @Test func manyBarsStandInColumns() {
        var canvas = Canvas(width: 64, height: 5)
        let bars = Bars((1...200).map { Bar("z\($0)", Double(201 - $0), note: "active") })
        bars.draw(into: &canvas, canvas.bounds, plain)
        let lines = canvas.plainText.split(separator: "\n")
        #expect(lines[0].hasPrefix("z1 ") && lines[0].contains("z6 ") && lines[4].contains("+ 191 more"))
        #expect(lines[0].contains("active"))
        canvas = Canvas(width: 64, height: 5)
        Bars([Bar("z1", 1), Bar("z2", 0.5)]).draw(into: &canvas, canvas.bounds, plain)
        #expect(canvas.plainText.split(separator: "\n")[1].hasPrefix("z2 "))
    }

    @Test func theStepUnderAColumn() {
        let chart = LossChart([ChartSeries("a", color: 75, x: [0, 100], y: [1, 2])], steps: 0...100)
        let rect = Rect(x: 10, y: 2, width: 50, height: 10)
        let steps = (0..<70).map { chart.step(atColumn: $0, in: rect, colored) }
        #expect(steps.prefix(11).allSatisfy { $0 == nil } && steps.suffix(10).allSatisfy { $0 == nil })
        #expect(abs((steps[59] ?? 0) - 100) < 10)
        #expect(steps.compactMap { $0 } == steps.compactMap { $0 }.sorted())
        #expect(LossChart([]).step(atColumn: 30, in: rect, colored) == nil)
    }

    /// A canvas as a drawing: a shape for each part of a block or dot, letters as letters, nothing of other cells.
    @Test func drawings() {
        var canvas = Canvas(width: 6, height: 2)
        canvas[0, 0] = Cell("▀", Style(231, on: 16))
        canvas[1, 0] = Cell("▟", Style(196))
        canvas[2, 0] = Cell("\u{2801}", Style(75))
        canvas.text("<&", x: 3, y: 0, .bold)
        canvas[5, 1] = Cell("x")
        let svg = canvas.svg(Rect(x: 0, y: 0, width: 5, height: 1), background: .dark)
        #expect(svg.hasPrefix("<svg ") && svg.contains("viewBox=\"0 0 40 16\"") && svg.hasSuffix("</svg>\n"))
        #expect(svg.contains("fill=\"#ffffff\"") && svg.components(separatedBy: "#ff0000").count == 4)
        #expect(svg.contains("&lt;</text>") && svg.contains("&amp;</text>") && svg.contains("font-weight") && !svg.contains(">x<"))
        #expect(svg.components(separatedBy: "<rect").count - 1 == 1 + 1 + 2 + 3 + 1)
        #expect(canvas.svg(Rect(x: 0, y: 0, width: 1, height: 1), background: .light).contains("fill=\"#ffffff\"/>\n<g"))
    }
}
