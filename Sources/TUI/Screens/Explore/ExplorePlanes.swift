import Drawing
import VAECore

// Choosing what spans the plane, and which of its axes it shows.

/// What the footer says of the plane: nil where z has one dimension, whose line is all there is.
func planeHint(_ state: AppState) -> String? {
    let (across, up) = state.explore.axes
    switch state.explore.basis {
    case .dimensions:
        guard state.model.latent > 1 else { return nil }
        // Two numbers of three digits leave no room for more at 80 columns.
        return max(across, up) < 99 ? "z\(across + 1) z\(up + 1)" : "\(across + 1) \(up + 1)"
    case .components: return "PC \(across + 1) \(up + 1)"
    case .points: return "a b c"
    }
}

extension ExploreScreen {
    /// The plane of two dimensions, of two principal components, through a, b and c; those that there are, in turn.
    static func nextPlane(_ state: inout AppState) -> [Effect] {
        guard state.model.latent > 1 else {
            state.message = .init(text: "this model has one dimension: its line is all there is")
            return []
        }
        stopGoing(&state)
        switch state.explore.basis {
        case .dimensions:
            if let job = findComponents(state.shown) {
                state.message = .init(text: "finding the principal components of the codes")
                return [.job(job)]
            }
            let reason = whyNoCodes(state, "principal components")
            if showPoints(&state) { state.message?.text += "; \(reason)" } else { state.message = .init(text: reason) }
        case .components: if !showPoints(&state) { showDimensions(&state) }
        case .points: showDimensions(&state)
        }
        return refresh(state)
    }

    private static func showDimensions(_ state: inout AppState) {
        let marks = state.explore.path
        let isMarked = marks.start != nil && marks.end != nil && marks.third != nil
        // To the model's own plane: the cursor may lie anywhere.
        state.explore.dimensions = state.explore.dimensions
        state.explore.plane.reach = state.model.home(state.explore.dimensions).reach
        let (across, up) = state.explore.dimensions
        let more = isMarked ? "" : "; mark a, b and, with A, c for the plane through three points"
        state.message = .init(text: "the plane of z\(across + 1) and z\(up + 1), through the cursor\(more)")
    }

    /// The plane through a, b and c, if they are marked and span one; if they are marked and do not, that is said.
    /// - Returns: whether it is shown.
    private static func showPoints(_ state: inout AppState) -> Bool {
        let path = state.explore.path
        guard let a = path.start, let b = path.end, let c = path.third else { return false }
        guard Plane(through: a, b, c) != nil else {
            state.message = .init(text: "a, b and c lie on a line: mark another place")
            return false
        }
        span(.points([a, b, c]), &state)
        state.explore.cursor = state.explore.plane.point(across: 0, up: 0)
        state.message = .init(text: "the plane through a, b and c; the cursor is at a")
        return true
    }

    /// Turns the plane to a basis, at its home.
    private static func span(_ basis: PlaneBasis, _ state: inout AppState) {
        state.explore.basis = basis
        state.explore.span()
        let home = state.explore.home(state.model)
        (state.explore.plane.center, state.explore.plane.reach) = home
        guard case .points(let points) = basis else { return }
        // As far as it takes to have all three on it, up as well as across.
        let layout = ExploreLayout(state)
        let wide = layout.spacing(1) * Float(layout.rows) / 2
        let places = points.map { state.explore.plane.coordinates(of: $0) }
        let middle = state.explore.plane.coordinates(of: home.center)
        let up = places.map { abs($0.up - middle.up) }.max() ?? 0
        if wide > 0 { state.explore.plane.reach = min(ExploreState.reachRange.upperBound, max(home.reach, 1.1 * up / wide)) }
    }

    /// A mark was set anew: the plane through the marks goes along.
    static func followMarks(_ state: inout AppState) {
        guard case .points = state.explore.basis else { return }
        let (cursor, path) = (state.explore.cursor, state.explore.path)
        guard let a = path.start, let b = path.end, let c = path.third, Plane(through: a, b, c) != nil else { return }
        span(.points([a, b, c]), &state)
        state.explore.cursor = cursor
        follow(&state)
    }

    // MARK: Axes

