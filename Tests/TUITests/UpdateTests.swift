import Drawing
import TUI
import Testing
import VAECore

/// `update`: an action gives a state and effects.
@Suite struct UpdateTests {
    @Test func walking() {
        var state = tinyState()
        let effects = update(&state, .key(.right))
        #expect(state.explore.cursor[0] > 0 && state.explore.cursor[1] == 0)
        let plane = jobs(DecodePlane.self, in: effects)
        #expect(effects.count == 1 && plane.map(\.cursor) == [state.explore.cursor] && plane.map(\.plane.center) == [[0, 0]])
        let step = state.explore.cursor[0]
        _ = update(&state, .key(.character("k")))
        #expect(state.explore.cursor == [step, step])
        _ = update(&state, .key(.shiftLeft))
        #expect(abs(state.explore.cursor[0] - 0.9 * step) < 1e-4)
        for _ in 0..<400 { _ = update(&state, .key(.left)) }
        #expect(state.explore.cursor[0] == -ExploreState.limit)
        #expect(state.explore.plane.center[0] < -4)
        _ = update(&state, .key(.character("0")))
        #expect(state.explore.cursor == [0, 0])
        #expect(state.explore.plane.center == [0, 0])
    }

    @Test func thereAndBackIsWhereItWas() {
        var state = tinyState()
        for key in [Key.right, .right, .up, .shiftUp, .shiftDown, .left, .down, .left] { _ = update(&state, .key(key)) }
        #expect(state.explore.cursor == [0, 0])
    }

    @Test func zooming() {
        var state = tinyState()
        let reach = state.explore.plane.reach
        _ = update(&state, .key(.character("+")))
        #expect(abs(state.explore.plane.reach - reach / 1.5) < 1e-5)
        for _ in 0..<50 { _ = update(&state, .key(.character("=")))  }
        #expect(state.explore.plane.reach == ExploreState.reachRange.lowerBound)
        for _ in 0..<50 { _ = update(&state, .key(.character("-"))) }
        #expect(state.explore.plane.reach == ExploreState.reachRange.upperBound)
    }

    /// No prior says where an autoencoder's codes lie: the plane opens on them and follows them while it trains,
    /// until the person walks away.
    @Test func thePlaneOfAnAutoencoderOpensOnItsCodes() {
        func evaluation(mean: [Double], variance: [Double], isDeterministic: Bool) -> Evaluation {
            Evaluation(
                binarization: .grey, images: 9, terms: LossTerms(), klPerDimension: [0, 0], meanVariance: variance,
                codeMean: mean, isDeterministic: isDeterministic ? true : nil)
        }
        func report(_ test: Evaluation) -> EpochReport {
            EpochReport(epoch: 1, step: 10, seconds: 1, imagesPerSecond: 1, train: LossTerms(), test: test)
        }
        var session = tinySession()
        session.evaluation = evaluation(mean: [3, -1], variance: [25, 4], isDeterministic: true)
        var state = session.initialState(width: 80, height: 24, Capabilities())
        #expect(state.explore.cursor == [3, -1])
        #expect(state.explore.plane.center == [3, -1])
        #expect(state.explore.plane.reach == 12)
        send(&state, .key(.right), .key(.character("+")), .key(.character("0")))
        #expect(state.explore.cursor == [3, -1] && state.explore.plane.reach == 12)

        send(&state, .data(.ready(tinyDataset)), .key(.character("t")))
        #expect(state.explore.plane.reach == ExploreState.priorReach)
        let next = report(evaluation(mean: [0, 0], variance: [1, 100], isDeterministic: true))
        send(&state, .mail(tinyMail(steps: 1...10, epoch: next)))
        #expect(state.explore.plane.reach == 24 && state.explore.cursor == [0, 0])
        send(&state, .key(.character("2")), .key(.right))
        let walked = state.explore.cursor
        send(&state, .mail(tinyMail(steps: 11...20, epoch: report(session.evaluation!))))
        #expect(state.explore.cursor == walked && state.explore.plane.reach == 24)

        session.evaluation = evaluation(mean: [3, -1], variance: [25, 4], isDeterministic: false)
        state = session.initialState(width: 80, height: 24, Capabilities())
        #expect(state.explore.cursor == [0, 0] && state.explore.plane.reach == ExploreState.priorReach)
    }

