import VAECore

/// The keys of the Explore screen.
func explore(_ command: ExploreCommand, _ state: inout AppState) -> [Effect] {
    switch command {
    case .move(let across, let up, let fine):
        let step = ExploreLayout(state).spacing(state.explore.reach) * (fine ? 0.1 : 1)
        moveCursor(across: Float(across) * step, up: Float(up) * step, &state)
    case .zoom(let closer):
        zoom(by: closer ? 1 / 1.5 : 1.5, &state)
    case .center: state.explore.goHome(state.model)
    case .dimension(let across): nextDimension(across: across, &state)
    case .nextClass: nextClass(&state)
    }
    return [exploreEffect(state)]
}

/// Decoding what the Explore screen shows.
func exploreEffect(_ state: AppState) -> Effect {
    .explore(ExploreLayout(state).grid(state.explore), cursor: state.explore.cursor, label: state.explore.label)
}

private func moveCursor(across: Float, up: Float, _ state: inout AppState) {
    let dimensions = state.explore.dimensions
    func moved(_ dimension: Int, _ by: Float) {
        let z = state.explore.cursor[dimension] + by
        state.explore.cursor[dimension] = min(ExploreState.limit, max(-ExploreState.limit, tidy(z)))
    }
    moved(dimensions.across, across)
    if dimensions.up != dimensions.across { moved(dimensions.up, up) }
    follow(&state)
}

/// Rounds away what adding steps leaves, so that going back arrives at 0.000.
private func tidy(_ z: Float) -> Float {
    let rounded = (z * 65_536).rounded() / 65_536
    return abs(rounded) < 1e-4 ? 0 : rounded
}

/// Moves the plane so that the cursor stays on it.
private func follow(_ state: inout AppState) {
    let layout = ExploreLayout(state)
    let explore = state.explore
    let across = explore.cursor[explore.dimensions.across]
    let up = explore.cursor[explore.dimensions.up]
    let (wide, high) = (explore.reach, layout.reachUp(explore.reach))
    // A half tile of slack keeps rounding from scrolling the plane.
    let slack = layout.spacing(explore.reach) / 2
    func held(_ center: Float, _ z: Float, _ reach: Float) -> Float {
        if z > center + reach + slack { return z - reach }
        if z < center - reach - slack { return z + reach }
        return center
    }
    state.explore.center.across = held(explore.center.across, across, wide)
    if explore.dimensions.up != explore.dimensions.across {
        state.explore.center.up = held(explore.center.up, up, high)
    }
}

/// Zooms so that the cursor stays where it is on the screen.
private func zoom(by factor: Float, _ state: inout AppState) {
    let range = ExploreState.reachRange
    let reach = min(range.upperBound, max(range.lowerBound, state.explore.reach * factor))
    let scale = reach / state.explore.reach
    let across = state.explore.cursor[state.explore.dimensions.across]
    let up = state.explore.cursor[state.explore.dimensions.up]
    state.explore.center.across = across + (state.explore.center.across - across) * scale
    state.explore.center.up = up + (state.explore.center.up - up) * scale
    state.explore.reach = reach
}

/// Shows the next dimension, in the order of their KL, across or up.
private func nextDimension(across: Bool, _ state: inout AppState) {
    let order = state.model.dimensionOrder
    guard order.count > 2 else {
        state.message = .init(text: "this model has \(order.count == 1 ? "one dimension" : "two dimensions"), both shown")
        return
    }
    func next(_ dimension: Int, avoiding other: Int) -> Int {
        var at = order.firstIndex(of: dimension) ?? 0
        repeat { at = (at + 1) % order.count } while order[at] == other
        return order[at]
    }
    let shown = state.explore.dimensions
    if across {
        state.explore.dimensions.across = next(shown.across, avoiding: shown.up)
    } else {
        state.explore.dimensions.up = next(shown.up, avoiding: shown.across)
    }
    let now = state.explore.dimensions
    state.explore.center = (state.explore.cursor[now.across], state.explore.cursor[now.up])
}

/// Draws the next class, if the model can be told one.
private func nextClass(_ state: inout AppState) {
    guard let classes = state.model.classes, let label = state.explore.label else {
        state.message = .init(text: "this model is told no class (latent train --conditional makes one that is)")
        return
    }
    state.explore.label = (label + 1) % classes
}

/// The mouse on the Explore screen.
func exploreMouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] {
    switch kind {
    case .press(1), .drag(1): moveCursor(toCellX: x, y: y, &state)
    case .wheelUp: explore(.zoom(closer: true), &state)
    case .wheelDown: explore(.zoom(closer: false), &state)
    default: []
    }
}

/// The cursor to the image under a cell of the screen.
private func moveCursor(toCellX x: Int, y: Int, _ state: inout AppState) -> [Effect] {
    let layout = ExploreLayout(state)
    guard let tile = layout.tile(atX: x, y: y) else { return [] }
    let point = layout.grid(state.explore).point(column: tile.column, row: tile.row)
    state.explore.cursor[state.explore.dimensions.across] = tidy(point[state.explore.dimensions.across])
    state.explore.cursor[state.explore.dimensions.up] = tidy(point[state.explore.dimensions.up])
    return [exploreEffect(state)]
}
