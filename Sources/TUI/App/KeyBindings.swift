import Drawing

/// What a key asks for.
package enum Command: Sendable, Equatable {
    case screen(Screen)
    case nextScreen, previousScreen
    case help, quit, redraw
    /// How pictures are drawn: in which characters, in which colours.
    case glyphs, colors
    case train(TrainCommand), explore(ExploreCommand), compare(CompareCommand), draw(DrawCommand), models(ModelsCommand)
}

/// One row of the key table: it is dispatched, shown in the footer, and listed in the help.
package struct KeyBinding: Sendable {
    package var keys: [Key]
    /// How the keys are written: "arrows".
    package var label: String
    /// What they do, for the list of keys.
    package var text: String
    /// A word for the footer; nil keeps it to the list.
    package var hint: String?
    /// The screens it works on.
    package var screens: Set<Screen>
    package var command: Command

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
package enum KeyBindings {
    /// In the order of the footer and the help. Rows with an empty label share the label of the row above.
    package static let table: [KeyBinding] = explore + start + train + compare + draw + models + everywhere

    private static let start: [KeyBinding] = [
        KeyBinding(
            [.character("t")], "t", "train this model anew, live", hint: "train",
            on: [.train, .explore, .compare, .draw, .models], .train(.start))
    ]

    private static let everywhere: [KeyBinding] = [
        KeyBinding([.character("w")], "w", "save the model on show in a run folder", hint: "save", on: [.train], .train(.save)),
        KeyBinding([.character("w")], "w", "save the model on show in a run folder", on: [.explore, .compare, .draw, .models], .train(.save)),
        KeyBinding([.character("1"), .function(1)], "1 to 5", "Train, Explore, Compare, Draw, Models", .screen(.train)),
        KeyBinding([.character("2"), .function(2)], "", "", .screen(.explore)),
        KeyBinding([.character("3"), .function(3)], "", "", .screen(.compare)),
        KeyBinding([.character("4"), .function(4)], "", "", .screen(.draw)),
        KeyBinding([.character("5"), .function(5)], "", "", .screen(.models)),
        KeyBinding([.tab], "Tab", "next screen", hint: "screen", .nextScreen),
        KeyBinding([.backTab], "", "", .previousScreen),
        KeyBinding([.character("G")], "G", "characters of pictures: blocks, dots, letters", .glyphs),
        KeyBinding([.character("C")], "C", "colours of pictures: grey, paper, viridis, cividis", .colors),
        KeyBinding([.control("l")], "Ctrl-L", "draw the screen anew", .redraw),
        // Comes as a signal, which the backend answers: listed, never dispatched.
        KeyBinding([], "Ctrl-Z", "to the shell; fg comes back", .redraw),
        KeyBinding([.character("?")], "?", "this list", hint: "keys", .help),
        KeyBinding([.character("q"), .control("c")], "q", "quit", hint: "quit", .quit),
    ]

    /// What a key asks for on a screen.
    package static func command(for key: Key, on screen: Screen) -> Command? {
        table.first { $0.screens.contains(screen) && $0.keys.contains(key) }?.command
    }

    /// The footer's entries for a screen, most important first.
    package static func hints(on screen: Screen) -> [(label: String, hint: String)] {
        table.filter { $0.screens.contains(screen) }.compactMap { row in row.hint.map { (row.label, $0) } }
    }

    /// The help's rows for a screen: its own keys, then those of every screen.
    package static func help(on screen: Screen) -> [(key: String, text: String)] {
        let listed = table.filter { $0.screens.contains(screen) && !$0.label.isEmpty }
        let own = listed.filter { $0.screens.count < Screen.allCases.count }
        let common = listed.filter { $0.screens.count == Screen.allCases.count }
        return [("", screen.title)] + own.map { ($0.label, $0.text) } + [("", "Everywhere")]
            + common.map { ($0.label, $0.text) }
    }
}
