import Drawing
import TUI
import Testing
import VAECore

/// The Train screen: its keys and mouse, and what it shows.
@Suite struct TrainTests {
    /// A run that has taken 1000 steps.
    private func training(
        _ width: Int = 80, _ height: Int = 24, _ capabilities: Capabilities = colored, steps: Int = 1000,
        run: TrainState.Run = .init(name: "tiny", dataset: "tiny", images: 30, beta: 1)
    ) -> AppState {
        var state = tinyState(width: width, height: height, capabilities)
        send(&state, .data(.ready(tinyDataset)), .trainingStarted(run), .mail(tinyMail(steps: 1...steps)))
        return state
    }

    /// A report of an evaluation in which the given dimensions, counted from 1, are dead.
    private func report(latent: Int, dead: [Int], epoch: Int = 1, step: Int = 1000, isDeterministic: Bool = false) -> EpochReport {
        var report = tinyReport(epoch: epoch, step: step)
        report.test.klPerDimension = (1...latent).map { dead.contains($0) ? 0 : 5 / Double($0) }
        report.test.meanVariance = (1...latent).map { dead.contains($0) ? 0.001 : 0.9 }
        if isDeterministic {
            report.test.codeMean = [Double](repeating: 0, count: latent)
            report.test.isDeterministic = true
        }
        return report
    }

    private func deep(_ latent: Int, _ image: ImageShape = ImageShape(height: 5, width: 5)) throws -> Network {
        try Network(.perceptron(image: image, hidden: [6], latent: latent))
    }

    private func diverged(at step: Int = 1001) -> TrainingState {
        .diverged(CoreError(.training, "KL divergence is no longer a finite number", at: "step \(step)"))
    }

    // MARK: Cursor and zoom

    @Test func theCursorWalksAndStaysAtItsStep() {
        var state = training()
        send(&state, .key(.left))
        let first = state.training.cursor!
        #expect(first < 1000 && first > 900)
        send(&state, .key(.shiftLeft))
        #expect(abs((1000 - state.training.cursor!) - 9 * (1000 - first)) <= 1)
        let at = state.training.cursor
        send(&state, .mail(tinyMail(steps: 1001...2000)))
        #expect(state.training.cursor == at)
        send(&state, .key(.home))
        #expect(state.training.cursor == 1)
        send(&state, .key(.left))
        #expect(state.training.cursor == 1)
        send(&state, .key(.pageDown))
        #expect((400...600).contains(state.training.cursor!))
        send(&state, .key(.end), .key(.character("L")))
        #expect(state.training.cursor == 2000)
        send(&state, .key(.character("h")), .key(.character("l")))
        #expect(state.training.cursor == 2000)
        send(&state, .key(.escape))
        #expect(state.training.cursor == nil)
    }

    @Test func theLegendReadsAtTheCursor() {
        var state = training(120, 40)
        send(&state, .key(.character("m")), .key(.home))
        let text = drawn(state).joined(separator: "\n")
        // The first step's losses are 100 and 3.
        #expect(text.contains("━ -ELBO 103.0") && text.contains("━ reconstruction 100.0"))
        #expect(text.contains(" 1 ") && text.contains("│"))
        send(&state, .key(.escape))
        #expect(drawn(state).joined().contains("━ -ELBO 3.1"))
    }

    @Test func oneStepMovesByAtLeastOneStep() {
        var state = training(steps: 10)
        send(&state, .key(.left), .key(.left))
        #expect(state.training.cursor == 8)
    }

