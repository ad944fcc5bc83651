import Drawing
import Foundation
import TUI
import Testing
import VAECore

/// Runs that are over: shown from their folders, replayed, continued, and laid over one another.
@Suite struct RecordTests {
    /// A folder that is removed with the object.
    private final class RunsFolder {
        let path = NSTemporaryDirectory() + "latent-records-\(UUID().uuidString)"
        deinit { try? FileManager.default.removeItem(atPath: path) }

        /// Writes a run of three epochs of four steps each, with a snapshot of every other step.
        func run(_ name: String, epochs: Int = 3, beta: Double = 1) throws -> ModelListing {
            let folder = try RunFolder(parent: path, name: name, time: "t", exact: path + "/" + name)
            var training = tinyTraining
            (training.epochs, training.beta) = (epochs, beta)
            try folder.write(RunConfiguration(preset: "tiny", dataset: "tiny", model: tinyNetwork.configuration, training: training))
            try folder.write((1...3).map { tinyReport(epoch: $0, step: 4 * $0) }, [TrainingChange(step: 5, beta: 2)])
            try FileManager.default.createDirectory(atPath: folder.snapshotsPath, withIntermediateDirectories: true)
            for step in stride(from: 0, through: 12, by: 2) {
                let place = step == 12 ? folder.modelPath : folder.snapshotsPath + "/" + RunSnapshots.name(step: step)
                try ModelFile.save(TrainedModel(snapshot: tinySnapshot(step: step)), to: place)
            }
            folder.release()
            return try #require(ModelShelf.runs(in: path).first { $0.name == name })
        }
    }

    /// The program with a run's model loaded.
    private func loaded(_ listing: ModelListing, _ width: Int = 80, _ height: Int = 24) throws -> AppState {
        var session = tinySession()
        session.snapshot = try ModelFile.load(listing.path).snapshot
        (session.path, session.name) = (listing.path, listing.name)
        let runs = RunFolder.containing(RunFolder.containing(listing.path))
        session.models = { ModelShelf.runs(in: runs) }
        session.takeUp = { _ in ["threads: 1 instead of 2; the numbers stay the same"] }
        var state = session.initialState(width: width, height: height, colored)
        send(&state, .data(.ready(tinyDataset)))
        settle(&state, [.job(ReadRecord(model: state.shown.now))])
        return state
    }

    // MARK: One run

    @Test func aLoadedRunShowsWhatItsFolderTells() throws {
        let runs = RunsFolder()
        var state = try loaded(try runs.run("past"), 120, 40)
        let run = try #require(state.training.run)
        #expect(run.isRecorded && !state.training.isOwn && !state.training.isActive && run.state == .finished)
        #expect(state.training.curves.testTotal.count == 3 && state.training.epochs.map(\.step) == [4, 8, 12])
        // Where no step is told of, the epochs' means are.
        #expect(state.training.curves.trainTotal.last == 23)
        #expect(state.training.past.steps == [0, 2, 4, 6, 8, 10, 12] && state.model.step == 12)
        send(&state, .key("1"))
        let screen = drawn(state).joined(separator: "\n")
        #expect(screen.contains("past  trained  epoch 3/3  step 12") && screen.contains("train -ELBO 23.00") && screen.contains("test 23.5"))
        #expect(!screen.contains("No training is running") && !screen.contains("w save"))
        // It is saved already, and leaving it loses nothing.
        #expect(saves(update(&state, .key("w"))).isEmpty && state.message?.text == "this model is already saved")
        #expect(update(&state, .key("q")) == [.quit])
    }

