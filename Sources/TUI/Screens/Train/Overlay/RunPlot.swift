import Drawing
import VAECore

/// The losses of runs over one another, as charts of their own: for a figure in a file, or for the terminal.
package struct RunPlot {
    /// One chart for each term, with its title.
    package let panels: [Figure.Panel]
    /// What each colour stands for.
    package let legend: [(text: String, color: Color)]

    /// - Parameters:
    ///   - runs: at least one. Of a single run the training batches are drawn too; of several, only the losses on held-out
    ///     images, where a run has them.
    ///   - look: the colour and the mark of the curve at a place.
    package init(_ runs: [MarkedRun], by axis: RunOverlay.Axis, look: (Int) -> (color: Color, marker: Unicode.Scalar)) {
        let hasBound = runs.contains { !$0.isDeterministic }
        let terms: [(title: String, shown: TrainState.Shown)] =
            hasBound ? [("negative ELBO", .total), ("KL divergence", .kl)] : [("reconstruction", .reconstruction)]
        panels = terms.map { term in
            let series = runs.count == 1
                ? Self.both(runs[0], term.shown, axis, look)
                : runs.indices.filter { term.shown != .kl || !runs[$0].isDeterministic }
                    .map { Self.series(runs[$0], term.shown, axis, look($0), isTest: runs[$0].hasTest) }
            var chart = LossChart(series, values: term.shown == .kl ? nil : TrainCharts.settledRange(series))
            (chart.floor, chart.unit, chart.unitAcross) = (term.shown == .kl ? 0 : nil, "nats", axis.rawValue)
            let title = term.title + (runs.count > 1 && runs.allSatisfy(\.hasTest) ? " on held-out images" : "")
            return Figure.Panel(title: title, chart: chart)
        }
        legend = runs.count == 1
            ? [("training batches", look(0).color), ("held-out images", look(1).color)]
            : runs.enumerated().map { place, run in
                let best = run.history(.total, isTest: run.hasTest).points().y.filter(\.isFinite).min()
                return (run.name + (best.map { ", best \(nats($0))" } ?? ""), look(place).color)
            }
    }

    /// The batches as a line, and the held-out images as marks on a line.
    private static func both(
        _ run: MarkedRun, _ shown: TrainState.Shown, _ axis: RunOverlay.Axis, _ look: (Int) -> (color: Color, marker: Unicode.Scalar)
    ) -> [ChartSeries] {
        let test = series(run, shown, axis, look(1), isTest: true)
        return [series(run, shown, axis, look(0), isTest: false), test] + (test.x.count <= 40 ? [test.marked] : [])
    }

    private static func series(
        _ run: MarkedRun, _ shown: TrainState.Shown, _ axis: RunOverlay.Axis, _ look: (color: Color, marker: Unicode.Scalar),
        isTest: Bool
    ) -> ChartSeries {
        let points = run.points(shown, isTest: isTest, isSmoothed: !isTest, on: axis)
        let name = isTest ? "held-out images" : "training batches"
        return ChartSeries(name, color: look.color, marker: look.marker, x: points.x, y: points.y)
    }
}

extension MarkedRun {
    /// Whether losses on held-out images are recorded.
    var hasTest: Bool { curves.testTotal.count > 0 }
}
