import Drawing

/// What a key of the Explore screen asks for.
package enum ExploreCommand: Sendable, Equatable {
    case move(across: Int, up: Int, fine: Bool)
    case zoom(closer: Bool), center
    case dimension(across: Bool)
    case nextClass
    case layer, spacing, entropy
    case mark(start: Bool), goAlong, pathKind
    case bookmark, nextBookmark
    case classMean(by: Int)
    case goTo
    case time(by: Int), newest
    case export, animation
    case back
}

extension KeyBindings {
    /// The keys of the Explore screen.
    static let explore: [KeyBinding] = walking + looking + places + time

    private static let walking: [KeyBinding] = [
        KeyBinding([.left, .character("h")], "arrows hjkl", "walk one image", hint: "walk", on: [.explore], .explore(.move(across: -1, up: 0, fine: false))),
        KeyBinding([.right, .character("l")], "", "", on: [.explore], .explore(.move(across: 1, up: 0, fine: false))),
        KeyBinding([.up, .character("k")], "", "", on: [.explore], .explore(.move(across: 0, up: 1, fine: false))),
        KeyBinding([.down, .character("j")], "", "", on: [.explore], .explore(.move(across: 0, up: -1, fine: false))),
        KeyBinding([.shiftLeft, .character("H")], "shift+arrows HJKL", "walk a tenth of that", on: [.explore], .explore(.move(across: -1, up: 0, fine: true))),
        KeyBinding([.shiftRight, .character("L")], "", "", on: [.explore], .explore(.move(across: 1, up: 0, fine: true))),
        KeyBinding([.shiftUp, .character("K")], "", "", on: [.explore], .explore(.move(across: 0, up: 1, fine: true))),
        KeyBinding([.shiftDown, .character("J")], "", "", on: [.explore], .explore(.move(across: 0, up: -1, fine: true))),
        KeyBinding([.character("+"), .character("=")], "+ -", "zoom in or out around the cursor", hint: "zoom", on: [.explore], .explore(.zoom(closer: true))),
        KeyBinding([.character("-"), .character("_")], "", "", on: [.explore], .explore(.zoom(closer: false))),
        KeyBinding([.character("0")], "0", "back to the middle", hint: "centre", on: [.explore], .explore(.center)),
    ]

    private static let looking: [KeyBinding] = [
        KeyBinding([.character("v")], "v", "view: pictures, codes by class, density, dimensions", hint: "view", on: [.explore], .explore(.layer)),
        KeyBinding([.character("i")], "i", "equal steps in z or in probability", on: [.explore], .explore(.spacing)),
        KeyBinding([.character("e")], "e", "how unsure each pixel is, in bits (bright: unsure)", on: [.explore], .explore(.entropy)),
        KeyBinding([.character("x")], "x y", "next dimension across, up", on: [.explore], .explore(.dimension(across: true))),
        KeyBinding([.character("y")], "", "", on: [.explore], .explore(.dimension(across: false))),
        KeyBinding([.character("c")], "c", "next class, of a conditional model", on: [.explore], .explore(.nextClass)),
    ]

    private static let places: [KeyBinding] = [
        KeyBinding([.character("a")], "a b", "mark start and end of a path", hint: "path", on: [.explore], .explore(.mark(start: true))),
        KeyBinding([.character("b")], "", "", on: [.explore], .explore(.mark(start: false))),
        KeyBinding([.character("g")], "g", "go along the path, or stop", on: [.explore], .explore(.goAlong)),
        KeyBinding([.character("o")], "o", "path straight or around the origin", on: [.explore], .explore(.pathKind)),
        KeyBinding([.character("n")], "n N", "mean of the next, previous class", hint: "classes", on: [.explore], .explore(.classMean(by: 1))),
        KeyBinding([.character("N")], "", "", on: [.explore], .explore(.classMean(by: -1))),
        KeyBinding([.character("f")], "f", "go to a sum such as . + 3 - 5", hint: "go to", on: [.explore], .explore(.goTo)),
        KeyBinding([.character("m")], "m", "set or remove a bookmark", on: [.explore], .explore(.bookmark)),
        KeyBinding([.character("'")], "'", "next bookmark", on: [.explore], .explore(.nextBookmark)),
        KeyBinding([.character("p")], "p", "picture of the view as PNG", on: [.explore], .explore(.export)),
        KeyBinding([.character("P")], "P", "the path, or the run's steps, as GIF", on: [.explore], .explore(.animation)),
        KeyBinding([.backspace], "Backspace", "back to the screen before", on: [.explore], .explore(.back)),
    ]

    private static let time: [KeyBinding] = [
        KeyBinding([.character(","), .character("<")], ", .", "back and forth in the run's steps", on: [.explore], .explore(.time(by: -1))),
        KeyBinding([.character("."), .character(">")], "", "", on: [.explore], .explore(.time(by: 1))),
        KeyBinding([.escape], "Esc", "the newest step; stop going", on: [.explore], .explore(.newest)),
    ]
}
