import Foundation
import Testing
import VAECore

extension EndToEnd {
    /// Runs on the Models screen: shown as they went, replayed, continued, and followed.
    @Suite struct RecordTests {
        /// A long run in `runs/`, as another process trains it.
        private func training(in folder: Folder) throws -> Running {
            let run = try start(
                ["train", "--headless", "--data", "mnist-5k", "--hidden", "24", "--epochs", "3000", "--threads", "1",
                 "--checkpoint-every", "0.2", "--snapshots", "8"], in: folder)
            #expect(poll(seconds: 60) { folder.runs.first.flatMap { folder.exists($0 + "/checkpoint.safetensors") ? true : nil } } == true)
            return run
        }

        private func lastStep(_ folder: Folder) throws -> Int {
            let history = RunHistory.read(folder: folder(try #require(folder.runs.first)))
            return try #require(history.steps.last?.step)
        }

        @Test func aStoppedRunIsSeenAndGoesOn() throws {
            let folder = try Folder()
            let run = try training(in: folder)
            #expect(poll(seconds: 60) { ((try? lastStep(folder)) ?? 0) > 40 ? true : nil } == true)
            run.signal(SIGTERM)
            #expect(try run.wait(seconds: 60).status == 128 + SIGTERM)
            let before = try lastStep(folder)
            let terminal = try Terminal(["explore", "--data", "mnist-5k", "--screen", "models"], width: 120, height: 40, folder: folder)
            try terminal.wait(for: "tensorflow")
            try terminal.send("End")
            try terminal.wait(for: "R continues it")
            // Loaded, it shows how it went, and its steps go by.
            try terminal.send("Enter")
            try terminal.wait(for: "R replay the run")
            try terminal.send("R")
            try terminal.wait(for: "an earlier step") { $0.header.contains("showing step") }
            try terminal.wait(for: "the newest step again") { !$0.header.contains("showing step") }
            try terminal.send("1")
            let curves = try terminal.wait(for: "its curves") { $0.text.contains("● test") && $0.header.contains("stopped") }
            #expect(curves.text.contains("of 54000") && curves.footer.contains("space continue"))
            try terminal.send("5")
            try terminal.wait(for: "the list again") { $0.text.contains("R continues it") }
            try terminal.send("R")
            try terminal.wait(for: "continuing from step")
            try terminal.wait(for: "later steps") { ($0.step ?? 0) > before }
            // Stopped in this program, it goes on once more.
            try terminal.send("x")
            try terminal.wait(for: "its end") { $0.header.contains("stopped") }
            try terminal.send("Space")
            try terminal.wait(for: "continuing from step")
            try terminal.send("x")
            try terminal.wait(for: "its second end") { $0.header.contains("stopped") }
            try terminal.send("w")
            try terminal.wait(for: "saved runs/")
            try terminal.send("q")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
            // All in one folder, each step once, in order.
            #expect(folder.runs.count == 1)
            let history = RunHistory.read(folder: folder(folder.runs[0]))
            let steps = history.steps.map(\.step)
            #expect(steps.last ?? 0 > before && steps == Array(Set(steps)).sorted() && history.notices.isEmpty)
        }

        @Test func aRunThatAnotherProcessTrainsIsFollowed() throws {
            let folder = try Folder()
            let run = try training(in: folder)
            let terminal = try Terminal(["explore", "--data", "mnist-5k", "--screen", "models"], width: 120, height: 40, folder: folder)
            try terminal.wait(for: "tensorflow")
            try terminal.send("End")
            try terminal.wait(for: "Enter follows it")
            try terminal.send("R")
            try terminal.wait(for: "it is being trained: Enter follows it")
            try terminal.send("Enter")
            func pictures(_ screen: Screen) -> Int { screen.text.firstMatch(of: #/pictures of step ([0-9]+)/#).flatMap { Int($0.1) } ?? 0 }
            let first = try terminal.wait(for: "its curves and a model") { pictures($0) > 0 }
            try terminal.wait(for: "a later model") { pictures($0) > pictures(first) }
            // Another model ends the following, and the run goes on.
            try terminal.send("5")
            try terminal.wait(for: "Enter follows it")
            try terminal.send("Home")
            try terminal.wait(for: "autoencoder  plain autoencoder")
            try terminal.send("Enter")
            try terminal.wait(for: "loaded autoencoder")
            let step = try lastStep(folder)
            #expect(poll(seconds: 60) { ((try? lastStep(folder)) ?? 0) > step ? true : nil } == true)
            try terminal.send("q")
            #expect(try terminal.status() == 0)
            run.signal(SIGTERM)
            _ = try run.wait(seconds: 60)
        }
    }
}