    @Test func classesOfAConditionalModel() throws {
        let network = try Network(
            .perceptron(image: ImageShape(height: 5, width: 5), hidden: [6], latent: 2, classes: 3))
        var state = tinyState(network: network)
        #expect(state.explore.label == 0)
        for label in [1, 2, 0] {
            let effects = update(&state, .key(.character("c")))
            #expect(state.explore.label == label)
            #expect(jobs(DecodePlane.self, in: effects).first?.label == label)
        }
        var unconditional = tinyState()
        send(&unconditional, .key(.character("c")))
        #expect(unconditional.explore.label == nil)
        #expect(unconditional.message?.text.contains("--conditional") == true)
    }

    @Test func classesThatDoNotCountFromZero() throws {
        var model = ModelConfiguration.perceptron(image: ImageShape(height: 5, width: 5), hidden: [6], latent: 2, classes: 3)
        model.classLabels = [1, 2, 9]
        var state = tinyState(network: try Network(model))
        #expect(state.explore.label == 1)
        for label in [2, 9, 1] {
            send(&state, .key(.character("c")))
            #expect(state.explore.label == label)
        }
    }

    @Test func screens() {
        var state = tinyState()
        send(&state, .data(.ready(tinyDataset)))
        let all = Screen.allCases
        let tabs = all.dropFirst().map { (Key.tab, $0) } + [(.tab, all[0]), (.backTab, all[all.count - 1])]
        let digits = all.flatMap { [(digit($0), $0), (.function($0.digit), $0)] }
        for (key, screen) in [(Key.character("1"), all[0])] + tabs + digits {
            send(&state, .key(key))
            #expect(state.screen == screen)
        }
        // The tabs of the first line answer the mouse.
        send(&state, .mouse(x: 3, y: 0, .press(1)))
        #expect(state.screen == .train)
    }

    @Test func theMouseWalks() {
        var state = tinyState()
        send(&state, .mouse(x: 5, y: 3, .press(1)))
        #expect(state.explore.cursor[0] < 0 && state.explore.cursor[1] > 0)
        let reach = state.explore.plane.reach
        send(&state, .mouse(x: 5, y: 3, .wheelUp))
        #expect(state.explore.plane.reach < reach)
    }

    @Test func training() {
        var state = tinyState()
        #expect(update(&state, .key(.character("t"))) == [])
        #expect(state.message != nil)
        // Asked for while the data set loads: begins with it.
        #expect(update(&state, .data(.ready(tinyDataset))).contains(.startTraining()))
        send(&state, .trainingStarted(.init(name: "tiny", dataset: "tiny", images: 30, beta: 1)))
        #expect(state.screen == .train && state.training.isActive)

        let effects = update(&state, .mail(tinyMail(steps: 1...5)))
        #expect(effects.contains(.requestSnapshot))
        #expect(state.model.step == 5)
        #expect(state.training.curves.trainTotal.count == 5)
        #expect(state.training.run?.isUnsaved == true)
        #expect(update(&state, .mail(tinyMail(steps: 6...7, snapshot: false))) == [])
        #expect(state.model.step == 5 && state.training.run?.progress.step == 7)

        #expect(update(&state, .key(.character(" "))) == [.control(.pause)])
        _ = update(&state, .mail(tinyMail(steps: 8...8, state: .paused)))
        #expect(update(&state, .key(.character("s"))) == [.requestSnapshot, .control(.step)])
        #expect(update(&state, .key(.character(" "))) == [.control(.resume)])

        #expect(update(&state, .key(.character("]"))) == [.control(.learningRateScale(2))])
        #expect(update(&state, .key(.character("["))) == [.control(.learningRateScale(1))])
        #expect(update(&state, .key(.character(">"))) == [.control(.beta(2))])
        for _ in 0..<6 { _ = update(&state, .key(.character("<"))) }
        #expect(state.training.run?.beta == 0)

        _ = update(&state, .mail(tinyMail(steps: 9...10, epoch: tinyReport(epoch: 1, step: 10))))
        #expect(state.training.curves.testTotal.count == 1)
        #expect(state.model.klPerDimension == [2, 0.5])
    }

