import Drawing
import TUI
import Testing
import VAECore

/// What the Explore screen can do besides walking: keys to states, states to what is drawn.
@Suite struct ExploreTests {
    private func ready(_ width: Int = 80, _ height: Int = 24, _ capabilities: Capabilities = Capabilities()) -> AppState {
        var state = tinyState(width: width, height: height, capabilities)
        send(&state, .data(.ready(tinyDataset)))
        return state
    }

    private func press(_ state: inout AppState, _ keys: String) {
        for key in keys { send(&state, .key(.character(key))) }
    }

    // MARK: Views

    @Test func viewsFollowOneAnother() {
        var state = ready()
        for layer in ExploreLayer.allCases.dropFirst() + [ExploreLayer.allCases[0]] {
            press(&state, "v")
            #expect(state.explore.layer == layer)
        }
    }

    /// Every code lies in the cell its coordinates say, under the digit of its class.
    @Test func codesAreDrawnWhereTheyLie() throws {
        var state = ready()
        state.shown.trainingCodes = nil
        state.shown.codes = LatentCodes(
            mean: [0, 0, 1.6, 0, 0, 0.8], deviation: [Float](repeating: 0.1, count: 6), latent: 2, labels: [3, 7, 5],
            step: state.model.step)
        state.explore.layer = .codes
        state.explore.cursor = [-2, -2]
        let lines = drawn(state)
        let places = ["3", "7", "5"].map { digit in
            lines.indices.dropFirst().dropLast(2).flatMap { y in
                lines[y].prefix(50).enumerated().filter { String($0.element) == digit }.map { (x: $0.offset, y: y) }
            }
        }
        try #require(places.allSatisfy { $0.count == 1 })
        let (three, seven, five) = (places[0][0], places[1][0], places[2][0])
        // Seven pictures of seven cells over a span of 2 · 2.4: 1.6 is two pictures on, 14 cells; 0.8 up one, 4 cells.
        #expect(seven.y == three.y && seven.x == three.x + 14)
        #expect(five.x == three.x && five.y == three.y - 4)
    }

    @Test func densityIsAskedForTheCellsOfThePlane() throws {
        var state = ready()
        press(&state, "vv")
        let density = try #require(state.explore.density)
        #expect(density.columns == 49 && density.rows == 40)
        #expect(density.logRatio.allSatisfy { $0.isFinite })
        #expect(drawn(state).joined().contains("codes, blue"))
    }

    @Test func rowsOfDimensions() throws {
        let network = try Network(.perceptron(image: ImageShape(height: 5, width: 5), hidden: [6], latent: 4))
        var state = tinySession(network: network).initialState(width: 80, height: 24, Capabilities())
        state.model.klPerDimension = [0.5, 2, 0.001, 1]
        // Active or not is a matter of the codes' variance alone.
        state.model.evaluation = Evaluation(
            binarization: .grey, images: 12, terms: LossTerms(), klPerDimension: state.model.klPerDimension,
            meanVariance: [0.3, 0.9, 0.02, 0.005])
        state.explore = {
            var copy = state.explore
            copy.dimensions = (1, 3)
            return copy
        }()
        for _ in 0..<3 { _ = update(&state, .key(.character("v"))) }
        let effects = update(&state, .key(.right))
        let job = try #require(jobs(DecodeTraversals.self, in: effects).first)
        let (values, cursor) = (job.values, job.cursor)
        #expect(job.dimensions == [1, 3, 0, 2])
        #expect(values.allSatisfy { $0.count == values[0].count && $0.first == -2.4 && $0.last == 2.4 })
        let step = values[0][1] - values[0][0]
        #expect(cursor[0] == 0 && abs(cursor[1] - step) < 1e-3 && cursor[2] == 0 && cursor[3] == 0)
        _ = update(&state, .key(.down))
        #expect(state.explore.dimensions == (3, 1))
        let text = drawn(state).joined(separator: "\n")
        #expect(text.contains(">z4") && text.contains(" 2.00 nats") && text.contains("inactive"))
    }

