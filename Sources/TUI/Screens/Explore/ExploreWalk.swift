import Drawing
import VAECore

// Walking over the plane, zooming, and choosing what it shows.

extension ExploreScreen {
    /// One step of the cursor, as the layer takes it.
    /// - Parameter scale: the share of a step.
    static func move(across: Int, up: Int, scale: Float = 1, _ state: inout AppState) {
        stopGoing(&state)
        state.explore.layer.feature.move(across: across, up: up, scale: scale, &state)
    }

    /// To the middle of the plane; principal components of another step are found anew.
    static func center(_ state: inout AppState) -> [Effect] {
        stopGoing(&state)
        state.explore.goHome(state.model)
        guard case .components(let components, _) = state.explore.basis, components.step != state.model.step,
            let job = findComponents(state.shown), job.codes.step != components.step
        else { return refresh(state) }
        return [.job(job)] + refresh(state)
    }

    /// Zooms so that the cursor stays where it is on the screen.
    static func zoom(by factor: Float, _ state: inout AppState) {
        guard state.explore.spacing == .linear || state.explore.layer.feature.hasRows else {
            state.message = .init(text: "equal steps in probability always show the whole prior; i returns to steps in z")
            return
        }
        let range = ExploreState.reachRange
        let plane = state.explore.plane
        let reach = min(range.upperBound, max(range.lowerBound, plane.reach * factor))
        guard reach != plane.reach else {
            state.message = .init(text: factor < 1 ? "the closest zoom: - zooms out" : "the widest zoom: + zooms in")
            return
        }
        let (middle, z) = (plane.coordinates(of: plane.center), plane.coordinates(of: state.explore.cursor))
        state.explore.plane = plane.centered(
            across: z.across + (middle.across - z.across) * (reach / plane.reach),
            up: z.up + (middle.up - z.up) * (reach / plane.reach))
        state.explore.plane.reach = reach
    }

    /// Draws the next class, if the model can be told one.
    static func nextClass(_ state: inout AppState) {
        let labels = state.model.labels
        guard let first = labels.first, let label = state.explore.label else {
            state.message = .init(text: "this model takes no class; latent train --conditional makes one that does")
            return
        }
        state.explore.label = labels.first { $0 > label } ?? first
    }
}

/// The cursor over the plane, in pictures.
func walk(across: Float, up: Float, _ state: inout AppState) {
    let plane = state.explore.plane
    if up != 0, across == 0, plane.isLine {
        state.message = .init(text: "this model has one dimension, left to right")
        return
    }
    let before = state.explore.cursor
    let layout = ExploreLayout(state)
    let isLinear = state.explore.spacing == .linear
    if isLinear {
        let step = layout.spacing(plane.reach)
        let z = plane.coordinates(of: before)
        state.explore.place(across: z.across + across * step, up: z.up + up * step)
        follow(&state)
    } else {
        walkInProbability(across: across, up: up, layout.plane(state.explore), &state)
    }
    guard state.explore.cursor == before else { return }
    if isLinear { sayLimit(&state) } else {
        state.message = .init(text: "the edge: i returns to equal steps in z, which go further")
    }
}

func sayLimit(_ state: inout AppState) {
    state.message = .init(text: "z ends at ±\(Int(ExploreState.limit)) here")
}

/// Steps of equal probability end at the last pictures; from beyond them, the first step goes back to those.
private func walkInProbability(across: Float, up: Float, _ plane: Plane, _ state: inout AppState) {
    let shares = plane.shares(of: state.explore.cursor)
    func moved(_ share: Double, _ by: Float, _ count: Int) -> Double {
        let edge = 0.5 / Double(count)
        // More than rounding of z makes of a place on it.
        if share < edge - 1e-4 { return by > 0 ? edge : share }
        if share > 1 - edge + 1e-4 { return by < 0 ? 1 - edge : share }
        return min(1 - edge, max(edge, share + Double(by) / Double(count)))
    }
    let next = (across: moved(shares.across, across, plane.columns), up: moved(shares.up, up, plane.rows))
    var z = plane.coordinates(of: state.explore.cursor)
    if across != 0, next.across != shares.across { z.across = plane.z(across: next.across) }
    if up != 0, next.up != shares.up { z.up = plane.z(up: next.up) }
    state.explore.place(across: z.across, up: z.up)
}

/// Rounds away what adding steps leaves, so that going back arrives at 0.000.
func tidy(_ z: Float) -> Float {
    let rounded = (z * 65_536).rounded() / 65_536
    return abs(rounded) < 1e-4 ? 0 : rounded
}

/// Moves the plane so that the cursor stays on it.
func follow(_ state: inout AppState) {
    // What the plane does not show is the cursor's from here on, or rounding would move it at each step.
    if !state.explore.basis.isDimensions { state.explore.plane = state.explore.plane.through(state.explore.cursor) }
    // Equal steps in probability have no edge to walk over.
    guard state.explore.spacing == .linear else { return }
    let layout = ExploreLayout(state)
    let explore = state.explore
    let plane = explore.plane
    let spacing = layout.spacing(plane.reach)
    // A half tile of slack keeps rounding from scrolling the plane.
    let slack = spacing / 2
    func held(_ center: Float, _ z: Float, _ reach: Float) -> Float {
        // Far away: in the middle, with its surroundings on every side.
        if abs(z - center) > 2 * reach + slack { return z }
        if z > center + reach + slack { return z - reach }
        if z < center - reach - slack { return z + reach }
        return center
    }
    let high = spacing * Float(layout.rows - 1) / 2
    let (middle, z) = (plane.coordinates(of: plane.center), plane.coordinates(of: explore.cursor))
    let next = (across: held(middle.across, z.across, plane.reach), up: plane.isLine ? middle.up : held(middle.up, z.up, high))
    // Untouched where nothing moves: another middle, if only by rounding, is another plane.
    if next != middle { state.explore.plane = plane.centered(across: next.across, up: next.up) }
}

extension ExploreState {
    /// The cursor to a point of the plane, as far as one can walk; what the plane does not show stays.
    mutating func place(at z: [Float]) {
        let place = plane.coordinates(of: z)
        self.place(across: place.across, up: place.up)
    }

    /// The same by its coordinates. From the plane's own middle, so that one place is always the same point.
    mutating func place(across x: Float, up y: Float) {
        cursor = plane.through(cursor).point(across: Self.held(tidy(x)), up: Self.held(tidy(y)))
    }

    /// Shows an axis across; the one that ran there runs up if they would be the same.
    mutating func show(across axis: Int) {
        let (across, up) = axes
        axes = (axis, axis == up && up != across ? across : up)
    }
}
