import Foundation
import Testing
import VAECore

extension EndToEnd {
    /// Runs that are ended and continued, runs side by side, and the list of runs.
    @Suite struct ResumeTests {
        private func train(epochs: Int = 4, _ more: String...) -> [String] {
            ["train", "--headless", "--data", "mnist-5k", "--hidden", "24", "--epochs", "\(epochs)", "--threads", "2"] + more
        }

        /// Lines of metrics.jsonl without what a clock measures.
        private func lines(_ path: String) throws -> [NSDictionary] {
            try String(contentsOfFile: path + "/metrics.jsonl", encoding: .utf8).split(separator: "\n").map { line in
                var values = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                for clock in ["time", "seconds", "images_per_second"] { values[clock] = nil }
                return values as NSDictionary
            }
        }

        /// Every tensor of a checkpoint: parameters, the optimiser's averages, the last good parameters.
        private func tensors(_ path: String) throws -> [String: [UInt32]] {
            let file = try SafetensorsFile.read(path: path + "/checkpoint.safetensors")
            return try file.tensors.reduce(into: [:]) { $0[$1.name] = try file.floats($1.name).map(\.bitPattern) }
        }

        /// Killed or asked to end at random moments, again and again, and continued each time, a run ends with the bytes of
        /// a run without a break. `script/resume-test` does this at many more moments.
        @Test(arguments: [SIGKILL, SIGTERM, SIGHUP])
        func aRunWithBreaks(_ number: Int32) throws {
            let folder = try Folder()
            // So long that no fast machine is done before the last break.
            let epochs = 15
            #expect(try latent(train(epochs: epochs, "--out", "whole"), in: folder).status == 0)
            var breaks = 0
            var random = SystemRandomNumberGenerator()
            for attempt in 0..<40 {
                let isNew = !folder.exists("part/config.json")
                let arguments = isNew ? train(epochs: epochs, "--out", "part", "--checkpoint-every", "0")
                    : ["train", "--headless", "--resume", "part", "--checkpoint-every", "0"]
                let run = try start(arguments, in: folder)
                // Once some more lines have been written than there were; how many, and so the moment, is at random.
                func written() -> Int { (folder.text("part/metrics.jsonl") ?? "").split(separator: "\n").count }
                if attempt < 4 {
                    let wanted = written() + Int.random(in: 7...13, using: &random)
                    _ = poll(seconds: 60) { written() >= wanted ? true : nil }
                    run.signal(number)
                }
                let end = try run.wait(seconds: 120)
                if end.status == 0 { break }
                #expect(end.status == 128 + number, "\(end.errors)")
                breaks += 1
            }
            #expect(breaks > 1)
            #expect(try lines(folder("part")) == lines(folder("whole")))
            #expect(try tensors(folder("part")) == tensors(folder("whole")))
            #expect(folder.bytes("part/model.safetensors") == folder.bytes("whole/model.safetensors"))
            #expect(folder.names("part/snapshots") == folder.names("whole/snapshots"))
        }

        @Test func whatCannotBeContinuedIsSaid() throws {
            let folder = try Folder()
            #expect(try latent(train("--out", "run"), in: folder).status == 0)
            let finished = try latent(["train", "--headless", "--resume", "run"], in: folder)
            #expect(finished.status == 0 && finished.errors.contains("this run has finished: 4 epochs, 72 steps"), "\(finished.errors)")
            let refused: [([String], Int32, String)] = [
                (["--resume", "nowhere"], 1, "no run that could be resumed"),
                (["--resume", "run", "--latent", "3"], 64, "--latent: cannot be given with --resume"),
                (["--resume", "run", "--epochs", "3"], 64, "4 or more in all"),
                (["--resume", "run", "--epochs", "6", "--data", "missing"], 1, "missing"),
            ]
            for (options, status, words) in refused {
                let end = try latent(["train", "--headless"] + options, in: folder)
                #expect(end.status == status && end.errors.contains(words), "\(options): \(end.errors)")
            }
            let more = try latent(["train", "--headless", "--resume", "run", "--epochs", "6", "--threads", "1"], in: folder)
            #expect(more.status == 0 && more.errors.contains("threads: 1 instead of 2"), "\(more.errors)")
            #expect(more.output.contains("epoch   6") && !more.output.contains("epoch   4"), "\(more.output)")
            #expect(try ModelFile.load(folder("run")).snapshot.epoch == 6)
            // A checkpoint that is cut off is refused, not half read.
            let bytes = try #require(folder.bytes("run/checkpoint.safetensors"))
            try folder.write(Array(bytes.prefix(bytes.count / 2)), "run/checkpoint.safetensors")
            let torn = try latent(["train", "--headless", "--resume", "run"], in: folder)
            #expect(torn.status == 1 && torn.errors.contains("truncated"), "\(torn.errors)")
        }

