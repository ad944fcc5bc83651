import Drawing
import VAECore

/// What a key asks for in a line of text. Adding one is a case here.
package enum Prompt: Sendable, Equatable {
    /// Where the cursor shall go.
    case place
    /// Which axes the plane shall show.
    case axes

    /// What stands before the text.
    var label: String { self == .place ? "go to" : "across and up" }

    /// What may be typed.
    func hint(_ state: AppState) -> String {
        switch self {
        case .place: return "7 = mean of class 7;  m7 its medoid;  #12 = image 12;  . + 3 - 5;  0.5*a + 0.5*b;  (1.2, -0.5);  Esc"
        case .axes:
            let count = state.explore.axisOrder(state.model).count
            let what = state.explore.basis.isDimensions ? "dimension" : "principal component"
            return "a \(what), 1 to \(count), or two: \(min(17, count)) 3;  Esc"
        }
    }

    /// Takes the text.
    /// - Returns: what is to be done; nil if something is wrong with the text, which a message then says.
    func enter(_ text: String, _ state: inout AppState) -> [Effect]? {
        switch self {
        case .place:
            switch LatentExpression.evaluate(text, .init(state)) {
            case .problem(let reason):
                state.message = .init(text: reason, isError: true)
                return nil
            case .point(let z):
                stopGoing(&state)
                go(to: z, &state)
                sayImage(text, &state)
            }
        case .axes:
            if let problem = ExploreScreen.choose(text, &state) {
                state.message = .init(text: problem, isError: true)
                return nil
            }
        }
        return refresh(state)
    }
}

/// A key while a text is typed.
func type(_ key: Key, after text: String, for prompt: Prompt, _ state: inout AppState) -> [Effect] {
    switch key {
    case .escape, .control("c"): state.overlay = nil
    case .backspace: state.overlay = .typing(prompt, String(text.dropLast()))
    case .character(let letter) where text.count < 60: state.overlay = .typing(prompt, text + String(letter))
    case .enter:
        // Where something is wrong, the text stays, to be mended.
        guard let effects = prompt.enter(text, &state) else { return [] }
        state.overlay = nil
        return effects
    default: break
    }
    return []
}
