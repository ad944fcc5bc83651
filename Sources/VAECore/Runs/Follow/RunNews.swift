/// What a run that another process trains has told since it was last asked.
///
/// Its values are under the names that the writer chose. Which of them are the loss, its reconstruction term and its KL
/// is for the front end to know (`CurveTags`).
package struct RunNews: Sendable {
    /// A value of a series at a step.
    package typealias Point = (step: Double, value: Double)

    /// Something told of the series.
    package enum Part: Sendable {
        /// Values in the order in which they were written, by series.
        case values([String: [Point]])
        /// A series that begins with the prefix has no value of this step and later ones: the run went back.
        case cut(prefix: String, step: Double)
        /// The record begins anew: nothing told before is valid.
        case restart
    }

    /// In the order in which they were written.
    package var parts: [Part] { open.isEmpty ? closed : closed + [.values(open)] }
    private var closed: [Part] = []
    /// The values after the last cut or restart.
    private var open: [String: [Point]] = [:]
    /// The values in `parts`.
    package private(set) var count = 0
    /// Whether the values are still being caught up with: more are waiting to be read.
    package var isCatchingUp = false
    /// A model file that has landed.
    package var model: LandedModel?
    /// What is known of the run as a whole, once it is known.
    package var about: About?
    /// Seconds since something was written; nil while the run writes.
    package var silence: Int?
    /// Whether the run's own files say that no more will come.
    package var hasEnded = false
    /// What is wrong with the source, a line each.
    package var notices: [String] = []

    /// A model file that was written whole.
    package struct LandedModel: Sendable {
        package var model: TrainedModel
        package var path: String

        package init(model: TrainedModel, path: String) { (self.model, self.path) = (model, path) }
    }

    /// What a run folder of ours says of a run.
    package struct About: Sendable, Equatable {
        package var preset, dataset: String
        /// Steps and epochs of the whole run; nil if they are not known.
        package var steps, epochs: Int?

        package init(preset: String, dataset: String, steps: Int?, epochs: Int?) {
            (self.preset, self.dataset, self.steps, self.epochs) = (preset, dataset, steps, epochs)
        }
    }

    package init() {}

    /// Whether nothing is told.
    package var isEmpty: Bool { closed.isEmpty && open.isEmpty && model == nil && notices.isEmpty }

    /// Adds a value.
    package mutating func add(_ series: String, step: Double, value: Double) {
        count += 1
        open[series, default: []].append((step, value))
    }

    /// Says that the series which begin with a prefix have no value of this step and later ones.
    package mutating func cut(prefix: String, step: Double) { (closed, open) = (parts + [.cut(prefix: prefix, step: step)], [:]) }

    /// Says that what was told before is void.
    package mutating func restart() { (closed, open, count) = ([.restart], [:], 0) }

    /// Adds what was told later.
    mutating func append(_ later: RunNews) {
        if case .restart? = later.closed.first { (closed, open, count) = ([], [:], 0) }
        if later.closed.isEmpty {
            open.merge(later.open) { $0 + $1 }
        } else {
            (closed, open) = (parts + later.closed, later.open)
        }
        count += later.count
        isCatchingUp = later.isCatchingUp
        model = later.model ?? model
        about = later.about ?? about
        silence = later.silence
        hasEnded = later.hasEnded
        notices += later.notices
    }
}
