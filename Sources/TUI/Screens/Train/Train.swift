import Drawing
import VAECore

extension Screen {
    package static let train: Screen = Screen(feature: TrainScreen())
}

/// A run as it goes: its curves, the plane in small, and what it makes of held-out images.
struct TrainScreen: ScreenFeature {
    let title = "Train"
    let keys: [KeyBinding] = [Self.startKey] + Self.runKeys + [Self.saveKey, Self.seriesKey] + Self.chartKeys + Self.overlayKeys

    func mouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] {
        guard let step = Self.step(atX: x, y: y, state) else { return [] }
        switch kind {
        case .press(1), .drag(1): state.training.placeCursor(at: step)
        case .wheelUp: state.training.zoom(closer: true, around: step)
        case .wheelDown: state.training.zoom(closer: false, around: step)
        default: break
        }
        return []
    }

    /// The place on the curves' axis under a cell of the screen.
    private static func step(atX x: Int, y: Int, _ state: AppState) -> Double? {
        if state.training.overlay.isShown {
            let view = OverlayView(state)
            return view.chart.step(atColumn: x, in: view.chartRect.split(rows: 1).bottom, state.capabilities)
        }
        guard state.training.hasCurves else { return nil }
        return TrainCharts(state.training, TrainLayout(state).chart).step(atX: x, y: y, state.capabilities)
    }

    func forget(_ change: ModelChange, _ state: inout AppState) {
        switch change {
        case .data: return
        case .run: break
        case .model:
            (state.training.run, state.training.followed) = (nil, nil)
            state.training.waitsForData = nil
        }
        state.training.forgetRun()
        (state.training.strip, state.training.thumbnail) = (.init(), PlanePictures())
    }

    func effects(_ state: AppState) -> [Effect] {
        if state.training.overlay.isShown { return [] }
        let layout = TrainLayout(state)
        let model = state.shown.now
        var effects: [Effect] = []
        if let plane = layout.thumbnail(state) {
            effects.append(.job(DecodeThumbnail(model: model, plane: plane, label: state.explore.label)))
        }
        if let dataset = state.data.dataset, layout.stripCount > 0 {
            effects.append(.job(ReconstructStrip(model: model, set: dataset.test, count: layout.stripCount)))
        }
        return effects
    }
}
