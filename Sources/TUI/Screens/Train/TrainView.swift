import Drawing

// Which steps the curves show, and the cursor over them.

extension TrainState {
    /// The steps the curves are drawn over.
    package enum View: Sendable, Equatable {
        /// The whole run.
        case all
        /// Its last fifth, which grows with it.
        case recent
        /// So many steps up to the newest.
        case last(Double)
        /// These, whatever comes after.
        case between(ClosedRange<Double>)
    }

    /// What the curves run over: the steps of the run on show, or what the axis of the marked runs counts.
    var span: ClosedRange<Double>? {
        guard overlay.isShown else { return curves.steps }
        // A loaded run that is not marked is not drawn over the marked ones.
        let own = isOwn && overlay.axis == .step ? curves.steps : nil
        let all = overlay.runs.compactMap { $0.span(on: overlay.axis) } + [own].compactMap { $0 }
        guard let first = all.map(\.lowerBound).min(), let last = all.map(\.upperBound).max() else { return nil }
        return first...last
    }

    /// The fewest steps a view can be zoomed to.
    static let fewestSteps = 8.0

    /// The steps shown; nil for all there are.
    package var window: ClosedRange<Double>? {
        if let held { return held }
        guard let all = span else { return nil }
        func last(_ length: Double) -> ClosedRange<Double>? {
            all.upperBound - all.lowerBound > length ? all.upperBound - length...all.upperBound : nil
        }
        switch view {
        case .all: return nil
        case .recent: return last(max(50, all.upperBound / 5))
        case .last(let length): return last(length)
        case .between(let steps): return steps
        }
    }

    /// Puts the cursor at a step, and the view where the cursor is seen.
    mutating func placeCursor(at step: Double) {
        guard let all = span, step.isFinite else { return }
        // A view that will follow training once there is enough of it is held too.
        let shown = window ?? (view == .all ? nil : all)
        let place = min(all.upperBound, max(all.lowerBound, step)).rounded()
        cursor = Int(place)
        guard var shown else { return }
        let length = shown.upperBound - shown.lowerBound
        if place < shown.lowerBound { shown = place...place + length }
        if place > shown.upperBound { shown = place - length...place }
        if case .between = view { view = .between(shown) } else { held = shown }
    }

    /// Moves the cursor by so many of the columns that the view is drawn over, and by a step at least.
    mutating func moveCursor(columns: Int, of width: Int) {
        guard let all = span else { return }
        let shown = window ?? all
        let column = (shown.upperBound - shown.lowerBound) / Double(max(1, width))
        let from = cursor.map(Double.init) ?? shown.upperBound
        placeCursor(at: from + Double(columns) * max(1, column))
    }

    mutating func dropCursor() {
        cursor = nil
        held = nil
    }

    /// Shows half as many steps or twice as many, around a step: the one given, else the cursor's, else the newest.
    mutating func zoom(closer: Bool, around given: Double? = nil) {
        guard let all = span else { return }
        let shown = window ?? all
        let length = shown.upperBound - shown.lowerBound
        let next = max(Self.fewestSteps, closer ? length / 2 : length * 2)
        guard next < (all.upperBound - all.lowerBound) * (1 - 1e-9) else {
            if !closer { showAll() }
            return
        }
        var anchor = given ?? cursor.map(Double.init)
        if anchor == nil, case .between(let steps) = view { anchor = (steps.lowerBound + steps.upperBound) / 2 }
        held = nil
        defer { dropCursorOutOfView() }
        guard let anchor, length > 0 else {
            view = .last(next)
            return
        }
        // What is under the anchor stays where it is on screen, as far as there are steps.
        let wanted = anchor - (anchor - shown.lowerBound) / length * next
        let start = max(all.lowerBound, min(all.upperBound - next, wanted))
        view = .between(start...start + next)
    }

    /// The whole run, or from there its last part.
    mutating func toggleRecent() {
        let isAll = view == .all
        showAll()
        if isAll { view = .recent }
        dropCursorOutOfView()
        if isAll, cursor != nil { held = window ?? span }
    }

    /// The legend does not read where nobody can see it.
    private mutating func dropCursorOutOfView() {
        guard let cursor, let window, !window.contains(Double(cursor)) else { return }
        dropCursor()
    }

    mutating func showAll() {
        view = .all
        held = nil
    }

    /// Everything is shown, and nothing read: other things are drawn than before.
    mutating func forgetView() {
        dropCursor()
        showAll()
    }

    /// A new run: nothing is read, and a stretch of the last run's steps means nothing.
    mutating func forgetSteps() {
        curves = Curves()
        klPerDimension = []
        dropCursor()
        if view != .recent { view = .all }
    }
}
