import Drawing
import VAECore

// The keys of a run and of its curves. What the footer says of them depends on how the run stands.

extension TrainScreen {
    /// How the run stands, as far as keys are concerned.
    private enum Stage {
        case idle, running, paused, halted, over, followed
        /// Marked runs are in its place.
        case overlaid
    }

    private static func stage(_ state: AppState) -> Stage {
        if state.training.overlay.isShown, !state.training.isActive { return .overlaid }
        guard let run = state.training.run else { return state.training.followed == nil ? .idle : .followed }
        if run.divergence != nil { return .halted }
        return run.state.isOver ? .over : run.state == .paused ? .paused : .running
    }

    /// A word for the footer of the Train screen, in some stages.
    private static func hint(_ word: String, in stages: Stage...) -> @Sendable (AppState) -> String? {
        { $0.screen == .train && stages.contains(stage($0)) ? word : nil }
    }

    // MARK: On every screen

    static let startKey: KeyBinding = KeyBinding(
        "t", "train this model from scratch, live",
        hint: { state in
            guard state.screen == .train else { return state.training.isActive ? "see training" : "train" }
            switch stage(state) {
            case .idle: return "train"
            case .over: return "train again"
            default: return nil
            }
        }, .on("t", do: start))
    static let saveKey: KeyBinding = KeyBinding(
        "w", "save the model in a run folder",
        hint: { state in
            let isSaved = state.training.run?.isRecorded == true && state.training.past.shown == nil
            return isSaved ? nil : hint("save", in: .running, .paused, .halted, .over)(state)
        }, .on("w", do: saveRun))

    // MARK: The run

    static let pauseKey: KeyBinding = KeyBinding(
        "space", "pause or continue; when halted, from the last good step; when stopped, from the last checkpoint",
        hint: { state in
            guard state.screen == .train else { return nil }
            switch stage(state) {
            case .running: return "pause"
            case .paused: return "continue"
            case .halted: return "continue at half rate"
            case .over: return state.training.run.map { $0.state != .finished && $0.refusal == nil } == true ? "continue" : nil
            case .idle, .followed, .overlaid: return nil
            }
        }, .on(" ", do: togglePause))
    static let stepKey: KeyBinding = KeyBinding(
        "s", "one more step, then a pause", hint: hint("step", in: .running, .paused), .on("s", do: stepOnce))

    static let runKeys: [KeyBinding] = [
        pauseKey, stepKey,
        KeyBinding(
            "[ ]", "learning rate down, up", hint: hint("rate", in: .running, .paused),
            .on("]") { changeRate(&$0, up: true) }, .on("[") { changeRate(&$0, up: false) }),
        KeyBinding(
            "< >", "beta (weight of the KL) down, up", hint: hint("beta", in: .running, .paused),
            .on(">", ".") { changeBeta(&$0, up: true) }, .on("<", ",") { changeBeta(&$0, up: false) }),
        KeyBinding(
            "f F", "free bits up, down: nats per dimension that are free", short: ("f", "f"),
            hint: hint("free bits", in: .running, .paused),
            .on("f") { changeFreeBits(&$0, up: true) }, .on("F") { changeFreeBits(&$0, up: false) }),
        KeyBinding(
            "x", "stop training; the model stays loaded", hint: hint("stop", in: .running, .paused, .halted), .on("x", do: stop)),
        KeyBinding(
            "r", "train again from the first step",
            hint: { state in
                guard state.screen == .train else { return nil }
                switch stage(state) {
                case .running, .paused: return "restart"
                case .halted: return "restart at half rate"
                case .idle, .over, .followed, .overlaid: return nil
                }
            }, .on("r", do: askToRestart)),
    ]

    // MARK: The curves

    private static let reading: [Stage] = [.running, .paused, .over, .followed, .overlaid]
    private static func read(_ word: String) -> @Sendable (AppState) -> String? {
        { $0.screen == .train && reading.contains(stage($0)) ? word : nil }
    }

    static let overlayKey = KeyBinding(
        "O", "the marked runs over one another (m on Models), or the run on show",
        hint: { state in
            guard !state.training.overlay.paths.isEmpty, [.train, .models].contains(state.screen) else { return nil }
            return state.training.overlay.isShown && state.screen == .train ? "back" : "overlay"
        }, .on("O", do: toggleOverlay))

    static let overlayKeys: [KeyBinding] = [
        overlayKey,
        KeyBinding("e", "marked runs by step, epoch or time", hint: hint("axis", in: .overlaid), .on("e", do: nextAxis)),
        KeyBinding("n", "marked runs on held-out images or training batches", hint: hint("set", in: .overlaid), .on("n", do: otherSet)),
    ]

    static let chartKeys: [KeyBinding] = [
        KeyBinding(
            "h l", "or arrows: read the curves at a step", short: ("← →", "h l"), hint: read("read"),
            .on(.left, "h") { moveCursor(-1, &$0) }, .on(.right, "l") { moveCursor(1, &$0) }),
        KeyBinding(
            "shift", "with the arrows, or H L: eight columns at once",
            .on(.shiftLeft, "H") { moveCursor(-8, &$0) }, .on(.shiftRight, "L") { moveCursor(8, &$0) }),
        KeyBinding(
            "PgUp PgDn", "cursor a quarter of the chart",
            .on(.pageUp) { moveCursor(-max(1, chartColumns($0) / 4), &$0) }, .on(.pageDown) { moveCursor(max(1, chartColumns($0) / 4), &$0) }),
        KeyBinding(
            "Home End", "cursor to the first, the last step",
            .on(.home) { look(&$0) { $0.placeCursor(at: -.greatestFiniteMagnitude) } },
            .on(.end) { look(&$0) { $0.placeCursor(at: .greatestFiniteMagnitude) } }),
        KeyBinding(
            "Esc", "read the newest values", .on(.escape) { look(&$0) { $0.dropCursor() } }),
        KeyBinding(
            "+ -", "zoom in or out, around the cursor or the newest step", hint: read("zoom"),
            .on("+", "=") { look(&$0) { $0.zoom(closer: true) } }, .on("-", "_") { look(&$0) { $0.zoom(closer: false) } }),
        KeyBinding("0", "all steps", .on("0") { look(&$0) { $0.showAll() } }),
        KeyBinding("v", "the whole run or its last part", hint: read("recent"), .on("v") { look(&$0) { $0.toggleRecent() } }),
        KeyBinding(
            "c", "which curves: all, ELBO, reconstruction, KL", hint: read("curves"),
            .on("c", do: nextCurves)),
        KeyBinding(
            "g", "logarithmic or linear loss axis", hint: read("log"), .on("g") { look(&$0) { $0.isLogarithmic.toggle() } }),
        KeyBinding(
            "a", "all values, or without the first steep fall", .on("a") { look(&$0) { $0.showsAllValues.toggle() } }),
        KeyBinding("p", "save the curves as a drawing (SVG)", .on("p", do: exportCurves)),
        KeyBinding("m", "smoothed or raw curves", .on("m") { look(&$0) { $0.isSmoothed.toggle() } }),
        KeyBinding(
            "d", "panel: latent plane, KL per dimension, or both", hint: hint("panel", in: .idle, .running, .paused, .over, .followed),
            .on("d", do: nextPanel)),
        KeyBinding("mouse", "click or drag: cursor; wheel: zoom"),
    ]
}
