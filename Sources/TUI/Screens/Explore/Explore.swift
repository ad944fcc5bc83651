import Drawing
import VAECore

extension Screen {
    package static let explore: Screen = Screen(feature: ExploreScreen())
}

/// The latent space, walked with the arrow keys.
struct ExploreScreen: ScreenFeature {
    let title = "Explore"
    let keys: [KeyBinding] = Self.walking + Self.looking + Self.places + Self.time

    func forget(_ change: ModelChange, _ state: inout AppState) {
        switch change {
        case .run: state.explore.forgetPlaces()
        case .model: state.explore = ExploreState(state.model)
        case .data: break
        }
    }

    func effects(_ state: AppState) -> [Effect] {
        let layout = ExploreLayout(state)
        let explore = state.explore
        let model = state.shown.now
        var effects: [Effect] = [
            .job(DecodePlane(model: model, plane: layout.plane(explore), cursor: explore.cursor, label: explore.label))
        ]
        effects += explore.layer.feature.effects(state, layout) + secondEffects(state, layout) + lineEffects(state, layout)
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
        let isWatched = state.explore.showsCodes
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

    // MARK: The mouse

    func mouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] {
        switch kind {
        case .press(1), .drag(1): return click(x: x, y: y, &state)
        case .wheelUp: Self.zoom(by: 1 / 1.5, &state)
        case .wheelDown: Self.zoom(by: 1.5, &state)
        default: return []
        }
        return refresh(state)
    }

    /// The cursor to what is under a cell of the screen.
    private func click(x: Int, y: Int, _ state: inout AppState) -> [Effect] {
        let layout = ExploreLayout(state)
        stopGoing(&state)
        if layout.strip.contains(x, y) { return followPath(toCellX: x, layout, &state) }
        if layout.above.contains(x, y), !state.explore.layer.feature.hasRows {
            state.explore.place(at: layout.point(atX: x, y: layout.plane.y, layout.plane(state.explore)))
            return refresh(state)
        }
        let isHit = state.explore.layer.feature.click(x: x, y: y, layout, &state)
            || clickSecond(x: x, y: y, layout, &state)
        return isHit ? refresh(state) : []
    }

    /// The cursor to the point whose picture of the path is under a column of the screen.
    private func followPath(toCellX x: Int, _ layout: ExploreLayout, _ state: inout AppState) -> [Effect] {
        let tile = ExploreLayout.stripTile(layout.strip.height)
        let place = (x - layout.strip.x) / tile.columns
        guard let ends = state.explore.path.ends, layout.stripCount > 1, place < layout.stripCount else { return [] }
        let share = Float(place) / Float(layout.stripCount - 1)
        go(to: state.explore.path.kind.point(from: ends.start, to: ends.end, share), &state)
        return refresh(state)
    }
}
