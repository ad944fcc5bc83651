import Drawing
import VAECore

/// The keys of the Explore screen.
func explore(_ command: ExploreCommand, _ state: inout AppState) -> [Effect] {
    switch command {
    case .move(let across, let up, let fine):
        stopGoing(&state)
        move(across: across, up: up, fine: fine, &state)
    case .zoom(let closer): zoom(by: closer ? 1 / 1.5 : 1.5, &state)
    case .center:
        stopGoing(&state)
        state.explore.goHome(state.model)
    case .dimension(let across): nextDimension(across: across, &state)
    case .nextClass: nextClass(&state)
    case .layer: nextLayer(&state)
    case .spacing: otherSpacing(&state)
    case .entropy: toggleEntropy(&state)
    case .mark(let start): mark(start: start, &state)
    case .goAlong: goAlong(&state)
    case .pathKind: otherPathKind(&state)
    case .bookmark: toggleBookmark(&state)
    case .nextBookmark: nextBookmark(&state)
    case .classMean(let by): classMean(by: by, &state)
    case .goTo: state.overlay = .goTo("")
    case .time(let by): return travel(by: by, &state)
    case .newest: return leave(&state)
    case .export: return export(&state)
    case .animation: return animation(&state)
    case .back: return back(&state)
    }
    return exploreEffects(state)
}

/// What the Explore screen shows, to be computed anew.
func exploreEffects(_ state: AppState) -> [Effect] {
    let layout = ExploreLayout(state)
    let explore = state.explore
    let grid = layout.grid(explore)
    let model = state.shown.now
    var effects: [Effect] = [
        .job(DecodePlane(model: model, grid: grid, cursor: explore.cursor, label: explore.label))
    ]
    switch explore.layer {
    case .pictures, .scatter: break
    case .density:
        if let codes = state.densityCodes {
            let pixels = layout.densityPixels
            effects.append(
                .job(
                    MeasureDensity(
                        id: model.id, codes: codes, grid: grid, columns: pixels.columns, rows: pixels.rows,
                        prior: state.model.codes?.prior)))
        }
    case .traversals:
        let shown = layout.traversals(state)
        effects.append(
            .job(
                DecodeTraversals(
                    model: model, dimensions: shown.dimensions, values: shown.values, cursor: explore.cursor,
                    label: explore.label)))
    }
    if let ends = explore.path.ends, layout.stripCount > 1 {
        let points = explore.path.kind.points(from: ends.start, to: ends.end, count: layout.stripCount)
        effects.append(.job(DecodePath(model: model, points: points, label: explore.label)))
    }
    return effects + encodeEffects(state)
}

/// Encoding the images again where their codes are those of another step.
private func encodeEffects(_ state: AppState) -> [Effect] {
    guard let dataset = state.data.dataset, dataset.shape == state.model.shape else { return [] }
    // A moving model's codes move too, but only who looks at them wants them again and again.
    let isWatched = state.explore.layer == .scatter || state.explore.layer == .density
    let isCalm = !state.training.isActive || state.training.run?.state == .paused
    var effects: [Effect] = []
    if state.shown.codes == nil || state.shown.codes?.step != state.model.step && (isCalm || isWatched) {
        effects += [encode(state.shown, state)].compactMap { $0 }
    }
    if isCalm, state.shown.trainingCodes?.step != state.model.step {
        effects.append(.job(EncodeImages(model: state.shown.now, set: dataset.train, isTraining: true)))
    }
    return effects
}

extension AppState {
    /// The codes whose density is shown: those of the step on show, of equals the more.
    var densityCodes: LatentCodes? {
        let known = [shown.trainingCodes, shown.codes].compactMap { $0 }
        return (known.first { $0.step == model.step } ?? shown.codes).flatMap { $0.latent == model.latent ? $0 : nil }
    }
}

/// One step of the cursor: an image of the plane, or a tenth of one.
private func move(across: Int, up: Int, fine: Bool, _ state: inout AppState) {
    let scale: Float = fine ? 0.1 : 1
    if state.explore.layer == .traversals {
        traverse(across: Float(across) * scale, up: up, &state)
        return
    }
    let layout = ExploreLayout(state)
    if up != 0, across == 0, state.model.latent == 1 {
        state.message = .init(text: "this model has one dimension, left to right")
        return
    }
    let before = state.explore.cursor
    if state.explore.spacing == .quantile {
        moveInProbability(across: Float(across) * scale, up: Float(up) * scale, layout.grid(state.explore), &state)
    } else {
        let step = layout.spacing(state.explore.reach) * scale
        moveCursor(across: Float(across) * step, up: Float(up) * step, &state)
    }
    guard state.explore.cursor == before else { return }
    let isLinear = state.explore.spacing == .linear
    let limit = isLinear ? "z ends at ±\(Int(ExploreState.limit)) here" : "the last picture: i goes back to equal steps in z, which go on"
    state.message = .init(text: limit)
}

/// Steps of equal probability end at the last pictures; from beyond them, the first step goes back to those.
private func moveInProbability(across: Float, up: Float, _ grid: LatentGrid, _ state: inout AppState) {
    let shares = grid.shares(of: state.explore.cursor)
    func moved(_ share: Double, _ by: Float, _ count: Int) -> Double {
        let edge = 0.5 / Double(count)
        // More than rounding of z makes of a place on it.
        if share < edge - 1e-4 { return by > 0 ? edge : share }
        if share > 1 - edge + 1e-4 { return by < 0 ? 1 - edge : share }
        return min(1 - edge, max(edge, share + Double(by) / Double(count)))
    }
    let next = (across: moved(shares.across, across, grid.columns), up: moved(shares.up, up, grid.rows))
    if across != 0, next.across != shares.across {
        state.explore.cursor[grid.dimensions.across] = tidy(grid.across(next.across))
    }
    if up != 0, next.up != shares.up, grid.dimensions.up != grid.dimensions.across {
        state.explore.cursor[grid.dimensions.up] = tidy(grid.up(next.up))
    }
}

