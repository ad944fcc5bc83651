import Drawing
import VAECore

// Saving what was trained: asked for by a key, by leaving, by loading another model, or by a run that failed.

extension AppState {
    /// The model on show as it is to be saved: of a past step when that is on show, else of the newest one.
    func savedRun(in place: SavedRun.Place) -> SavedRun {
        let snapshot = shown.snapshot
        var run = SavedRun(
            snapshot: snapshot, epochs: training.epochs.filter { $0.step <= snapshot.step },
            changes: training.changes.filter { $0.step < snapshot.step }, dataset: data.dataset?.name ?? "unknown")
        run.place = place
        return run
    }
}

/// The model on show to disk.
func save(in place: SavedRun.Place = .runs, _ state: inout AppState) -> [Effect] {
    if state.message == nil { state.message = .init(text: "saving") }
    return [.job(SaveModel(model: state.shown.now, run: state.savedRun(in: place)))]
}

/// The newest parameters to disk, whatever step is on show.
func saveNewest(_ state: inout AppState) -> [Effect] {
    let effects = state.training.past.shown == nil ? [] : showStep(nil, &state)
    return effects + save(&state)
}

/// Ends the run, if one is under way, and saves what it has learnt once it has ended.
func endAndSave(_ state: inout AppState) -> [Effect] {
    guard state.training.isActive else { return saveNewest(&state) }
    state.training.run?.isStopping = true
    state.training.run?.savesAtEnd = true
    state.message = .init(text: "the model will be saved as soon as training has stopped")
    return [.control(.stop)]
}

/// A model was saved. While it was, training may have gone on: then its newest step is not.
func saved(_ path: String, step: Int, _ model: ModelSlot.ID, _ state: inout AppState) -> [Effect] {
    state.lastSaved = path
    guard model == state.shown.id else {
        state.message = .init(text: "wrote \(path)")
        return []
    }
    let isPast = state.training.past.shown == step
    state.message = .init(text: "saved \(path): step \(step)" + (isPast ? ", the step shown" : ""))
    guard step == state.training.run?.keptStep ?? step else { return state.screen == .models ? listModels(state) : [] }
    state.training.run?.isUnsaved = false
    if state.quitsOnceSaved { return [.quit] }
    return modelSaved(path, &state)
}

/// It could not be saved: nothing is left or loaded before the person has said what to do.
func saveFailed(_ reason: String, _ model: ModelSlot.ID, _ state: inout AppState) {
    guard model == state.shown.id else {
        state.message = .init(text: "the previous model was not saved: \(reason)", isError: true)
        return
    }
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
        return save(in: key == .character("t") ? .temporary : .runs, &state)
    case .character("d") where quits: return [.quit]
    case .character("q"): return []
    default:
        state.overlay = nil
        state.message = .init(text: "not saved: w tries again", isError: true)
        return []
    }
}
