import Foundation
import Testing
import VAECore

extension EndToEnd {
    /// Sweeps: every combination, only what is missing, and a summary that can be checked by hand.
    @Suite struct SweepTests {
        private let options = ["--data", "mnist-5k", "--epochs", "1", "--hidden", "8", "--beta", "0.5,2", "--seed", "1,2,3"]

        private func rows(_ text: String?) throws -> [[String]] {
            try #require(text).split(separator: "\n").map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
        }

        @Test func everyCombinationOnce() throws {
            let folder = try Folder()
            let end = try latent(["sweep"] + options + ["--out", "s"], in: folder)
            #expect(end.status == 0, "\(end.errors)")
            #expect(folder.names("s").filter { !$0.hasSuffix(".csv") } == ["0.5", "2"].flatMap { beta in (1...3).map { "beta-\(beta)_seed-\($0)" } })
            for run in folder.names("s") where !run.hasSuffix(".csv") {
                // Nobody asked for snapshots.
                #expect(folder.names("s/" + run) == Folder.headlessFiles.filter { $0 != "snapshots" })
            }
            let runs = try rows(folder.text("s/runs.csv")), summary = try rows(folder.text("s/summary.csv"))
            #expect(runs.count == 7 && runs[0].prefix(5) == ["beta", "seed", "state", "epochs", "negative_elbo"])
            #expect(summary.count == 3 && summary[0] == ["beta", "runs", "negative_elbo", "spread", "reconstruction", "kl"])
            for row in summary.dropFirst() {
                let losses = runs.filter { $0[0] == row[0] }.compactMap { Double($0[4]) }
                #expect(losses.count == 3 && row[1] == "3" && Set(losses).count == 3)
                let mean = losses.reduce(0, +) / 3
                let deviation = (losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2).squareRoot()
                let found = try row[2...3].map { try #require(Double($0)) }
                #expect(abs(found[0] - mean) < 1e-9 && abs(found[1] - deviation) < 1e-9)
                #expect(end.output.contains(String(format: "%.3f ± %.3f", mean, deviation)), "\(end.output)")
            }
            // A run of a sweep is what `latent train` gives with these options.
            let alone = try latent(
                ["train", "--headless", "--data", "mnist-5k", "--epochs", "1", "--hidden", "8", "--beta", "2", "--seed", "3", "--out", "alone"],
                in: folder)
            #expect(alone.status == 0)
            #expect(folder.bytes("alone/model.safetensors") == folder.bytes("s/beta-2_seed-3/model.safetensors"))
        }

        /// Killed and started again, a sweep does only what is missing.
        @Test func onlyWhatIsMissing() throws {
            let folder = try Folder()
            let command = ["sweep"] + options + ["--jobs", "2", "--json", "--out", "s"]
            #expect(try latent(command.dropLast(2) + ["--out", "whole"], in: folder).status == 0)
            let first = try start(command, in: folder)
            #expect(poll(seconds: 60) { folder.exists("s/beta-0.5_seed-2/model.safetensors") ? true : nil } == true)
            first.signal(SIGKILL)
            _ = try first.wait()
            let done = folder.names("s").filter { folder.exists("s/\($0)/model.safetensors") }
            let times = done.map { modified(folder("s/\($0)/model.safetensors")) }
            let second = try latent(command, in: folder)
            #expect(second.status == 0, "\(second.errors)")
            #expect(done.map { modified(folder("s/\($0)/model.safetensors")) } == times)
            for run in folder.names("s") where !run.hasSuffix(".csv") {
                #expect(folder.bytes("s/\(run)/model.safetensors") == folder.bytes("whole/\(run)/model.safetensors"), "\(run)")
            }
            #expect(folder.text("s/summary.csv") == folder.text("whole/summary.csv"))
            let groups = try second.output.split(separator: "\n").map { try JSON($0) }
            #expect(groups.count == 2 && groups.allSatisfy { $0["runs"].number == 3 && $0["spread"].number ?? 0 > 0 })
        }

        private func modified(_ path: String) -> Date? {
            try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
        }

        @Test func aSweepThatIsAskedToEndContinues() throws {
            let folder = try Folder()
            let command = ["sweep", "--data", "mnist-5k", "--epochs", "40", "--hidden", "8", "--latent", "2,3"]
            let run = try start(command, in: folder)
            #expect(poll(seconds: 60) { folder.names("sweeps").first.map { !folder.names("sweeps/\($0)").isEmpty } == true ? true : nil } == true)
            run.signal(SIGTERM)
            let end = try run.wait()
            #expect(end.status == 143 && end.errors.contains("continues this sweep"), "\(end.errors)")
            // Its folder is named after its options, so that the same command finds it.
            #expect(folder.names("sweeps").count == 1 && folder.names("sweeps")[0].hasPrefix("latent-"))
            #expect(try latent(["sweep"] + command.dropFirst(), in: folder).status == 0)
            #expect(folder.names("sweeps").count == 1)
        }

        @Test(arguments: [
            (["--epochs", "1"], "nothing varies"), (["--beta", "1,1"], "there twice"), (["--beta", "1,"], "missing"),
            (["--beta", "1,x"], "x"), (["--beta", "1,-2"], "--beta"), (["--nonsense", "1,2"], "nonsense"),
            (["--beta", "1,2", "--resume", "x"], "--resume"), (["--beta", "1,2", "--jobs", "0"], "--jobs"),
        ])
        func badOptionsAreNamed(options: [String], words: String) throws {
            let folder = try Folder()
            let end = try latent(["sweep", "--data", "mnist-5k"] + options, in: folder)
            #expect(end.status == 64 && end.errors.contains(words), "\(end.errors)")
            #expect(folder.names().isEmpty)
        }

        /// A folder with runs of other options is left alone.
        @Test func otherRunsAreKept() throws {
            let folder = try Folder()
            let command = ["sweep", "--data", "mnist-5k", "--hidden", "8", "--seed", "1,2", "--out", "s", "--epochs"]
            #expect(try latent(command + ["1"], in: folder).status == 0)
            let end = try latent(command + ["2"], in: folder)
            #expect(end.status == 64 && end.errors.contains("other options"), "\(end.errors)")
        }
    }
}
