import Drawing
import VAECore

// What the tour makes of keys, and how it notices what was done.

enum Tour {
    /// Begins the tour, or goes on where it was left; in the tour, back to the step's place or, from there, to the chapters.
    static func open(_ state: inout AppState) -> [Effect] {
        guard state.tour.isActive else { return begin(&state) }
        if !state.tour.current.isInPlace(state), state.tour.arrival == nil { return arrive(&state) }
        state.overlay = .chapters(selected: state.tour.chapter)
        return []
    }

    private static func begin(_ state: inout AppState) -> [Effect] {
        guard !state.training.hasUnsaved else {
            state.message = .init(
                text: "the tour trains a model of its own: w saves this one first, then T begins", isError: true)
            return []
        }
        state.tour.isActive = true
        state.tour.before = state.shown.asItStands
        return beginStep(&state)
    }

    /// Begins at a chapter, from 0.
    static func begin(chapter: Int, _ state: inout AppState) -> [Effect] {
        let wasActive = state.tour.isActive
        (state.tour.chapter, state.tour.step) = (chapter, 0)
        return wasActive ? beginStep(&state) : begin(&state)
    }

    // MARK: Keys

    /// What a key does in the tour; nil for one that is the screen's.
    static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
        switch key {
        case .character(" "):
            let hasMore = state.tour.page + 1 < TourPanel(state).pages.count
            return hasMore || takesSpace(state) ? goOn(&state) : nil
        case .backspace: return goBack(&state)
        case .escape where state.tour.arrival == nil: return leave(&state)
        case .control("t"):
            state.tour.isLarge.toggle()
            state.tour.page = 0
            return []
        default: return nil
        }
    }

    /// Whether Space goes on. Until the step is done, the screen's own use of it comes first, as where the footer names it:
    /// it may be what the step asks for.
    static func takesSpace(_ state: AppState) -> Bool {
        if state.tour.isDone { return true }
        return !KeyBindings.rows(on: state.screen).contains { $0.keys.contains(.character(" ")) && $0.footer(state) != nil }
    }

    /// The next part of the text, or the next step, or the next chapter; after the last, the tour is over.
    private static func goOn(_ state: inout AppState) -> [Effect] {
        if state.tour.page + 1 < TourPanel(state).pages.count {
            state.tour.page += 1
            return []
        }
        if state.tour.step + 1 < state.tour.currentChapter.steps.count {
            state.tour.step += 1
        } else if state.tour.chapter + 1 < TourChapter.all.count {
            state.tour.chapter += 1
            state.tour.step = 0
        } else {
            (state.tour.chapter, state.tour.step) = (0, 0)
            return leave(&state)
        }
        return beginStep(&state)
    }

    private static func goBack(_ state: inout AppState) -> [Effect] {
        if state.tour.page > 0 {
            state.tour.page -= 1
            return []
        }
        if state.tour.step > 0 {
            state.tour.step -= 1
        } else if state.tour.chapter > 0 {
            state.tour.chapter -= 1
            state.tour.step = state.tour.currentChapter.steps.count - 1
        } else {
            return []
        }
        return beginStep(&state)
    }

    /// Ends the tour for now. What it trained goes, and the model from before comes back.
    private static func leave(_ state: inout AppState) -> [Effect] {
        state.tour.isActive = false
        state.tour.arrival = nil
        defer { state.message = .init(text: "the tour is over for now: T goes on where you were") }
        var effects: [Effect] = [.job(KeepTourPlace(session: state.shown.session, place: state.tour.place))]
        if state.training.isActive { effects.append(.control(.stop)) }
        state.overlay = nil
        guard let before = state.tour.before else { return effects + refresh(state) }
        state.tour.before = nil
        if state.shown.snapshot === before.snapshot { return effects + refresh(state) }
        state.training.run = nil
        return effects + opened(before, &state)
    }

    /// The list of chapters.
    static func press(_ key: Key, selected: Int, _ state: inout AppState) -> [Effect] {
        let last = TourChapter.all.count - 1
        switch key {
        case .up, .character("k"): state.overlay = .chapters(selected: max(0, selected - 1))
        case .down, .character("j"): state.overlay = .chapters(selected: min(last, selected + 1))
        case .home: state.overlay = .chapters(selected: 0)
        case .end: state.overlay = .chapters(selected: last)
        case .enter, .character(" "):
            state.overlay = nil
            return begin(chapter: selected, &state)
        default: state.overlay = nil
        }
        return []
    }

    // MARK: Steps

    private static func beginStep(_ state: inout AppState) -> [Effect] {
        state.tour.page = 0
        state.tour.numbers = [:]
        state.tour.isDone = false
        let keep: Effect = .job(KeepTourPlace(session: state.shown.session, place: state.tour.place))
        let pace: [Effect] = state.training.isActive ? [.control(.pace(state.tour.current.pace))] : []
        return [keep] + pace + arrive(&state)
    }

    /// Brings the screen to the step's place, and its model on show.
    private static func arrive(_ state: inout AppState) -> [Effect] {
        let step = state.tour.current
        guard step.isShown(state) else {
            if state.training.isActive {
                state.tour.arrival = .stopping
                return [.control(.stop)]
            }
            return load(&state)
        }
        state.tour.arrival = nil
        if step.needsRun, !state.training.isActive {
            guard state.data.dataset != nil else { return show(.train, &state) }
            state.tour.arrival = .training
            return [.startLesson(pace: step.pace)]
        }
        step.prepare(&state)
        let effects = step.screens[0] == state.screen ? refresh(state) : show(step.screens[0], &state)
        start(&state)
        return effects
    }

    private static func load(_ state: inout AppState) -> [Effect] {
        guard let name = state.tour.current.model else { return [] }
        state.tour.arrival = .loading
        state.training.run = nil
        state.message = nil
        return [.job(OpenModel(session: state.shown.session, model: .named(name), isBeside: false))]
    }

    private static func start(_ state: inout AppState) {
        state.tour.start = TourFacts(state)
        state.tour.isDone = state.tour.current.until == nil
        state.tour.numbers = state.tour.current.numbers(state, state.tour.start)
    }

    /// After every action: whether the way to the step's place is free, and whether what it asks for was done.
    static func advance(_ state: inout AppState) -> [Effect] {
        switch state.tour.arrival {
        case .stopping: return state.training.isActive ? [] : load(&state)
        case .loading: return state.tour.current.isShown(state) ? arrive(&state) : []
        case .training:
            guard state.training.isActive else { return [] }
            return arrive(&state)
        case nil: break
        }
        if case .typing = state.overlay { state.tour.start.hasTyped = true }
        let step = state.tour.current
        // Once it is done, the text goes on telling how things were then.
        guard step.isInPlace(state), !state.tour.isDone || step.until == nil else { return [] }
        state.tour.numbers = step.numbers(state, state.tour.start)
        if !state.tour.isDone, let until = step.until, until(state, state.tour.start) {
            (state.tour.isDone, state.tour.page) = (true, 0)
        }
        return []
    }
}

/// Begins the tour at a chapter, from 0.
package func beginTour(chapter: Int, _ state: inout AppState) -> [Effect] { Tour.begin(chapter: chapter, &state) }

/// Begins the tour where it was left.
package func beginTour(at place: String, _ state: inout AppState) -> [Effect] {
    state.tour.go(toPlace: place)
    return Tour.open(&state)
}

/// Keeps where the reader is for the next time.
struct KeepTourPlace: Job {
    var session: Session
    var place: String

    var policy: JobPolicy { .each(.files) }
    func run(on bench: Bench) -> Bool? {
        session.keepTourPlace(place)
        return nil
    }
    func finish(_ answer: Bool, _ state: inout AppState) -> [Effect] { [] }
    static func == (a: KeepTourPlace, b: KeepTourPlace) -> Bool { a.place == b.place }
}