    /// The rows zoom around the cursor, say how far the chosen one goes, and leave the path its place.
    @Test func rowsOfDimensionsZoom() {
        var state = ready()
        press(&state, "vvv")
        #expect(state.explore.layer == .traversals)
        #expect(drawn(state).contains { $0.hasPrefix(" z1") && $0.contains("-2.40") && $0.contains("+2.40") })
        press(&state, "+")
        #expect(abs(state.explore.plane.reach - 1.6) < 1e-5)
        #expect(drawn(state).contains { $0.hasPrefix(" z1") && $0.contains("-1.60") && $0.contains("+1.60") })
        // Past the end of a row the row goes along.
        for _ in 0..<3 { send(&state, .key(.right)) }
        #expect(abs(state.explore.cursor[0] - 4.8) < 1e-3)
        #expect(drawn(state).contains { $0.hasPrefix(" z1") && $0.contains("+1.60") && $0.contains("+4.80") })
        press(&state, "a")
        send(&state, .key(.left))
        press(&state, "b")
        // Four rows of pictures from a to b between the axis and the keys.
        let lines = drawn(state)
        #expect(lines.firstIndex { $0.hasPrefix(" z1") } == lines.count - 6 && lines[lines.count - 5].hasPrefix("a"))
    }

    /// Keys at their limits say so, and change nothing.
    @Test func limitsAreSaid() {
        var state = ready()
        for _ in 0..<30 { press(&state, "+") }
        #expect(state.explore.plane.reach == ExploreState.reachRange.lowerBound)
        #expect(state.message?.text == "the closest zoom: - zooms out")
        for _ in 0..<40 { press(&state, "-") }
        #expect(state.explore.plane.reach == ExploreState.reachRange.upperBound)
        #expect(state.message?.text == "the widest zoom: + zooms in")
        press(&state, "abg")
        #expect(!state.explore.path.isGoing && state.message?.text.contains("same place") == true)
    }

    /// Walking in equal steps of probability stays inside the prior, and there and back is where it was.
    @Test func equalStepsInProbability() {
        var state = ready()
        press(&state, "i")
        #expect(state.explore.spacing == .quantile)
        send(&state, .key(.right))
        // Of seven columns the next to the middle: Φ⁻¹(4.5 / 7).
        #expect(abs(state.explore.cursor[0] - 0.3661) < 1e-3)
        send(&state, .key(.left))
        #expect(abs(state.explore.cursor[0]) < 1e-3)
        for _ in 0..<20 { send(&state, .key(.right)) }
        #expect(abs(state.explore.cursor[0] - 1.4652) < 1e-3)
        let reach = state.explore.plane.reach
        press(&state, "+")
        #expect(state.explore.plane.reach == reach && state.message != nil)
        press(&state, "i")
        #expect(state.explore.spacing == .linear)
    }

    @Test func uncertaintyOfPixels() {
        var state = ready()
        press(&state, "e")
        #expect(state.explore.showsEntropy)
        #expect(drawn(state).joined().contains("uncertainty: "))
    }

    @Test func neighboursOfTheCursor() {
        var state = ready()
        press(&state, "0")
        let text = drawn(state).joined(separator: "\n")
        #expect(text.contains("nearest: ") && text.contains("nearest training images"))
    }

    /// What is drawn in characters goes to a file as it is seen; so do the curves.
    @Test func drawingsToFiles() throws {
        var state = ready()
        for name in ["codes", "density"] {
            press(&state, "v")
            let job = try #require(jobs(ExportDrawing.self, in: update(&state, .key("p"))).first)
            #expect(job.name == name && job.svg.contains("<rect") && job.svg.contains("</svg>"))
        }
        press(&state, "1")
        #expect(update(&state, .key("p")).isEmpty && state.message?.text.contains("no curves") == true)
        press(&state, "t")
        send(&state, .mail(tinyMail(steps: 1...60)))
        let curves = try #require(jobs(ExportDrawing.self, in: update(&state, .key("p"))).first)
        #expect(curves.name == "curves" && curves.svg.contains(">E</text>"))
    }

    // MARK: Two planes

    /// Where there is room, the planes of both models are shown, each below its name, and one cursor walks both: as far from
    /// the middle of the second as of the first, in units of how far each goes.
    @Test func twoPlanesUnderOneCursor() throws {
        var state = try tinySession(tinyListings[0]).initialState(width: 120, height: 40, Capabilities())
        send(&state, .data(.ready(tinyDataset)), .key("5"), .key(.down), .key("b"), .key("2"))
        state.beside?.model.codes = .init(mean: [10, -10], deviation: [5, 5])
        send(&state, .key("0"), .key(.right))
        let planes = jobs(DecodePlane.self, in: update(&state, .resize(width: 120, height: 40)))
        try #require(planes.count == 2)
        #expect(planes[0].about == state.shown.id && planes[1].about == state.beside?.id)
        let scale = planes[1].plane.reach / planes[0].plane.reach
        #expect(abs(scale - 5) < 1e-4 && planes[1].plane.center == [10, -10])
        #expect(abs(planes[1].cursor[0] - (10 + 5 * planes[0].cursor[0])) < 1e-4)
        let text = drawn(state).joined(separator: "\n")
        #expect(text.contains("first, VAE") && text.contains("twin, plain autoencoder"))
        #expect(text.count { $0 == "┏" } == 2)
        #expect(state.explore.second.pictures.plane != nil && state.explore.second.pictures != state.explore.pictures)
        // A click on the second plane moves the one cursor.
        send(&state, .mouse(x: 61 + 10, y: 10, .press(1)))
        #expect(state.explore.cursor[0] < 0 && state.explore.cursor[1] > 0)
        // What is saved is what is seen: both.
        #expect(asks(for: ExportDrawing.self, update(&state, .key("p"))))
        // Without room there is one plane.
        send(&state, .resize(width: 100, height: 40))
        #expect(!drawn(state).joined().contains("plain autoencoder"))
    }

