import Drawing
import VAECore

// The planes of two models side by side, under one cursor: a VAE's beside an autoencoder's, whose plane has holes.

extension AppState {
    /// The Explore screen as the model beside has it: every place is as far from the middle of its own plane, in units of
    /// how far that plane goes. Nil without a second plane.
    var besideView: AppState? {
        guard let beside, let map = planeMap else { return nil }
        var view = self
        view.shown = beside
        view.beside = nil
        let (second, other) = (explore.second, map.other)
        (view.explore.basis, view.explore.chosen) = (other.basis, other.chosen)
        view.explore.componentsShown = other.componentsShown
        view.explore.plane = other.plane
        view.explore.cursor = map.there(explore.cursor)
        view.explore.plane.center = map.there(explore.plane.center)
        view.explore.plane.reach = explore.plane.reach * map.scale
        view.explore.path.start = explore.path.start.map(map.there)
        view.explore.path.end = explore.path.end.map(map.there)
        view.explore.path.third = explore.path.third.map(map.there)
        view.explore.bookmarks = explore.bookmarks.map(map.there)
        (view.explore.pictures, view.explore.picture, view.explore.density) = (second.pictures, second.picture, second.density)
        return view
    }

    /// From places on the plane of the model on show to those on the plane of the model beside, and back. Nil where there
    /// is no such plane of both: of the same kind, and of more than one dimension.
    var planeMap: PlaneMap? {
        guard let beside, model.latent > 1, beside.model.latent > 1, let axes = axesBeside else { return nil }
        var other = ExploreState(beside.model)
        switch axes {
        case .dimensions: other.dimensions = dimensionsBeside(beside.model)
        default:
            other.basis = axes
            other.componentsShown = explore.componentsShown
            other.span()
        }
        return PlaneMap(own: explore, explore.home(model), other: other, other.home(beside.model))
    }

    /// What spans the plane of the model beside; nil where nothing does yet.
    private var axesBeside: PlaneBasis? {
        switch explore.basis {
        case .dimensions: return .dimensions
        case .components:
            guard explore.second.model == beside?.id, case .components(let components, _) = explore.second.components,
                components.vectors.indices.contains(max(explore.componentsShown.across, explore.componentsShown.up)),
                components.mean.count == beside?.model.latent
            else { return nil }
            return explore.second.components
        case .points(let points):
            // The marks are places of this model. Of the model beside, those of the same images are there.
            guard let codes = shown.codes, let other = beside?.codes else { return nil }
            let images = points.compactMap { codes.index(at: $0) }
            guard images.count == 3, images.allSatisfy({ $0 < other.count }) else { return nil }
            let same = images.map(other.code)
            return Plane(through: same[0], same[1], same[2]) == nil ? nil : .points(same)
        }
    }

    /// The dimensions of the model beside that are as telling there as those shown are here; of models of two, the same.
    private func dimensionsBeside(_ other: ModelState) -> (across: Int, up: Int) {
        let shown = explore.dimensions
        if model.latent == 2, other.latent == 2 { return shown }
        let (own, order) = (model.dimensionOrder, other.dimensionOrder)
        func same(_ dimension: Int) -> Int { min(own.firstIndex(of: dimension) ?? 0, order.count - 1) }
        let (across, up) = (same(shown.across), same(shown.up))
        return across == up ? (order[0], order[1]) : (order[across], order[up])
    }
}

/// From places on one plane to those on another: as far from its middle, in units of how far it goes.
struct PlaneMap {
    /// The other plane, at its home.
    let other: ExploreState
    /// Units of the other plane for each of this.
    let scale: Float
    private let own: Plane, beside: Plane
    /// The middles' coordinates.
    private let from: (across: Float, up: Float), to: (across: Float, up: Float)

    init(
        own: ExploreState, _ home: (center: [Float], reach: Float), other: ExploreState,
        _ there: (center: [Float], reach: Float)
    ) {
        self.other = other
        self.own = own.plane.through(own.cursor)
        beside = other.plane.through(there.center)
        (from, to) = (self.own.coordinates(of: home.center), beside.coordinates(of: there.center))
        scale = there.reach / home.reach
    }

    func there(_ z: [Float]) -> [Float] {
        let place = own.coordinates(of: z)
        return beside.point(across: to.across + (place.across - from.across) * scale, up: to.up + (place.up - from.up) * scale)
    }

    func back(_ z: [Float]) -> [Float] {
        let place = beside.coordinates(of: z)
        return own.point(across: from.across + (place.across - to.across) / scale, up: from.up + (place.up - to.up) / scale)
    }
}

extension ExploreState {
    /// What is shown of the model beside.
    package struct Second: Sendable, Equatable {
        package var pictures = PlanePictures()
        /// The picture at the cursor (pixels).
        package var picture: [Float] = []
        package var density: AggregatePosterior?
        /// The principal components of its codes, and which model's they are.
        package var components: PlaneBasis?
        package var model: ModelSlot.ID?
    }

    package var second: Second {
        get { layers[Second.self, default: Second()] }
        set { layers[Second.self, default: Second()] = newValue }
    }
}

extension ExploreScreen {
    /// What the second plane needs.
    func secondEffects(_ state: AppState, _ layout: ExploreLayout) -> [Effect] {
        guard let beside = state.beside else { return [] }
        let codes = beside.codes == nil && beside.session.takes(state.data.dataset?.test) ? encode(beside, state) : nil
        guard let layout = layout.second, let view = state.besideView else {
            // What a plane of both is still missing.
            return state.explore.basis.isDimensions ? [] : [codes].compactMap { $0 } + componentsBeside(state, beside)
        }
        let plane = layout.plane(view.explore)
        return [.job(DecodePlane(model: beside.now, plane: plane, cursor: view.explore.cursor, label: view.explore.label))]
            + state.explore.layer.feature.effects(view, layout) + [codes].compactMap { $0 }
    }

    /// The principal components of the model beside, once it has codes.
    private func componentsBeside(_ state: AppState, _ beside: ModelSlot) -> [Effect] {
        guard case .components = state.explore.basis, state.explore.second.model != beside.id,
            let job = findComponents(beside)
        else { return [] }
        return [.job(job)]
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
        if let map = state.planeMap { state.explore.place(at: map.back(view.explore.cursor)) }
        return true
    }
}
