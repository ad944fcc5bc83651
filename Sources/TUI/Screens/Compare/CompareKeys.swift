import Drawing

/// What a key of the Compare screen asks for.
package enum CompareCommand: Sendable, Equatable {
    case select(by: Int), selectPage(Int), selectEnd(first: Bool)
    case sort, resample, takeMean, showOnPlane, beside
}

extension KeyBindings {
    /// The keys of the Compare screen.
    static let compare: [KeyBinding] = [
        KeyBinding([.down, .right, .character("j"), .character("l")], "arrows hjkl", "next or previous image", hint: "choose", on: [.compare], .compare(.select(by: 1))),
        KeyBinding([.up, .left, .character("k"), .character("h")], "", "", on: [.compare], .compare(.select(by: -1))),
        KeyBinding([.pageDown], "PgUp PgDn", "ten images on or back", on: [.compare], .compare(.selectPage(1))),
        KeyBinding([.pageUp], "", "", on: [.compare], .compare(.selectPage(-1))),
        KeyBinding([.home], "Home End", "first or last image", on: [.compare], .compare(.selectEnd(first: true))),
        KeyBinding([.end], "", "", on: [.compare], .compare(.selectEnd(first: false))),
        KeyBinding([.character("o")], "o", "order: index, worst first, class, difference of two", hint: "order", on: [.compare], .compare(.sort)),
        KeyBinding([.character("z")], "z Z", "z: draw z from q(z|x), anew each time; Z: take its mean", hint: "sample z", on: [.compare], .compare(.resample)),
        KeyBinding([.character("Z")], "", "", on: [.compare], .compare(.takeMean)),
        KeyBinding([.character("b")], "b", "hold a second model beside; again to drop it", hint: "beside", on: [.compare], .compare(.beside)),
        KeyBinding([.enter], "Enter", "show the image's place on the plane", hint: "to plane", on: [.compare], .compare(.showOnPlane)),
    ]
}
