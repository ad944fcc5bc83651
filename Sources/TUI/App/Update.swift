import Drawing
import PlainText
import VAECore

/// Changes the state for one action and says what is to be done. Touches no terminal, thread, clock or file.
package func update(_ state: inout AppState, _ action: AppAction) -> [Effect] {
    switch action {
    case .key(let key): return press(key, &state)
    case .mouse(let x, let y, let kind): return mouse(x: x, y: y, kind, &state)
    case .paste(let text): return paste(text, &state)
    case .resize(let width, let height):
        state.width = width
        state.height = height
        return refresh(state)
    case .data(let data): return loaded(data, &state)
    case .trainingStarted(let run): return started(run, &state)
    case .mail(let mail): return received(mail, &state)
    case .tick(let seconds): return tick(seconds, &state)
    case .answer(let answer):
        // The model it is of may have left the screens.
        guard answer.about.map(state.isOnScreen) ?? true else { return [] }
        return answer.apply(&state)
    case .failed(let reason):
        state.message = .init(text: reason, isError: true)
    }
    return []
}

/// What must be computed anew for what the screen shows: after a new snapshot, a new size, another screen.
func refresh(_ state: AppState) -> [Effect] {
    switch state.screen {
    case .train: return trainEffects(state)
    case .explore: return exploreEffects(state)
    case .compare: return compareEffects(state)
    case .draw: return drawEffects(state)
    case .models: return modelsEffects(state)
    }
}

private func press(_ key: Key, _ state: inout AppState) -> [Effect] {
    state.message = nil
    if key != .enter { state.models.asked = nil }
    if let overlay = state.overlay { return press(key, in: overlay, &state) }
    guard let command = KeyBindings.command(for: key, on: state.screen) else { return [] }
    switch command {
    case .screen(let screen): return show(screen, &state)
    case .nextScreen: return show(neighbour(state.screen, 1), &state)
    case .previousScreen: return show(neighbour(state.screen, -1), &state)
    case .help: state.overlay = .help(offset: 0)
    case .quit: return quit(&state)
    case .redraw: return [.redraw]
    case .glyphs: nextGlyphs(&state)
    case .colors: nextColors(&state)
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
        let page = keyHelp(state).page(in: Frame.body(state))
        switch key {
        case .down, .character("j"): scrollHelp(from: offset, by: 1, &state)
        case .up, .character("k"): scrollHelp(from: offset, by: -1, &state)
        case .pageDown, .character(" "): scrollHelp(from: offset, by: page, &state)
        case .pageUp: scrollHelp(from: offset, by: -page, &state)
        default: state.overlay = nil
        }
        return []
    case .restart: return pressRestart(key, &state)
    case .goTo(let text): return type(key, after: text, &state)
    case .saveFailed(_, let quits): return pressSaveFailed(key, quits: quits, &state)
    case .quit:
        switch key {
        case .character("s"), .enter:
            state.overlay = nil
            state.quitsOnceSaved = true
            return endAndSave(&state)
        case .character("d"), .control("c"): return [.control(.stop), .quit]
        // Pressed once more by who wants to leave: it is still asked how.
        case .character("q"): return []
        default:
            state.overlay = nil
            return []
        }
    }
}

/// Pasted text goes where text is typed, its first line; elsewhere it is left.
private func paste(_ text: String, _ state: inout AppState) -> [Effect] {
    let line = sanitize(text.prefix { !$0.isNewline }, limit: 60)
    guard case .goTo = state.overlay else {
        state.message = .init(text: "pasted text is not taken here: f on Explore takes a place")
        return []
    }
    for character in line {
        guard case .goTo(let typed) = state.overlay else { break }
        _ = type(.character(character), after: typed, &state)
    }
    return []
}

private func scrollHelp(from offset: Int, by rows: Int, _ state: inout AppState) {
    let last = keyHelp(state).lastOffset(in: Frame.body(state))
    state.overlay = .help(offset: max(0, min(last, offset + rows)))
}

/// The mouse over the list of keys: the wheel scrolls it, a click closes it. Questions are answered with keys.
private func mouse(_ kind: MouseKind, in overlay: AppState.Overlay, _ state: inout AppState) -> [Effect] {
    guard case .help(let offset) = overlay else { return [] }
    switch kind {
    case .wheelUp: scrollHelp(from: offset, by: -1, &state)
    case .wheelDown: scrollHelp(from: offset, by: 1, &state)
    case .press: state.overlay = nil
    default: break
    }
    return []
}

/// The next characters to draw pictures in; after the last, again the best in each place.
private func nextGlyphs(_ state: inout AppState) {
    guard state.capabilities.unicode else {
        state.message = .init(text: "this terminal shows ASCII only: pictures are drawn in letters")
        return
    }
    let all = GlyphMode.allCases
    let next = state.capabilities.glyphs.map { (all.firstIndex(of: $0) ?? 0) + 1 } ?? 0
    state.capabilities.glyphs = next < all.count ? all[next] : nil
    state.message = .init(text: "pictures in \(state.capabilities.glyphs?.title ?? "the best characters for each place")")
}

private func nextColors(_ state: inout AppState) {
    guard state.capabilities.colors != .none else {
        state.message = .init(text: "no colours are used here: pictures are drawn by brightness alone")
        return
    }
    let all = PictureColors.allCases
    let at = all.firstIndex(of: state.capabilities.pictures) ?? 0
    state.capabilities.pictures = all[(at + 1) % all.count]
    state.message = .init(text: "pictures in \(state.capabilities.pictures.rawValue)")
}

private func quit(_ state: inout AppState) -> [Effect] {
    guard state.training.hasUnsaved else { return (state.training.isActive ? [.control(.stop)] : []) + [.quit] }
    state.overlay = .quit
    return []
}

private func neighbour(_ screen: Screen, _ by: Int) -> Screen {
    let all = Screen.allCases
    return all[(all.firstIndex(of: screen)! + by + all.count) % all.count]
}

func show(_ screen: Screen, _ state: inout AppState) -> [Effect] {
    state.screen = screen
    state.models.isListed = false
    return refresh(state) + (state.training.isActive ? [.requestSnapshot] : [])
}

func loaded(_ data: DataState, _ state: inout AppState) -> [Effect] {
    state.data = data
    state.draw.leastInk = data.dataset.flatMap { DrawState.leastInk(of: $0.test) }
    if case .missing(let reason) = data { state.message = .init(text: reason, isError: true) }
    if let dataset = data.dataset { state.compare.order = Array(0..<dataset.test.count) }
    let foreign = foreignData(state)
    if !foreign.isEmpty { state.message = .init(text: "\(state.model.name)\(foreign)", isError: true) }
    state.beside?.forgetImages()
    let starts = state.training.isWaitingForData && data.dataset != nil
    state.training.isWaitingForData = false
    return refresh(state) + (starts ? [.startTraining()] : [])
}

private func mouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] {
    if let overlay = state.overlay { return mouse(kind, in: overlay, &state) }
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