    @Test func leaving() {
        var state = tinyState()
        #expect(update(&state, .key(.character("q"))) == [.quit])
        send(&state, .data(.ready(tinyDataset)), .key(.character("t")), .mail(tinyMail(steps: 1...2)))
        #expect(update(&state, .key(.character("q"))) == [])
        #expect(state.overlay == .quit)
        #expect(update(&state, .key(.escape)) == [])
        #expect(state.overlay == nil)
        _ = update(&state, .key(.character("q")))
        var copy = state
        #expect(update(&copy, .key(.character("d"))).last == .quit)
        let effects = update(&state, .key(.character("s")))
        #expect(effects == [.control(.stop)])
        // It is saved once it has stopped, and quits once it is saved, not before.
        let over = update(&state, .mail(tinyMail(steps: 3...3, state: .stopped)))
        #expect(saves(over) == [.runs] && !over.contains(.quit))
        #expect(update(&state, jobs(SaveModel.self, in: over)[0].answer("runs/x")) == [.quit])
    }

    @Test func spaceTogglesWhatWasAskedForLast() {
        var state = tinyState()
        send(&state, .data(.ready(tinyDataset)), .key(.character("t")), .mail(tinyMail(steps: 1...2)))
        // Twice within a frame, before the trainer has answered.
        #expect(update(&state, .key(.character(" "))) == [.control(.pause)])
        #expect(update(&state, .key(.character(" "))) == [.control(.resume)])
        // The pause that was already under way is told late.
        send(&state, .mail(tinyMail(steps: 3...3, state: .paused)))
        #expect(update(&state, .key(.character(" "))) == [.control(.pause)])
        send(&state, .mail(tinyMail(steps: 4...4, state: .evaluating)))
        #expect(drawn(state)[0].contains("pausing"))
        send(&state, .mail(tinyMail(steps: 4...4, state: .paused)))
        #expect(update(&state, .key(.character(" "))) == [.control(.resume)])
    }

    @Test func sTakesOneStepAndPauses() {
        var state = tinyState()
        send(&state, .data(.ready(tinyDataset)), .key(.character("t")), .mail(tinyMail(steps: 1...2)))
        #expect(update(&state, .key(.character("s"))) == [.requestSnapshot, .control(.step)])
        #expect(update(&state, .key(.character(" "))) == [.control(.resume)])
    }

    /// What the model before made of the images is not shown as this one's.
    @Test func aRunThatBeginsForgetsTheModelBefore() {
        var state = tinyState(width: 120, height: 40)
        settle(&state, update(&state, .data(.ready(tinyDataset))))
        for key in "3ovv24" { settle(&state, update(&state, .key(.character(key)))) }
        settle(&state, update(&state, .resize(width: 120, height: 40)))
        #expect(!state.shown.scores.isEmpty && !state.explore.picture.isEmpty)
        _ = update(&state, .trainingStarted(.init(name: "tiny", dataset: "tiny", images: 30, beta: 1)))
        #expect(state.shown.scores.isEmpty && state.compare.pair == nil && state.compare.order == Array(0..<12))
        #expect(state.explore.pictures == PlanePictures() && state.explore.picture.isEmpty && state.shown.codes == nil)
        #expect(state.training.thumbnail == PlanePictures() && state.training.strip == .init())
        #expect(state.shown.path == nil && state.draw.encoded == nil)
    }

    /// Losses of another step say which.
    @Test func theListSaysTheStepOfItsLosses() {
        var state = tinyState(width: 120, height: 40)
        settle(&state, update(&state, .data(.ready(tinyDataset))))
        settle(&state, update(&state, .key(.character("3"))))
        #expect(drawn(state).contains { $0.contains("image class") })
        state.shown.scoresStep = 387
        #expect(drawn(state).contains { $0.contains("step 387") } && !drawn(state).contains { $0.contains("image class") })
    }

    @Test func eachDrawOfZIsAnother() {
        var state = tinyState()
        settle(&state, update(&state, .data(.ready(tinyDataset))))
        settle(&state, update(&state, .key(.character("3"))))
        let mean = state.compare.pair?.reconstruction.z
        var seen: [[Float]] = []
        for _ in 0..<4 {
            settle(&state, update(&state, .key(.character("z"))))
            seen.append(state.compare.pair?.reconstruction.z ?? [])
        }
        #expect(Set(seen).count == 4 && !seen.contains(mean ?? []))
        settle(&state, update(&state, .key(.character("Z"))))
        #expect(state.compare.pair?.reconstruction.z == mean)
    }

