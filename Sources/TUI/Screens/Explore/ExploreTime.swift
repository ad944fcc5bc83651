import Drawing
import VAECore

// Back and forth in the steps of a run.

extension ExploreScreen {
    /// To an earlier or later step of the run.
    static func travel(by: Int, _ state: inout AppState) -> [Effect] {
        let steps = state.training.past.steps
        guard steps.count > 1 else {
            state.message = .init(text: "no earlier steps yet: t trains, then , and . move through its steps")
            return []
        }
        state.explore.replay = nil
        let newest = steps.count - 1
        let next = (state.training.past.shown.flatMap { steps.firstIndex(of: $0) } ?? newest) + by
        guard steps.indices.contains(next) else {
            let end = by > 0 ? "the newest step" : "the earliest kept step"
            state.message = .init(text: "this is \(end): \(by > 0 ? ", goes back" : ". goes forward, Esc to the newest")")
            return []
        }
        return showStep(next < newest ? steps[next] : nil, &state)
    }

    /// The run's steps one after another, from the one on show or, where that is the newest, from the first; again to stop.
    static func replay(_ state: inout AppState) -> [Effect] {
        if state.explore.replay != nil {
            state.explore.replay = nil
            state.message = .init(text: "stopped at step \(state.model.step): R goes on, Esc returns to the newest")
            return []
        }
        let steps = state.training.past.steps
        guard steps.count > 1 else {
            state.message = .init(text: "no earlier steps of this model to replay: t trains one")
            return []
        }
        let shown = state.training.past.shown.flatMap { steps.firstIndex(of: $0) }
        state.explore.path.isGoing = false
        state.explore.replay = .init(next: shown.map { $0 + 1 } ?? 0)
        return []
    }

    /// Esc: whatever goes on ends.
    static func leave(_ state: inout AppState) -> [Effect] {
        state.explore.replay = nil
        if state.explore.path.isGoing {
            stopGoing(&state)
            return []
        }
        if state.training.past.shown != nil { return showStep(nil, &state) }
        state.message = .init(text: "nothing to leave: this is the newest step")
        return []
    }
}

/// Shows the parameters of a step that is held, or the newest.
func showStep(_ step: Int?, _ state: inout AppState) -> [Effect] {
    let wanted = step.flatMap { state.training.past.snapshot(at: $0) }
    guard let snapshot = wanted ?? state.training.past.newest else { return [] }
    state.training.past.show(wanted?.step)
    state.shown.show(snapshot)
    // The curves are read at the step whose pictures are shown.
    if state.training.overlay.isShown { return refresh(state) }
    if wanted != nil { state.training.placeCursor(at: Double(snapshot.step)) } else { state.training.dropCursor() }
    return refresh(state)
}

/// The next of the run's steps, when it is due.
func replayTick(_ seconds: Double, _ state: inout AppState) -> [Effect] {
    guard var replay = state.explore.replay else { return [] }
    guard seconds >= replay.due ?? seconds else { return [] }
    let steps = state.training.past.steps
    guard replay.next < steps.count else {
        state.explore.replay = nil
        return []
    }
    let step = steps[replay.next]
    let isNewest = replay.next == steps.count - 1
    replay.next += 1
    replay.due = seconds + ExploreState.Replay.seconds(between: steps.count)
    state.explore.replay = isNewest ? nil : replay
    return showStep(isNewest ? nil : step, &state)
}
