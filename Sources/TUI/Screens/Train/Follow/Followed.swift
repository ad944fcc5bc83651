import Drawing
import PlainText
import VAECore

/// How a session follows a run that another process trains. The executable fills it in.
package struct Following: Sendable {
    /// Where it is read from, as shown on screen.
    package var name: String
    /// Series that the person has given as terms of the loss.
    package var tags = CurveTags()
    /// Begins to follow; the closure it is given is called when there is something new to take.
    package var start: @Sendable (@escaping @Sendable () -> Void) -> any RunSource
    /// The session with a model on show that the run has written.
    /// - Throws: `CoreError` when the screens cannot show it.
    package var open: @Sendable (RunNews.LandedModel) throws -> Session

    package init(
        name: String, tags: CurveTags = CurveTags(), start: @escaping @Sendable (@escaping @Sendable () -> Void) -> any RunSource,
        open: @escaping @Sendable (RunNews.LandedModel) throws -> Session
    ) {
        (self.name, self.tags, self.start, self.open) = (name, tags, start, open)
    }
}

/// A run that another process trains, as far as it has told.
package struct Followed: Sendable {
    package let name: String
    /// Every series there is, under the name that its writer chose.
    package private(set) var series: [String: History] = [:]
    /// Which of them are drawn as the loss and its terms.
    package internal(set) var tags: CurveTags
    /// A series that is drawn in the place of the terms.
    package internal(set) var alone: String?
    /// The file of the model on show; nil before the first has landed.
    package internal(set) var modelFile: String?
    package internal(set) var about: RunNews.About?
    /// Seconds since something was written; nil while the run writes.
    package internal(set) var silence: Int?
    package internal(set) var hasEnded = false
    package internal(set) var isCatchingUp = true
    /// Series beyond this number are left out.
    private static let most = 1000

    package init(_ following: Following) { (name, tags) = (following.name, following.tags) }

    /// The names of the series: those drawn as terms first, then by name.
    package var names: [String] {
        let terms = CurveTags.Term.allCases.flatMap { [tags.train[$0], tags.test[$0]] }.compactMap { $0 }
        return terms.filter { series[$0] != nil } + series.keys.filter { !terms.contains($0) }.sorted()
    }

    /// The newest step told of; nil before the first.
    package var step: Int? {
        let drawn = curves.steps ?? series.values.compactMap(\.steps).max { $0.upperBound < $1.upperBound }
        return drawn.flatMap { Int(exactly: $0.upperBound.rounded()) }
    }

    /// The curves of the terms.
    package var curves: TrainState.Curves {
        var curves = TrainState.Curves()
        func history(_ name: String?) -> History? { name.flatMap { series[$0] } }
        curves.trainTotal = history(tags.train[.loss]) ?? curves.trainTotal
        curves.trainReconstruction = history(tags.train[.reconstruction]) ?? curves.trainReconstruction
        curves.trainKL = history(tags.train[.kl]) ?? curves.trainKL
        curves.testTotal = history(tags.test[.loss]) ?? curves.testTotal
        curves.testReconstruction = history(tags.test[.reconstruction]) ?? curves.testReconstruction
        curves.testKL = history(tags.test[.kl]) ?? curves.testKL
        return curves
    }

    /// What a term is called in the legend: as its writer called it.
    func label(_ term: CurveTags.Term) -> String {
        let name = tags.train[term] ?? tags.test[term] ?? term.rawValue
        return name.count <= 24 ? name : String(name.suffix(24))
    }

    /// Takes what has come.
    mutating func take(_ news: RunNews) {
        for part in news.parts {
            switch part {
            case .restart: series = [:]
            case .cut(let prefix, let step):
                for name in series.keys where name.hasPrefix(prefix) { series[name]?.cut(from: step) }
                series = series.filter { $0.value.count > 0 }
            case .values(let values): for (name, points) in values { append(points, to: name) }
            }
        }
        about = news.about ?? about
        (silence, hasEnded, isCatchingUp) = (news.silence, news.hasEnded, news.isCatchingUp)
        if alone.map({ series[$0] == nil }) == true { alone = nil }
        if !news.parts.isEmpty { tags.guess(from: Array(series.keys)) }
    }

    private mutating func append(_ points: [RunNews.Point], to name: String) {
        guard series[name] != nil || series.count < Self.most else { return }
        // Taken out, so that it is not copied when it changes.
        var history = series.removeValue(forKey: name) ?? History(smoothing: 0.9)
        for point in points {
            // A run that counts from an earlier step again has begun anew there.
            if let last = history.steps?.upperBound, point.step < last { history.cut(from: point.step) }
            history.append(x: point.step, y: point.value)
        }
        series[name] = history
    }
}

extension TrainState {
    /// Whether there is a run to see, of this process or another.
    package var hasCurves: Bool { run != nil || followed != nil }
}
