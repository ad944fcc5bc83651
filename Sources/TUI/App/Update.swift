import VAECore

/// Changes the state for one action and says what is to be done. Touches no terminal, thread, clock or file.
public func update(_ state: inout AppState, _ action: AppAction) -> [Effect] {
    switch action {
    case .key(let key): return press(key, &state)
    case .mouse(let x, let y, let kind): return mouse(x: x, y: y, kind, &state)
    case .resize(let width, let height):
        state.width = width
        state.height = height
        return refresh(state)
    case .data(let data): return loaded(data, &state)
    case .trainingStarted(let run): return started(run, &state)
    case .mail(let mail): return received(mail, &state)
    case .explored(let plane, let picture):
        state.explore.plane = plane
        state.explore.picture = picture
    case .thumbnail(let plane): state.training.thumbnail = plane
    case .strip(let strip): state.training.strip = strip
    case .compared(let pair): state.compare.pair = pair
    case .scored(let scores, let step): return scored(scores, step: step, &state)
    case .encoded(let codes): state.codes = codes
    case .draw(let answer): return drawn(answer, &state)
    case .models(let answer): return modelsAnswered(answer, &state)
    case .saved(let path):
        state.training.run?.isUnsaved = false
        state.message = .init(text: "saved \(path)")
    case .failed(let reason): state.message = .init(text: reason, isError: true)
    }
    return []
}

/// What must be computed anew for what the screen shows: after a new snapshot, a new size, another screen.
func refresh(_ state: AppState) -> [Effect] {
    switch state.screen {
    case .train:
        let layout = TrainLayout(state)
        var effects: [Effect] = []
        if let grid = layout.thumbnailGrid(state) { effects.append(.thumbnail(grid, label: state.explore.label)) }
        if state.data.dataset != nil, layout.stripCount > 0 { effects.append(.strip(count: layout.stripCount)) }
        return effects
    case .explore: return [exploreEffect(state)]
    case .compare: return compareEffects(state)
    case .draw: return drawEffects(state)
    case .models: return modelsEffects(state)
    }
}

private func press(_ key: Key, _ state: inout AppState) -> [Effect] {
    state.message = nil
    if let overlay = state.overlay { return press(key, in: overlay, &state) }
    guard let command = KeyBindings.command(for: key, on: state.screen) else { return [] }
    switch command {
    case .screen(let screen): return show(screen, &state)
    case .nextScreen: return show(neighbour(state.screen, 1), &state)
    case .previousScreen: return show(neighbour(state.screen, -1), &state)
    case .help: state.overlay = .help(offset: 0)
    case .quit: return quit(&state)
    case .redraw: return [.redraw]
    case .train(let command): return train(command, &state)
    case .explore(let command): return explore(command, &state)
    case .compare(let command): return compare(command, &state)
    case .draw(let command): return draw(command, &state)
    case .models(let command): return models(command, &state)
    }
    return []
}

private func press(_ key: Key, in overlay: AppState.Overlay, _ state: inout AppState) -> [Effect] {
    switch overlay {
    case .help(let offset):
        switch key {
        case .down, .character("j"), .pageDown: state.overlay = .help(offset: offset + 1)
        case .up, .character("k"), .pageUp: state.overlay = .help(offset: max(0, offset - 1))
        default: state.overlay = nil
        }
        return []
    case .restart: return pressRestart(key, &state)
    case .quit:
        switch key {
        case .character("s"), .enter:
            return [.control(.stop), .save, .quit]
        case .character("d"), .control("c"): return [.control(.stop), .quit]
        default:
            state.overlay = nil
            return []
        }
    }
}

private func quit(_ state: inout AppState) -> [Effect] {
    guard state.training.isActive || state.training.run?.isUnsaved == true else { return [.quit] }
    state.overlay = .quit
    return []
}

private func neighbour(_ screen: Screen, _ by: Int) -> Screen {
    let all = Screen.allCases
    return all[(all.firstIndex(of: screen)! + by + all.count) % all.count]
}

func show(_ screen: Screen, _ state: inout AppState) -> [Effect] {
    state.screen = screen
    return refresh(state) + (state.training.isActive ? [.requestSnapshot] : [])
}

private func loaded(_ data: DataState, _ state: inout AppState) -> [Effect] {
    state.data = data
    if case .missing(let reason) = data { state.message = .init(text: reason, isError: true) }
    if let dataset = data.dataset { state.compare.order = Array(0..<dataset.test.count) }
    let starts = state.training.isWaitingForData && data.dataset != nil
    state.training.isWaitingForData = false
    return refresh(state) + (starts ? [.startTraining] : [])
}

private func mouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] {
    guard state.overlay == nil else { return [] }
    if case .press(1) = kind, y == 0, let screen = tabs(state).first(where: { $0.columns.contains(x) })?.screen {
        return show(screen, &state)
    }
    switch state.screen {
    case .train: return trainMouse(x: x, y: y, kind, &state)
    case .explore: return exploreMouse(x: x, y: y, kind, &state)
    case .compare: return compareMouse(x: x, y: y, kind, &state)
    case .draw: return drawMouse(x: x, y: y, kind, &state)
    case .models: return modelsMouse(x: x, y: y, kind, &state)
    }
}
