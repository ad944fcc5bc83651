import Foundation
import Testing

extension EndToEnd {
    /// Choosing a model, and comparing two side by side.
    @Suite struct ModelsTests {
        /// A folder with four runs: a complete one, one with a truncated model, one with a truncated record, and one
        /// without a model.
        private func runs() throws -> Folder {
            let folder = try Folder()
            let end = try latent(
                ["train", "--headless", "--epochs", "3", "--data", "mnist-5k", "--preset", "pytorch"], in: folder)
            #expect(end.status == 0)
            let run = try #require(folder.runs.first)
            func copy(_ name: String) throws {
                try FileManager.default.copyItem(atPath: folder(run), toPath: folder("runs/" + name))
            }
            try copy("cut")
            try folder.write(Array(try #require(folder.bytes(run + "/model.safetensors")).prefix(100_000)), "runs/cut/model.safetensors")
            try copy("torn")
            try folder.write((folder.text(run + "/metrics.jsonl") ?? "") + "{\"epoch\":4,\"te", "runs/torn/metrics.jsonl")
            try FileManager.default.createDirectory(atPath: folder("runs/ev\u{1B}[31mil"), withIntermediateDirectories: true)
            return folder
        }

        @Test func listsAndLoads() throws {
            let folder = try runs()
            let terminal = try Terminal(["explore", "--data", "mnist-5k", "--screen", "models"], width: 100, height: 40, folder: folder)
            let list = try terminal.wait(for: "the list") { $0.text.contains("tensorflow") && $0.text.contains("-pytorch") }
            for words in ["autoencoder", "fashion", "kingma-20", "> ● manifold", "rec 123.57", "132.35", "cut", "ev·[31mil", "torn"] {
                #expect(list.text.contains(words), "\(words)\n\(list.text)")
            }
            #expect(list.text.contains("manifold  (loaded)  VAE") && list.text.contains("KL per dimension"))
            #expect(!list.text.contains("latest"))

            // A run: its card and curve; once loaded, every screen shows it.
            try terminal.send("End")
            let run = try terminal.wait(for: "the run's card") { $0.text.contains("mnist-5k, grey pixels, 3 of 3 epochs") }
            #expect(run.text.contains { "▁▂▃▄▅▆▇█".contains($0) } && run.text.contains("test loss by epoch"))
            try terminal.send("Enter")
            let plane = try terminal.wait(for: "its plane") { $0.text.contains("Each place is 20 numbers") }
            #expect(plane.header.contains("2 Explore"))
            try terminal.send("3")
            try terminal.wait(for: "its losses") { $0.listed.count >= 20 }
            try terminal.send("5")
            try terminal.wait(for: "(loaded)")

            // A model that cannot be used says why, and the selection stays.
            try terminal.send("Home")
            for _ in 0..<30 where !(try terminal.screen.text.contains("> cut") || terminal.screen.text.contains(">   cut")) {
                let before = try terminal.screen.text
                try terminal.send("Down")
                try terminal.wait(for: "the next line") { $0.text != before }
            }
            let cut = try terminal.wait(for: "truncated")
            #expect(cut.text.contains("cannot be read"))
            try terminal.send("Enter")
            try terminal.wait(for: "a refusal") { $0.text.contains("cut: cannot be read") }
            try terminal.send("q")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
        }

        @Test func trainsFromWhatWasLoaded() throws {
            let terminal = try Terminal(["--data", "mnist-5k"])
            try terminal.wait(for: "across")
            try terminal.send("5")
            try terminal.wait(for: "tensorflow")
            try terminal.send("Home", "Down", "Down", "Down", "Down")
            try terminal.wait(for: "pytorch  VAE")
            try terminal.send("Enter")
            try terminal.wait(for: "loaded pytorch")
            try terminal.send("t")
            try terminal.wait(for: "a step of its training") { $0.header.contains("epoch 1/10") || ($0.step ?? 0) > 0 }
            // Loading another asks first, then stops this run and saves it.
            try terminal.send("5")
            try terminal.wait(for: "pytorch")
            try terminal.send("Home")
            try terminal.wait(for: "autoencoder  plain autoencoder")
            try terminal.send("Enter")
            try terminal.wait(for: "Enter again stops and saves it")
            try terminal.send("Enter")
            // The last line is drawn last.
            let shown = try terminal.wait(for: "the autoencoder") {
                $0.text.contains("across") && $0.header.contains("step 14100") && $0.footer.contains("loaded autoencoder")
            }
            #expect(shown.header.contains("autoencoder"))
            let runs = terminal.folder.runs
            #expect(runs.count == 1 && terminal.folder.exists(runs[0] + "/model.safetensors"))
            try terminal.send("q")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
        }

        @Test func comparesTheTwins() throws {
            let terminal = try Terminal(["explore", "--data", "mnist-5k"], width: 120, height: 40)
            try terminal.wait(for: "across")
            try terminal.send("3")
            try terminal.wait(for: "negative ELBO")
            try terminal.send("b")
            let two = try terminal.wait(for: "both models") {
                $0.text.contains("no bound") && $0.text.contains("blue: less") && $0.text.contains("% empty")
            }
            #expect(two.lines[1].contains("input 1") && two.lines[1].contains("manifold") && two.lines[1].contains("autoencoder"))
            try terminal.send("o", "o", "o")
            let sorted = try terminal.wait(for: "the order by difference") { $0.text.contains("order: second worse") && $0.text.contains(/> +[0-9]+ +[0-9] +\+[0-9]/) }
            #expect(sorted.text.contains("(reconstruction)"))
            try terminal.send("Enter")
            // Both planes, and the image's code on each.
            let plane = try terminal.wait(for: "both planes") { $0.text.contains("manifold, VAE") && $0.text.contains("z = (") }
            #expect(!plane.text.contains("z = (+0.00, +0.00)"))
            try terminal.send("3")
            try terminal.wait(for: "both again") { $0.text.contains("no bound") }
            try terminal.send("b")
            try terminal.wait(for: "one again") { !$0.text.contains("no bound") && $0.text.contains("negative ELBO") }
            for (width, height) in [(40, 12), (80, 24), (200, 60)] {
                try terminal.resize(width, height)
                try terminal.send("b")
                try terminal.wait(for: "two at \(width)×\(height)") { $0.text.contains("no bound") }
                try terminal.send("b", "x")
                try terminal.wait(for: "one at \(width)×\(height)") { !$0.text.contains("no bound") && $0.fills(width: width, height: height) }
            }
            try terminal.send("q")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
        }

        /// One click selects, a second one loads; with mouse reports as a terminal sends them.
        @Test func theMouse() throws {
            let terminal = try Terminal(["explore", "--data", "mnist-5k", "--screen", "models"])
            try terminal.wait(for: "tensorflow")
            // The older form of a report: button, column and row, each as a character, offset by 32.
            func click(_ row: UInt8) throws {
                let place = "*" + String(UnicodeScalar(32 + row))
                try terminal.send("-l", "\u{1B}[M \(place)\u{1B}[M#\(place)")
            }
            // Rows count from 1: tabs, title, then the models in order.
            try click(3)
            try terminal.wait(for: "autoencoder  plain autoencoder")
            try click(3)
            try terminal.wait(for: "loaded autoencoder")
            try terminal.send("q")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
        }

        @Test func withoutModelsDataAndColours() throws {
            let folder = try Folder()
            let model = Built.root + "/models/manifold"
            let empty = try Folder()
            let terminal = try Terminal(
                ["explore", model, "--screen", "models"], environment: ["LATENT_PROJECT": empty.path, "NO_COLOR": "1", "LANG": "C"],
                folder: folder)
            try terminal.wait(for: "models/ and runs/ are empty")
            try terminal.send("Enter", "b", "Down", "r", "3")
            try terminal.wait(for: "mnist")
            try terminal.send("q")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
        }
    }
}
