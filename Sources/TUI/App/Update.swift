import Drawing
import PlainText
import VAECore

/// Changes the state for one action and says what is to be done. Touches no terminal, thread, clock or file.
package func update(_ state: inout AppState, _ action: AppAction) -> [Effect] {
    let effects = change(&state, action)
    return state.tour.isActive ? effects + Tour.advance(&state) : effects
}

private func change(_ state: inout AppState, _ action: AppAction) -> [Effect] {
    switch action {
    case .key(let key): return press(key, &state)
    case .mouse(let x, let y, let kind): return mouse(x: x, y: y, kind, &state)
    case .paste(let text): return paste(text, &state)
    case .resize(let width, let height):
        state.width = width
        state.height = height
        return refresh(state)
    case .background(let background): state.capabilities.background = background
    case .data(let data): return loaded(data, &state)
    case .trainingStarted(let run): return started(run, &state)
    case .mail(let mail): return received(mail, &state)
    case .tick(let seconds): return tick(seconds, &state)
    case .messageRead: state.message = nil
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
func refresh(_ state: AppState) -> [Effect] { state.screen.feature.effects(state) }

private func press(_ key: Key, _ state: inout AppState) -> [Effect] {
    state.message = nil
    if state.screen == .explore { state.explore.isFresh = false }
    if ![.enter, ModelsScreen.continueKey].contains(key) { state.models.asked = nil }
    if let overlay = state.overlay { return press(key, in: overlay, &state) }
    if state.tour.isActive, let effects = Tour.press(key, &state) { return effects }
    return KeyBindings.action(for: key, on: state.screen)?(&state) ?? []
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
    case .restart: return TrainScreen.answerRestart(key, &state)
    case .chapters(let selected): return Tour.press(key, selected: selected, &state)
    case .series(let selected): return TrainScreen.press(key, series: selected, &state)
    case .typing(let prompt, let text): return type(key, after: text, for: prompt, &state)
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
    guard case .typing = state.overlay else {
        state.message = .init(text: "paste works only where text is typed: f on Explore")
        return []
    }
    for character in line {
        guard case .typing(let prompt, let typed) = state.overlay else { break }
        _ = type(.character(character), after: typed, for: prompt, &state)
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
func nextGlyphs(_ state: inout AppState) -> [Effect] {
    guard state.capabilities.unicode else {
        state.message = .init(text: "this terminal shows ASCII only, so pictures are drawn with letters")
        return []
    }
    let all = GlyphMode.allCases
    let next = state.capabilities.glyphs.map { (all.firstIndex(of: $0) ?? 0) + 1 } ?? 0
    state.capabilities.glyphs = next < all.count ? all[next] : nil
    state.message = .init(text: "pictures in \(state.capabilities.glyphs?.title ?? "the best characters for each place")")
    return []
}

func nextColors(_ state: inout AppState) -> [Effect] {
    guard state.capabilities.colors != .none else {
        state.message = .init(text: "this terminal shows no colours: pictures are drawn by brightness")
        return []
    }
    let all = PictureColors.allCases
    let at = all.firstIndex(of: state.capabilities.pictures) ?? 0
    state.capabilities.pictures = all[(at + 1) % all.count]
    state.message = .init(text: "pictures in \(state.capabilities.pictures.rawValue)")
    return []
}

func showHelp(_ state: inout AppState) -> [Effect] {
    state.overlay = .help(offset: 0)
    return []
}

func quit(_ state: inout AppState) -> [Effect] {
    guard state.training.hasUnsaved else { return (state.training.isActive ? [.control(.stop)] : []) + [.quit] }
    state.overlay = .quit
    return []
}

func show(_ screen: Screen, _ state: inout AppState) -> [Effect] {
    if let reason = closed(screen, state) {
        state.message = .init(text: reason)
        return []
    }
    state.screen = screen
    state.models.isListed = false
    return refresh(state) + (state.training.isActive ? [.requestSnapshot] : [])
}

/// Why a screen has nothing to show yet; nil when it has.
private func closed(_ screen: Screen, _ state: AppState) -> String? {
    guard let followed = state.training.followed, followed.modelFile == nil, ![.train, .models].contains(screen) else { return nil }
    return "\(followed.name) has written no model yet: \(screen.title) opens with the first (--model says where it is)"
}

/// The screens drop what they keep about what has changed.
func forget(_ change: ModelChange, _ state: inout AppState) {
    for screen in Screen.allCases { screen.feature.forget(change, &state) }
}

func loaded(_ data: DataState, _ state: inout AppState) -> [Effect] {
    state.data = data
    if case .missing(let reason) = data { state.message = .init(text: reason, isError: true) }
    let foreign = foreignData(state)
    if !foreign.isEmpty { state.message = .init(text: "\(state.model.name)\(foreign)", isError: true) }
    state.beside?.forgetImages()
    forget(.data, &state)
    return refresh(state) + begin(state.training.waitsForData, &state)
}

/// What waited for the data set.
private func begin(_ waiting: TrainState.Waiting?, _ state: inout AppState) -> [Effect] {
    state.training.waitsForData = nil
    guard state.data.dataset != nil else { return [] }
    switch waiting {
    case .starting: return [.startTraining()]
    case .continuing: return takeUpRun(&state)
    case nil: return []
    }
}

private func mouse(x: Int, y: Int, _ kind: MouseKind, _ state: inout AppState) -> [Effect] {
    if let overlay = state.overlay { return mouse(kind, in: overlay, &state) }
    if case .press = kind, state.screen == .explore { state.explore.isFresh = false }
    if case .press(1) = kind, y == 0, let screen = tabs(state).first(where: { $0.columns.contains(x) })?.screen {
        return show(screen, &state)
    }
    return state.screen.feature.mouse(x: x, y: y, kind, &state)
}
