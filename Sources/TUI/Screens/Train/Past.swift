import Drawing
import VAECore

/// Parameters of a run at some of its steps, evenly spread, within a bound of memory. Beyond it come only the newest and
/// those on show, which are there anyway.
package struct Past: Sendable {
    private var held: [ParameterSnapshot] = []
    /// The newest, whether it is held or not.
    package private(set) var newest: ParameterSnapshot?
    /// Steps between two that are held, at least.
    private var spacing = 1
    /// The step on show; nil is the newest.
    package private(set) var shown: Int?

    private let bytes: Int

    /// What those that are held may take, unless told.
    static let standardBytes = 64 << 20

    /// - Parameter bytes: what those that are held may take.
    package init(bytes: Int = standardBytes) { self.bytes = bytes }

    /// The steps that can be shown, ascending; the last is the newest.
    package var steps: [Int] {
        let steps = held.map(\.step)
        guard let newest, newest.step != steps.last else { return steps }
        return steps + [newest.step]
    }

    /// All that are held, and the newest.
    package var all: [ParameterSnapshot] {
        guard let newest, newest.step != held.last?.step else { return held }
        return held + [newest]
    }

    /// The parameters of a step that is held.
    package func snapshot(at step: Int) -> ParameterSnapshot? { held.first { $0.step == step } }

    /// Puts a step that is held on show; nil is the newest.
    package mutating func show(_ step: Int?) { shown = step }

    /// Takes the run's newest parameters; of those before, some go.
    package mutating func remember(_ snapshot: ParameterSnapshot) {
        // A run that went back to an earlier step: those after it led to a divergence, not to what is now.
        held.removeAll { $0.step > snapshot.step }
        if let shown, shown > snapshot.step { self.shown = nil }
        newest = snapshot
        if let last = held.last, snapshot.step < last.step + spacing { return }
        held.append(snapshot)
        let most = bytes / (4 * max(1, snapshot.network.parameterCount))
        var passing = held.filter { $0.step != shown }
        guard passing.count > most else { return }
        // Every other goes, and those that come are twice as far apart. What is on show stays.
        while passing.count > most {
            passing = passing.enumerated().filter { most > 0 && $0.offset % 2 == 0 }.map(\.element)
        }
        held = (passing + held.filter { $0.step == shown }).sorted { $0.step < $1.step }
        guard let first = passing.first, let last = passing.last else { return }
        spacing = max(1, (last.step - first.step) / max(1, passing.count - 1))
    }
}