    @Test func zoomSurvivesNewData() throws {
        var state = training()
        send(&state, .key(.character("+")))
        #expect(state.training.view == .last(499.5))
        send(&state, .mail(tinyMail(steps: 1001...1100)))
        #expect(state.training.window == 600.5...1100)

        // Around the cursor it stays where it is.
        send(&state, .key(.home), .key(.pageDown), .key(.character("+")))
        let window = try #require(state.training.window)
        #expect(window.contains(Double(state.training.cursor!)))
        send(&state, .mail(tinyMail(steps: 1101...1500)))
        #expect(state.training.window == window)
        // Walking beyond it takes it along, its length kept.
        for _ in 0..<200 { send(&state, .key(.character("H"))) }
        #expect(state.training.cursor == 1 && state.training.window!.lowerBound == 1)
        let length = { (r: ClosedRange<Double>) in r.upperBound - r.lowerBound }
        #expect(abs(length(state.training.window!) - length(window)) < 1e-6)
        send(&state, .key(.character("0")))
        #expect(state.training.window == nil && state.training.view == .all && state.training.cursor == 1)
        for _ in 0..<20 { send(&state, .key(.character("+"))) }
        #expect(length(state.training.window!) == 8)
        for _ in 0..<20 { send(&state, .key(.character("-"))) }
        #expect(state.training.view == .all)
        send(&state, .key(.character("+")), .key(.character("v")))
        #expect(state.training.view == .all)
    }

    /// A cursor holds a view that follows training; without it the view follows again.
    @Test func theCursorHoldsTheRecentView() {
        var state = training()
        send(&state, .key(.character("v")))
        #expect(state.training.view == .recent && state.training.window == 800...1000)
        send(&state, .key(.left), .mail(tinyMail(steps: 1001...2000)))
        #expect(state.training.window == 800...1000)
        send(&state, .key(.home))
        #expect(state.training.window == 1...201)
        send(&state, .key(.escape))
        #expect(state.training.view == .recent && state.training.window == 1600...2000)
        send(&state, .key(.character("v")))
        #expect(state.training.window == nil)
    }

    @Test func theMouseReadsAndZooms() {
        var state = training()
        send(&state, .mouse(x: 20, y: 6, .press(1)))
        let first = state.training.cursor ?? 0
        #expect((2..<999).contains(first))
        send(&state, .mouse(x: 26, y: 6, .drag(1)))
        #expect(state.training.cursor ?? 0 > first)
        // The line stands where the mouse is, its step above it.
        #expect(drawn(state)[3...9].contains { Array($0)[26] == "│" } && drawn(state)[3].contains(" \(state.training.cursor ?? 0) "))
        send(&state, .mouse(x: 20, y: 6, .wheelUp))
        #expect(abs((state.training.window.map { $0.upperBound - $0.lowerBound } ?? 0) - 499.5) < 1e-6)
        send(&state, .mouse(x: 20, y: 6, .wheelDown))
        #expect(state.training.view == .all)
        let before = state.training.cursor
        send(&state, .mouse(x: 20, y: 15, .press(1)), .mouse(x: 1, y: 6, .press(1)))
        #expect(state.training.cursor == before)
    }

    /// The value axis has the values that the zoomed curves have.
    @Test func theValueAxisFitsWhatIsShown() {
        var state = training(120, 40, steps: 4000)
        send(&state, .key(.character("m")), .key(.end))
        for _ in 0..<8 { send(&state, .key(.character("+"))) }
        let labels = drawn(state).prefix(26).compactMap { $0.firstMatch(of: /^ *([0-9.]+)┤/).flatMap { Double($0.1) } }
        #expect(!labels.isEmpty && labels.allSatisfy { $0 < 4 })
    }

    /// A view follows training; with a cursor, in a run too short to leave anything out, it must not walk away from it.
    @Test func aCursorOutOfViewReadsNothing() {
        var state = training(steps: 30)
        send(&state, .key(.character("v")), .key(.home), .mail(tinyMail(steps: 31...400)))
        #expect(state.training.cursor == 1 && state.training.window == 1...30)
        send(&state, .key(.character("0")))
        #expect(state.training.cursor == 1 && state.training.window == nil)
        send(&state, .key(.character("v")))
        #expect(state.training.cursor == nil && state.training.window == 320...400)
    }

    // MARK: The run's controls

