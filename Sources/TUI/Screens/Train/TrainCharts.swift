import Drawing
import VAECore

/// The charts of the Train screen: negative ELBO and reconstruction on one scale, KL, which is far smaller, on its own.
struct TrainCharts {
    private(set) var parts: [(chart: LossChart, rect: Rect)] = []

    init(_ training: TrainState, _ rect: Rect) {
        guard training.hasCurves, !rect.isEmpty else { return }
        if let name = training.followed?.alone, let history = training.followed?.series[name] {
            // Of a few values, such as one for each epoch, the mean of the last ones would be neither.
            let smooths = history.count >= 50
            add([Curve(name, (81, "*"), history, (231, "O"), History())], training, rect, smooths: smooths)
            return
        }
        let curves = training.curves
        func name(_ term: CurveTags.Term, _ usual: String) -> String { training.followed.map { $0.label(term) } ?? usual }
        let total = Curve(name(.loss, "-ELBO"), (81, "*"), curves.trainTotal, (231, "O"), curves.testTotal)
        let reconstruction = Curve(
            name(.reconstruction, "reconstruction"), (208, "+"), curves.trainReconstruction, (228, "X"), curves.testReconstruction)
        let kl = Curve(name(.kl, "KL"), (118, "."), curves.trainKL, (219, "o"), curves.testKL, floor: 0)
        // A plain autoencoder has nothing but its reconstruction.
        switch training.run?.isDeterministic == true ? .reconstruction : training.shown {
        case .total: add([total], training, rect)
        case .reconstruction: add([reconstruction], training, rect)
        case .kl: add([kl], training, rect)
        case .all:
            // A followed run may have told of no KL.
            let (first, second) = training.followed != nil && kl.isEmpty ? (rect, Rect(x: 0, y: 0, width: 0, height: 0)) : Self.split(rect)
            add([total, reconstruction], training, first)
            if !second.isEmpty { add([kl], training, second) }
        }
    }

    /// The KL below the others where the screen is high, beside them where it is wide, left out where it is neither.
    private static func split(_ rect: Rect) -> (Rect, Rect) {
        if rect.height >= 18 || (rect.width < 56 && rect.height >= 12) { return rect.split(rows: rect.height * 2 / 3) }
        guard rect.width >= 56 else { return (rect, Rect(x: rect.x, y: rect.y, width: 0, height: 0)) }
        let (left, right) = rect.split(columns: rect.width * 3 / 5)
        return (left.split(columns: -1).left, right)
    }

    private mutating func add(_ curves: [Curve], _ training: TrainState, _ rect: Rect, smooths: Bool = true) {
        let window = training.window
        let series = curves.flatMap { curve in
            [
                ChartSeries(
                    curve.label, color: curve.train.color, marker: curve.train.marker, curve.trainHistory,
                    in: window, smoothed: training.isSmoothed && smooths),
                ChartSeries("test", color: curve.test.color, marker: curve.test.marker, curve.testHistory, in: window).marked,
            ].filter { training.followed == nil || !$0.x.isEmpty }
        }
        let isCut = training.view == .all && training.held == nil && !training.isLogarithmic && !training.showsAllValues
        var chart = LossChart(
            series, isLogarithmic: training.isLogarithmic, steps: window ?? training.span,
            values: isCut && curves[0].floor == nil ? Self.settledRange(series) : nil,
            cursor: training.cursor.map(Double.init))
        (chart.floor, chart.unit, chart.remedy) = (curves[0].floor, "nats", "a: all")
        parts.append((chart, rect))
    }

    /// One term over training: while the parameters moved, and on the held-out images.
    private struct Curve {
        let label: String
        let train, test: (color: Color, marker: Unicode.Scalar)
        let trainHistory, testHistory: History
        /// Where its axis begins, if it has a natural place.
        let floor: Double?

        var isEmpty: Bool { trainHistory.count + testHistory.count == 0 }

        init(
            _ label: String, _ train: (Color, Unicode.Scalar), _ trainHistory: History, _ test: (Color, Unicode.Scalar),
            _ testHistory: History, floor: Double? = nil
        ) {
            self.floor = floor
            self.label = label
            self.train = train
            self.test = test
            self.trainHistory = trainHistory
            self.testHistory = testHistory
        }
    }

    /// The values that occur, without the first fifth of the run where the loss falls from the untrained model's:
    /// it would press all that follows into a line. Nil while there is too little to leave anything out.
    static func settledRange(_ series: [ChartSeries]) -> ClosedRange<Double>? {
        guard let last = series.compactMap(\.x.last).max(), last >= 40 else { return nil }
        let values = series.flatMap { one in zip(one.x, one.y).filter { $0.0 >= last / 5 && $0.1.isFinite }.map(\.1) }
        guard let low = values.min(), let high = values.max(), low < high else { return nil }
        let margin = (high - low) * 0.05
        return low - margin...high + margin
    }

    func draw(into canvas: inout Canvas, _ capabilities: Capabilities) {
        for part in parts { part.chart.draw(into: &canvas, part.rect, capabilities) }
    }

    /// The step under a cell of the screen.
    func step(atX x: Int, y: Int, _ capabilities: Capabilities) -> Double? {
        parts.first { $0.rect.contains(x, y) }.flatMap { $0.chart.step(atColumn: x, in: $0.rect, capabilities) }
    }
}
