/// What a key of the Explore screen asks for.
public enum ExploreCommand: Sendable, Equatable {
    case move(across: Int, up: Int, fine: Bool)
    case zoom(closer: Bool), center
    case dimension(across: Bool)
    case nextClass
}

extension KeyBindings {
    /// The keys of the Explore screen.
    static let explore: [KeyBinding] = [
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
        KeyBinding([.character("x")], "x y", "next dimension across, up", on: [.explore], .explore(.dimension(across: true))),
        KeyBinding([.character("y")], "", "", on: [.explore], .explore(.dimension(across: false))),
        KeyBinding([.character("c")], "c", "next class, of a conditional model", on: [.explore], .explore(.nextClass)),
    ]
}
