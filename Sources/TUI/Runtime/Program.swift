import Drawing
import VAECore

/// The full-screen program: events in, actions through `update`, effects out, frames to the terminal.
package final class Program {
    private let backend: any TerminalBackend
    private let runner: EffectRunner
    private var state: AppState
    private var isDirty = true
    private var isOver = false
    private var exitStatus: Int32 = 0
    private var farewell: String?
    /// When the run was last asked what it has to tell.
    private var lastMail = ContinuousClock.now - .seconds(1)
    /// Pictures to decode before the next frame. A key and a snapshot that come together ask for the same ones.
    private var wanted: [Effect] = []
    /// Milliseconds between two frames while training changes them: a frame takes time from the trainer, and bytes of a
    /// slow line. A key is answered at once.
    private let trainingFrame: Int
    /// The same while the cursor goes along a path.
    private static let movingFrame = 33
    private let began = ContinuousClock.now
    /// The message on the screen, and since when.
    private var shownMessage: (message: AppState.Message, since: ContinuousClock.Instant)?

    /// What is left to say once the terminal is restored.
    package struct Outcome: Sendable, Equatable {
        /// 0, or 128 + the signal that ended the program.
        package var exitStatus: Int32
        /// A line for stderr, such as where a model was saved.
        package var farewell: String?

        /// How the program ended, and what it says then.
        package init(exitStatus: Int32, farewell: String? = nil) {
            self.exitStatus = exitStatus
            self.farewell = farewell
        }
    }

    /// - Parameters:
    ///   - screen: the screen to open.
    ///   - framesPerSecond: how often the screen is drawn at most while a model trains.
    package init(
        _ session: Session, backend: any TerminalBackend, screen: Screen = .explore, framesPerSecond: Int = 10
    ) {
        trainingFrame = 1000 / max(1, min(60, framesPerSecond))
        self.backend = backend
        runner = EffectRunner(wake: backend.wake)
        let size = backend.size
        state = session.initialState(width: size.width, height: size.height, backend.capabilities)
        state.screen = screen
    }

    /// Shows the program until it is left. The caller closes the backend.
    /// - Parameters:
    ///   - training: begin to train as soon as the data set is there.
    ///   - begin: changes the state before the first frame.
    package func run(training: Bool = false, begin: (inout AppState) -> [Effect] = { _ in [] }) -> Outcome {
        let first = begin(&state)
        dispatch(first)
        perform(refresh(state))
        present()
        perform([.job(LoadData(session: state.shown.session))])
        perform(state.training.followed != nil ? [.follow] : training ? [] : readRecord(state))
        var isWaitingToTrain = training
        while !isOver {
            handle(backend.nextEvent(timeoutMilliseconds: patience))
            // Keys that came while a frame was drawn are taken together.
            for _ in 0..<64 where !isOver {
                guard let event = backend.nextEvent(timeoutMilliseconds: 0) else { break }
                handle(event)
            }
            collect()
            watchMessage()
            if isMoving { apply(.tick((ContinuousClock.now - began) / .seconds(1))) }
            if isWaitingToTrain, state.data.dataset != nil {
                isWaitingToTrain = false
                dispatch([.startTraining()])
            }
            if !isOver, !wanted.isEmpty {
                let effects = wanted
                wanted = []
                perform(effects)
            }
            if isDirty, !isOver { present() }
        }
        runner.finishFiles()
        collect()
        return Outcome(exitStatus: exitStatus, farewell: farewell ?? state.lastSaved.map { "saved \($0)" })
    }

    /// Whether something on the screen moves by itself.
    private var isMoving: Bool { state.screen == .explore && (state.explore.path.isGoing || state.explore.replay != nil) }

    /// Milliseconds to wait for an event. What the run tells wakes the wait, and is shown when its frame is due.
    private var patience: Int {
        // What goes on in the next frame waits for no key.
        if !wanted.isEmpty { return 0 }
        if isMoving { return Self.movingFrame }
        let message = shownMessage.map { max(0, Int(($0.message.seconds - age(of: $0.since)) * 1000) + 1) } ?? 1000
        return min(1000, message, runner.isMailWaiting ? max(0, millisecondsToMail) : 1000)
    }

    private func age(of since: ContinuousClock.Instant) -> Double { (ContinuousClock.now - since) / .seconds(1) }

    /// A message leaves once it has been there long enough to be read.
    private func watchMessage() {
        guard let message = state.message else {
            shownMessage = nil
            return
        }
        if let shown = shownMessage, shown.message == message {
            if age(of: shown.since) >= message.seconds { apply(.messageRead) }
        } else {
            shownMessage = (message, .now)
        }
    }

    private var millisecondsToMail: Int {
        trainingFrame - Int((ContinuousClock.now - lastMail) / .milliseconds(1))
    }

    /// Applies what other threads and the run have told.
    private func collect() {
        for action in runner.collectAnswers() { apply(action) }
        if runner.isMailWaiting, millisecondsToMail <= 0, let mail = runner.collectMail() {
            lastMail = .now
            apply(mail)
        }
    }

    private func handle(_ event: InputEvent?) {
        switch event {
        case .key(let key): apply(.key(key))
        case .resize(let width, let height): apply(.resize(width: width, height: height))
        case .mouse(let x, let y, let kind): apply(.mouse(x: x, y: y, kind))
        case .background(let background): apply(.background(background))
        case .paste(let text): apply(.paste(text))
        case .signal(let number): interrupt(status: 128 + number)
        case .hangup: interrupt(status: 128 + 1)
        case nil: break
        }
    }

    private func apply(_ action: AppAction) {
        isDirty = true
        dispatch(update(&state, action))
    }

    /// Does effects, but for pictures, which wait for the frame they are for.
    private func dispatch(_ effects: [Effect]) {
        wanted += effects.filter(\.isForFrame)
        perform(effects.filter { !$0.isForFrame })
    }

    /// Does effects and applies their answers, whose effects follow.
    private func perform(_ effects: [Effect]) {
        for action in runner.perform(effects, state) { apply(action) }
        for effect in effects {
            switch effect {
            case .quit:
                isOver = true
                if state.training.hasUnsaved, !state.quitsOnceSaved { farewell = "discarded the unsaved part of this run" }
            case .redraw:
                backend.suspend()
                backend.resume()
            default: break
            }
        }
    }

    /// A signal or a hang-up: what training has learnt is kept.
    private func interrupt(status: Int32) {
        guard !isOver else { return }
        exitStatus = status
        isOver = true
        guard state.training.hasUnsaved else { return }
        runner.stopRun { _ = update(&state, $0) }
        _ = showStep(nil, &state)
        farewell = saveAtOnce()
    }

    /// Saves the newest parameters: in a run folder, or where that cannot be written, in the folder for temporary files.
    /// - Returns: what to say of it.
    private func saveAtOnce() -> String {
        var reasons: [String] = []
        for place in [SavedRun.Place.runs, .temporary] {
            do {
                let path = try state.shown.session.save(state.savedRun(in: place))
                return (reasons + ["saved \(path)"]).joined(separator: "; ")
            } catch {
                reasons.append("\(error)")
            }
        }
        return "NOT SAVED: " + reasons.joined(separator: "; ")
    }

    private func present() {
        var canvas = Canvas(width: state.width, height: state.height)
        render(state, into: &canvas)
        if backend.present(canvas) { isDirty = false }
    }
}

extension Session {
    /// One frame as text, for a stdout that is no terminal.
    package func frame(width: Int, height: Int, _ capabilities: Capabilities, screen: Screen) -> String {
        let runner = EffectRunner(InlineJobs()) {}
        var state = initialState(width: width, height: height, capabilities)
        state.screen = screen
        var effects = refresh(state)
        if screen != .explore { effects.append(.job(LoadData(session: self))) }
        // Answers may ask for more; a bound keeps a mistake from looping for ever.
        for _ in 0..<8 where !effects.isEmpty {
            let quick = effects.filter { effect in
                if case .job(let job) = effect { return !(job is ScoreImages || job is MeasureHoles) }
                return true
            }
            let actions = runner.perform(quick, state) + runner.collectAnswers()
            effects = actions.flatMap { update(&state, $0) }
        }
        state.message = nil
        var canvas = Canvas(width: width, height: height)
        render(state, into: &canvas)
        return canvas.ansiText(capabilities)
    }
}
