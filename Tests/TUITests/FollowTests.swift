import Drawing
import TUI
import Testing
import VAECore

/// A run that another process trains, on the screens.
@Suite struct FollowTests {
    /// What a run that is followed was told to do.
    private final class Source: RunSource {
        func take() -> TrainingMailbox.Mail { TrainingMailbox.Mail() }
        func wait(seconds: Double) -> TrainingMailbox.Mail { take() }
        func requestSnapshot() {}
        func obey(_ command: TrainingControl.Command) {}
    }

    private func state(width: Int = 100, height: Int = 30, tags: CurveTags = CurveTags()) -> AppState {
        var session = tinySession()
        session.following = Following(name: "away", tags: tags, start: { _ in Source() }) { landed in
            var session = tinySession(network: landed.model.snapshot.network)
            session.snapshot = landed.model.snapshot
            session.path = landed.path
            return session
        }
        var state = session.initialState(width: width, height: height, Capabilities())
        state.screen = .train
        send(&state, .data(.ready(tinyDataset)))
        return state
    }

    private func mail(_ values: [String: [(Double, Double)]] = [:], _ change: (inout RunNews) -> Void = { _ in }) -> AppAction {
        var news = RunNews()
        for (name, points) in values { for point in points { news.add(name, step: point.0, value: point.1) } }
        change(&news)
        var mail = TrainingMailbox.Mail()
        (mail.state, mail.news) = (.running, news)
        return .mail(mail)
    }

    private let ours: [String: [(Double, Double)]] = [
        "train.negative_elbo": [(1, 500), (2, 400), (3, 300)], "train.reconstruction": [(1, 499), (2, 398), (3, 297)],
        "train.kl": [(1, 1), (2, 2), (3, 3)], "test.negative_elbo": [(3, 310)], "beta": [(1, 1), (2, 1), (3, 1)],
    ]

    private func landed(step: Int, network: Network = tinyNetwork) -> RunNews.LandedModel {
        .init(model: TrainedModel(snapshot: tinySnapshot(step: step, network: network)), path: "snapshots/\(step).safetensors")
    }

    private func text(_ state: AppState) -> String { drawn(state).joined(separator: "\n") }

    @Test func curvesAndWhatTheyWereTakenFor() {
        var state = state()
        #expect(text(state).contains("no values yet"))
        send(&state, mail(ours))
        #expect(state.training.curves.trainTotal.last == 300 && state.training.curves.testTotal.last == 310)
        let shown = text(state)
        #expect(shown.contains("train loss 300.00   reconstruction 297.00   KL 3.00"))
        #expect(shown.contains("test  loss 310.00"))
        #expect(shown.contains("loss is train.negative_elbo, reconstruction is train.reconstruction, KL is train.kl"))
        #expect(shown.contains("━ train.negative_elbo") && shown.contains("━ train.kl"))
        #expect(shown.contains("step 3") && shown.contains("writing") && shown.contains("no model file yet"))
    }

    @Test func silenceAndTheEnd() {
        var state = state()
        send(&state, mail(ours) { $0.silence = 42 })
        #expect(text(state).contains("nothing written for 42 s"))
        send(&state, mail { $0.silence = 7500 })
        #expect(text(state).contains("nothing written for 2 h 5 min"))
        send(&state, mail { $0.hasEnded = true })
        #expect(text(state).contains("its process has ended"))
        send(&state, mail { $0.about = .init(preset: "p", dataset: "d", steps: 12, epochs: 3) })
        #expect(text(state).contains("step 3 of 12"))
        send(&state, mail { ($0.isCatchingUp, $0.silence) = (true, 42) })
        #expect(text(state).contains("reading") && !text(state).contains("nothing written"))
    }

    @Test func keysThatWouldControlTrainingSaySo() {
        for key in [Key.character(" "), .character("s"), .character("]"), .character(">"), .character("f"), .character("x"),
            .character("r"), .character("t"), .character("w")]
        {
            var state = state()
            send(&state, mail(ours))
            #expect(update(&state, .key(key)).isEmpty)
            #expect(state.message?.text.contains("away is trained elsewhere") == true, "\(key)")
        }
    }

