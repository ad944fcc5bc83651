import Foundation
import Testing
import VAECore

extension EndToEnd {
    /// `latent watch`: a run of another process, followed live.
    @Suite struct WatchTests {
        /// A run that lasts longer than a test, with many models; ends with the test.
        private func training(in folder: Folder, _ more: [String] = []) throws -> Running {
            let run = try start(
                ["train", "--headless", "--data", "mnist-5k", "--hidden", "64", "--epochs", "2000", "--threads", "1",
                 "--checkpoint-every", "0.2", "--out", "run"] + more, in: folder)
            #expect(poll(seconds: 60) { folder.exists("run/metrics.jsonl") ? true : nil } == true)
            return run
        }

        /// The step of the curves, and that of the pictures, on the last line but one.
        private func steps(_ screen: Screen) -> (curves: Int, pictures: Int)? {
            guard let match = screen.text.firstMatch(of: /step ([0-9]+).*pictures of step ([0-9]+)/),
                let curves = Int(match.1), let pictures = Int(match.2)
            else { return nil }
            return (curves, pictures)
        }

        @Test func aRunOfAnotherProcessMoves() throws {
            let folder = try Folder()
            let run = try training(in: folder)
            let terminal = try Terminal(["watch", "run", "--data", "mnist-5k"], width: 100, height: 30, folder: folder)
            let first = try terminal.wait(for: "curves and a model") { steps($0).map { $0.pictures > 0 } ?? false }
            #expect(first.text.contains("━ train.negative_elbo") && first.text.contains("output"))
            #expect(first.text.contains("loss is train.negative_elbo"))
            let later = try terminal.wait(for: "later curves and pictures") {
                guard let now = steps($0), let then = steps(first) else { return false }
                return now.curves > then.curves && now.pictures > then.pictures && $0.text != first.text
            }
            #expect(later.chart != first.chart)
            try terminal.send("Space")
            try terminal.wait(for: "run is trained elsewhere")
            try terminal.send("2")
            let plane = try terminal.wait(for: "the plane") { $0.text.contains("z1 across") && $0.text.contains("nearest") }
            try terminal.wait(for: "another plane, no key pressed") { $0.plane != plane.plane }
            try terminal.send("1")
            run.signal(SIGTERM)
            #expect(try run.wait(seconds: 60).status == 128 + SIGTERM)
            try terminal.wait(for: "its process has ended")
            try terminal.send("q")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
            // Following writes nothing.
            #expect(folder.names() == ["run"])
        }

        @Test func aPipe() throws {
            let folder = try Folder()
            let run = try training(in: folder)
            let terminal = try Terminal(width: 100, height: 30, folder: folder, shell: true)
            try terminal.wait(for: "ready>")
            try terminal.send("tail -n +1 -F run/metrics.jsonl | \"$LATENT\" watch - --data mnist-5k", "Enter")
            func step(_ screen: Screen) -> Int { screen.text.firstMatch(of: #/ step ([0-9]+)  /#).flatMap { Int($0.1) } ?? 0 }
            let first = try terminal.wait(for: "curves") { step($0) > 0 && $0.text.contains("━ train.kl") }
            try terminal.wait(for: "later curves") { step($0) > step(first) && $0.chart != first.chart }
            // Keys come from the terminal, not from the pipe.
            try terminal.send("o")
            try terminal.wait(for: "train.reconstruction")
            try terminal.send("Escape")
            try terminal.send("q")
            run.signal(SIGTERM)
            _ = try run.wait(seconds: 60)
            try terminal.wait(for: "the shell") { $0.text.contains("ready>") && !$0.text.contains("━") }
        }

        @Test func whatCannotBeFollowed() throws {
            let folder = try Folder()
            for (source, reason) in [("nothing", "there is nothing"), (".", "no run that could be followed")] {
                let end = try latent(["watch", source, "--json"], in: folder)
                #expect(end.status == 1 && end.errors.contains(reason) && end.output.isEmpty, "\(end.errors)")
            }
            try folder.write("{\"step\":1,\"loss\":2.5}\n", "log.jsonl")
            #expect(try latent(["watch", "log.jsonl"], in: folder).status == 64)
            let end = try latent(["watch", "log.jsonl", "--json"], in: folder)
            #expect(end.status == 0 && end.output == "{\"series\":\"loss\",\"step\":1,\"value\":2.5}\n", "\(end.output)\(end.errors)")
        }
    }
}
