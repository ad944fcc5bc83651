import Drawing
import Foundation
import TUI
import Testing
import VAECore

/// The guided tour: its tables, its panel and its keys. The whole of it is played in the end-to-end tests.
@Suite struct TourTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The program as it starts, with small models of the names that the tour speaks of.
    private static func start(_ width: Int = 80, _ height: Int = 24, _ language: TourLanguage = .english) throws -> AppState {
        var session = try open(listings[0])
        session.language = language
        return session.initialState(width: width, height: height, colored)
    }

    private static let listings = [
        tinyListing("manifold"), tinyListing("autoencoder", isDeterministic: true), tinyListing("pytorch", latent: 20),
    ]

    private static func open(_ listing: ModelListing) throws -> Session {
        var session = try tinySession(listing)
        session.models = { listings }
        session.open = open
        return session
    }

    private static let data = DataState.ready(tinyDataset)

    // MARK: Tables

    /// Every text is there in every language and tells the same numbers, and there is none that is never shown.
    @Test(arguments: TourLanguage.all.map(\.code)) func textsAreComplete(code: String) throws {
        let language = try #require(TourLanguage.all.first { $0.code == code })
        let names = TourChapter.names
        #expect(Set(language.texts.keys) == Set(TourLanguage.english.texts.keys))
        for name in names { #expect(language.texts[name]?.isEmpty == false, "\(name)") }
        #expect(language.texts.keys.filter { !$0.hasPrefix("panel.") && !names.contains($0) } == [])
        for (name, text) in language.texts {
            let english = TourLanguage.english.texts[name] ?? ""
            #expect(placeholders(text) == placeholders(english), "\(name)")
            // What fits beside a screen: three or four sentences.
            #expect(text.unicodeScalars.reduce(0) { $0 + $1.columnWidth } <= 330, "\(name): \(text)")
        }
    }

    private func placeholders(_ text: String) -> Set<String> { Set(text.matches(of: /\{([a-z0-9]+)\}/).map { String($0.1) }) }

    @Test(arguments: TourLanguage.all.map(\.code)) func pagesAreUpToDate(code: String) throws {
        let language = try #require(TourLanguage.all.first { $0.code == code })
        let file = Self.root.appendingPathComponent("docs/tour/\(code).md")
        #expect(try String(contentsOf: file, encoding: .utf8) == language.page, "script/tour-pages writes it anew")
    }

    @Test func locales() {
        for locale in ["ko_KR.UTF-8", "ko", "KO_kr"] { #expect(TourLanguage.of(locale: locale) == .korean) }
        for locale in ["en_GB.UTF-8", "C", "", "de_DE"] { #expect(TourLanguage.of(locale: locale) == .english) }
    }

    // MARK: The panel

    /// At every size and in every language each text can be read to its end: no word is lost, none is cut, and large letters
    /// give a sentence at a time.
    @Test(arguments: [(40, 12), (60, 16), (80, 24), (120, 40), (200, 60)], TourLanguage.all.map(\.code))
    func everyTextCanBeRead(size: (Int, Int), code: String) throws {
        let language = try #require(TourLanguage.all.first { $0.code == code })
        var state = try Self.start(size.0, size.1, language)
        send(&state, .key(.character("T")))
        let rows = TourPanel.rows(state)
        #expect(rows >= 2 && size.1 - rows >= 10)
        for (name, text) in language.texts {
            for isLarge in [false, true] {
                let pages = TourPanel.pages(of: text, isLarge, width: size.0 - 4, rows: rows - 1)
                #expect(pages.joined().joined(separator: " ").split(separator: " ") == text.split(separator: " "), "\(name)")
                for page in pages {
                    #expect(page.count <= rows - 1 && page.allSatisfy { Canvas.columns(of: $0) <= size.0 - 4 }, "\(name): \(page)")
                }
                if size.1 >= 24, !isLarge { #expect(pages.count == 1, "\(name) at \(size)") }
            }
        }
    }

    /// The screens above the panel are drawn in what is left to them: nothing of theirs is under it.
    @Test(arguments: [(40, 12), (80, 24), (120, 40)]) func thePanelCoversNothing(size: (Int, Int)) throws {
        for screen in Screen.allCases {
            var state = try Self.start(size.0, size.1)
            send(&state, .data(Self.data), .key(.character("T")), .key(.character(Character("\(screen.digit)"))))
            var canvas = Canvas(width: size.0, height: size.1)
            let body = Frame.body(state)
            state.screen.feature.draw(state, into: &canvas, body)
            for y in body.maxY..<size.1 { for x in 0..<size.0 { #expect(canvas[x, y] == .blank, "\(screen.title) at \(x), \(y)") } }
        }
    }

    // MARK: Driving

    /// Walk, on; back; away and back again; leave and go on.
    @Test func theFirstSteps() throws {
        var state = try Self.start()
        send(&state, .data(Self.data))
        send(&state, .key(.character("T")))
        #expect(state.tour.isActive && state.tour.place == "two-numbers.walk" && !state.tour.isDone)
        let height = drawn(state).count
        #expect(height == 24 && drawn(state).joined().contains("Tour 1/11"))
        for _ in 0..<2 { send(&state, .key(.right), .key(.up)) }
        #expect(state.tour.isDone && drawn(state).joined(separator: " ").contains("You went from"))
        send(&state, .key(.character(" ")))
        #expect(state.tour.place == "two-numbers.compare" && !state.tour.isDone)
        send(&state, .key(.backspace))
        #expect(state.tour.place == "two-numbers.walk")
        send(&state, .key(.character(" ")), .key(.character("5")))
        #expect(state.screen == .models && drawn(state).joined(separator: " ").contains("T brings you back"))
        send(&state, .key(.character("T")))
        #expect(state.screen == .explore && state.overlay == nil)
        send(&state, .key(.character("3")))
        #expect(state.tour.isDone)
        send(&state, .key(.escape))
        #expect(!state.tour.isActive && state.tour.place == "two-numbers.compare")
        send(&state, .key(.character("T")))
        #expect(state.tour.isActive && state.tour.place == "two-numbers.compare")
    }

    /// A chapter is chosen from the list, loads its model, and leaving brings back the model from before.
    @Test func chaptersAndModels() throws {
        var state = try Self.start()
        send(&state, .data(Self.data))
        send(&state, .key(.character("T")), .key(.character("T")))
        #expect(drawn(state).joined().contains("Chapters"))
        for _ in 0..<5 { send(&state, .key(.down)) }
        send(&state, .key(.enter))
        #expect(state.tour.place == "prior.density" && state.overlay == nil)
        send(&state, .key(.character(" ")))
        #expect(state.tour.place == "prior.twin" && state.model.name == "autoencoder" && state.screen == .explore)
        send(&state, .key(.escape))
        #expect(state.model.name == "manifold" && !state.tour.isActive)
    }

    /// A place that was kept; one that nobody knows is the beginning.
    @Test(arguments: [("between.bent", "between.bent"), ("", "two-numbers.walk"), ("x.y", "two-numbers.walk"), ("between", "between.marks")])
    func places(kept: String, place: String) throws {
        var state = try Self.start()
        settle(&state, beginTour(at: kept, &state))
        #expect(state.tour.place == place)
    }

    /// What somebody trained is not lost to the tour.
    @Test func anUnsavedRunIsKept() {
        var state = tinyState()
        send(&state, .data(.ready(tinyDataset)))
        send(&state, .trainingStarted(TrainState.Run(name: "tiny", dataset: "tiny", images: 12, beta: 1)))
        send(&state, .key(.character("T")))
        #expect(!state.tour.isActive && state.message?.isError == true)
    }

    /// A run that was trained and saved before the tour is on show again after it, not the model it began from.
    @Test func aSavedRunComesBack() throws {
        var state = try Self.start()
        send(&state, .data(Self.data), .trainingStarted(TrainState.Run(name: "manifold", dataset: "tiny", images: 12, beta: 1)))
        send(&state, .mail(tinyMail(steps: 1...9, state: .finished)))
        let trained = state.shown.snapshot
        state.training.run?.isUnsaved = false
        send(&state, .key(.character("T")))
        #expect(state.tour.isActive && state.shown.snapshot !== trained)
        send(&state, .key(.escape))
        #expect(state.shown.snapshot === trained && state.model.step == 9 && !state.tour.isActive)
    }

    /// While the tour is on, t trains a lesson, which is recorded nowhere.
    @Test func lessons() throws {
        var state = try Self.start()
        send(&state, .data(Self.data))
        settle(&state, beginTour(chapter: 3, &state))
        #expect(state.screen == .train)
        #expect(update(&state, .key(.character("t"))) == [.startLesson(pace: 30)])
    }

    /// One sentence at a time.
    @Test func largeText() throws {
        var state = try Self.start(120, 40)
        settle(&state, beginTour(chapter: 0, &state))
        send(&state, .key(.control("t")))
        let text = drawn(state).joined(separator: " ")
        #expect(text.contains("The large picture was drawn") && !text.contains("Walk with the arrows, to the side"))
        send(&state, .key(.character(" ")))
        #expect(drawn(state).joined(separator: " ").contains("Walk with the arrows, to the side"))
    }
}
