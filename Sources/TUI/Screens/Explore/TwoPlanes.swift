import Drawing
import VAECore

// The planes of two models side by side, under one cursor: a VAE's beside an autoencoder's, whose plane has holes.

extension AppState {
    /// The Explore screen as the model beside has it: every place is as far from the middle of its own plane, in units of
    /// how far that plane goes. Nil without a second plane.
    var besideView: AppState? {
        guard let beside, beside.model.latent == 2, model.latent == 2 else { return nil }
        var view = self
        view.shown = beside
        view.beside = nil
        let map = planeMap
        view.explore.cursor = map.there(explore.cursor)
        view.explore.plane.center = map.there(explore.plane.center)
        view.explore.plane.reach *= map.scale
        view.explore.path.start = explore.path.start.map(map.there)
        view.explore.path.end = explore.path.end.map(map.there)
        view.explore.bookmarks = explore.bookmarks.map(map.there)
        let second = explore.second
        (view.explore.pictures, view.explore.picture, view.explore.density) = (second.pictures, second.picture, second.density)
        return view
    }

    /// From places on the plane of the model on show to those on the plane of the model beside, and back.
    var planeMap: (scale: Float, there: ([Float]) -> [Float], back: ([Float]) -> [Float]) {
        let own = model.home(explore.dimensions)
        let other = beside?.model.home(explore.dimensions) ?? own
        let scale = other.reach / own.reach
        func moved(_ z: [Float], from a: [Float], to b: [Float], by factor: Float) -> [Float] {
            guard z.count == a.count, a.count == b.count else { return z }
            return z.indices.map { b[$0] + (z[$0] - a[$0]) * factor }
        }
        return (
            scale, { moved($0, from: own.center, to: other.center, by: scale) },
            { moved($0, from: other.center, to: own.center, by: 1 / scale) }
        )
    }
}

extension ExploreState {
    /// What is shown of the model beside.
    package struct Second: Sendable, Equatable {
        package var pictures = PlanePictures()
        /// The picture at the cursor (pixels).
        package var picture: [Float] = []
        package var density: AggregatePosterior?
    }

    package var second: Second {
        get { layers[Second.self, default: Second()] }
        set { layers[Second.self, default: Second()] = newValue }
    }
}

extension ExploreScreen {
    /// What the second plane needs.
    func secondEffects(_ state: AppState, _ layout: ExploreLayout) -> [Effect] {
        guard let layout = layout.second, let view = state.besideView, let beside = state.beside else { return [] }
        let plane = layout.plane(view.explore)
        let codes = beside.codes == nil && beside.session.takes(state.data.dataset?.test) ? encode(beside, state) : nil
        return [.job(DecodePlane(model: beside.now, plane: plane, cursor: view.explore.cursor, label: view.explore.label))]
            + state.explore.layer.feature.effects(view, layout) + [codes].compactMap { $0 }
    }

    /// Both planes, each below its model's name, and the cursor's pictures beside the names.
    func drawTwoPlanes(_ state: AppState, _ layout: ExploreLayout, _ second: ExploreLayout, into canvas: inout Canvas) {
        guard let view = state.besideView else { return }
        for (state, layout) in [(state, layout), (view, second)] {
            let line = Rect(x: layout.plane.x, y: layout.plane.y - 1, width: (layout.toSecond ?? 2) - 2, height: 1)
            let kind = state.model.isDeterministic ? "plain autoencoder" : "VAE"
            let wordings = ["\(state.model.name), \(kind)", state.model.name]
            canvas.text(fitting(line.width, wordings), x: line.x, y: line.y, .bold, clip: line)
            state.explore.layer.feature.draw(state, layout, into: &canvas)
            let axis = Rect(x: line.x, y: layout.axisRow(state.explore.layer), width: line.width, height: 1)
            drawPlaneAxis(state, layout, axis, into: &canvas)
        }
    }

    /// The cursor to what is under a cell of the second plane.
    func clickSecond(x: Int, y: Int, _ layout: ExploreLayout, _ state: inout AppState) -> Bool {
        guard let second = layout.second, second.plane.contains(x, y), var view = state.besideView,
            state.explore.layer.feature.click(x: x, y: y, second, &view)
        else { return false }
        state.explore.place(at: state.planeMap.back(view.explore.cursor))
        return true
    }
}