    @Test func freeBits() {
        var state = training()
        for (key, bits) in [("f", 0.01), ("f", 0.05), ("f", 0.1), ("F", 0.05)] as [(Character, Double)] {
            #expect(update(&state, .key(.character(key))) == [.control(.freeBits(bits))])
            #expect(state.training.run?.freeBits == bits)
        }
        for _ in 0..<9 { _ = update(&state, .key(.character("f"))) }
        #expect(state.training.run?.freeBits == 1)
        for _ in 0..<9 { _ = update(&state, .key(.character("F"))) }
        #expect(state.training.run?.freeBits == 0)
        #expect(state.message?.text.contains("free bits: 0 nats") == true)

        // Where a run began with others, the next one either way.
        state = training(run: .init(name: "tiny", dataset: "tiny", images: 30, beta: 1, freeBits: 0.2))
        #expect(update(&state, .key(.character("F"))) == [.control(.freeBits(0.1))])
        state = training(run: .init(name: "tiny", dataset: "tiny", images: 30, beta: 1, freeBits: nil))
        #expect(update(&state, .key(.character("f"))) == [])
        #expect(state.message?.text.contains("samples its KL") == true)
        state = training(run: .init(name: "tiny", dataset: "tiny", images: 30, beta: 1, isDeterministic: true))
        #expect(update(&state, .key(.character("f"))) == [] && update(&state, .key(.character(">"))) == [])
        #expect(state.message?.text.contains("plain autoencoder") == true)
    }

    @Test func theFiguresShowTheSettingsOfTheLastStep() {
        var state = training(120, 40)
        var mail = tinyMail(steps: 1001...1001)
        mail.steps[0].freeBits = 0.25
        mail.steps[0].beta = 4
        send(&state, .mail(mail))
        #expect(drawn(state).contains { $0.contains("rate 0.001 beta 4 free bits 0.25") })
    }

    @Test func stopping() {
        var state = training()
        #expect(update(&state, .key(.character("x"))) == [.control(.stop)])
        #expect(state.training.isActive && state.training.run?.isStopping == true)
        // Asked for too early, the last parameters are saved once they are there.
        #expect(update(&state, .key(.character("w"))) == [])
        let effects = update(&state, .mail(tinyMail(steps: 1001...1001, state: .stopped)))
        #expect(saves(effects) == [.runs] && !effects.contains(.requestSnapshot))
        #expect(!state.training.isActive && state.screen == .train)
        settle(&state, effects)
        #expect(state.training.run?.isUnsaved == false)
        send(&state, .key(.home))
        let lines = drawn(state)
        #expect(lines[23].contains("w save") && lines[23].contains("t train again") && !lines[23].contains("pause"))
        #expect(lines[0].contains("stopped") || lines.joined().contains("stopped  step 1001 of 100"))
        #expect(lines.joined().contains("━ -ELBO"))
        #expect(update(&state, .key(.character("x"))) == [])
        #expect(update(&state, .key(.character("t"))) == [.startTraining()])
    }

    @Test func restarting() {
        var state = training()
        #expect(update(&state, .key(.character("r"))) == [])
        #expect(state.overlay == .restart)
        #expect(drawn(state).joined().contains("discard this run?"))
        #expect(update(&state, .key(.escape)) == [] && state.overlay == nil && state.training.isActive)
        _ = update(&state, .key(.character("r")))
        send(&state, .key(.left), .key(.character("+")))
        #expect(state.overlay == nil)
        _ = update(&state, .key(.character("r")))
        let effects = update(&state, .key(.character("r")))
        #expect(effects == [.startTraining()])
        settle(&state, effects)
        #expect(state.training.cursor == nil && state.training.view == .all && state.training.curves.steps == nil)
        // Saved: nothing is lost, nothing is asked. Over, but not saved: it is asked, and can be saved first.
        state = training()
        send(&state, .key(.character("w")))
        #expect(update(&state, .key(.character("r"))) == [.startTraining()])
        state = training()
        send(&state, .mail(tinyMail(steps: 1001...1001, state: .finished)))
        for key in ["r", "t"] as [Character] {
            #expect(update(&state, .key(.character(key))) == [] && state.overlay == .restart)
            #expect(drawn(state).joined().contains("save it first"))
            #expect(saves(update(&state, .key(.character("w")))) == [.runs] && state.overlay == nil)
        }
        send(&state, .key(.character("w")))
        #expect(update(&state, .key(.character("t"))) == [.startTraining()])
        state = tinyState()
        send(&state, .data(.ready(tinyDataset)), .key(.character("1")))
        #expect(update(&state, .key(.character("r"))) == [.startTraining()])
    }

