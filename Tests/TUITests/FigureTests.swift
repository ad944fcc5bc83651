import Drawing
import Foundation
import TUI
import Testing
import VAECore

/// Curves as a picture on a page.
@Suite struct FigureTests {
    private let blue = Figure.colors[0]

    private func figure(_ series: [ChartSeries], values: ClosedRange<Double>? = nil) -> Figure {
        var chart = LossChart(series, values: values)
        (chart.unit, chart.unitAcross) = ("nats", "step")
        return Figure(
            panels: [.init(title: "loss", chart: chart)], legend: [("a <run> & b", blue)], width: 600, height: 400)
    }

    private func lines(_ figure: Figure, _ color: Color) -> [[Figure.Point]] {
        figure.shapes.compactMap { shape in
            if case .line(let points, color, 3) = shape { points } else { nil }
        }
    }

    @Test func curvesLieWhereTheAxesSay() throws {
        let figure = figure([ChartSeries("a", color: blue, x: [0, 50, 100], y: [10, 20, 30])])
        let curve = try #require(lines(figure, blue).first)
        #expect(curve.count == 3)
        let across = curve.map(\.x), up = curve.map(\.y)
        // Steps grow to the right, values upwards; the middle is in the middle.
        #expect(across == across.sorted() && up == up.sorted(by: >))
        #expect(abs(across[1] - (across[0] + across[2]) / 2) < 1e-6 && abs(up[1] - (up[0] + up[2]) / 2) < 1e-6)
        // The label 20 stands at the height of the value 20.
        let label = figure.shapes.compactMap { shape -> Double? in
            if case .text("20", let point, .end, _) = shape { point.y } else { nil }
        }
        #expect(label.count == 1 && abs(label[0] - up[1]) < 1e-6)
    }

    /// What is not finite is a gap; what leaves the axes is cut off at their ends, which is said.
    @Test func gapsAndCuts() throws {
        let gap = figure([ChartSeries("a", color: blue, x: [0, 1, 2, 3, 4], y: [1, 2, .nan, 2, 1])])
        #expect(lines(gap, blue).map(\.count) == [2, 2])
        let cut = figure([ChartSeries("a", color: blue, x: [0, 1, 2], y: [100, 0, 100])], values: 0...50)
        let points = try #require(lines(cut, blue).first)
        let high = points.map(\.y).min() ?? 0
        #expect(lines(cut, blue).count == 1 && points.count == 3 && points[0].y == high && points[2].y == high)
        // The axis reaches 4 % beyond 50, half of the way from 0 to 100.
        let part = (points[1].x - points[0].x) / (points[2].x - points[0].x)
        #expect(abs(part - 0.5) < 1e-6)
        #expect(cut.shapes.contains { if case .text("up to 100 before", _, _, _) = $0 { true } else { false } })
    }

    @Test func bothFormatsShowTheSame() throws {
        let figure = figure([ChartSeries("a", color: blue, x: [0, 100], y: [1, 1])])
        let svg = figure.svg
        #expect(svg.contains("viewBox=\"0 0 600 400\"") && svg.contains("a &lt;run&gt; &amp; b") && !svg.contains("<run>"))
        let pixels = figure.pixels
        #expect(pixels.count == 600 * 400 * 3)
        let curve = try #require(lines(figure, blue).first)
        let (x, y) = (Int((curve[0].x + curve[1].x) / 2), Int(curve[0].y))
        let (red, green, blue) = blue.rgb
        #expect(pixels[(y * 600 + x) * 3..<(y * 600 + x) * 3 + 3].map { Int($0) } == [red, green, blue])
        #expect(Array(pixels[..<3]) == [255, 255, 255])
    }

    @Test func lettersAreReadable() {
        // An "L" is a stroke down on the left and one along the bottom.
        let figure = Figure(panels: [], legend: [("L", blue)], width: 480, height: 320)
        let pixels = figure.pixels
        var dark: Set<[Int]> = []
        for y in 0..<320 { for x in 68..<480 where pixels[(y * 480 + x) * 3] < 100 { dark.insert([x, y]) } }
        let (top, bottom) = (dark.map { $0[1] }.min() ?? 0, dark.map { $0[1] }.max() ?? 0)
        let first = dark.filter { $0[1] == top }.map { $0[0] }, last = dark.filter { $0[1] == bottom }.map { $0[0] }
        #expect((10...16).contains(bottom - top) && last.count > first.count && first.min()! - last.min()! <= 4)
    }
}