    /// Shows the next axis, in the order of how telling they are, across or up; or the one before.
    static func nextDimension(_ by: Int, across: Bool, _ state: inout AppState) {
        let order = state.explore.axisOrder(state.model)
        guard order.count > 2 else {
            state.message = .init(text: whyNoOtherAxis(state))
            return
        }
        func next(_ axis: Int, avoiding other: Int) -> Int {
            var at = order.firstIndex(of: axis) ?? 0
            repeat { at = (at + by + order.count) % order.count } while order[at] == other
            return order[at]
        }
        let shown = state.explore.axes
        if across {
            state.explore.axes.across = next(shown.across, avoiding: shown.up)
        } else {
            state.explore.axes.up = next(shown.up, avoiding: shown.across)
        }
    }

    private static func whyNoOtherAxis(_ state: AppState) -> String {
        if case .points = state.explore.basis { return "this plane goes through a, b and c: V changes to another" }
        return "this model has \(state.model.latent == 1 ? "one dimension" : "two dimensions"), both shown"
    }

    /// The axes that a person types: one runs across, of two the second up.
    /// - Returns: what is wrong with them; nil if they are shown.
    static func choose(_ text: String, _ state: inout AppState) -> String? {
        let words = text.split { $0 == " " || $0 == "," }
        let count = state.explore.axisOrder(state.model).count
        if case .points = state.explore.basis { return whyNoOtherAxis(state) }
        guard count > 1 else { return "this model has one dimension" }
        let numbers = words.compactMap { Int($0.lowercased().hasPrefix("z") ? $0.dropFirst() : $0) }
        guard (1...2).contains(words.count), numbers.count == words.count else {
            return "type a number from 1 to \(count), or two: the first across, the second up"
        }
        guard numbers.allSatisfy({ (1...count).contains($0) }) else {
            let what = state.explore.basis.isDimensions ? "dimensions" : "principal components"
            return "there are \(count) \(what): 1 to \(count)"
        }
        guard numbers.count == 2 else {
            state.explore.show(across: numbers[0] - 1)
            return nil
        }
        guard numbers[0] != numbers[1] else { return "across and up are two different ones" }
        state.explore.axes = (numbers[0] - 1, numbers[1] - 1)
        return nil
    }
}

// MARK: Principal components

/// The principal components of a model's codes.
package struct FindComponents: Job {
    package var id: ModelSlot.ID
    package var codes: LatentCodes
    /// The prior's mean; nil for a plain autoencoder, which has none.
    package var origin: [Float]?

    package var policy: JobPolicy { .once() }
    package var about: ModelSlot.ID? { id }

    package func run(on bench: Bench) -> PlaneBasis?? {
        .some(PrincipalComponents(codes).map { .components($0, origin: origin ?? $0.mean) })
    }

    package func finish(_ basis: PlaneBasis?, _ state: inout AppState) -> [Effect] {
        guard id == state.shown.id else {
            (state.explore.second.components, state.explore.second.model) = (basis, id)
            return state.screen == .explore ? refresh(state) : []
        }
        guard let basis else {
            state.message = .init(text: "the codes do not vary: they have no principal components")
            return []
        }
        state.explore.show(basis, state.model)
        if state.screen == .explore {
            let (across, up) = state.explore.axes
            let shares = [across, up].compactMap(state.explore.basis.share).joined(separator: " and ")
            state.message = .init(
                text: "principal components \(across + 1) and \(up + 1): \(shares) of the codes' variance")
        }
        return state.screen == .explore ? refresh(state) : []
    }
}

extension ExploreState {
    /// The plane of the principal components, its middle where that of the codes or the prior is.
    mutating func show(_ components: PlaneBasis, _ model: ModelState) {
        basis = components
        span()
        goHome(model)
    }
}

/// Finding the principal components of a model's codes, once it has codes: those of the step on show, of equals the more.
func findComponents(_ slot: ModelSlot) -> FindComponents? {
    guard let codes = slot.densityCodes else { return nil }
    let origin = slot.model.isDeterministic ? nil : [Float](repeating: 0, count: slot.model.latent)
    return FindComponents(id: slot.id, codes: codes, origin: origin)
}
