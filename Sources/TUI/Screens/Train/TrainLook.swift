import Drawing
import VAECore

// What the keys of the curves do: they change only how a run is looked at.

extension TrainScreen {
    static func look(_ state: inout AppState, _ change: (inout TrainState) -> Void) -> [Effect] {
        change(&state.training)
        return showCurves(&state)
    }

    /// Curves that a panel hides come back: a key for them never does nothing.
    private static func showCurves(_ state: inout AppState) -> [Effect] {
        guard state.training.hasCurves, !state.training.overlay.isShown, TrainLayout(state).chart.isEmpty else { return [] }
        state.training.panel = .both
        return refresh(state)
    }

    /// The curves as they are seen, in a file.
    static func exportCurves(_ state: inout AppState) -> [Effect] {
        if state.training.overlay.isShown { return exportDrawing("runs", Frame.body(state), state) }
        let chart = TrainLayout(state).chart
        guard state.training.hasCurves, !chart.isEmpty else {
            state.message = .init(text: "no curves to save yet: t trains")
            return []
        }
        return exportDrawing("curves", chart, state)
    }

    /// About the columns of the curves: the values' labels take the rest.
    static func chartColumns(_ state: AppState) -> Int { max(1, (state.training.overlay.isShown ? OverlayView(state).chartRect : TrainLayout(state).chart).width - 8) }

    static func moveCursor(_ columns: Int, _ state: inout AppState) -> [Effect] {
        state.training.moveCursor(columns: columns, of: chartColumns(state))
        return showCurves(&state)
    }

    static func nextPanel(_ state: inout AppState) -> [Effect] {
        state.training.panel = state.training.panel.next
        state.message = .init(text: "panel: \(state.training.panel.rawValue)")
        return refresh(state)
    }
}