/// The cursor of the traversals: up and down choose the dimension, left and right change it.
private func traverse(across: Float, up: Int, _ state: inout AppState) {
    let layout = ExploreLayout(state)
    let shown = layout.traversals(state)
    guard let row = shown.dimensions.firstIndex(of: state.explore.dimensions.across) else { return }
    if up != 0 {
        let order = state.model.dimensionOrder
        let next = (order.firstIndex(of: state.explore.dimensions.across) ?? 0) - up
        guard order.indices.contains(next) else {
            let end = up > 0 ? "first" : "last"
            state.message = .init(text: order.count == 1 ? "this model has one dimension" : "this is the \(end) dimension, in the order of \(state.model.codes == nil ? "their KL" : "their spread")")
            return
        }
        choose(across: order[next], &state)
    } else if shown.values[row].count > 1 {
        let step = shown.values[row][1] - shown.values[row][0]
        let dimension = state.explore.dimensions.across
        let z = state.explore.cursor[dimension] + across * step
        state.explore.cursor[dimension] = min(ExploreState.limit, max(-ExploreState.limit, tidy(z)))
        if abs(z) > ExploreState.limit { state.message = .init(text: "z ends at ±\(Int(ExploreState.limit)) here") }
        follow(&state)
    }
}

/// Shows a dimension across; the one that ran there runs up if they would be the same.
private func choose(across dimension: Int, _ state: inout AppState) {
    let old = state.explore.dimensions
    if dimension == old.up, old.up != old.across { state.explore.dimensions.up = old.across }
    state.explore.dimensions.across = dimension
    let now = state.explore.dimensions
    state.explore.center = (state.explore.cursor[now.across], state.explore.cursor[now.up])
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
func tidy(_ z: Float) -> Float {
    let rounded = (z * 65_536).rounded() / 65_536
    return abs(rounded) < 1e-4 ? 0 : rounded
}

/// Moves the plane so that the cursor stays on it.
func follow(_ state: inout AppState) {
    // Equal steps in probability have no edge to walk over.
    guard state.explore.spacing == .linear else { return }
    let layout = ExploreLayout(state)
    let explore = state.explore
    let across = explore.cursor[explore.dimensions.across]
    let up = explore.cursor[explore.dimensions.up]
    let (wide, high) = (explore.reach, layout.reachUp(explore.reach))
    // A half tile of slack keeps rounding from scrolling the plane.
    let slack = layout.spacing(explore.reach) / 2
    func held(_ center: Float, _ z: Float, _ reach: Float) -> Float {
        // Far away: in the middle, with its surroundings on every side.
        if abs(z - center) > 2 * reach + slack { return z }
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
    guard state.explore.spacing == .linear || state.explore.layer == .traversals else {
        state.message = .init(text: "equal steps in probability show all of the prior; i goes back to steps in z")
        return
    }
    let range = ExploreState.reachRange
    let reach = min(range.upperBound, max(range.lowerBound, state.explore.reach * factor))
    guard reach != state.explore.reach else {
        state.message = .init(text: factor < 1 ? "no closer: - zooms out" : "no farther: + zooms in")
        return
    }
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
        state.message = .init(text: "this model takes no class: latent train --conditional makes one that does")
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

/// The cursor to the image under a cell of the screen, or where there are no images, to the cell.
private func moveCursor(toCellX x: Int, y: Int, _ state: inout AppState) -> [Effect] {
    let layout = ExploreLayout(state)
    stopGoing(&state)
    if layout.strip.contains(x, y) { return followPath(toCellX: x, layout, &state) }
    if state.explore.layer == .traversals {
        let shown = layout.traversals(state)
        guard let place = layout.traversalTile(atX: x, y: y, shown, latent: state.model.latent) else { return [] }
        choose(across: shown.dimensions[place.row], &state)
        state.explore.cursor[shown.dimensions[place.row]] = tidy(shown.values[place.row][place.column])
        return exploreEffects(state)
    }
    guard let tile = layout.tile(atX: x, y: y) else { return [] }
    let grid = layout.grid(state.explore)
    let point = state.explore.layer == .pictures
        ? grid.point(column: tile.column, row: tile.row) : layout.point(atX: x, y: y, grid)
    state.explore.cursor[state.explore.dimensions.across] = tidy(point[state.explore.dimensions.across])
    state.explore.cursor[state.explore.dimensions.up] = tidy(point[state.explore.dimensions.up])
    return exploreEffects(state)
}

/// The cursor to the point whose picture of the path is under a column of the screen.
private func followPath(toCellX x: Int, _ layout: ExploreLayout, _ state: inout AppState) -> [Effect] {
    let tile = ExploreLayout.stripTile(layout.strip.height)
    let place = (x - layout.strip.x) / tile.columns
    guard let ends = state.explore.path.ends, layout.stripCount > 1, place < layout.stripCount else { return [] }
    let share = Float(place) / Float(layout.stripCount - 1)
    go(to: state.explore.path.kind.point(from: ends.start, to: ends.end, share), &state)
    return exploreEffects(state)
}
