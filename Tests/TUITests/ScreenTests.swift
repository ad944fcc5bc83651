import Dispatch
import Drawing
import TUI
import Testing
import VAECore

/// `render`: what a state looks like, as characters.
@Suite struct ScreenTests {
    static let sizes = [(80, 24), (200, 60), (40, 12)]

    /// A state that has something to show on every screen.
    private func full(_ width: Int, _ height: Int, _ screen: Screen, trains: Bool, _ capabilities: Capabilities) -> AppState {
        var state = tinyState(width: width, height: height, capabilities)
        send(&state, .data(.ready(tinyDataset)))
        if trains {
            send(
                &state, .key(.character("t")),
                .mail(tinyMail(steps: 1...60, epoch: tinyReport(epoch: 1, step: 30))))
        }
        send(&state, .key(digit(screen)))
        return state
    }

    @Test(arguments: Screen.allCases, [true, false]) func frame(screen: Screen, trains: Bool) {
        for (width, height) in Self.sizes {
            let lines = drawn(full(width, height, screen, trains: trains, colored))
            #expect(lines.count == height && lines.allSatisfy { $0.count <= width })
            #expect(lines[0].contains("\(screen.digit) \(screen.title)"))
            #expect(lines[0].contains("step \(trains ? 60 : 0)"))
            #expect(lines[height - 1].hasSuffix("? keys  q quit"))
        }
    }