    /// What is saved is what is on show, and the message says which step; the newest stays unsaved.
    @Test func aPastStepIsSavedAsWhatItIs() {
        var state = tinyState()
        send(&state, .data(.ready(tinyDataset)), .key(.character("t")), .mail(tinyMail(steps: 1...2)))
        send(&state, .mail(tinyMail(steps: 3...5)), .key(.character("2")), .key(.character(",")))
        #expect(state.training.past.shown == 2)
        let save = jobs(SaveModel.self, in: update(&state, .key(.character("w"))))
        #expect(save.map(\.run.snapshot.step) == [2])
        send(&state, save[0].answer("runs/x"))
        #expect(state.message?.text.contains("saved runs/x: step 2, the step shown") == true && state.training.run?.isUnsaved == true)
        #expect(state.shown.path == nil)
        // Leaving saves the newest.
        send(&state, .key(.character("q")))
        #expect(update(&state, .key(.character("s"))) == [.control(.stop)])
        let over = update(&state, .mail(tinyMail(steps: 6...6, state: .stopped)))
        #expect(jobs(SaveModel.self, in: over).map(\.run.snapshot.step) == [6])
    }

    /// The step said is the one that was written; what came after it is still not saved.
    @Test func whatWasSavedIsSaid() {
        var state = tinyState()
        send(&state, .data(.ready(tinyDataset)), .key(.character("t")), .mail(tinyMail(steps: 1...5)))
        let save = jobs(SaveModel.self, in: update(&state, .key(.character("w"))))
        send(&state, .mail(tinyMail(steps: 6...9)), save[0].answer("runs/x"))
        #expect(state.message?.text == "saved runs/x: step 5" && state.training.run?.isUnsaved == true)
    }

    /// The run went back: a step on show that led to a divergence is gone.
    @Test func anAbandonedStepIsLeft() {
        var state = tinyState()
        send(&state, .data(.ready(tinyDataset)), .key(.character("t")), .mail(tinyMail(steps: 1...64)))
        for steps in [65...80, 81...90] { send(&state, .mail(tinyMail(steps: steps))) }
        send(&state, .key(.character("2")), .key(.character(",")))
        #expect(state.training.past.shown == 80 && state.model.step == 80)
        send(&state, .mail(tinyMail(steps: 64...64)))
        #expect(state.training.past.shown == nil && state.model.step == 64 && state.message?.text.contains("step 80 no longer exists") == true)
    }

    /// A run that has grown far above its first loss has no collapse.
    @Test func divergenceIsNotCollapse() {
        var state = tinyState()
        send(&state, .data(.ready(tinyDataset)), .key(.character("t")), .mail(tinyMail(steps: 1...2)))
        let dead = Evaluation(
            binarization: .grey, images: 12, terms: LossTerms(reconstruction: 50, kl: 1), klPerDimension: [0, 0],
            meanVariance: [0, 0], codeMean: [0, 0])
        var report = EpochReport(
            epoch: 1, step: 3, seconds: 1, imagesPerSecond: 1, train: LossTerms(), test: dead)
        func warning() -> Bool { drawn(state).contains { $0.contains("collapse") } }
        // No model uses its code at once.
        send(&state, .mail(tinyMail(steps: 3...3, epoch: report)))
        #expect(!warning())
        report.step = 300
        send(&state, .mail(tinyMail(steps: 300...300, epoch: report)))
        #expect(warning())
        report.test.terms.reconstruction = 1e16
        send(&state, .mail(tinyMail(steps: 301...301, epoch: report)))
        #expect(!warning())
    }

    @Test func imagesOfAnotherKindAreSaidToBe() {
        var state = tinyState()
        state.model.trainedOn = "fashion-mnist"
        send(&state, .data(.ready(tinyDataset)))
        #expect(state.message?.text.contains("trained on fashion-mnist") == true && state.message?.isError == true)
        settle(&state, update(&state, .key(.character("3"))))
        #expect(drawn(state).joined().contains("image 1 of 12 of "))
    }

