/// What a key asks for.
public enum Command: Sendable, Equatable {
    case screen(Screen)
    case nextScreen, previousScreen
    case help, quit, redraw
    // Train
    case startTraining, pause, step, learningRate(up: Bool), beta(up: Bool), save
    case logarithmic, recent, smoothed, curves
    // Explore
    case move(across: Int, up: Int, fine: Bool)
    case zoom(closer: Bool), center
    case dimension(across: Bool)
    case nextClass
    // Compare
    case select(by: Int), selectPage(Int), selectEnd(first: Bool)
    case sort, resample, showOnPlane
}

/// One row of the key table: it is dispatched, shown in the footer, and listed in the help.
public struct KeyBinding: Sendable {
    public var keys: [Key]
    /// How the keys are written: "arrows".
    public var label: String
    /// What they do, for the list of keys.
    public var text: String
    /// A word for the footer; nil keeps it to the list.
    public var hint: String?
    /// The screens it works on.
    public var screens: Set<Screen>
    public var command: Command

    init(
        _ keys: [Key], _ label: String, _ text: String, hint: String? = nil,
        on screens: Set<Screen> = Set(Screen.allCases), _ command: Command
    ) {
        self.keys = keys
        self.label = label
        self.text = text
        self.hint = hint
        self.screens = screens
        self.command = command
    }
}

/// The one table of keys.
public enum KeyBindings {
    /// In the order of the footer and the help. Rows with an empty label share the label of the row above.
    public static let table: [KeyBinding] = explore + start + train + compare + everywhere

    private static let explore: [KeyBinding] = [
        KeyBinding([.left, .character("h")], "arrows hjkl", "walk one image", hint: "walk", on: [.explore], .move(across: -1, up: 0, fine: false)),
        KeyBinding([.right, .character("l")], "", "", on: [.explore], .move(across: 1, up: 0, fine: false)),
        KeyBinding([.up, .character("k")], "", "", on: [.explore], .move(across: 0, up: 1, fine: false)),
        KeyBinding([.down, .character("j")], "", "", on: [.explore], .move(across: 0, up: -1, fine: false)),
        KeyBinding([.shiftLeft, .character("H")], "shift+arrows HJKL", "walk a tenth of that", on: [.explore], .move(across: -1, up: 0, fine: true)),
        KeyBinding([.shiftRight, .character("L")], "", "", on: [.explore], .move(across: 1, up: 0, fine: true)),
        KeyBinding([.shiftUp, .character("K")], "", "", on: [.explore], .move(across: 0, up: 1, fine: true)),
        KeyBinding([.shiftDown, .character("J")], "", "", on: [.explore], .move(across: 0, up: -1, fine: true)),
        KeyBinding([.character("+"), .character("=")], "+ -", "zoom in or out around the cursor", hint: "zoom", on: [.explore], .zoom(closer: true)),
        KeyBinding([.character("-"), .character("_")], "", "", on: [.explore], .zoom(closer: false)),
        KeyBinding([.character("0")], "0", "back to the middle", hint: "centre", on: [.explore], .center),
        KeyBinding([.character("x")], "x y", "next dimension across, up", on: [.explore], .dimension(across: true)),
        KeyBinding([.character("y")], "", "", on: [.explore], .dimension(across: false)),
        KeyBinding([.character("c")], "c", "next class, of a conditional model", on: [.explore], .nextClass),
    ]

    private static let train: [KeyBinding] = [
        KeyBinding([.character(" ")], "space", "pause training or go on", hint: "pause", on: [.train], .pause),
        KeyBinding([.character(" ")], "space", "pause training or go on", on: [.explore], .pause),
        KeyBinding([.character("s")], "s", "pause and train one step", hint: "step", on: [.train], .step),
        KeyBinding([.character("s")], "s", "pause and train one step", on: [.explore], .step),
        KeyBinding([.character("]")], "[ ]", "learning rate down, up", hint: "rate", on: [.train], .learningRate(up: true)),
        KeyBinding([.character("[")], "", "", on: [.train], .learningRate(up: false)),
        KeyBinding([.character(">"), .character(".")], "< >", "beta (weight of the KL) down, up", hint: "beta", on: [.train], .beta(up: true)),
        KeyBinding([.character("<"), .character(",")], "", "", on: [.train], .beta(up: false)),
        KeyBinding([.character("c")], "c", "which curves: all, ELBO, reconstruction, KL", hint: "curves", on: [.train], .curves),
        KeyBinding([.character("g")], "g", "logarithmic or linear loss axis", hint: "log", on: [.train], .logarithmic),
        KeyBinding([.character("v")], "v", "the whole run or its last part", hint: "recent", on: [.train], .recent),
        KeyBinding([.character("m")], "m", "smoothed or raw curves", on: [.train], .smoothed),
    ]

