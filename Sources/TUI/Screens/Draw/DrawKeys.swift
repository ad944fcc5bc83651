import Drawing

/// What a key of the Draw screen asks for.
package enum DrawCommand: Sendable, Equatable {
    case move(across: Int, down: Int)
    case pen, eraser, brush(wider: Bool)
    case undo, redo, clear, center
    case example(by: Int)
    case closer, showOnPlane
}

extension KeyBindings {
    /// The keys of the Draw screen.
    static let draw: [KeyBinding] = [
        KeyBinding([.left, .character("h")], "arrows hjkl", "move the pen by a pixel", hint: "move", on: [.draw], .draw(.move(across: -1, down: 0))),
        KeyBinding([.right, .character("l")], "", "", on: [.draw], .draw(.move(across: 1, down: 0))),
        KeyBinding([.up, .character("k")], "", "", on: [.draw], .draw(.move(across: 0, down: -1))),
        KeyBinding([.down, .character("j")], "", "", on: [.draw], .draw(.move(across: 0, down: 1))),
        KeyBinding([.shiftLeft, .character("H")], "shift+arrows HJKL", "move the pen by four", on: [.draw], .draw(.move(across: -4, down: 0))),
        KeyBinding([.shiftRight, .character("L")], "", "", on: [.draw], .draw(.move(across: 4, down: 0))),
        KeyBinding([.shiftUp, .character("K")], "", "", on: [.draw], .draw(.move(across: 0, down: -4))),
        KeyBinding([.shiftDown, .character("J")], "", "", on: [.draw], .draw(.move(across: 0, down: 4))),
        KeyBinding([.character(" ")], "space", "pen down (it draws), pen up", hint: "pen", on: [.draw], .draw(.pen)),
        KeyBinding([.character("c"), .backspace, .delete], "c", "clear the canvas", hint: "clear", on: [.draw], .draw(.clear)),
        KeyBinding([.character("u")], "u", "undo the last stroke", hint: "undo", on: [.draw], .draw(.undo)),
        KeyBinding([.character("U"), .character("r")], "U", "redo the stroke", on: [.draw], .draw(.redo)),
        KeyBinding([.character("o")], "o O", "next or previous held-out image, to edit", hint: "image", on: [.draw], .draw(.example(by: 1))),
        KeyBinding([.character("O")], "", "", on: [.draw], .draw(.example(by: -1))),
        KeyBinding([.character("e")], "e", "eraser, again for the pen; also the right button", hint: "eraser", on: [.draw], .draw(.eraser)),
        KeyBinding([.character("m")], "m", "centre by mass, as MNIST's digits are", hint: "centre", on: [.draw], .draw(.center)),
        KeyBinding([.character("+"), .character("=")], "+ -", "wider or thinner brush", on: [.draw], .draw(.brush(wider: true))),
        KeyBinding([.character("-"), .character("_")], "", "", on: [.draw], .draw(.brush(wider: false))),
        KeyBinding([.character("z")], "z", "a close look at the ellipse on the map, and back", hint: "closer", on: [.draw], .draw(.closer)),
        KeyBinding([.enter], "Enter", "show the drawing's place on the plane", hint: "to plane", on: [.draw], .draw(.showOnPlane)),
    ]
}