    @Test func aFailedRunIsSavedAndCanBeRepeated() {
        var state = tinyState()
        send(&state, .data(.ready(tinyDataset)), .key(.character("t")), .mail(tinyMail(steps: 1...2)))
        let error = CoreError(
            .training, "KL divergence is no longer a finite number", at: "step 3", remedy: "try a lower learning rate")
        let effects = update(&state, .mail(tinyMail(steps: 3...3, state: .failed(error))))
        #expect(saves(effects) == [.runs])
        #expect(state.message?.text.contains("KL divergence") == true)
        settle(&state, effects)
        #expect(!state.training.isActive)
        for words in ["stopped: KL divergence is no longer a finite number", "try a lower", "saved runs/tiny"] {
            #expect(drawn(state).contains { $0.contains(words) }, "\(words)")
        }
        #expect(state.training.run?.isUnsaved == false)
        #expect(saves(update(&state, .mail(tinyMail(steps: 3...3, state: .failed(error))))).isEmpty)
        #expect(update(&state, .key(.character("t"))) == [.startTraining()])
    }

    @Test func comparing() {
        var state = tinyState()
        send(&state, .data(.ready(tinyDataset)), .key(.character("3")))
        #expect(state.compare.order == Array(0..<12))
        #expect(state.shown.scores.count == 12 && state.compare.pair?.index == 0)
        send(&state, .key(.down))
        #expect(state.compare.pair?.index == 1)
        send(&state, .key(.pageDown), .key(.pageDown))
        #expect(state.compare.selected == 11)
        send(&state, .key(.character("o")))
        let losses = state.compare.order.map { state.shown.scores[$0].negativeELBO }
        #expect(state.compare.sorting == .worst && losses == losses.sorted(by: >))
        #expect(state.compare.selected == 0)
        send(&state, .key(.character("o")))
        #expect(state.compare.order.map { tinyDataset.test.labels![$0] } == [0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        send(&state, .key(.character("z")))
        #expect(state.compare.sampleSeed != nil)
        send(&state, .key(.character("Z")), .key(.end), .key(.home))
        #expect(state.compare.sampleSeed == nil && state.compare.selected == 0)
        let z = state.compare.pair?.reconstruction.z
        send(&state, .key(.enter))
        #expect(state.screen == .explore && state.explore.cursor == z)
    }