    @Test func aModelThatHasLeftTheScreensIsNotShown() throws {
        let runs = RunsFolder()
        let listing = try runs.run("past")
        var state = try loaded(listing)
        let late = ReadRecord(model: state.shown.now)
        let answer = late.answer(RecordedRun(late.model, RunHistory.read(folder: RunFolder.containing(listing.path)), nil, try #require(listing.run), snapshots: []))
        send(&state, .trainingStarted(.init(name: "new", dataset: "tiny", images: 30, beta: 1)), answer)
        #expect(state.training.run?.name == "new" && state.training.curves.testTotal.count == 0)
    }

    @Test func theStepsAreReplayed() throws {
        let runs = RunsFolder()
        var state = try loaded(try runs.run("past"), 120, 40)
        #expect(drawn(state).last?.contains("R replay the run") == true)
        send(&state, .key("R"), .tick(1))
        #expect(state.training.past.shown == 0 && state.model.step == 0 && state.explore.replay != nil)
        // Nothing before it is due.
        send(&state, .tick(1.1))
        #expect(state.model.step == 0)
        send(&state, .tick(1.6), .tick(2.2))
        #expect(state.model.step == 4)
        send(&state, .key("R"))
        #expect(state.explore.replay == nil && state.model.step == 4 && state.message?.text.hasPrefix("stopped at step 4") == true)
        // It goes on from there, to the newest, and is over.
        send(&state, .key("R"))
        for second in 3...9 { send(&state, .tick(Double(second))) }
        #expect(state.explore.replay == nil && state.training.past.shown == nil && state.model.step == 12)
        // Going back by hand ends it, and so does Esc.
        send(&state, .key("R"), .tick(20), .tick(21), .key(.escape))
        #expect(state.explore.replay == nil && state.model.step == 12)
        var bare = tinyState()
        send(&bare, .key("R"))
        #expect(bare.explore.replay == nil && bare.message?.text.contains("no earlier steps") == true)
    }

    @Test func aStoppedRunGoesOn() throws {
        let runs = RunsFolder()
        var state = try loaded(try runs.run("past", epochs: 9))
        #expect(state.training.run?.state == .stopped)
        // Its configuration names no data and there is no checkpoint: nothing to go on from.
        send(&state, .key("1"), .key(" "))
        #expect(state.message?.text.contains("no checkpoint to continue from") == true)
        state.training.run?.refusal = nil
        #expect(drawn(state).last?.contains("space continue") != false || drawn(state).joined().contains("continue"))
        let job = try #require(jobs(TakeUpRun.self, in: update(&state, .key(" "))).first)
        #expect(update(&state, job.answer(try job.model.session.takeUp(tinyDataset))) == [.startTraining()])
        var run = TrainState.Run(name: "past", dataset: "tiny", images: 30, beta: 1)
        run.continuedFrom = 12
        send(&state, .trainingStarted(run))
        #expect(state.message?.text == "continuing from step 12; threads: 1 instead of 2; the numbers stay the same")
        #expect(state.training.isOwn && state.training.isActive)
    }

    @Test func aRunThatHasEndedIsNotContinued() throws {
        let runs = RunsFolder()
        let listing = try runs.run("past")
        var state = try loaded(listing)
        #expect(update(&state, .key(" ")) == [] && state.message?.text.contains("every epoch is done") == true)
        send(&state, .key("5"), .key("R"))
        #expect(state.message?.text.contains("every epoch is done") == true)
    }

    @Test func onModelsRunsAreContinuedOrFollowed() throws {
        let runs = RunsFolder()
        var listing = try runs.run("past", epochs: 9)
        listing.run?.canResume = true
        var state = try loaded(listing, 120, 40)
        let known = listing
        state.models.listings = [known, tinyListing("first")]
        state.models.isListed = true
        state.screen = .models
        let card = drawn(state).joined(separator: "\n")
        #expect(card.contains("run: stopped, epoch 3 of 9, step 12") && card.contains("R continues it"))
        let wanted = try #require(jobs(OpenModel.self, in: update(&state, .key("R"))).first)
        #expect(wanted.continues && wanted.model == .listed(known))
        // Loaded, it is continued as soon as the data are there.
        var session = try tinySession(tinyListing("first"))
        session.takeUp = { _ in [] }
        let after = update(&state, wanted.answer(session))
        #expect(asks(for: TakeUpRun.self, after) && state.screen == .train)
        // Models that come with the project were made elsewhere.
        (state.screen, state.models.listings, state.models.selected) = (.models, [tinyListing("first")], 0)
        send(&state, .key("R"))
        #expect(state.message?.text.contains("only runs can be continued") == true)
        // One that another process trains is followed, even before it has a model.
        listing.run?.state = .running(process: 1, host: "far")
        listing.content = .unreadable("no model.safetensors in its folder (yet)")
        (state.models.listings, state.screen) = ([listing], .models)
        #expect(drawn(state).joined().contains("Enter follows it"))
        #expect(opened(update(&state, .key(.enter))) == [.listed(listing)])
        send(&state, .key("R"))
        #expect(state.message?.text.contains("it is being trained") == true)
    }

    // MARK: Several runs

    @Test func markedRunsAreLaidOverOneAnother() throws {
        let runs = RunsFolder()
        for (n, name) in ["one", "two", "three"].enumerated() { _ = try runs.run(name, beta: Double(n + 1)) }
        var state = try loaded(try runs.run("past"), 120, 40)
        send(&state, .key("1"), .key("O"))
        #expect(!state.training.overlay.isShown && state.message?.text.contains("no runs are marked") == true)
        send(&state, .key("5"))
        for name in ["one", "two", "three"] {
            state.models.selected = try #require(state.models.listings.firstIndex { $0.name == name })
            send(&state, .key("m"))
        }
        #expect(state.training.overlay.runs.map(\.name) == ["one", "two", "three"])
        send(&state, .key("O"))
        #expect(state.screen == .train && state.training.overlay.isShown)
        var text = drawn(state).joined(separator: "\n")
        for words in ["negative ELBO on held-out images, by step", "one", "two", "three", "23.50", "beta"] { #expect(text.contains(words)) }
        // The axis is that of the marked runs, however long the one is that is loaded.
        var longer = state
        longer.training.curves.trainTotal.append(x: 5000, y: 20)
        #expect(drawn(longer) == drawn(state))
        // Nothing that was not marked, and nothing in which they agree.
        let table = drawn(state).drop { !$0.contains("at step") && !$0.contains("last  ") }.joined(separator: "\n")
        #expect(!table.contains("past") && !table.contains("seed") && !table.contains("rate"))
        // A run of this session is there too, with what was chosen for it.
        var live = state
        var own = TrainState.Run(name: "past", dataset: "tiny", images: 30, beta: 1)
        own.settings = RunSettings(dataset: "tiny", model: tinyNetwork.configuration, training: tinyTraining)
        send(&live, .trainingStarted(own), .mail(tinyMail(steps: 1...20)))
        #expect(live.training.overlay.isShown && drawn(live).joined(separator: "\n").contains("this run"))
        #expect(!drawn(live).joined().contains("seed"))
        send(&state, .key("e"))
        #expect(drawn(state).joined().contains("by epoch"))
        send(&state, .key("e"), .key("c"), .key("c"), .key("c"))
        #expect(drawn(state).joined().contains("KL on held-out images, by second"))
        send(&state, .key("n"), .key(.left))
        text = drawn(state).joined()
        #expect(text.contains("KL on training batches") && text.contains("at second"))
        // Its own keys and marks do nothing where nothing is marked.
        send(&state, .key("O"), .key("e"))
        #expect(!state.training.overlay.isShown && state.message?.text.contains("this is for marked runs") == true)
    }

    @Test func noMoreThanCanBeToldApart() throws {
        let runs = RunsFolder()
        for n in 1...9 { _ = try runs.run("run-\(n)") }
        var state = try loaded(try runs.run("past"))
        send(&state, .key("5"))
        for _ in 0..<8 { send(&state, .key("m"), .key(.down)) }
        #expect(state.training.overlay.runs.count == 8)
        send(&state, .key("m"))
        #expect(state.training.overlay.paths.count == 8 && state.message?.isError == true)
        send(&state, .key(.home), .key("m"))
        #expect(state.training.overlay.runs.count == 7 && state.message?.text.contains("no longer marked") == true)
        // A folder without a record cannot be marked.
        state.models.listings = [tinyListing("first")]
        state.models.selected = 0
        send(&state, .key("m"))
        #expect(state.training.overlay.paths.count == 7 && state.message?.text.contains("nothing is recorded") == true)
    }

    @Test func onlyWhatDiffersIsTold() {
        func settings(_ change: (inout TrainingConfiguration) -> Void, hidden: Int = 6) -> RunSettings {
            var training = tinyTraining
            change(&training)
            return RunSettings(dataset: "d", model: .perceptron(hidden: [hidden], latent: 2), training: training)
        }
        func differences(_ runs: RunSettings...) -> [String] { RunSettings.differences(runs).map(\.name) }
        #expect(differences(settings { _ in }, settings { _ in }).isEmpty)
        #expect(differences(settings { $0.beta = 4 }, settings { $0.seed = 2 }) == ["beta", "seed"])
        #expect(differences(settings { _ in }, settings({ $0.objective.freeBits = 0.5 }, hidden: 9)) == ["network", "free bits"])
        let values = RunSettings.differences([settings { $0.learningRate = 0.002 }, settings { _ in }])
        #expect(values.map(\.values) == [["0.002", "0.001"]])
        // What only some of them tell is told.
        let bare = RunSettings(dataset: "d", model: .perceptron(hidden: [6], latent: 2), training: nil)
        #expect(RunSettings.differences([bare, settings { _ in }]).allSatisfy { $0.values[0] == nil })
    }
}
