import Drawing
import TUI
import Testing
import VAECore

/// What an action changes: everything that is listed, and nothing else.
@Suite struct WholeStateTests {
    /// A state with data, on the screen of `digit`.
    private func ready(_ digit: Character = "2", trains: Bool = false) -> AppState {
        var state = tinyState()
        send(&state, .data(.ready(tinyDataset)))
        if trains { send(&state, .key("t"), .mail(tinyMail(steps: 1...60, epoch: tinyReport(epoch: 1, step: 30)))) }
        send(&state, .key(.character(digit)))
        state.message = nil
        return state
    }

    /// The properties that `action` changes, its effects left undone.
    private func changes(_ state: AppState, _ action: AppAction) -> [String: String] {
        var after = state
        _ = update(&after, action)
        return Leaves(after).changes(from: Leaves(state))
    }

    @Test func walking() {
        #expect(changes(ready(), .key(.right)) == ["explore.cursor.0": "0.0 → 0.8"])
        #expect(changes(ready(), .key("L")) == ["explore.cursor.0": "0.0 → 0.08"])
        let zoomed = changes(ready(), .key("+"))
        #expect(zoomed == ["explore.plane.reach": "2.4 → 1.6"])
        #expect(changes(ready(), .key("v")) == ["explore.layer": "pictures → codes by class"])
        #expect(changes(ready(), .key("m")).filter { !$0.key.hasPrefix("message") } == ["explore.bookmarks": "none → [[0.0, 0.0]]"])
    }

    @Test func otherScreens() {
        #expect(changes(ready(), .key("3")) == ["screen": "Explore → Compare"])
        #expect(changes(ready("3"), .key(.down)) == ["CompareState.selected": "0 → 1"])
        #expect(changes(ready("4"), .key("e")) == ["DrawState.erases": "false → true"])
        #expect(changes(ready(), .key("?")) == ["overlay": "none → help(offset: 0)"])
        #expect(changes(ready(), .resize(width: 81, height: 24)) == ["width": "80 → 81"])
    }

    @Test func aRun() {
        let state = ready("1", trains: true)
        #expect(changes(state, .key(" ")) == ["training.run.pauseRequest": "none → true"])
        #expect(changes(state, .key("]")) == [
            "training.run.learningRateScale": "1.0 → 2.0",
            "message": "none → learning rate × 2, from the next step on",
        ])
        #expect(changes(state, .key("g")) == ["training.isLogarithmic": "false → true"])
        #expect(changes(state, .key("x")) == [
            "training.run.isStopping": "false → true",
            "message": "none → stopping after this step; the model stays loaded",
        ])
    }

    /// A message goes with the next key, whatever else that does.
    @Test func messages() {
        var state = ready()
        _ = update(&state, .failed("it failed"))
        #expect(changes(state, .key("G"))["message"] == "it failed → pictures in half blocks")
        #expect(changes(state, .key(.insert)) == ["message": "it failed → none"])
    }
}

/// Every property of a state under its path, as a short text.
struct Leaves {
    private var texts: [String: String] = [:]

    init(_ state: AppState) { add(state, "") }

    /// The paths whose texts differ, with both.
    func changes(from before: Leaves) -> [String: String] {
        var changes: [String: String] = [:]
        for path in Set(texts.keys).union(before.texts.keys) where texts[path] != before.texts[path] {
            changes[path] = "\(before.texts[path] ?? "none") → \(texts[path] ?? "none")"
        }
        return changes
    }

    private mutating func add(_ value: Any, _ path: String) {
        switch value {
        case let screen as Screen: texts[path] = screen.title
        case let layer as ExploreLayer: texts[path] = layer.title
        case let message as AppState.Message: texts[path] = message.text
        case let snapshot as ParameterSnapshot: texts[path] = "step \(snapshot.step)"
        case let store as TypedStore: addChildren(store, "")
        case let number as Float: texts[path] = "\((number * 1000).rounded() / 1000)"
        case is Dataset, is Session, is History: texts[path] = "\(value)"
        default: addChildren(value, path)
        }
    }

    private mutating func addChildren(_ value: Any, _ path: String) {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: if let some = mirror.children.first { add(some.value, path) }
        case .struct, .tuple:
            for child in mirror.children {
                let label = child.label ?? "?"
                add(child.value, path.isEmpty ? label : "\(path).\(label)")
            }
        case .dictionary:
            for child in mirror.children {
                guard let pair = Mirror(reflecting: child.value).children.map({ $0 }).last else { continue }
                add(pair.value, "\(type(of: pair.value))")
            }
        case .collection where !mirror.children.isEmpty && mirror.children.count <= 8 && value is [Float]:
            for (n, child) in mirror.children.enumerated() { add(child.value, "\(path).\(n)") }
        case .collection: if !mirror.children.isEmpty { texts[path] = "\(value)" }
        default: texts[path] = "\(value)"
        }
    }
}
