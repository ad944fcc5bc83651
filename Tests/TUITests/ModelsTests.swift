import Drawing
import TUI
import Testing
import VAECore

/// The Models screen, and Compare with two models.
@Suite struct ModelsTests {
    /// The Models screen with its list, "first" on show.
    private func models(_ width: Int = 80, _ height: Int = 24, _ capabilities: Capabilities = colored) throws -> AppState {
        var state = try tinySession(tinyListings[0]).initialState(width: width, height: height, capabilities)
        send(&state, .data(.ready(tinyDataset)), .key(.character("5")))
        return state
    }

    private func choose(_ name: String, _ state: inout AppState) {
        send(&state, .key(.home))
        while state.models.current?.name.hasPrefix(name) == false { send(&state, .key(.down)) }
    }

    // MARK: The list

    @Test func listsWhenOpened() throws {
        var state = try tinySession(tinyListings[0]).initialState(width: 80, height: 24, colored)
        let list = try #require(jobs(ListModels.self, in: update(&state, .key(.character("5")))).first)
        #expect(drawn(state).joined().contains("reading the models"))
        #expect(update(&state, .key(.down)) == [])
        #expect(state.message != nil)
        _ = update(&state, list.answer(tinyListings))
        #expect(state.models.listings == tinyListings && state.models.selected == 0)
        // A new frame of training does not read the disk again; opening the screen, and r, do.
        #expect(!asks(for: ListModels.self, update(&state, .resize(width: 90, height: 24))))
        #expect(asks(for: ListModels.self, update(&state, .key(.character("r")))))
        _ = update(&state, .key(.character("2")))
        #expect(asks(for: ListModels.self, update(&state, .key(.character("5")))))
    }

