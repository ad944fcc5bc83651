import Drawing

/// What a key of the Models screen asks for.
package enum ModelsCommand: Sendable, Equatable {
    case select(by: Int), selectPage(Int), selectEnd(first: Bool)
    case open, beside, refresh
}

extension KeyBindings {
    /// The keys of the Models screen.
    static let models: [KeyBinding] = [
        KeyBinding([.down, .character("j")], "arrows jk", "next or previous model", hint: "choose", on: [.models], .models(.select(by: 1))),
        KeyBinding([.up, .character("k")], "", "", on: [.models], .models(.select(by: -1))),
        KeyBinding([.pageDown], "PgUp PgDn", "ten models on or back", on: [.models], .models(.selectPage(1))),
        KeyBinding([.pageUp], "", "", on: [.models], .models(.selectPage(-1))),
        KeyBinding([.home], "Home End", "first or last model", on: [.models], .models(.selectEnd(first: true))),
        KeyBinding([.end], "", "", on: [.models], .models(.selectEnd(first: false))),
        KeyBinding([.enter], "Enter", "load the model: every screen shows it", hint: "load", on: [.models], .models(.open)),
        KeyBinding([.character("b")], "b", "hold it beside, for Compare; again to drop it", hint: "beside", on: [.models], .models(.beside)),
        KeyBinding([.character("r")], "r", "read the list again", hint: "refresh", on: [.models], .models(.refresh)),
    ]
}
