import Drawing
import VAECore

// What keys do about a run that another process trains: which of its series are drawn, and what cannot be asked of it.

extension TrainScreen {
    static let seriesKey: KeyBinding = KeyBinding(
        "o", "of a run trained elsewhere: which series are drawn, as what",
        hint: { $0.screen == .train && $0.training.followed != nil ? "series" : nil }, .on("o", do: listSeries))

    /// Why a run that another process trains cannot be told anything; nil when none is followed.
    static func elsewhere(_ state: AppState) -> String? {
        state.training.followed.map { "\($0.name) is trained elsewhere: only the process that trains it can change or save it" }
    }

    private static func listSeries(_ state: inout AppState) -> [Effect] {
        guard let followed = state.training.followed else {
            state.message = .init(text: "only runs that are followed have series to choose: 'latent watch RUN'")
            return []
        }
        guard !followed.series.isEmpty else {
            state.message = .init(text: "\(followed.name) has told no values yet")
            return []
        }
        state.overlay = .series(selected: 0)
        return []
    }

    /// A key in the list of series.
    static func press(_ key: Key, series selected: Int, _ state: inout AppState) -> [Effect] {
        guard var followed = state.training.followed else {
            state.overlay = nil
            return []
        }
        let names = followed.names
        let page = max(1, Frame.body(state).height - 6)
        func move(by rows: Int) { state.overlay = .series(selected: max(0, min(names.count - 1, selected + rows))) }
        switch key {
        case .down, .character("j"): move(by: 1)
        case .up, .character("k"): move(by: -1)
        case .pageDown: move(by: page)
        case .pageUp: move(by: -page)
        case .home: move(by: -names.count)
        case .end: move(by: names.count)
        case .character("1"), .character("2"), .character("3"), .character("0"):
            guard names.indices.contains(selected) else { break }
            choose(names[selected], key, &followed)
            state.training.followed = followed
            state.training.curves = followed.curves
            // The list is in another order now: the cursor stays on its series.
            state.overlay = .series(selected: followed.names.firstIndex(of: names[selected]) ?? 0)
        case .enter, .character(" "):
            guard names.indices.contains(selected) else { break }
            state.training.followed?.alone = names[selected]
            state.overlay = nil
            state.message = .init(text: "showing \(names[selected]) alone: c shows the loss again")
        default: state.overlay = nil
        }
        return []
    }

    private static func choose(_ name: String, _ key: Key, _ followed: inout Followed) {
        let terms: [Key: CurveTags.Term] = [.character("1"): .loss, .character("2"): .reconstruction, .character("3"): .kl]
        if let term = terms[key] {
            followed.tags.choose(name, as: term)
        } else {
            followed.tags.drop(name)
        }
        followed.alone = nil
    }

    /// The next choice of curves; of a series that is shown alone, the terms again.
    static func nextCurves(_ state: inout AppState) -> [Effect] {
        if state.training.followed?.alone != nil {
            state.training.followed?.alone = nil
            return []
        }
        return look(&state) { $0.shown = $0.shown.next }
    }
}