    private static let compare: [KeyBinding] = [
        KeyBinding([.down, .right, .character("j"), .character("l")], "arrows hjkl", "next or previous image", hint: "choose", on: [.compare], .select(by: 1)),
        KeyBinding([.up, .left, .character("k"), .character("h")], "", "", on: [.compare], .select(by: -1)),
        KeyBinding([.pageDown], "PgUp PgDn", "ten images on or back", on: [.compare], .selectPage(1)),
        KeyBinding([.pageUp], "", "", on: [.compare], .selectPage(-1)),
        KeyBinding([.home], "Home End", "first or last image", on: [.compare], .selectEnd(first: true)),
        KeyBinding([.end], "", "", on: [.compare], .selectEnd(first: false)),
        KeyBinding([.character("o")], "o", "order: index, worst first, class", hint: "order", on: [.compare], .sort),
        KeyBinding([.character("z")], "z", "draw z from q(z|x), again for its mean", hint: "sample z", on: [.compare], .resample),
        KeyBinding([.enter], "Enter", "show the image's place on the plane", hint: "to plane", on: [.compare], .showOnPlane),
    ]

    private static let start: [KeyBinding] = [
        KeyBinding([.character("t")], "t", "train this model anew, live", hint: "train", .startTraining)
    ]

    private static let everywhere: [KeyBinding] = [
        KeyBinding([.character("w")], "w", "save the model in a run folder", hint: "save", on: [.train], .save),
        KeyBinding([.character("w")], "w", "save the model in a run folder", on: [.explore, .compare], .save),
        KeyBinding([.character("1"), .function(1)], "1 2 3", "Train, Explore, Compare", .screen(.train)),
        KeyBinding([.character("2"), .function(2)], "", "", .screen(.explore)),
        KeyBinding([.character("3"), .function(3)], "", "", .screen(.compare)),
        KeyBinding([.tab], "Tab", "next screen", hint: "screen", .nextScreen),
        KeyBinding([.backTab], "", "", .previousScreen),
        KeyBinding([.control("l")], "Ctrl-L", "draw the screen anew", .redraw),
        // Comes as a signal, which the backend answers: listed, never dispatched.
        KeyBinding([], "Ctrl-Z", "to the shell; fg comes back", .redraw),
        KeyBinding([.character("?")], "?", "this list", hint: "keys", .help),
        KeyBinding([.character("q"), .control("c")], "q", "quit", hint: "quit", .quit),
    ]

    /// What a key asks for on a screen.
    public static func command(for key: Key, on screen: Screen) -> Command? {
        table.first { $0.screens.contains(screen) && $0.keys.contains(key) }?.command
    }

    /// The footer's entries for a screen, most important first.
    public static func hints(on screen: Screen) -> [(label: String, hint: String)] {
        table.filter { $0.screens.contains(screen) }.compactMap { row in row.hint.map { (row.label, $0) } }
    }

    /// The help's rows for a screen: its own keys, then those of every screen.
    public static func help(on screen: Screen) -> [(key: String, text: String)] {
        let listed = table.filter { $0.screens.contains(screen) && !$0.label.isEmpty }
        let own = listed.filter { $0.screens.count < Screen.allCases.count }
        let common = listed.filter { $0.screens.count == Screen.allCases.count }
        return [("", screen.title)] + own.map { ($0.label, $0.text) } + [("", "Everywhere")]
            + common.map { ($0.label, $0.text) }
    }
}