    @Test func aScreenWithoutAModelIsClosedUntilOneLands() {
        var state = state()
        send(&state, mail(ours), .key(digit(.explore)))
        #expect(state.screen == .train && state.message?.text.contains("no model yet") == true)
        #expect(!text(state).contains("output"))
        send(&state, mail { $0.model = landed(step: 2) })
        #expect(text(state).contains("output") && text(state).contains("pictures of step 2"))
        #expect(state.training.curves.trainTotal.last == 300)
        send(&state, .key(digit(.explore)))
        #expect(state.screen == .explore && state.shown.path == "snapshots/2.safetensors")
    }

    /// Models of one architecture are steps of one run; another architecture is another model.
    @Test func modelsThatLand() throws {
        var state = state()
        send(&state, mail(ours) { $0.model = landed(step: 1) })
        let first = state.shown.id
        send(&state, mail { $0.model = landed(step: 2) })
        #expect(state.shown.id == first && state.model.step == 2)
        #expect(state.training.past.steps == [1, 2])
        let other = try Network(.perceptron(image: ImageShape(height: 5, width: 5), hidden: [6], latent: 3))
        send(&state, mail { $0.model = landed(step: 3, network: other) })
        #expect(state.shown.id != first && state.model.latent == 3 && state.model.step == 3)
        #expect(state.training.followed?.name == "away" && state.training.curves.trainTotal.last == 300)
    }

    @Test func seriesAreChosenFromTheList() throws {
        var state = state()
        send(&state, mail(ours), .key(.character("o")))
        #expect(text(state).contains("beta  1") && text(state).contains("train.kl  3  [KL]"))
        let names = try #require(state.training.followed?.names)
        let place = try #require(names.firstIndex(of: "beta"))
        for _ in 0..<place { send(&state, .key(.down)) }
        send(&state, .key(.character("3")))
        #expect(state.training.curves.trainKL.last == 1)
        #expect(text(state).contains(">  "), "the list stays open")
        send(&state, .key(.character("0")))
        #expect(state.training.curves.trainKL.count == 0)
        send(&state, .key(.enter))
        #expect(state.overlay == nil && state.training.followed?.alone != nil)
        #expect(!text(state).contains("━ train.negative_elbo"))
        send(&state, .key(.character("c")))
        #expect(text(state).contains("━ train.negative_elbo"))
    }

    @Test func seriesThatWereGivenStay() {
        var tags = CurveTags()
        tags.choose("beta", as: .loss)
        var state = state(tags: tags)
        send(&state, mail(ours))
        #expect(state.training.curves.trainTotal.last == 1)
    }

    /// A run that goes back, one that begins anew, and a source that begins anew.
    @Test func valuesThatAreVoid() {
        var state = state()
        send(&state, mail(ours), mail { $0.cut(prefix: "train.", step: 2) })
        #expect(state.training.curves.trainTotal.last == 500 && state.training.curves.testTotal.last == 310)
        send(&state, mail(["train.kl": [(2, 9)]]))
        #expect(state.training.curves.trainKL.points().y == [1, 9])
        send(&state, mail { $0.restart() })
        #expect(state.training.followed?.series.isEmpty == true && state.training.curves.steps == nil)
    }

    @Test func aHistoryThatIsCut() {
        var short = History(), long = History(capacity: 8)
        for step in 0..<100 {
            if step < 50 { short.append(x: Double(step), y: Double(step)) }
            long.append(x: Double(step), y: Double(step))
        }
        short.cut(from: 10)
        #expect(short.count == 10 && short.last == 9 && short.points().x == (0..<10).map(Double.init))
        long.cut(from: 40)
        #expect(long.points().x.allSatisfy { $0 < 40 } && long.count < 40 && long.steps == nil)
        long.append(x: 40, y: 7)
        #expect(long.last == 7 && long.steps?.upperBound == 40)
    }

    /// The screen at the sizes that people have; leaving asks nothing, since nothing here would be lost.
    @Test(arguments: [(40, 10), (80, 24), (200, 60)])
    func everySize(size: (Int, Int)) {
        var state = state(width: size.0, height: size.1)
        send(&state, mail(ours) { $0.model = landed(step: 2) })
        #expect(text(state).contains("step 3"))
        send(&state, .key(.character("o")))
        #expect(text(state).contains("Series"))
        send(&state, .key(.escape))
        #expect(update(&state, .key(.character("q"))).contains(.quit))
    }
}