    @Test(arguments: [(40, 12), (80, 24), (120, 40), (200, 60)])
    func aLossThatIsNoNumberHaltsAndOffers(width: Int, height: Int) {
        var state = training(width, height)
        var mail = tinyMail(steps: 1001...1001, state: diverged(at: 1002))
        mail.snapshot = tinySnapshot(step: 960)
        mail.steps = []
        let effects = update(&state, .mail(mail))
        #expect(saves(effects).isEmpty && state.training.isActive && state.model.step == 960)
        settle(&state, effects)
        let text = drawn(state).map { $0.trimmingPrefix(" ").description }.joined(separator: " ")
            .split(separator: " ").joined(separator: " ")
        #expect(text.contains("KL divergence is no longer a finite number"))
        for words in ["960, the last good one", "space continues", "w save", "r restart"] {
            #expect(text.lowercased().contains(words), "\(words) at \(width)×\(height)")
        }
        if width >= 80 { #expect(text.contains("step 1002") && text.contains("half the learning rate (× 0.5)")) }
        #expect(update(&state, .key(.character("s"))) == [])
        #expect(saves(update(&state, .key(.character("w")))) == [.runs])
        var copy = state
        _ = update(&copy, .key(.character("r")))
        #expect(update(&copy, .key(.enter)) == [.startTraining(learningRateScale: 0.5)])
        settle(&copy, [.startTraining(learningRateScale: 0.5)])
        #expect(copy.training.run?.learningRateScale == 0.5 && copy.message?.text.contains("× 0.5") == true)

        #expect(update(&state, .key(.character(" "))) == [
            .control(.learningRateScale(0.5)), .control(.rollBack), .requestSnapshot,
        ])
        #expect(state.message?.text.contains("from step 960 at half") == true)
        send(&state, .mail(tinyMail(steps: 1002...1010)))
        #expect(state.training.run?.divergence == nil && state.training.run?.learningRateScale == 0.5)
        // Again, and again halved.
        send(&state, .mail(tinyMail(steps: 1011...1011, state: diverged())))
        #expect(update(&state, .key(.character(" "))).first == .control(.learningRateScale(0.25)))
    }

    // MARK: Latent dimensions

    @Test func barsAreLiveThenSorted() throws {
        var state = tinyState(width: 120, height: 40, network: try deep(4))
        send(&state, .data(.ready(tinyDataset)), .trainingStarted(.init(name: "t", dataset: "tiny", images: 30, beta: 1)))
        func names() -> [String] { drawn(state).compactMap { $0.firstMatch(of: /(z[0-9]+) [█▏▎▍▌▋▊▉ ]+ [0-9.]+/).map { String($0.1) } } }
        #expect(drawn(state).contains { $0.contains("after the first step") })
        var mail = tinyMail(steps: 1...10)
        mail.klPerDimension = [0.5, 2, 0, 1]
        send(&state, .mail(mail))
        // By number while they change, so that none changes its place.
        #expect(names() == ["z1", "z2", "z3", "z4"])
        #expect(!drawn(state).joined().contains("inactive"))
        var test = tinyMail(steps: 11...20, epoch: report(latent: 4, dead: [1, 3], step: 20))
        test.klPerDimension = [0.1, 2, 0, 3]
        send(&state, .mail(test))
        #expect(names() == ["z1", "z2", "z3", "z4"])
        let text = drawn(state)
        #expect(text.contains { $0.contains("z2") && $0.contains("active") })
        #expect(text.contains { $0.contains("z3") && $0.contains("inactive") })
        #expect(text.contains { $0.contains("2/4 active: z2 z4") })
        // Once the run is over, those of the held-out images.
        state.model.step = 20
        send(&state, .mail(tinyMail(steps: 20...20, state: .finished)))
        #expect(drawn(state).contains { $0.contains("KL per dimension, nats") })
        #expect(names() == ["z2", "z4", "z1", "z3"])
    }

    @Test func collapseIsNamed() throws {
        var state = tinyState(width: 120, height: 40, network: try deep(20))
        send(&state, .data(.ready(tinyDataset)), .trainingStarted(.init(name: "t", dataset: "tiny", images: 30, beta: 1)))
        send(&state, .mail(tinyMail(steps: 1...10)))
        func warning() -> String? { drawn(state).first { $0.hasPrefix(" ! ") } }
        #expect(warning() == nil)
        // At first no model uses its code: no collapse yet, but of a dimension that was active.
        send(&state, .mail(tinyMail(steps: 11...20, epoch: report(latent: 20, dead: [3, 7], step: 20))))
        #expect(warning() == nil)
        send(&state, .mail(tinyMail(steps: 21...30, epoch: report(latent: 20, dead: [3, 5], epoch: 2, step: 30))))
        #expect(warning()?.contains("posterior collapse: z5 is inactive") == true)
        send(&state, .mail(tinyMail(steps: 301...310, epoch: report(latent: 20, dead: [3, 7] + Array(9...20), epoch: 3, step: 310))))
        let first = try #require(warning())
        #expect(first.contains("posterior collapse: z3, z7") && first.contains("more are inactive"))
        #expect(first.contains("lower beta (<) or add free bits (f)"))
        for width in 40...200 {
            send(&state, .resize(width: width, height: 24))
            let line = try #require(warning())
            #expect(line.contains("z3") && line.count <= width, "\(width): \(line)")
            if width >= 72 { #expect(line.contains("z7") && line.contains("add free bits (f)"), "\(width): \(line)") }
        }
        send(&state, .mail(tinyMail(steps: 311...320, epoch: report(latent: 20, dead: [5], epoch: 4, step: 320))))
        #expect(warning()?.contains("z5 is inactive (its code is the same for every image)") == true)
        send(&state, .mail(tinyMail(steps: 320...320, state: .stopped)))
        #expect(warning()?.contains("(<)") == false)
        send(&state, .mail(tinyMail(steps: 31...40, epoch: report(latent: 20, dead: [], epoch: 3))))
        #expect(warning() == nil)
    }

    @Test func aPlainAutoencoderHasNoKL() {
        var state = training(120, 40, run: .init(name: "ae", dataset: "tiny", images: 30, beta: 1, isDeterministic: true))
        send(&state, .mail(tinyMail(steps: 1001...1010, epoch: report(latent: 2, dead: [1, 2], isDeterministic: true))))
        let text = drawn(state).dropLast().joined(separator: "\n")
        #expect(text.contains("━ reconstruction") && text.contains("test  reconstruction 21.00"))
        #expect(!text.contains("KL") && !text.contains("-ELBO") && !text.contains("collapse") && !text.contains(" ! "))
    }

    // MARK: Layouts

    @Test func theLoadedModelIsShownBeforeAnythingIsTrained() {
        var session = tinySession()
        session.evaluation = tinyReport(epoch: 1, step: 10).test
        for (width, height) in [(80, 24), (120, 40), (200, 60)] {
            var state = session.initialState(width: width, height: height, colored)
            state.screen = .train
            send(&state, .data(.ready(tinyDataset)))
            let text = drawn(state).joined(separator: "\n")
            #expect(text.contains("Press t to train tiny from scratch, live"))
            #expect(text.contains("t train") && !text.contains("pause"))
            if width > 80 {
                #expect(text.contains("You will see the loss fall"))
                #expect(text.contains("-ELBO 23.50 = reconstruction") && text.contains("z1 ██"))
                #expect(text.contains("1 of 2 dimensions"))
            }
        }
    }

    @Test func thePanelFollowsItsKey() {
        var state = training(40, 12)
        var mail = tinyMail(steps: 1001...1001)
        mail.klPerDimension = [2, 1]
        send(&state, .mail(mail))
        #expect(drawn(state).joined().contains("━ -ELBO"))
        send(&state, .key(.character("d")))
        #expect(state.training.panel == .bars)
        #expect(drawn(state).joined().contains("z1 ██") && !drawn(state).joined().contains("━ -ELBO"))
        let effects = update(&state, .key(.character("d")))
        #expect(state.training.panel == .map && asks(for: DecodeThumbnail.self, effects))
        settle(&state, effects)
        send(&state, .key(.character("d")))
        #expect(state.training.panel == .both && drawn(state).joined().contains("━ -ELBO"))
        // Where there is room for both they stand side by side or below one another.
        for (width, height) in [(120, 40), (200, 60), (160, 24)] {
            send(&state, .resize(width: width, height: height))
            let text = drawn(state).joined(separator: "\n")
            #expect(text.contains("z1 ██") && text.contains("━ -ELBO") && !state.training.thumbnail.pictures.isEmpty)
        }
    }

    /// Four sizes, four kinds of terminal, halted and warned: nothing overflows, everything named is there.
    @Test(
        arguments: [(40, 12), (80, 24), (120, 40), (200, 60)],
        [
            Capabilities(), Capabilities(colors: .sixteen), Capabilities(colors: .none),
            Capabilities(unicode: false, colors: .none),
        ])
    func screens(size: (Int, Int), capabilities: Capabilities) {
        var state = training(size.0, size.1, capabilities)
        var mail = tinyMail(steps: 1001...1010, epoch: report(latent: 2, dead: [2]))
        mail.klPerDimension = [2, 0]
        send(&state, .mail(mail), .key(.left))
        var canvas = Canvas(width: size.0, height: size.1)
        render(state, into: &canvas)
        let lines = canvas.plainText.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == size.1 && lines.allSatisfy { $0.count <= size.0 })
        let text = canvas.plainText
        #expect(text.contains("-ELBO") && text.contains("z2") && text.contains("step 1010 of 100"))
        #expect(text.contains("space pause") && lines.last?.hasSuffix("? keys  q quit") == true)
        if size.0 >= 80 {
            #expect(text.contains("reconstruction 21.00 + KL 2.50") && text.contains("1/2 active: z1"))
            #expect(text.contains("free bits 0") && text.contains("lower beta (<)"))
        }
        if size.0 >= 120 { #expect(text.contains("inactive") && text.contains("read  + - zoom")) }
        if !capabilities.unicode { #expect(canvas.ansiText(capabilities).utf8.allSatisfy { $0 < 128 && $0 != 27 }) }
    }

    /// Latent spaces of one to 200 dimensions, and pictures of odd sizes, at every size of the screen.
    @Test(arguments: [1, 2, 200], [ImageShape(height: 5, width: 5), ImageShape(height: 3, width: 17), ImageShape(height: 31, width: 2)])
    func oddModels(latent: Int, shape: ImageShape) throws {
        let network = try deep(latent, shape)
        var state = tinyState(network: network)
        let images = ImageSet(shape: shape, pixels: [UInt8](repeating: 7, count: 12 * shape.count), labels: nil)
        let data = Dataset(name: "odd", train: images, test: images, source: "nowhere")
        func run(_ action: AppAction) { _ = update(&state, action) }
        run(.data(.ready(data)))
        for trains in [false, true] {
            if trains {
                run(.trainingStarted(.init(name: "odd", dataset: "odd", images: 12, beta: 1)))
                var mail = tinyMail(steps: 1...60, epoch: report(latent: latent, dead: [latent]))
                mail.klPerDimension = (0..<latent).map { Double($0 % 7) }
                run(.mail(mail))
            }
            run(.key(.character("1")))
            for panel in TrainState.Panel.allCases {
                state.training.panel = panel
                for (width, height) in [(40, 12), (41, 10), (57, 17), (80, 24), (100, 30), (120, 40), (160, 24), (200, 60)] {
                    let effects = update(&state, .resize(width: width, height: height))
                    for job in jobs(DecodeThumbnail.self, in: effects) {
                        let pictures = Inference(tinySnapshot(network: network)).decode(job.plane.points)
                        run(job.answer(PlanePictures(plane: job.plane, pictures: pictures, step: 0)))
                    }
                    let lines = drawn(state)
                    #expect(lines.count == height && lines.allSatisfy { $0.count <= width })
                    if trains, latent == 200, panel == .bars {
                        #expect(lines.contains { $0.contains(/\+ [0-9]+ more/) }, "\(width)×\(height)")
                    }
                }
            }
        }
    }

    /// On a large screen pictures come with every third frame: they are most of what a frame sends.
    @Test func picturesOfALargeScreen() {
        for (width, height, frames) in [(80, 24, 1), (200, 60, 3)] {
            var state = training(width, height)
            var asked: [Bool] = []
            for frame in 0..<6 {
                let hasPictures = frame == 0 || asked[frame - 1]
                let mail = tinyMail(steps: 1001 + frame...1001 + frame, snapshot: hasPictures)
                asked.append(update(&state, .mail(mail)).contains(.requestSnapshot))
            }
            #expect(asked == (0..<6).map { $0 % frames == frames - 1 }, "\(width)")
        }
    }

    /// Only what a person looks at depends on the view: every zoom and cursor of a long run draws at once.
    @Test func longRuns() {
        var state = training(200, 60, steps: 30_000)
        for key in "+++hhhH++LLL-----vhhhvg" { send(&state, .key(.character(key))) }
        #expect(drawn(state).count == 60)
    }

    /// Keys of the screen, the mouse, sizes and mail in any order, drawn after each: nothing traps or overflows.
    @Test(arguments: 0..<8) func anyOrder(seed: Int) {
        var random = Seeded(state: UInt64(seed))
        let away: Set<Key> = Set(Screen.allCases.flatMap { [.character(Character("\($0.digit)")), .function($0.digit)] })
            .union([.tab, .backTab, .character("q"), .control("c")])
        let keys = KeyBindings.rows(on: .train).flatMap(\.keys).filter { !away.contains($0) }
            + [.enter, .escape, .character("y")]
        var state = training(steps: 20)
        var step = 20
        for _ in 0..<1500 {
            switch Int.random(in: 0..<30, using: &random) {
            case 0:
                send(
                    &state,
                    .resize(width: .random(in: 0...130, using: &random), height: .random(in: 0...50, using: &random)))
            case 1...5:
                step += Int.random(in: 1...200, using: &random)
                let states: [TrainingState] = [.running, .running, .paused, .evaluating, .finished, .stopped, diverged()]
                var mail = tinyMail(
                    steps: step - 1...step, state: states.randomElement(using: &random)!,
                    snapshot: .random(using: &random),
                    epoch: step % 3 == 0 ? report(latent: 2, dead: step % 2 == 0 ? [1] : [], step: step) : nil)
                if step % 5 == 0 { mail.steps[0].terms.kl = [.nan, .infinity, 1e300, 0].randomElement(using: &random)! }
                if step % 2 == 0 { mail.klPerDimension = [.nan, 1e30] }
                send(&state, .mail(mail))
            case 6...8:
                send(
                    &state,
                    .mouse(x: .random(in: -2...130, using: &random), y: .random(in: -2...50, using: &random),
                           [.press(1), .drag(1), .wheelUp, .wheelDown, .release].randomElement(using: &random)!))
                if state.screen != .train { send(&state, .key(.character("1"))) }
            default: send(&state, .key(keys.randomElement(using: &random)!))
            }
            let lines = drawn(state)
            #expect(lines.allSatisfy { $0.count <= max(0, state.width) })
            if let cursor = state.training.cursor, let window = state.training.window {
                #expect(window.lowerBound - 1 <= Double(cursor) && Double(cursor) <= window.upperBound + 1)
            }
        }
    }
}