    @Test func everyKeyOfTheTableIsListedAndDoesSomething() {
        for screen in Screen.allCases {
            let listed = KeyBindings.help(on: screen)
            let rows = KeyBindings.rows(on: screen)
            for row in rows {
                #expect(listed.contains { $0.key == row.label && $0.text == row.text })
                for key in row.keys { #expect(doesSomething(key, on: screen), "\(key) on \(screen.title)") }
            }
            let keys = rows.flatMap(\.keys)
            #expect(Set(keys).count == keys.count, "a key of \(screen.title) is taken twice")
            var state = tinyState()
            state.screen = screen
            #expect(KeyBindings.hints(state).suffix(2).map(\.label) == ["?", "q"])
        }
    }

    /// Whether a key changes the state or asks for an effect, idle or while training.
    private func doesSomething(_ key: Key, on screen: Screen) -> Bool {
        let deep = try? Network(.perceptron(image: ImageShape(height: 5, width: 5), hidden: [6], latent: 4))
        return [false, true].contains { (trains: Bool) -> Bool in
            var state = tinyState(network: trains ? tinyNetwork : deep ?? tinyNetwork)
            _ = update(&state, .data(.ready(tinyDataset)))
            if trains {
                _ = update(&state, .trainingStarted(.init(name: "tiny", dataset: "tiny", images: 30, beta: 1)))
                _ = update(&state, .mail(tinyMail(steps: 1...60)))
                // A cursor that can be dropped, a view that can be left.
                if screen == .train { for key in [Key.home, .right, .character("+")] { _ = update(&state, .key(key)) } }
            }
            _ = update(&state, .key(digit(screen)))
            if screen == .compare { settle(&state, update(&state, .resize(width: 80, height: 24))) }
            let before = state
            return !update(&state, .key(key)).isEmpty || !Leaves(state).changes(from: Leaves(before)).isEmpty
        }
    }

    /// Keys, sizes and mail in any order, drawn after each.
    @Test(arguments: 0..<8) func randomKeysNeverTrap(seed: Int) {
        var random = Seeded(state: UInt64(seed))
        let keys = Screen.allCases.flatMap(KeyBindings.rows).flatMap(\.keys)
            + [.escape, .enter, .delete, .insert, .function(9), .control("x"), .character("é"), .character("s"), .character("d")]
        var state = tinyState()
        var step = 0
        let error = CoreError(.training, "KL divergence is no longer a finite number", at: "step 3")
        for _ in 0..<2000 {
            switch Int.random(in: 0..<40, using: &random) {
            case 0:
                send(
                    &state,
                    .resize(width: .random(in: 0...90, using: &random), height: .random(in: 0...40, using: &random)))
            case 1 where seed % 3 > 0:
                send(&state, .data(seed % 3 == 1 ? .ready(tinyDataset) : .missing("no data\u{1B}[31m here")))
            case 2...4:
                step += 1
                let states: [TrainingState] = [
                    .running, .paused, .evaluating, .finished, .stopped, .failed(error), .diverged(error),
                ]
                let mail = tinyMail(
                    steps: step...step, state: states.randomElement(using: &random)!, snapshot: .random(using: &random),
                    epoch: step % 5 == 0 ? tinyReport(epoch: step / 5, step: step) : nil)
                send(&state, .mail(mail))
            case 5:
                send(
                    &state,
                    .mouse(x: .random(in: -2...90, using: &random), y: .random(in: -2...40, using: &random),
                           [.press(1), .drag(1), .wheelUp, .wheelDown, .release, .press(3)].randomElement(using: &random)!))
            case 6: send(&state, .failed("it failed"))
            default: send(&state, .key(keys.randomElement(using: &random)!))
            }
            _ = drawn(state)
        }
        #expect(state.explore.cursor.allSatisfy { abs($0) <= ExploreState.limit })
    }

    /// A click on a line of Compare's list chooses its image.
    @Test func aClickChoosesAnImage() {
        var state = tinyState()
        send(&state, .data(.ready(tinyDataset)), .key("3"), .mouse(x: 4, y: 6, .press(1)))
        #expect(state.compare.selected == 4 && state.compare.pair?.index == 4)
        send(&state, .mouse(x: 4, y: 23, .press(1)), .mouse(x: 60, y: 6, .press(1)))
        #expect(state.compare.selected == 4)
    }

    /// A message leaves once there was time to read it: longer for more words, and where something is wrong.
    @Test func messagesLeave() {
        var state = tinyState()
        _ = update(&state, .failed("it failed"))
        let error = state.message
        _ = update(&state, .messageRead)
        #expect(state.message == nil)
        _ = update(&state, .key("G"))
        var short = state.message
        let seconds = short?.seconds ?? 0
        short?.text += String(repeating: " word", count: 30)
        #expect(seconds >= 4 && short?.seconds ?? 0 > seconds + 8 && error?.seconds ?? 0 > seconds + 8)
    }

    /// Dimensions go forwards and backwards.
    @Test func dimensionsBothWays() throws {
        let network = try Network(.perceptron(image: ImageShape(height: 5, width: 5), hidden: [6], latent: 5))
        var state = tinyState(network: network)
        send(&state, .key("x"))
        #expect(state.explore.dimensions == (2, 1))
        send(&state, .key("X"))
        #expect(state.explore.dimensions == (0, 1))
        send(&state, .key("X"), .key("Y"))
        #expect(state.explore.dimensions == (4, 0))
    }

    /// Where a panel takes the place of the curves, a key for them brings them back.
    @Test(arguments: ["c", "v", "g", "+"]) func keysOfHiddenCurves(key: String) {
        var state = tinyState(width: 60, height: 16)
        send(&state, .data(.ready(tinyDataset)), .key("t"), .mail(tinyMail(steps: 1...60)))
        state.training.panel = .bars
        #expect(!drawn(state).joined().contains("━ -ELBO"))
        send(&state, .key(.character(Character(key))))
        #expect(state.training.panel == .both)
        #expect(drawn(state).joined().contains("━"))
    }

    /// The path is drawn on the plane, and the cursor where it stands between two pictures.
    @Test func thePathLiesOnThePlane() {
        var state = tinyState()
        send(&state, .key("a"), .key(.right), .key(.right), .key("b"))
        #expect(drawn(state).joined().count { $0 == "•" } >= 10)
        #expect(!drawn(state).joined().contains("╋"))
        send(&state, .key(.shiftRight))
        #expect(drawn(state).joined().contains("╋"))
    }
}