    /// A trained model opens on a digit, not on the blur between three classes; a key puts the hint away.
    @Test func opensOnADigit() {
        var state = tinyState(width: 80, height: 24)
        state.shown.model.step = 7
        #expect(drawn(state).joined().contains("Each place is two numbers"))
        let job = jobs(DecodePlane.self, in: update(&state, .resize(width: 80, height: 24)))[0]
        var pictures = PlanePictures(
            plane: job.plane, pictures: [Float](repeating: 0.5, count: job.plane.rows * job.plane.columns * 25), step: 7)
        let crisp = (job.plane.rows / 2 - 1) * job.plane.columns + job.plane.columns / 2 + 1
        for i in 0..<25 { pictures.pictures[crisp * 25 + i] = i % 5 == 2 ? 1 : 0 }
        _ = update(&state, job.answer((pictures, [Float](repeating: 0.5, count: 25))))
        #expect(state.explore.cursor[0] > 0 && state.explore.cursor[1] > 0)
        // Once is enough: after a key it stays where it was put.
        _ = update(&state, .key("0"))
        _ = update(&state, job.answer((pictures, [Float](repeating: 0.5, count: 25))))
        #expect(state.explore.cursor == [0, 0] && !drawn(state).joined().contains("Each place is"))
    }

    // MARK: Places

    @Test func pathsAndGoingAlongThem() throws {
        var state = ready()
        press(&state, "a")
        for _ in 0..<2 { send(&state, .key(.right)) }
        press(&state, "b")
        let ends = try #require(state.explore.path.ends)
        #expect(ends.start == [0, 0] && abs(ends.end[0] - 1.6) < 1e-4 && ends.end[1] == 0)
        let count = state.explore.path.pictures.count / 25
        #expect(count > 3)

        press(&state, "g")
        #expect(state.explore.path.isGoing)
        send(&state, .tick(10))
        #expect(state.explore.cursor == [0, 0])
        send(&state, .tick(12))
        #expect(abs(state.explore.cursor[0] - 0.8) < 1e-4)
        send(&state, .tick(16))
        #expect(abs(state.explore.cursor[0] - 0.8) < 1e-4)  // on the way back
        send(&state, .key(.right))
        #expect(!state.explore.path.isGoing)
        let here = state.explore.cursor
        send(&state, .tick(17))
        #expect(state.explore.cursor == here)
        press(&state, "o")
        #expect(state.explore.path.kind == .spherical)
    }

    @Test func sumsOfPlaces() {
        var state = ready()
        state.shown.trainingCodes = LatentCodes(
            mean: [1, 0, 3, 0, 0, 2], deviation: [Float](repeating: 0, count: 6), latent: 2, labels: [7, 7, 1],
            step: state.model.step)
        func goTo(_ text: String) {
            press(&state, "f")
            press(&state, text)
            send(&state, .key(.enter))
        }
        goTo("7")
        #expect(state.explore.cursor == [2, 0] && state.overlay == nil)
        goTo(". - 7 + 0.5*1")
        #expect(state.explore.cursor == [0, 1])
        goTo("(1.5, -0.25)")
        #expect(state.explore.cursor == [1.5, -0.25])
        for (text, reason) in [("9", "no class 9"), ("", "type a class"), ("x", "no place"), ("a", "not marked"), ("(1)", "two numbers"), ("3*", "no place"), ("q*7", "factor")] {
            goTo(text)
            #expect(state.message?.isError == true && state.message?.text.contains(reason) == true, "\(text)")
            #expect(state.explore.cursor == [1.5, -0.25])
            // The text stays, to be mended.
            #expect(state.overlay == .goTo(text))
            send(&state, .key(.escape))
        }
        goTo("99*1")
        #expect(state.explore.cursor == [0, 100] && state.message?.text == "z ends at ±100 here")
        press(&state, "f12")
        send(&state, .key(.backspace))
        #expect(state.overlay == .goTo("1"))
        send(&state, .key(.escape))
        #expect(state.overlay == nil)
        press(&state, "n")
        #expect(state.explore.cursor == [0, 2] && state.message?.text.contains("class 1") == true)
        press(&state, "n")
        #expect(state.explore.cursor == [2, 0])
        press(&state, "N")
        #expect(state.explore.cursor == [0, 2])
    }

