import Drawing
import VAECore

/// What a key of the Train screen asks for; some work on others too.
package enum TrainCommand: Sendable, Equatable {
    case start, pause, step, stop, restart, save
    case learningRate(up: Bool), beta(up: Bool), freeBits(up: Bool)
    case logarithmic, recent, smoothed, curves, panel
    /// Columns of the chart, left of where it is when negative.
    case cursor(Int)
    /// A quarter of the chart, to the left or right.
    case cursorPage(Int)
    case cursorFirst, cursorLast, dropCursor
    case zoom(closer: Bool)
    case showAll
}

extension KeyBindings {
    /// The keys of the Train screen.
    static let train: [KeyBinding] = trainRun + trainChart

    private static let trainRun: [KeyBinding] = [
        KeyBinding(
            [.character(" ")], "space", "pause, go on; when halted, from the last good step",
            hint: "pause", on: [.train], .train(.pause)),
        KeyBinding([.character(" ")], "space", "pause training or go on", on: [.explore], .train(.pause)),
        KeyBinding([.character("s")], "s", "one more step, then a pause", hint: "step", on: [.train], .train(.step)),
        KeyBinding([.character("s")], "s", "one more step, then a pause", on: [.explore], .train(.step)),
        KeyBinding([.character("]")], "[ ]", "learning rate down, up", hint: "rate", on: [.train], .train(.learningRate(up: true))),
        KeyBinding([.character("[")], "", "", on: [.train], .train(.learningRate(up: false))),
        KeyBinding([.character(">"), .character(".")], "< >", "beta (weight of the KL) down, up", hint: "beta", on: [.train], .train(.beta(up: true))),
        KeyBinding([.character("<"), .character(",")], "", "", on: [.train], .train(.beta(up: false))),
        KeyBinding(
            [.character("f")], "f F", "free bits up, down: nats of each dimension that cost nothing", hint: "free bits",
            on: [.train], .train(.freeBits(up: true))),
        KeyBinding([.character("F")], "", "", on: [.train], .train(.freeBits(up: false))),
        KeyBinding([.character("x")], "x", "stop training and keep looking", hint: "stop", on: [.train], .train(.stop)),
        KeyBinding([.character("r")], "r", "train again from the first step", hint: "restart", on: [.train], .train(.restart)),
    ]

    private static let trainChart: [KeyBinding] = [
        KeyBinding(
            [.left, .character("h")], "h l", "or arrows: cursor over the curves; the legend reads there", hint: "read",
            on: [.train], .train(.cursor(-1))),
        KeyBinding([.right, .character("l")], "", "", on: [.train], .train(.cursor(1))),
        KeyBinding([.shiftLeft, .character("H")], "shift", "with the arrows, or H L: eight columns at once", on: [.train], .train(.cursor(-8))),
        KeyBinding([.shiftRight, .character("L")], "", "", on: [.train], .train(.cursor(8))),
        KeyBinding([.pageUp], "PgUp PgDn", "cursor a quarter of the chart", on: [.train], .train(.cursorPage(-1))),
        KeyBinding([.pageDown], "", "", on: [.train], .train(.cursorPage(1))),
        KeyBinding([.home], "Home End", "cursor to the first, the last step", on: [.train], .train(.cursorFirst)),
        KeyBinding([.end], "", "", on: [.train], .train(.cursorLast)),
        KeyBinding([.escape], "Esc", "no cursor: the legend reads the newest values", on: [.train], .train(.dropCursor)),
        KeyBinding(
            [.character("+"), .character("=")], "+ -", "fewer or more steps, around the cursor or up to the newest",
            hint: "zoom", on: [.train], .train(.zoom(closer: true))),
        KeyBinding([.character("-"), .character("_")], "", "", on: [.train], .train(.zoom(closer: false))),
        KeyBinding([.character("0")], "0", "all steps", on: [.train], .train(.showAll)),
        KeyBinding([.character("v")], "v", "the whole run or its last part", hint: "recent", on: [.train], .train(.recent)),
        KeyBinding([.character("c")], "c", "which curves: all, ELBO, reconstruction, KL", hint: "curves", on: [.train], .train(.curves)),
        KeyBinding([.character("g")], "g", "logarithmic or linear loss axis", hint: "log", on: [.train], .train(.logarithmic)),
        KeyBinding([.character("m")], "m", "smoothed or raw curves", on: [.train], .train(.smoothed)),
        KeyBinding([.character("d")], "d", "panel: map and KL of each dimension, or one", hint: "panel", on: [.train], .train(.panel)),
        KeyBinding([], "mouse", "click or drag: cursor; wheel: zoom", on: [.train], .redraw),
    ]

    /// The footer's entries, most important first. On the Train screen they are those that make sense as the run stands.
    package static func hints(_ state: AppState) -> [(label: String, hint: String)] {
        let all = hints(on: state.screen)
        guard state.screen == .train else { return all }
        let training = state.training
        let running = ["space", "s", "[ ]", "< >", "f F", "x", "r"]
        let reading = ["h l", "+ -", "v", "c", "g"]
        let wanted: [String]
        if training.run?.divergence != nil {
            wanted = ["space", "r", "w", "x", "[ ]"]
        } else if training.isActive {
            wanted = running + reading + ["d", "w"]
        } else {
            wanted = ["w", "t"].filter { $0 == "t" || training.run != nil } + (training.run == nil ? [] : reading) + ["d"]
        }
        let renamed = renamedHints(training)
        let own = wanted.compactMap { label in all.first { $0.label == label } }.map { row in
            (label: label(row.label, state), hint: renamed[row.label] ?? row.hint)
        }
        return own + all.suffix(3)
    }

    private static func renamedHints(_ training: TrainState) -> [String: String] {
        guard let run = training.run else { return [:] }
        if run.divergence != nil { return ["space": "go on at half rate", "r": "restart at half rate"] }
        if run.state.isOver { return ["t": "train again"] }
        return run.state == .paused ? ["space": "go on"] : [:]
    }

    /// Short, and in ASCII where there is no more.
    private static func label(_ label: String, _ state: AppState) -> String {
        switch label {
        case "h l": state.capabilities.drawsUnicode ? "← →" : "h l"
        case "f F": "f"
        default: label
        }
    }
}
