/// What a key of the Train screen asks for; some work on others too.
public enum TrainCommand: Sendable, Equatable {
    case start, pause, step, learningRate(up: Bool), beta(up: Bool), save
    case logarithmic, recent, smoothed, curves
}

extension KeyBindings {
    /// The keys of the Train screen.
    static let train: [KeyBinding] = [
        KeyBinding([.character(" ")], "space", "pause training or go on", hint: "pause", on: [.train], .train(.pause)),
        KeyBinding([.character(" ")], "space", "pause training or go on", on: [.explore], .train(.pause)),
        KeyBinding([.character("s")], "s", "pause and train one step", hint: "step", on: [.train], .train(.step)),
        KeyBinding([.character("s")], "s", "pause and train one step", on: [.explore], .train(.step)),
        KeyBinding([.character("]")], "[ ]", "learning rate down, up", hint: "rate", on: [.train], .train(.learningRate(up: true))),
        KeyBinding([.character("[")], "", "", on: [.train], .train(.learningRate(up: false))),
        KeyBinding([.character(">"), .character(".")], "< >", "beta (weight of the KL) down, up", hint: "beta", on: [.train], .train(.beta(up: true))),
        KeyBinding([.character("<"), .character(",")], "", "", on: [.train], .train(.beta(up: false))),
        KeyBinding([.character("c")], "c", "which curves: all, ELBO, reconstruction, KL", hint: "curves", on: [.train], .train(.curves)),
        KeyBinding([.character("g")], "g", "logarithmic or linear loss axis", hint: "log", on: [.train], .train(.logarithmic)),
        KeyBinding([.character("v")], "v", "the whole run or its last part", hint: "recent", on: [.train], .train(.recent)),
        KeyBinding([.character("m")], "m", "smoothed or raw curves", on: [.train], .train(.smoothed)),
    ]
}