    @Test func bookmarks() {
        var state = ready()
        press(&state, "'")
        #expect(state.message?.text.contains("m sets one") == true)
        press(&state, "m")
        send(&state, .key(.right))
        press(&state, "m")
        let second = state.explore.cursor
        #expect(state.explore.bookmarks == [[0, 0], second])
        press(&state, "'")
        #expect(state.explore.cursor == [0, 0])
        press(&state, "'")
        #expect(state.explore.cursor == second)
        press(&state, "m")
        #expect(state.explore.bookmarks == [[0, 0]])
    }

    @Test func compareAndBack() {
        var state = ready()
        send(&state, .key(.backspace))
        #expect(state.screen == .explore && state.message != nil)
        press(&state, "3")
        send(&state, .key(.down), .key(.enter))
        #expect(state.screen == .explore && state.explore.origin == .compare)
        send(&state, .key(.backspace))
        #expect(state.screen == .compare && state.compare.selected == 1)
    }

    // MARK: Time

    @Test func theRunsPast() {
        var state = ready()
        #expect(update(&state, .key(.character(","))) == [])
        #expect(state.message?.text.contains("no earlier steps") == true)
        press(&state, "t")
        for steps in [1...5, 6...10, 11...20] { send(&state, .mail(tinyMail(steps: steps))) }
        send(&state, .key(.character("2")))
        let effects = update(&state, .key(.character(",")))
        #expect(jobs(DecodePlane.self, in: effects).first?.model == state.shown.now)
        #expect(state.training.past.shown == 10 && state.model.step == 10 && state.shown.snapshot.step == 10)
        // The run goes on; what is on show does not.
        send(&state, .mail(tinyMail(steps: 21...25)))
        #expect(state.model.step == 10 && state.training.run?.progress.step == 25)
        #expect(state.training.past.shown == 10)
        #expect(drawn(state).joined().contains("step 10 · Esc"))
        send(&state, .key(.character(".")))
        #expect(state.model.step == 20)
        send(&state, .key(.escape))
        #expect(state.training.past.shown == nil && state.model.step == 25)
    }

    /// What a run keeps of its past fits the bound, however large the model is; the newest and what is on show come
    /// beside.
    @Test(arguments: [0, 1, 2, 5, 8]) func thePastHasABoundOfMemory(most: Int) throws {
        let network = try Network(.perceptron(image: ImageShape(height: 5, width: 5), hidden: [6], latent: 2))
        let values = [Float](repeating: 0, count: network.parameterCount)
        var past = Past(bytes: most * values.count * 4 + 3)
        func remember(_ steps: Range<Int>) {
            for step in steps {
                past.remember(ParameterSnapshot(network: network, values: values, step: step))
                #expect(past.steps.count <= most + (past.shown == nil ? 1 : 2) && past.steps.last == step)
            }
        }
        remember(0..<40)
        #expect(past.steps.count > most / 2)
        let shown = past.steps.dropLast().last
        past.show(shown)
        remember(40..<90)
        #expect(past.shown == shown && past.snapshot(at: shown ?? 0)?.step == (most > 0 ? shown : nil))
    }

    /// A run that went back to an earlier step: what led to the divergence is gone, on show or not.
    @Test func thePastOfARunThatWentBack() {
        var past = Past()
        for step in [1, 2, 3, 4] { past.remember(tinySnapshot(step: step)) }
        past.show(3)
        past.remember(tinySnapshot(step: 2))
        #expect(past.steps == [1, 2] && past.newest?.step == 2 && past.shown == nil)
        past.show(1)
        past.remember(tinySnapshot(step: 3))
        #expect(past.steps == [1, 2, 3] && past.shown == 1)
    }

    @Test func pictureToAFile() throws {
        var state = ready()
        let effects = update(&state, .key(.character("p")))
        let export = try #require(jobs(ExportPictures.self, in: effects).first)
        #expect(export.name == "plane" && export.pictures == state.explore.pictures.pictures && export.columns == 7)
        settle(&state, effects)
        #expect(state.message?.text.contains("/latent-plane-step0") == true)
    }

