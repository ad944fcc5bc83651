import Drawing

/// One row of the key table: it is obeyed, shown in the footer, and listed in the help.
package struct KeyBinding: Sendable {
    package typealias Action = @Sendable (inout AppState) -> [Effect]

    /// Some keys that do the same.
    package struct Press: Sendable {
        let keys: [Key]
        let action: Action

        static func on(_ keys: Key..., do action: @escaping Action) -> Press { Press(keys: keys, action: action) }
    }

    /// How the keys are written: "arrows".
    package let label: String
    /// What they do, for the list of keys.
    package let text: String
    /// How they are written in the footer, where that is shorter; the second for terminals that show ASCII only.
    private let short: (unicode: String, ascii: String)?
    /// A word for the footer as things stand; nil keeps the row to the list.
    private let hint: @Sendable (AppState) -> String?
    private let presses: [Press]

    init(
        _ label: String, _ text: String, short: (unicode: String, ascii: String)? = nil,
        hint: @escaping @Sendable (AppState) -> String?, _ presses: Press...
    ) {
        (self.label, self.text, self.short, self.hint, self.presses) = (label, text, short, hint, presses)
    }

    init(_ label: String, _ text: String, hint: String? = nil, _ presses: Press...) {
        self.init(label, text, hint: hint, presses: presses)
    }

    init(_ label: String, _ text: String, hint: String? = nil, presses: [Press]) {
        (self.label, self.text, self.short, self.hint, self.presses) = (label, text, nil, { _ in hint }, presses)
    }

    package var keys: [Key] { presses.flatMap(\.keys) }

    /// What a key of the row does.
    package func action(for key: Key) -> Action? { presses.first { $0.keys.contains(key) }?.action }

    /// Its entry in the footer, if it has one now.
    func footer(_ state: AppState) -> (label: String, hint: String)? {
        hint(state).map { (short.map { state.capabilities.drawsUnicode ? $0.unicode : $0.ascii } ?? label, $0) }
    }
}

/// The tables of keys: each screen's own, and those of every screen.
package enum KeyBindings {
    private static let everywhere: [KeyBinding] = [
        TrainScreen.startKey, TrainScreen.saveKey,
        KeyBinding(
            "1 to \(Screen.allCases.count)", Screen.allCases.map(\.title).joined(separator: ", "),
            presses: Screen.allCases.map { screen in
                .on(.character(Character("\(screen.digit)")), .function(screen.digit)) { show(screen, &$0) }
            }),
        KeyBinding(
            "Tab", "next screen", hint: "screen", .on(.tab) { show($0.screen.neighbour(1), &$0) },
            .on(.backTab) { show($0.screen.neighbour(-1), &$0) }),
        KeyBinding("T", "guided tour: what a VAE is; in it, back to its place, or the chapters", .on("T", do: Tour.open)),
        KeyBinding("G", "characters of pictures: blocks, dots, letters", .on("G", do: nextGlyphs)),
        KeyBinding("C", "colours of pictures: grey, paper, viridis, cividis", .on("C", do: nextColors)),
        KeyBinding("Ctrl-L", "redraw the screen", .on(.control("l")) { _ in [.redraw] }),
        // Comes as a signal, which the backend answers: listed, never obeyed here.
        KeyBinding("Ctrl-Z", "suspend; fg returns"),
        KeyBinding("?", "this list", hint: "keys", .on("?", do: showHelp)),
        KeyBinding("q", "quit", hint: "quit", .on("q", .control("c"), do: quit)),
    ]

    /// Every row that a screen obeys, its own first.
    package static func rows(on screen: Screen) -> [KeyBinding] {
        let own = screen.feature.keys
        return own + common(beside: own)
    }

    /// Those of every screen, but for rows that a screen has among its own.
    private static func common(beside own: [KeyBinding]) -> [KeyBinding] {
        everywhere.filter { row in !own.contains { $0.label == row.label && $0.text == row.text } }
    }

    /// What a key does on a screen.
    package static func action(for key: Key, on screen: Screen) -> KeyBinding.Action? {
        rows(on: screen).lazy.compactMap { $0.action(for: key) }.first
    }

    /// The footer's entries as things stand, most important first.
    package static func hints(_ state: AppState) -> [(label: String, hint: String)] {
        rows(on: state.screen).compactMap { $0.footer(state) }
    }

    /// The help's rows for a screen: its own keys, then those of every screen.
    package static func help(on screen: Screen) -> [(key: String, text: String)] {
        [("", screen.title)] + own(of: screen) + [("", "Everywhere")]
            + common(beside: screen.feature.keys).map { ($0.label, $0.text) }
    }

    /// A screen's own keys.
    package static func own(of screen: Screen) -> [(key: String, text: String)] {
        screen.feature.keys.map { ($0.label, $0.text) }
    }

    /// The keys of every screen.
    package static var ofEveryScreen: [(key: String, text: String)] { everywhere.map { ($0.label, $0.text) } }
}
