import VAECore

// Saving what was trained: asked for by a key, by leaving, by loading another model, or by a run that failed.

/// The newest parameters to disk, whatever step is on show.
func saveNewest(_ state: inout AppState) -> [Effect] {
    let effects = state.explore.timeline.step == nil ? [] : toNewest(&state)
    if state.message == nil { state.message = .init(text: "saving") }
    return effects + [.save]
}

/// The model on show was saved. While it was, training may have gone on: then its newest step is not.
func saved(_ path: String, step: Int, _ state: inout AppState) -> [Effect] {
    state.message = .init(text: "saved \(path): step \(step)" + (state.explore.timeline.step == step ? ", which is on show" : ""))
    guard step == state.training.run?.keptStep ?? step else { return state.screen == .models ? [.models(.list)] : [] }
    state.training.run?.isUnsaved = false
    if state.quitsOnceSaved { return [.quit] }
    return modelSaved(path, &state)
}

/// It could not be saved: nothing is left or loaded before the person has said what to do.
func saveFailed(_ reason: String, _ state: inout AppState) {
    state.models.opensOnceSaved = nil
    state.overlay = .saveFailed(reason: reason, quits: state.quitsOnceSaved)
    state.quitsOnceSaved = false
}

/// The answer to the question what to do with a model that could not be saved.
func pressSaveFailed(_ key: Key, quits: Bool, _ state: inout AppState) -> [Effect] {
    switch key {
    case .character("w"), .enter, .character("t"):
        state.overlay = nil
        state.quitsOnceSaved = quits
        return [key == .character("t") ? .saveElsewhere : .save]
    case .character("d") where quits: return [.quit]
    case .character("q"): return []
    default:
        state.overlay = nil
        state.message = .init(text: "not saved: w tries again", isError: true)
        return []
    }
}