        /// A run has one writer; runs that start in the same second have a folder each.
        @Test func runsDoNotMix() throws {
            let folder = try Folder()
            let first = try start(["train", "--headless", "--data", "mnist-5k", "--epochs", "5000", "--hidden", "24", "--out", "run"], in: folder)
            #expect(poll(seconds: 60) { folder.exists("run/metrics.jsonl") ? true : nil } == true)
            for command in [train("--out", "run"), ["train", "--headless", "--resume", "run"]] {
                let second = try latent(command, in: folder)
                #expect(second.status == 1 && second.errors.contains("another process is writing this run"), "\(second.errors)")
            }
            let listed = try latent(["runs", "."], in: folder)
            #expect(listed.output.contains(/run +running/), "\(listed.output)")
            first.signal(SIGTERM)
            #expect(try first.wait().status == 143)
            // Stopped, it is kept from a new run.
            let third = try latent(train("--out", "run"), in: folder)
            #expect(third.status == 1 && third.errors.contains("--resume"), "\(third.errors)")

            let runs = try (0..<6).map { _ in
                try start(["train", "--headless", "--data", "mnist-5k", "--epochs", "1", "--hidden", "8", "--threads", "1"], in: folder)
            }
            for run in runs { #expect(try run.wait().status == 0) }
            #expect(folder.runs.count == 6)
            for run in folder.runs { #expect(folder.names(run) == Folder.headlessFiles) }
            #expect(folder.names("runs").contains("latest"))
        }

        @Test func runsAreListed() throws {
            let folder = try Folder()
            #expect(try latent(["runs"], in: folder).errors.contains("no runs in runs"))
            #expect(try latent(train("--out", "runs/long"), in: folder).status == 0)
            #expect(try latent(["train", "--headless", "--data", "mnist-5k", "--preset", "pytorch", "--hidden", "8", "--epochs", "1", "--out", "runs/short"], in: folder).status == 0)
            try FileManager.default.createDirectory(atPath: folder("runs/no run"), withIntermediateDirectories: true)
            try FileManager.default.createDirectory(atPath: folder("runs/damaged"), withIntermediateDirectories: true)
            try folder.write("{", "runs/damaged/config.json")
            let table = try latent(["runs", "--sort", "name"], in: folder)
            let rows = table.output.split(separator: "\n").map(String.init)
            #expect(rows.count == 4 && rows[0].contains("best test loss"), "\(table.output)")
            #expect(rows[1].contains(/damaged +unknown/) && rows[2].contains(/long +finished +4 of 4 +[0-9.]+ in epoch [1-4] +[0-9.]+/), "\(rows)")
            #expect(table.errors.contains("damaged: config.json"), "\(table.errors)")
            let best = try latent(["runs", "--sort", "loss", "--json", "--filter", "finished"], in: folder)
            let lines = try best.output.split(separator: "\n").map { try JSON($0) }
            let losses = lines.compactMap { $0["best"]["test"]["negative_elbo"].number }
            #expect(losses.count == 2 && losses == losses.sorted())
            #expect(Set(lines.compactMap { $0["name"].text }) == ["long", "short"])
            let one = try latent(["runs", "--filter", "pytorch", "--json"], in: folder)
            #expect(try JSON(one.output)["epoch"].number == 1 && JSON(one.output)["preset"].text == "pytorch")
            #expect(try latent(["runs", "nowhere"], in: folder).status == 1)
        }

        /// The full-screen program continues a run, with its curves and settings, and names its last checkpoint.
        @Test func continuesOnTheScreen() throws {
            let folder = try Folder()
            let first = try Terminal(
                ["train", "--data", "mnist-5k", "--epochs", "5000", "--hidden", "24", "--out", "run", "--checkpoint-every", "0"],
                folder: folder)
            try first.wait(for: "training") { $0.step ?? 0 > 40 }
            try first.send("]")
            try first.wait(for: "a step at twice the rate") { $0.text.contains("(×2)") }
            try first.wait(for: "the checkpoint") { $0.text.contains(/checkpoint [0-9]+:[0-9]+:[0-9]+/) }
            let checkpoint = { try? Checkpoint.summary(folder("run/checkpoint.safetensors")).numbers }
            #expect(poll(seconds: 60) { checkpoint()?.settings.learningRateScale == 2 ? true : nil } == true)
            try first.signal(SIGKILL)
            let kept = try #require(checkpoint())
            #expect(kept.step > 0)

            let second = try Terminal(["train", "--resume", "run"], folder: folder)
            let shown = try second.wait(for: "training") { $0.step ?? 0 > kept.step && $0.text.contains("(×2)") }
            #expect(shown.step ?? 0 > kept.step)
            try second.send("Space")
            try second.wait(for: "the pause") { $0.header.contains("paused") }
            try second.send("Home")
            // The curves begin with the first step of the run, not of the process.
            try second.wait(for: "the loss of an untrained model") { $0.text.contains(/━ -ELBO [78][0-9][0-9]/) }
            try second.send("q")
            try second.wait(for: "stop, save and quit")
            try second.send("s")
            #expect(try second.status() == 0)
            #expect(folder.names("run") == Folder.runFiles)
            let model = try ModelFile.load(folder("run"))
            #expect(model.snapshot.step > kept.step && model.record?.changes?.contains { $0.learningRateScale == 2 } == true)
        }
    }
}