    @Test func animationsToFiles() throws {
        var state = ready()
        #expect(update(&state, .key(.character("P"))) == [])
        #expect(state.message?.text.contains("mark a path") == true)
        var trained = state
        send(&trained, .key(.character("t")))
        for step in [5, 9] { send(&trained, .mail(tinyMail(steps: step...step))) }
        send(&trained, .key(.character("2")))
        let lapse = try #require(jobs(ExportTimeLapse.self, in: update(&trained, .key(.character("P")))).first)
        #expect(lapse.plane == trained.explore.pictures.plane && lapse.snapshots.map(\.step) == [5, 9])
        press(&state, "a")
        send(&state, .key(.right))
        press(&state, "b")
        let points = try #require(jobs(ExportAnimation.self, in: update(&state, .key(.character("P")))).first).points
        #expect(points.count == 46 && points.first == [0, 0] && points[1] == points[45])
        #expect(points[23] == state.explore.cursor)
    }

    // MARK: How pictures are drawn

    @Test func charactersAndColoursByKeys() {
        var state = ready()
        for mode in GlyphMode.allCases {
            press(&state, "G")
            #expect(state.capabilities.glyphs == mode)
        }
        press(&state, "G")
        #expect(state.capabilities.glyphs == nil)
        for colors in [PictureColors.paper, .viridis, .cividis, .grey] {
            press(&state, "C")
            #expect(state.capabilities.pictures == colors)
        }
        var ascii = ready(80, 24, Capabilities(unicode: false, colors: .none))
        press(&ascii, "G")
        #expect(ascii.capabilities.glyphs == nil && ascii.message?.text.contains("ASCII") == true)
    }

    /// Every view at every size, with all there is to show, on four kinds of terminal.
    @Test(arguments: ExploreLayer.allCases, [(40, 12), (80, 24), (120, 40), (200, 60)])
    func viewsAtSizes(layer: ExploreLayer, size: (Int, Int)) throws {
        let terminals = [
            Capabilities(), Capabilities(colors: .sixteen), Capabilities(colors: .none),
            Capabilities(unicode: false, colors: .none),
        ]
        for terminal in terminals {
            var state = ready(size.0, size.1, terminal)
            press(&state, "am")
            send(&state, .key(.right))
            press(&state, "be")
            while state.explore.layer != layer { press(&state, "v") }
            state.message = nil
            let lines = drawn(state)
            #expect(lines.count == size.1)
            #expect(lines.allSatisfy { $0.unicodeScalars.count <= size.0 })
            var canvas = Canvas(width: size.0, height: size.1)
            render(state, into: &canvas)
            if !terminal.unicode { #expect(canvas.ansiText(terminal).utf8.allSatisfy { $0 < 128 }) }
            if terminal.colors == .none { #expect(!canvas.ansiText(terminal).contains("\u{1B}")) }
            let body = lines.dropFirst().dropLast().joined()
            switch layer {
            case .pictures, .density: break
            case .codes: #expect(body.contains { $0.isNumber })
            case .traversals: #expect(body.contains("z1") && body.contains("z2"))
            default: break
            }
            #expect(body.contains(terminal.unicode || layer == .traversals ? "z" : "+"))
        }
    }

    /// One dimension, many, images of other shapes, no classes, no data: every view is drawn.
    @Test(arguments: [(1, 5, 5), (2, 8, 3), (200, 4, 9)])
    func otherModels(latent: Int, height: Int, width: Int) throws {
        let image = ImageShape(height: height, width: width)
        let network = try Network(.perceptron(image: image, hidden: [6], latent: latent))
        let pixels = (0..<20 * image.count).map { UInt8($0 * 31 % 256) }
        let images = ImageSet(shape: image, pixels: pixels, labels: nil)
        for data in [DataState.missing("no data set found"), .ready(Dataset(name: "odd", train: images, test: images, source: "here"))] {
            let runner = tinySession(network: network, data: data)
            for layer in ExploreLayer.allCases {
                var state = runner.initialState(width: 80, height: 24, Capabilities())
                _ = update(&state, .data(data))
                for key in "vieabgnmfo" { _ = update(&state, .key(.character(key))) }
                state.overlay = nil
                state.explore.layer = layer
                _ = update(&state, .key(.right))
                _ = update(&state, .key(.up))
                _ = update(&state, .mouse(x: 12, y: 6, .press(1)))
                #expect(state.explore.cursor.allSatisfy { $0.isFinite })
                #expect(drawn(state).count == 24)
            }
        }
    }
}