    /// Every hint that is shown is whole, and with room for all of them all are shown.
    @Test(arguments: Screen.allCases) func footer(screen: Screen) {
        let hints = KeyBindings.hints(full(200, 24, screen, trains: false, colored)).map { "\($0.label) \($0.hint)" }
        for width in 40...200 {
            let line = drawn(full(width, 24, screen, trains: false, colored))[23]
            var rest = line
            for hint in hints where rest.contains(hint) { rest.replace(hint, with: "", maxReplacements: 1) }
            #expect(rest.allSatisfy { $0 == " " }, "\(width): \(line)")
            if width == 200 { #expect(hints.allSatisfy(line.contains)) }
        }
    }

    @Test func explore() {
        for (width, height) in Self.sizes {
            var state = full(width, height, .explore, trains: false, colored)
            send(&state, .key(.right))
            let text = drawn(state).joined(separator: "\n")
            #expect(text.contains("-2.40") && text.contains("+2.40"))
            if width > 40 {
                #expect(text.contains("z1  +0.") && text.contains("z2  +0.000  up"))
                #expect(text.contains("nearest: ") && text.contains("step 0"))
                if width > 80 { #expect(text.contains("decoded at step 0")) }
            } else {
                #expect(text.contains("z = (+"))
            }
            #expect(text.contains("┏") && text.contains("┛"))
        }
    }

    @Test func train() {
        let idle = drawn(full(80, 24, .train, trains: false, colored)).joined(separator: "\n")
        #expect(idle.contains("Press t to train tiny from scratch") && idle.contains("30 images of tiny"))
        for (width, height) in Self.sizes {
            let text = drawn(full(width, height, .train, trains: true, colored)).joined(separator: "\n")
            #expect(text.contains("-ELBO") && text.contains("training"))
            #expect(text.contains("step 60 of 100"))
            #expect(text.contains { ("\u{2801}"..."\u{28FF}").contains($0) })
            if width > 40 {
                #expect(text.contains("reconstruction 21.00 + KL 2.50"))
                #expect(text.contains("input") && text.contains("output"))
            }
        }
        let wide = drawn(full(200, 60, .train, trains: true, colored)).joined(separator: "\n")
        #expect(wide.contains("1/2 active") && wide.contains("1234 images/s") && wide.contains("1:01 left"))
    }

    @Test func compare() {
        for (width, height) in Self.sizes {
            var state = full(width, height, .compare, trains: false, colored)
            send(&state, .key(.character("o")))
            let lines = drawn(state)
            let text = lines.joined(separator: "\n")
            #expect(text.contains("input"))
            if width > 40 {
                #expect(text.contains("input \(state.compare.order[0] + 1)"))
                #expect(text.contains("negative ELBO") && text.contains("order: worst first"))
                #expect(lines.filter { $0.contains(/^[> ] +[0-9]+ +[0-9] +[0-9.]+/) }.count == 12)
            }
        }
        #expect(drawn(full(200, 60, .compare, trains: false, colored)).joined().contains("difference"))
    }

    @Test func compareWithoutData() {
        var state = tinyState()
        send(&state, .key(.character("3")))
        #expect(drawn(state).joined().contains("the data set is loading"))
        send(&state, .data(.missing("nothing there")))
        #expect(drawn(state).joined().contains("nothing there"))
    }

    @Test(arguments: Screen.allCases) func help(screen: Screen) {
        for (width, height) in Self.sizes {
            var state = full(width, height, screen, trains: false, colored)
            send(&state, .key(.character("?")))
            var seen = drawn(state).joined(separator: "\n")
            #expect(seen.contains("Keys"))
            // A list longer than the screen can be moved through.
            for _ in 0..<120 {
                send(&state, .key(.down))
                seen += drawn(state).joined(separator: "\n")
            }
            for row in KeyBindings.help(on: screen) where !row.key.isEmpty {
                #expect(seen.contains(row.key), "\(width)")
                // In several lines where there is no room for one.
                for word in row.text.split(separator: " ") { #expect(seen.contains(word), "\(width)") }
            }
            send(&state, .key(.escape))
            #expect(state.overlay == nil)
        }
    }

    @Test func quitQuestion() {
        var state = full(40, 12, .train, trains: true, colored)
        send(&state, .key(.character("q")))
        let text = drawn(state).joined(separator: "\n")
        for words in ["Training is running.", "stop, save and quit", "discard and quit", "stay"] { #expect(text.contains(words)) }
    }

    @Test func tooSmall() {
        let text = drawn(tinyState(width: 30, height: 8)).joined()
        #expect(text.contains("latent needs 40×10"))
    }

    /// Without Unicode nothing but ASCII, without colours no colour.
    @Test(arguments: Screen.allCases) func plainCapabilities(screen: Screen) {
        let state = full(80, 24, screen, trains: true, plain)
        var canvas = Canvas(width: 80, height: 24)
        render(state, into: &canvas)
        #expect(canvas.ansiText(plain).utf8.allSatisfy { $0 < 128 && $0 != 27 })
        #expect(canvas.plainText.contains("[\(screen.digit) \(screen.title)]"))
        let pictures = canvas.plainText.split(separator: "\n").dropFirst().dropLast().joined()
        #expect(pictures.contains { "@%#*+=:".contains($0) })
    }

    /// Every size, on every screen, with overlays.
    @Test(arguments: Screen.allCases, [true, false]) func anySize(screen: Screen, trains: Bool) {
        var state = full(80, 24, screen, trains: trains, colored)
        for width in 0...60 {
            for height in 0...30 {
                send(&state, .resize(width: width, height: height))
                state.overlay = nil
                _ = drawn(state)
                for overlay in [AppState.Overlay.help(offset: 0), .help(offset: 99), .quit, .restart] {
                    state.overlay = overlay
                    _ = drawn(state)
                }
            }
        }
    }
}

/// The whole program without a terminal.
@Suite struct ProgramTests {
    private func run(_ events: [InputEvent?], training: Bool = false, _ session: Session = tinySession())
        -> (Program.Outcome, MemoryBackend)
    {
        let backend = MemoryBackend(events: events)
        return (Program(session, backend: backend).run(training: training), backend)
    }

    @Test func firstFrameThenKeys() {
        let (outcome, backend) = run([.key(.right), nil, .key(.character("+")), nil, .key(.character("q"))])
        #expect(outcome.exitStatus == 0 && outcome.farewell == nil)
        #expect(backend.presented.count >= 3)
        #expect(backend.presented[0].plainText.contains("z1  +0.000  across"))
        #expect(backend.presented[1].plainText.contains("z1  +0."))
        #expect(!backend.presented[1].plainText.contains("z1  +0.000"))
    }

    @Test func signalsAndHangUpEnd() {
        #expect(run([.signal(15)]).0.exitStatus == 143)
        #expect(run([.signal(2)]).0.exitStatus == 130)
        #expect(run([.hangup]).0.exitStatus == 129)
        #expect(run([.key(.control("c"))]).0.exitStatus == 0)
    }

    @Test func resizeIsDrawnAtTheNewSize() {
        let (_, backend) = run([.resize(width: 120, height: 40), nil, .resize(width: 5, height: 2), nil])
        #expect(backend.presented.contains { $0.width == 120 && $0.height == 40 })
        #expect(backend.presented.last.map { $0.width == 5 && $0.height == 2 } == true)
    }

    @Test func redrawTakesTheTerminalAnew() {
        #expect(run([.key(.control("l")), nil]).1.calls == ["suspend", "resume"])
    }

    /// A real run of a tiny network: six steps, saved when a signal comes.
    @Test func trainsAndSaves() {
        let backend = WaitingBackend([("trained  epoch 2/2  step 6", .signal(15))])
        let outcome = Program(tinySession(), backend: backend).run(training: true)
        #expect(outcome.exitStatus == 143)
        #expect(outcome.farewell == "saved runs/tiny-6/model.safetensors")
    }

    private struct Full: Error, CustomStringConvertible { let description = "no space left" }

    /// Quitting with a save that fails: the program stays, says why, and saves elsewhere when asked to.
    @Test func whatCannotBeSavedStays() {
        let backend = WaitingBackend([
            ("trained  epoch 2/2  step 6", .key(.character("q"))), ("save and quit", .key(.character("s"))),
            ("no space left", .key(.escape)), ("not saved: w tries again", .key(.character("w"))),
            ("no space left", .key(.escape)), ("not saved", .key(.character("q"))),
            ("save and quit", .key(.character("s"))), ("save in the temporary folder", .key(.character("t"))),
        ])
        let session = tinySession { run in
            guard run.place == .temporary else { throw Full() }
            return "tmp/\(run.snapshot.step)"
        }
        let outcome = Program(session, backend: backend).run(training: true)
        #expect(outcome.exitStatus == 0)
        #expect(outcome.farewell == "saved tmp/6")
    }

    /// Every answer is on the screen at any size, however long the reason.
    @Test(arguments: [(40, 10), (40, 12), (60, 16), (80, 24), (200, 60)])
    func everyAnswerIsShown(width: Int, height: Int) {
        var state = tinyState(width: width, height: height)
        let reason = String(repeating: "runs: cannot create the run folder ", count: 12)
        state.overlay = .saveFailed(reason: reason, quits: true)
        let text = drawn(state).joined(separator: "\n")
        for words in ["runs: cannot", "w    try again", "t    save in the temporary folder", "d    quit without", "Esc  go back"] {
            #expect(text.contains(words), "\(words)\n\(text)")
        }
        #expect(!text.contains("PgDn"))
    }

    /// A disc that takes long: keys are answered meanwhile.
    @Test func aSlowSaveKeepsNothingWaiting() {
        let disc = DispatchSemaphore(value: 0)
        let backend = WaitingBackend([
            ("trained  epoch 2/2  step 6", .key(.character("w"))), ("saving", .key(.character("2"))),
            ("z1 across", .key(.character("q"))), ("save and quit", .key(.character("d"))),
        ])
        let session = tinySession { _ in
            disc.wait()
            return "runs/late"
        }
        _ = Program(session, backend: backend).run(training: true)
        disc.signal()
    }

    @Test func whatCannotBeSavedCanBeGivenUp() {
        let backend = WaitingBackend([
            ("trained  epoch 2/2  step 6", .key(.character("q"))), ("save and quit", .key(.character("s"))),
            ("quit without saving", .key(.character("d"))),
        ])
        let outcome = Program(tinySession { _ in throw Full() }, backend: backend).run(training: true)
        #expect(outcome.farewell == "discarded the unsaved part of this run")
    }

    /// A signal tries the run folder, then the temporary one, and says which.
    @Test func aSignalSavesWhereItCan() {
        func end(_ save: @escaping @Sendable (SavedRun) throws -> String) -> Program.Outcome {
            Program(tinySession(save: save), backend: WaitingBackend([("trained  epoch 2/2  step 6", .signal(15))]))
                .run(training: true)
        }
        let elsewhere = end { run in
            guard run.place == .temporary else { throw Full() }
            return "tmp/\(run.snapshot.step)"
        }
        #expect(elsewhere.exitStatus == 143 && elsewhere.farewell == "no space left; saved tmp/6")
        let nowhere = end { _ in throw Full() }
        #expect(nowhere.exitStatus == 143 && nowhere.farewell == "NOT SAVED: no space left; no space left")
    }

    /// What is changed while it trains is saved with it, from the step on from which it held.
    @Test func liveChangesAreSaved() {
        let backend = WaitingBackend([
            ("space pause", .key(.character(" "))), ("space continue", .key(.character(">"))),
            ("beta 2, from", .key(.character("["))), ("learning rate", .key(.character("s"))),
            ("beta 2 free", .key(.character("q"))), ("save and quit", .key(.character("s"))),
        ])
        let saved = Locked<[SavedRun]>([])
        let session = tinySession(training: TrainingConfiguration(epochs: 1_000_000, batchSize: 10, learningRate: 1e-3)) { run in
            saved.withLock { $0.append(run) }
            return "runs/x"
        }
        _ = Program(session, backend: backend, screen: .train).run(training: true)
        let run = saved.withLock { $0.first }
        #expect(run?.changes.count == 1 && run?.changes.first?.beta == 2)
        #expect(run?.changes.first?.learningRateScale == 0.5)
        #expect(run.flatMap { run in run.changes.first.map { $0.step == run.snapshot.step - 1 } } == true)
    }

    @Test(arguments: Screen.allCases) func oneFrameAsText(screen: Screen) {
        let text = tinySession().frame(width: 80, height: 24, plain, screen: screen)
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 25)
        #expect(text.contains("[\(screen.digit) \(screen.title)]"))
        #expect(text.utf8.allSatisfy { $0 < 128 && $0 != 27 })
        if screen == .compare { #expect(text.contains("input 1")) }
    }
}