    @Test func noModels() throws {
        var session = try tinySession(tinyListings[0])
        session.models = { [] }
        var state = session.initialState(width: 80, height: 24, colored)
        send(&state, .key(.character("5")))
        #expect(drawn(state).joined().contains("models/ and runs/ are empty"))
        for key in [Key.down, .enter, .character("b"), .end] { #expect(update(&state, .key(key)) == []) }
        #expect(update(&state, .mouse(x: 5, y: 3, .press(1))) == [])
    }

    @Test func choosing() throws {
        var state = try models()
        send(&state, .key(.down), .key(.character("j")))
        #expect(state.models.selected == 2)
        send(&state, .key(.up))
        #expect(state.models.selected == 1)
        send(&state, .key(.pageDown))
        #expect(state.models.selected == tinyListings.count - 1)
        send(&state, .key(.down), .key(.home))
        #expect(state.models.selected == 0)
        send(&state, .key(.up), .key(.end), .mouse(x: 2, y: 2, .wheelUp))
        #expect(state.models.selected == tinyListings.count - 2)
        // A list read anew keeps the cursor on its model.
        let list = try #require(jobs(ListModels.self, in: update(&state, .key(.character("r")))).first)
        send(&state, list.answer(tinyListings.reversed()))
        #expect(state.models.current?.name == "others" && state.models.selected == 1)
    }

    @Test func theMouseChoosesAndLoads() throws {
        var state = try models()
        // Below the tabs and the title.
        send(&state, .mouse(x: 8, y: 3, .press(1)))
        #expect(state.models.selected == 1 && state.screen == .models)
        #expect(opened(update(&state, .mouse(x: 8, y: 3, .press(1)))) == [.listed(tinyListings[1])])
        #expect(update(&state, .mouse(x: 8, y: 1, .press(1))) == [])
        #expect(update(&state, .mouse(x: 8, y: 20, .press(1))) == [])
    }

    /// Names of any characters, wide ones too: no half of one is left anywhere on the screens.
    @Test func namesAtRandom() throws {
        var random = Seeded(state: 11)
        let letters = Array("aé한글모델日本ｱ🙂-_ ".unicodeScalars)
        for _ in 0..<60 {
            let name = String(String.UnicodeScalarView((0..<Int.random(in: 1...40, using: &random)).map { _ in letters.randomElement(using: &random)! }))
            let (width, height) = [(40, 12), (60, 16), (80, 24), (120, 40), (200, 60)].randomElement(using: &random)!
            var session = try tinySession(tinyListing(name))
            session.models = { [tinyListing(name), tinyListing("other")] }
            session.trainedOn = name
            var state = session.initialState(width: width, height: height, colored)
            for key in ["5", "b", "3", "2", "1"] as [Key] {
                send(&state, .key(key))
                var drawn = Canvas(width: width, height: height)
                render(state, into: &drawn)
                let canvas = drawn.readable(colored)
                for y in 0..<height {
                    for x in 0..<width {
                        let isWide = canvas[x, y].scalar.columnWidth == 2
                        let isFollowed = x + 1 < width && canvas[x + 1, y].isTail
                        #expect(isWide == isFollowed, "\(name) at \(x), \(y) of \(width)x\(height)")
                    }
                }
            }
        }
    }

    /// Where there is room one sees what the chosen model draws; never what another one drew.
    @Test func samplesOfTheChosenModel() throws {
        var state = try models(200, 60)
        func picture() -> [Float]? { state.models.current.flatMap { state.models.samples?.isOf($0) == true ? state.models.samples?.pictures : nil } }
        #expect(picture()?.count == ModelSamples.count * 25 && drawn(state).joined().contains("samples: z drawn from the prior"))
        choose("wide", &state)
        let asked = jobs(DrawSamples.self, in: update(&state, .resize(width: state.width, height: state.height)))
        #expect(asked.isEmpty && picture()?.count == ModelSamples.count * 25)
        choose("twin", &state)
        #expect(drawn(state).joined().contains("random z, drawn"))
        // Until its own are there, nothing is shown in their place.
        state.models.selected = 0
        #expect(!drawn(state).joined().contains("random z") && !drawn(state).joined().contains("samples:"))
        choose("half", &state)
        #expect(jobs(DrawSamples.self, in: update(&state, .resize(width: state.width, height: state.height))).isEmpty)
        var small = try models(80, 24)
        #expect(jobs(DrawSamples.self, in: update(&small, .resize(width: 80, height: 24))).isEmpty)
    }

    @Test func holesAreMeasuredOnOwnDataAlone() throws {
        var state = try models()
        #expect(state.models.holes["models/first/model.safetensors"] == .some(nil) || state.models.holes.count == 1)
        choose("twin", &state)
        #expect(drawn(state).joined().contains("% empty (no code near), "))
        for name in ["line", "wide", "others"] {
            choose(name, &state)
            #expect(!asks(for: MeasureHoles.self, update(&state, .resize(width: 80, height: 24))))
        }
        // Nothing takes the processor from training.
        var training = try tinySession(tinyListings[0]).initialState(width: 80, height: 24, colored)
        send(&training, .data(.ready(tinyDataset)), .key(.character("t")), .mail(tinyMail(steps: 1...2)))
        send(&training, .key(.character("5")))
        #expect(training.models.holes.isEmpty && training.models.listings.count == tinyListings.count)
    }

    // MARK: Loading

    @Test func loadingReplacesAllThatBelongsToTheModel() throws {
        var state = try models()
        send(&state, .key(.character("3")), .key(.character("o")), .key(.character("2")), .key(.right))
        _ = update(&state, .key(.character("a")))
        _ = update(&state, .key(.right))
        let late = jobs(DecodePath.self, in: update(&state, .key(.character("b")))).first
        send(&state, .key(.character("5")))
        choose("wide", &state)
        let effects = update(&state, .key(.enter))
        #expect(opened(effects) == [.listed(tinyListings[3])] && state.model.name == "first")
        let next = update(&state, jobs(OpenModel.self, in: effects)[0].answer(try tinySession(tinyListings[3])))
        #expect(state.screen == .explore)
        #expect(state.model.name == "wide" && state.model.latent == 200 && state.model.klPerDimension.count == 200)
        #expect(state.explore.cursor == [Float](repeating: 0, count: 200) && state.explore.pictures.pictures.isEmpty)
        #expect(state.shown.scores.isEmpty && state.compare.pair == nil && state.compare.order == Array(0..<12))
        #expect(state.compare.sorting == .index && state.compare.selected == 0)
        #expect(state.shown.codes == nil && state.shown.trainingCodes == nil && state.training.run == nil)
        #expect(state.draw.encoded == nil && state.draw.neighbours.isEmpty && state.draw.plane.pictures.isEmpty)
        #expect(state.shown.path == tinyListings[3].path)
        #expect(state.data.dataset != nil && state.message?.text.contains("wide") == true)
        #expect(jobs(DecodePlane.self, in: next).first?.plane.center.count == 200)
        // What comes of work for the model before is dropped.
        let before = state
        send(&state, try #require(late).answer([Float](repeating: 1, count: 25)))
        #expect(drawn(state) == drawn(before) && state.explore.path.pictures == before.explore.path.pictures)
    }

    @Test func otherImagesBringTheirData() throws {
        var state = try models()
        choose("twin", &state)
        send(&state, .key(.character("b")))
        #expect(state.beside != nil)
        choose("others", &state)
        let open = try #require(jobs(OpenModel.self, in: update(&state, .key(.enter))).first)
        #expect(asks(for: LoadData.self, update(&state, open.answer(try tinySession(tinyListings[5])))))
        #expect(state.beside == nil && state.compare.order.isEmpty)
        guard case .loading = state.data else {
            Issue.record("data: \(state.data)")
            return
        }
        send(&state, .key(.character("3")))
        #expect(drawn(state).joined().contains("the data set is loading"))
        send(&state, .data(.missing("not here")))
        #expect(drawn(state).joined().contains("not here"))
    }

    @Test func imagesOfAnotherKindAreNamed() throws {
        var state = try models()
        var session = try tinySession(tinyListings[1])
        session.trainedOn = "clothes"
        choose("twin", &state)
        let open = try #require(jobs(OpenModel.self, in: update(&state, .key(.enter))).first)
        _ = update(&state, open.answer(session))
        #expect(state.message?.text == "loaded twin, trained on clothes; the images here are from tiny")
    }

    @Test func whatCannotBeReadIsRefused() throws {
        var state = try models()
        choose("half", &state)
        for key in [Key.enter, .character("b")] {
            #expect(update(&state, .key(key)) == [])
            #expect(state.message?.isError == true && state.message?.text.contains("no model.safetensors") == true)
        }
        var session = try tinySession(tinyListings[0])
        session.open = { throw CoreError(.model, "a number is not finite", at: $0.path) }
        state = session.initialState(width: 80, height: 24, colored)
        send(&state, .key(.character("5")))
        choose("wide", &state)
        send(&state, .key(.enter))
        #expect(state.model.name == "first" && drawn(state)[23].contains("wide: a number is not finite"))
    }

    @Test func whatWasTrainedIsNotLostSilently() throws {
        var state = try models()
        send(&state, .key(.character("t")), .mail(tinyMail(steps: 1...5)), .mail(tinyMail(steps: 6...9, state: .finished)))
        send(&state, .key(.character("5")))
        choose("twin", &state)
        #expect(update(&state, .key(.enter)) == [])
        #expect(state.message?.text.contains("is not saved: w saves it") == true)
        // Another key takes the question back.
        send(&state, .key(.down), .key(.up))
        #expect(update(&state, .key(.enter)) == [])
        #expect(opened(update(&state, .key(.enter))) == [.listed(tinyListings[1])])
        send(&state, .key(.character("w")))
        #expect(state.training.run?.isUnsaved == false && state.shown.path == "runs/tiny-9/model.safetensors")
        #expect(opened(update(&state, .key(.enter))) == [.listed(tinyListings[1])])
    }

    @Test func loadingWhileTrainingStopsAndSavesFirst() throws {
        var state = try models()
        send(&state, .key(.character("t")), .mail(tinyMail(steps: 1...5)))
        #expect(state.shown.path == nil)
        send(&state, .key(.character("5")))
        choose("twin", &state)
        #expect(update(&state, .key(.enter)) == [])
        #expect(state.message?.text.hasPrefix("training is running: Enter again stops and saves it") == true)
        #expect(update(&state, .key(.enter)) == [.control(.stop)])
        let over = update(&state, .mail(tinyMail(steps: 6...7, state: .stopped)))
        let save = try #require(jobs(SaveModel.self, in: over).first)
        #expect(save.run.snapshot.step == 7)
        var failed = state
        let next = update(&state, save.answer("runs/a/model.safetensors"))
        #expect(opened(next) == [.listed(tinyListings[1])] && state.shown.path == "runs/a/model.safetensors")
        settle(&state, next)
        #expect(state.training.run == nil && state.model.name == "twin" && state.model.isDeterministic)
        #expect(state.training.curves.trainTotal.count == 0 && state.training.klPerDimension.isEmpty)
        #expect(drawn(state)[0].contains("twin"))
        // What cannot be saved stays.
        send(&failed, save.failure(Refusal(description: "no space left")), .key(.escape))
        #expect(opened(update(&failed, save.answer("runs/a/model.safetensors"))).isEmpty)
    }

    // MARK: Two models

    @Test func holdingAndDropping() throws {
        var state = try models()
        send(&state, .key(.character("b")))
        #expect(state.beside == nil && state.message?.text.contains("already loaded") == true)
        choose("twin", &state)
        let hold = update(&state, .key(.character("b")))
        #expect(opened(hold, beside: true) == [.listed(tinyListings[1])])
        settle(&state, hold)
        #expect(state.beside?.model.name == "twin" && state.beside?.path == tinyListings[1].path)
        #expect(state.message?.text.contains("now beside first: 3 compares") == true)
        choose("others", &state)
        send(&state, .key(.character("b")))
        #expect(state.message?.text.contains("20x28") == true && state.beside?.model.name == "twin")
        choose("twin", &state)
        send(&state, .key(.character("b")))
        #expect(state.beside == nil && state.message?.text.contains("no longer beside") == true)
    }

    /// Loading the one that is held beside exchanges the two.
    @Test func theOneBesideChangesPlaces() throws {
        var state = try models()
        choose("twin", &state)
        send(&state, .key(.character("b")), .key(.enter))
        #expect(state.model.name == "twin" && state.beside?.model.name == "first")
        #expect(state.beside?.path == tinyListings[0].path && state.shown.path == tinyListings[1].path)
    }

    @Test func comparingTwo() throws {
        var state = try models(120, 40)
        choose("line", &state)
        send(&state, .key(.character("b")), .key(.character("3")))
        #expect(state.beside?.scores.count == 12 && state.compare.pair?.second != nil)
        for _ in 0..<3 { send(&state, .key(.character("o"))) }
        #expect(state.compare.sorting == .secondWorse)
        func differences() -> [Double] { state.compare.order.compactMap { state.difference($0) } }
        #expect(differences().count == 12 && differences() == differences().sorted(by: >))
        send(&state, .key(.character("o")))
        #expect(state.compare.sorting == .secondBetter && differences() == differences().sorted())
        #expect(drawn(state).joined().contains("order: second better"))
        send(&state, .key(.character("b")))
        #expect(state.beside == nil && state.compare.sorting == .index && state.compare.pair?.second == nil)
        #expect(state.compare.order == Array(0..<12))
        for _ in 0..<3 { send(&state, .key(.character("o"))) }
        #expect(state.compare.sorting == .index)
    }

    /// Beside a plain autoencoder the reconstructions are compared: it has no bound.
    @Test func anAutoencodersLossIsNoBound() throws {
        var state = try models(120, 40)
        choose("twin", &state)
        send(&state, .key(.character("b")), .key(.character("3")))
        let (own, other) = (state.shown.scores[3], try #require(state.beside?.scores[3]))
        #expect(state.difference(3) == other.reconstruction - own.reconstruction)
        let text = drawn(state).joined(separator: "\n")
        for words in ["no bound", "first", "twin", "reconstruction", "% empty"] { #expect(text.contains(words), "\(words)") }
        send(&state, .key(.character("5")), .key(.enter), .key(.character("3")), .key(.character("b")))
        #expect(drawn(state).joined().contains("a plain autoencoder: no KL, no bound"))
    }

    @Test func theNaturalPartner() throws {
        var state = try models()
        for (name, partner) in [
            ("manifold", "autoencoder"), ("autoencoder", "manifold"), ("20260131-235959-manifold", "autoencoder"),
        ] {
            state.model.name = name
            _ = update(&state, .key(.character("3")))
            #expect(opened(update(&state, .key(.character("b"))), beside: true) == [.named(partner)])
        }
        state.model.name = "pytorch"
        #expect(asks(for: ListModels.self, update(&state, .key(.character("b")))))
        #expect(state.screen == .models && state.message?.text == "choose the second model and press b")
    }

    // MARK: Drawing

    static let sizes = [(40, 12), (80, 24), (120, 40), (200, 60)]
    static let terminals = [
        Capabilities(), Capabilities(colors: .sixteen), Capabilities(colors: .none), plain,
    ]

    @Test(arguments: sizes, terminals) func theListAndTheCard(size: (Int, Int), capabilities: Capabilities) throws {
        var state = try models(size.0, size.1, capabilities)
        choose("twin", &state)
        send(&state, .key(.character("b")))
        for listing in tinyListings {
            choose(listing.name, &state)
            state.message = nil
            var canvas = Canvas(width: size.0, height: size.1)
            render(state, into: &canvas)
            let text = canvas.plainText
            #expect(text.contains("> ") && text.contains("test loss"))
            #expect(text.contains(listing.name.prefix(2)))
            #expect(!text.unicodeScalars.contains { $0 != "\n" && ($0.properties.generalCategory == .control || $0.value == 0x202E) })
            if let terms = listing.terms { #expect(text.contains(NumberText.fixed(terms.reconstruction, decimals: 2))) }
            if listing.name == "half" { #expect(text.contains("no model.safetensors")) }
            if listing.name == "twin" {
                #expect(text.contains("rec 20.00") && text.contains("plain autoencoder") && text.contains("(beside)"))
            }
            if listing.name == "wide", size.0 > 40 {
                let texts = size.0 < 200 ? ["test loss by epoch  181.00", "129.00"] : ["test loss by epoch 129.0", "epoch"]
                for words in texts { #expect(text.contains(words), "\(words)") }
            }
            if listing.name == "others", size.0 > 40 { #expect(text.contains("not for images of tiny")) }
            if listing.name == "first" { #expect(text.contains("loaded") && text.contains("-ELBO 22.50 = 20.00 + KL 2.50")) }
            if !capabilities.unicode { #expect(canvas.ansiText(capabilities).utf8.allSatisfy { $0 < 128 && $0 != 27 }) }
        }
    }

    @Test(arguments: sizes, terminals) func twoModels(size: (Int, Int), capabilities: Capabilities) throws {
        for name in ["twin", "line", "wide"] {
            var state = try models(size.0, size.1, capabilities)
            choose(name, &state)
            send(&state, .key(.character("b")), .key(.character("3")), .key(.down))
            state.message = nil
            var canvas = Canvas(width: size.0, height: size.1)
            render(state, into: &canvas)
            let text = canvas.plainText
            for words in ["input 2", "first", name, "-ELBO"] { #expect(text.contains(words), "\(words) at \(size)") }
            #expect(text.contains(size.0 > 40 ? "reconstruction" : "rec"))
            if name == "twin" { #expect(text.contains("no bound")) }
            let caption = capabilities.showsDifferencesInColor ? "red: more ink, blue: less" : ".+*# more, ,-~= less"
            if size.0 >= 120 { #expect(text.contains(caption)) }
            if size.0 >= 120, name == "twin" { #expect(text.contains("% empty")) }
            if !capabilities.unicode { #expect(canvas.ansiText(capabilities).utf8.allSatisfy { $0 < 128 && $0 != 27 }) }
        }
    }

    /// Every size, with the list and with two models; nothing traps.
    @Test func anySize() throws {
        var state = try models()
        choose("twin", &state)
        send(&state, .key(.character("b")))
        for width in stride(from: 0, to: 210, by: 7) {
            for height in stride(from: 0, to: 64, by: 3) {
                for screen in ["3", "5"] {
                    send(&state, .resize(width: width, height: height), .key(.character(Character(screen))))
                    _ = drawn(state)
                }
            }
        }
    }

    @Test func otherImagesBesideEachOther() throws {
        for shape in [ImageShape(height: 1, width: 3), ImageShape(height: 40, width: 9), ImageShape(height: 3, width: 90)] {
            var session = try tinySession(tinyListing("a", latent: 1, shape: shape))
            session.models = { [tinyListing("b", latent: 3, shape: shape)] }
            var state = session.initialState(width: 80, height: 24, colored)
            let set = ImageSet(shape: shape, pixels: [UInt8](repeating: 9, count: 2 * shape.count), labels: nil)
            send(&state, .data(.ready(Dataset(name: "none", train: set, test: set, source: ""))))
            send(&state, .key(.character("5")), .key(.character("b")), .key(.character("3")))
            #expect(state.beside?.model.name == "b" && state.compare.pair?.second != nil)
            for (width, height) in Self.sizes {
                _ = update(&state, .resize(width: width, height: height))
                #expect(drawn(state).joined().contains("input 1"))
            }
        }
    }

    @Test func sparklines() {
        func text(_ values: [Double], _ width: Int, _ capabilities: Capabilities) -> String {
            var canvas = Canvas(width: width + 1, height: 1)
            Sparkline(values).draw(into: &canvas, Rect(x: 0, y: 0, width: width, height: 1), capabilities)
            return String(canvas.plainText.prefix { $0 != "\n" })
        }
        #expect(text([1, 2, 3, 4, 5, 6, 7, 8], 8, colored).hasPrefix("▁▂▃▄▅▆▇█"))
        #expect(text([8, 1, .nan, 8], 8, plain).hasPrefix("#_ #"))
        #expect(text([3, 3, 3], 8, colored).hasPrefix("▁▁▁"))
        #expect(text(Array(0..<1000).map(Double.init), 4, plain).hasPrefix("_-*#") || text(Array(0..<1000).map(Double.init), 4, plain).first == "_")
        _ = text([.infinity, -.infinity, .nan], 3, colored)
        _ = text([1e308, -1e308, 5], 3, colored)
        _ = text([], 3, colored)
    }

    // MARK: The whole program

    private func shown(_ text: String, _ key: Key) -> (shown: String, event: InputEvent) { (text, .key(key)) }

    /// List, load, train from it, hold two, compare: with the real runtime, without a terminal.
    @Test func theProgram() throws {
        let backend = WaitingBackend([
            shown("z1  ", .character("5")), shown("> ", .down), shown("twin  plain", .enter),
            shown("loaded twin", .character("5")), shown("twin  (loaded)", .home),
            shown("first  VAE", .character("b")), shown("first is now beside twin", .character("3")),
            shown("KL divergence", .character("t")), shown("trained  epoch 2/2  step 6", .character("5")),
            shown("> ", .home), shown("first  (beside)", .enter),
            shown("is not saved: w saves it", .enter), shown("loaded first", .character("q")),
        ])
        let outcome = Program(try tinySession(tinyListings[0]), backend: backend).run()
        #expect(outcome.exitStatus == 0 && outcome.farewell == nil)
    }
}
