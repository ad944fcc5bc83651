import Foundation
import Testing
import VAECore

extension EndToEnd {
    /// The program without a terminal: what it prints, writes and returns.
    @Suite struct CommandLineTests {
        @Test func withoutATerminalOneFrameIsPrinted() throws {
            let folder = try Folder()
            let end = try latent([], in: folder)
            #expect(end.status == 0)
            #expect(end.errors.isEmpty)
            let screen = Screen(text: end.output)
            #expect(screen.header.contains("2 Explore"))
            #expect(screen.coordinates.count == 2)
            #expect(screen.lines.count == 25 && screen.lines[24].isEmpty)
            #expect(!end.bytes.contains(0x1B))
            #expect(folder.names().isEmpty)
        }

        @Test(arguments: ["train", "explore", "compare"])
        func everyScreenIsPrinted(_ name: String) throws {
            let end = try latent(
                ["--once", "--screen", name, "--size", "120x40", "--data", "mnist-5k"], in: Folder())
            #expect(end.status == 0)
            let screen = Screen(text: end.output)
            #expect(screen.lines.count == 41)
            #expect(screen.footer.contains("q quit"))
            if name == "compare" { #expect(screen.text.contains("input 1")) }
        }

        /// Light backgrounds have a palette of their own: no text is lighter than the ground allows.
        @Test func backgroundsAndFrames() throws {
            let options = ["--once", "--color", "always", "--background"]
            let (dark, light) = try (latent(options + ["dark"], in: Folder()), latent(options + ["light"], in: Folder()))
            #expect(dark.status == 0 && light.status == 0 && dark.output != light.output)
            // Faint text: light grey on dark, dark grey on light.
            #expect(dark.output.contains("38;5;248m") && light.output.contains("38;5;240m"))
            let refused = try latent(["explore", "--fps", "0"], in: Folder())
            #expect(refused.status == 64 && refused.errors.contains("--fps: expected 1 to 60, found 0"))
            #expect(try latent(["explore", "--background", "pink"], in: Folder()).status == 64)
        }

        @Test func asciiAloneWhereTheLocaleHasNoMore() throws {
            let end = try latent([], in: Folder(), environment: ["LANG": "C"])
            #expect(end.status == 0)
            #expect(end.bytes.allSatisfy { $0 < 128 } && end.bytes.count > 500)
        }

        /// Pictures of every kind of plane, of a z of 20 and of one of 200; planes that a model does not have are refused.
        @Test func gridsOfAnyPlane() throws {
            let folder = try Folder()
            let trained = try latent(
                ["train", "--headless", "--data", "mnist-5k", "--preset", "pytorch", "--epochs", "1", "--hidden", "16", "--latent", "200", "--out", "wide"],
                in: folder)
            #expect(trained.status == 0)
            for model in ["pytorch", "wide"] {
                var pictures: [[UInt8]] = []
                for (n, plane) in ["1,2", "20,3", "components", "images:1,5,13"].enumerated() {
                    let name = "\(model)-\(n).png"
                    let end = try latent(
                        ["grid", model, "--size", "3", "--plane", plane, "--data", "mnist-5k", "--out", name], in: folder)
                    #expect(end.status == 0, "\(end.errors)")
                    let picture = try PNG.decode(#require(folder.bytes(name)), name: name)
                    #expect(picture.shape.width == 84 && picture.shape.height == 84)
                    pictures.append(picture.pixels)
                }
                #expect(Set(pictures).count == 4)
            }
            for (plane, reason) in [("0,1", "1 to 20"), ("3,3", "two different"), ("images:0,1,2", "1 to 500"), ("images:1,1,2", "a line")] {
                let end = try latent(["grid", "pytorch", "--plane", plane, "--data", "mnist-5k"], in: folder)
                #expect(end.status == 64 && end.errors.contains(reason) && end.output.isEmpty, "\(end.errors)")
            }
            #expect(try latent(["grid", "pytorch", "--plane", "images:1,2"], in: folder).status == 64)
        }

        private struct PresetLine: Decodable {
            var name, summary: String
            var parameters: Int
            var model: ModelConfiguration
            var training: TrainingConfiguration
        }

        /// What other programs need to build and train the same model; options change it.
        @Test func presetsForOtherPrograms() throws {
            let folder = try Folder()
            func presets(_ arguments: String...) throws -> [PresetLine] {
                let end = try latent(["preset"] + arguments + ["--json"], in: folder)
                #expect(end.status == 0, "\(end.errors)")
                return try end.output.split(separator: "\n").map {
                    try JSONDecoder().decode(PresetLine.self, from: Data($0.utf8))
                }
            }
            let all = try presets()
            #expect(all.map(\.name) == Preset.all.map(\.name))
            for (line, preset) in zip(all, Preset.all) {
                #expect(line.model == preset.model && line.training == preset.training && line.summary == preset.summary)
                #expect(line.parameters == (try Network(preset.model)).parameterCount)
            }
            let changed = try #require(try presets("pytorch", "--hidden", "8", "--epochs", "3", "--conditional").first)
            #expect(changed.model == .perceptron(hidden: [8], latent: 20, classes: 10) && changed.training.epochs == 3)
            let table = try latent(["preset"], in: folder)
            #expect(table.status == 0 && Preset.all.allSatisfy { table.output.contains($0.name) })
            for (arguments, text) in [
                (["--hidden", "8"], "--hidden: changes no preset"), (["pytorch", "--threads", "2"], "--threads: has no"),
                (["pytorch", "--preset", "kingma"], "--preset: has no"), (["other"], "manifold, pytorch"),
                (["pytorch", "--epochs", "0"], "--epochs"),
            ] {
                let refused = try latent(["preset", "--json"] + arguments, in: folder)
                #expect(refused.status == 64 && refused.output.isEmpty, "\(arguments)")
                #expect(refused.errors.contains(text), "\(refused.errors)")
            }
        }

        @Test func trainsHeadlessly() throws {
            let folder = try Folder()
            let end = try latent(
                ["train", "--headless", "--json", "--data", "mnist-5k", "--epochs", "2", "--hidden", "32", "--latent", "2"],
                in: folder)
            #expect(end.status == 0)
            #expect(end.errors.isEmpty)
            let events = try end.output.split(separator: "\n").map { try JSON($0) }
            #expect(events.map { $0["event"].text } == ["start", "epoch", "epoch", "done"])
            let start = events[0]
            #expect(start["preset"].text == "manifold")
            #expect(start["dataset"].text == "mnist-5k")
            #expect(start["images"].number == 4500)
            // (784 + 1)·32 + (32 + 1)·4 + (2 + 1)·32 + (32 + 1)·784
            #expect(start["parameters"].number == 51_220)
            #expect(start["threads"].number! >= 1)
            for (index, epoch) in events[1...2].enumerated() {
                #expect(epoch["epoch"].number == Double(index + 1))
                #expect(epoch["step"].number == Double(18 * (index + 1)))
                #expect(epoch["seconds"].number! > 0)
                #expect(epoch["images_per_second"].number! > 0)
                for part in ["train", "test"] {
                    let terms = epoch[part]
                    #expect(
                        abs(terms["negative_elbo"].number! - terms["reconstruction"].number! - terms["kl"].number!) < 1e-6)
                }
            }
            #expect(events[2]["test"]["negative_elbo"].number! < events[1]["test"]["negative_elbo"].number!)
            #expect(events[3]["peak_rss_mb"].number! > 1)
            let model = try #require(events[3]["model"].text)
            #expect(folder.exists(model))
            let run = try #require(folder.runs.first)
            #expect(model == run + "/model.safetensors")
            #expect(folder.names(run) == Folder.headlessFiles)
            let metrics = try #require(folder.text(run + "/metrics.jsonl")).split(separator: "\n").map { try JSON($0) }
            #expect(metrics.filter { $0["event"].text == "epoch" }.map { $0["epoch"].number } == [1, 2])
            #expect(metrics.filter { $0["event"].text == "step" }.map { $0["step"].number } == (1...36).map(Double.init))
            #expect(try JSON(#require(folder.text(run + "/config.json")))["preset"].text == "manifold")

            let evaluated = try latent(["evaluate", "runs/latest", "--data", "mnist-5k", "--json"], in: folder)
            #expect(evaluated.status == 0)
            let report = try JSON(evaluated.output)
            #expect(report["dataset"].text == "mnist-5k")
            #expect(report["protocol"].text == "grey")
            #expect(report["images"].number == 500)
            #expect(report["negative_elbo"].number == events[2]["test"]["negative_elbo"].number)
            #expect(report["kl_per_dimension"].count == 2)
            #expect(report["active_units"].number! <= 2)
            #expect(report["model"].text?.hasSuffix("model.safetensors") == true)
        }

        @Test func trainsWithoutJSON() throws {
            let folder = try Folder()
            let end = try latent(
                ["train", "--data", "mnist-5k", "--epochs", "1", "--hidden", "16", "--out", "my run"], in: folder)
            #expect(end.status == 0)
            #expect(end.output.contains(/epoch +1  train +[0-9.]+  test +[0-9.]+/))
            #expect(end.errors.contains("saved my run/model.safetensors"))
            #expect(!end.errors.contains("\u{1B}") && !end.errors.contains("\r"))
            #expect(folder.names() == ["my run"])
        }

        /// The model is saved even if the reader of stdout goes away (`| head -1`).
        @Test func aReaderThatGoesAwayDoesNotStopTraining() throws {
            let folder = try Folder()
            let command = "\"$0\" train --headless --json --data mnist-5k --hidden 32 --epochs 6 --out run | head -1"
            let end = try Running(
                "/bin/sh", ["-c", command, Built.program], in: folder.path,
                environment: Built.environment(home: folder.path, [:])
            ).wait(seconds: 180)
            #expect(end.status == 0 && end.output.contains("\"event\":\"start\""), "\(end.errors)")
            let saved = try latent(["evaluate", "run", "--data", "mnist-5k", "--json"], in: folder)
            #expect(saved.status == 0, "\(saved.errors)")
        }

        @Test func theSameSeedGivesTheSameFile() throws {
            let folder = try Folder()
            func train(_ name: String, seed: String, threads: String) throws -> [UInt8] {
                let end = try latent(
                    ["train", "--headless", "--data", "mnist-5k", "--epochs", "1", "--hidden", "48,24", "--seed", seed,
                     "--threads", threads, "--out", name], in: folder)
                #expect(end.status == 0)
                return try #require(folder.bytes(name + "/model.safetensors"))
            }
            let first = try train("a", seed: "7", threads: "2")
            #expect(try train("b", seed: "7", threads: "2") == first)
            #expect(try train("c", seed: "8", threads: "2") != first)
            // No sum crosses threads, so their number does not matter.
            #expect(try train("d", seed: "7", threads: "1") == first)
        }

        @Test func picturesInEveryFormat() throws {
            let folder = try Folder()
            let commands: [(name: String, arguments: [String], height: Int, width: Int)] = [
                ("grid", ["grid", "manifold", "--size", "4"], 4 * 28, 4 * 28),
                ("sample", ["sample", "manifold", "-n", "6"], 2 * 28, 3 * 28),
                ("reconstruct", ["reconstruct", "manifold", "--data", "mnist-5k", "-n", "3"], 2 * 28, 3 * 28),
            ]
            for command in commands {
                for ending in ["png", "txt", "ans"] {
                    let file = "\(command.name).\(ending)"
                    let end = try latent(command.arguments + ["--out", file], in: folder)
                    #expect(end.status == 0 && end.output.isEmpty)
                    #expect(end.lines == ["wrote \(file)"])
                    let bytes = try #require(folder.bytes(file))
                    if ending == "png" {
                        let picture = try PNG.decode(bytes, name: file)
                        #expect((picture.shape.height, picture.shape.width) == (command.height, command.width))
                        #expect(picture.pixels.max()! > 200 && picture.pixels.min()! < 20)
                    } else {
                        #expect(bytes.contains(0x1B) == (ending == "ans"))
                        #expect(String(decoding: bytes, as: UTF8.self).contains { "▀▄█▌▐▖▗▘▝".contains($0) })
                    }
                }
                let end = try latent(command.arguments, in: folder)
                #expect(end.status == 0)
                #expect(try [UInt8](end.output.utf8) == #require(folder.bytes(command.name + ".txt")))
            }
            #expect(folder.names().count == 9)
        }

        /// Beside a reconstruction is what the model saw, not the grey image.
        @Test func aModelOfBinaryPixelsIsShownBinaryPixels() throws {
            let folder = try Folder()
            let end = try latent(
                ["reconstruct", "tensorflow", "--data", "mnist-5k", "-n", "3", "--out", "a.png"], in: folder)
            #expect(end.status == 0)
            let picture = try PNG.decode(#require(folder.bytes("a.png")), name: "a.png")
            let half = picture.pixels.count / 2
            #expect(Set(picture.pixels[..<half]) == [0, 255])
            #expect(Set(picture.pixels[half...]).count > 50)
            let frame = try latent(
                ["explore", "tensorflow", "--once", "--screen", "compare", "--data", "mnist-5k", "--size", "100x30"],
                in: folder)
            #expect(frame.output.contains("threshold pixels"))
        }

        @Test func conditionalModelsDrawTheClassAskedFor() throws {
            let folder = try Folder()
            let training = try latent(
                ["train", "--headless", "--data", "mnist-5k", "--conditional", "--epochs", "2", "--hidden", "32",
                 "--out", "run"], in: folder)
            #expect(training.status == 0)
            func drawn(_ arguments: [String]) throws -> String {
                let end = try latent(arguments, in: folder)
                #expect(end.status == 0, "\(end.errors)")
                return end.output
            }
            let zero = try drawn(["grid", "run", "--size", "3", "--class", "0"])
            #expect(try drawn(["grid", "run", "--size", "3"]) == zero)
            #expect(try drawn(["grid", "run", "--size", "3", "--class", "7"]) != zero)
            // In files: a model that has learned so little draws classes that letters and shades do not tell apart.
            for (file, more) in [("each.png", []), ("three.png", ["--class", "3"])] {
                _ = try drawn(["sample", "run", "-n", "4", "--out", file] + more)
            }
            #expect(folder.bytes("each.png") != folder.bytes("three.png"))
            #expect(try drawn(["explore", "run", "--once", "--size", "120x40"]).contains("class 0"))
            let unknown = try latent(["grid", "run", "--class", "10"], in: folder)
            #expect(unknown.status == 64)
            #expect(unknown.errors.contains("--class") && unknown.errors.contains("0 to 9"))
            let unconditional = try latent(["sample", "manifold", "--class", "3"], in: folder)
            #expect(unconditional.status != 0)
            #expect(unconditional.errors.contains("--class") && unconditional.lines.count == 1)
        }

        @Test func publishedFiguresBesideOurs() throws {
            let folder = try Folder()
            let list = try latent(["reproduce"], in: folder)
            #expect(list.status == 0)
            for id in ["pytorch", "tensorflow", "kingma-20", "iwae-50"] { #expect(list.output.contains(id)) }
            let end = try latent(
                ["reproduce", "pytorch", "iwae-1", "--quick", "--data", "mnist-5k", "--json", "--out", "kept"], in: folder)
            #expect(end.status == 0, "\(end.errors)")
            #expect(end.errors.contains("full MNIST"))
            let reports = try end.output.split(separator: "\n").map { try JSON($0) }
            #expect(reports.map { $0["id"].text } == ["pytorch", "iwae-1"])
            #expect(reports.map { $0["quantity"].text } == ["negative ELBO", "-log p(x), 50 samples, 500 images"])
            #expect(reports.map { $0["published"].number } == [105.59, 86.76])
            #expect(reports.map { $0["epochs"].number } == [2, 1])
            for report in reports { #expect((100...600).contains(report["ours"].number!)) }
            #expect(folder.names("kept/iwae-1") == ["curve.csv", "model.safetensors"])
            let unknown = try latent(["reproduce", "alexnet"], in: folder)
            #expect(unknown.status == 64 && unknown.lines.count <= 4)
            for text in ["alexnet", "<id>", "kingma-20", "all"] { #expect(unknown.lines[0].contains(text)) }
        }

        @Test func tellsWhatThereIs() throws {
            let folder = try Folder()
            let data = try latent(["data", "list"], in: folder)
            #expect(data.status == 0)
            for name in ["mnist", "fashion-mnist", "mnist-5k", "kmnist", "emnist-letters"] { #expect(data.output.contains(name)) }
            let info = try latent(["data", "info", "mnist-5k"], in: folder)
            #expect(info.output.contains("train: 4500 images of 28x28x1"))
            #expect(info.output.contains("held out: 500 images"))
            let models = try latent(["model", "list"], in: folder)
            #expect(models.output.contains("manifold") && models.output.contains("pytorch"))
            let help = try latent(["--help"], in: folder)
            #expect(help.status == 0 && help.output.contains("SUBCOMMANDS"))
            for command in ["explore", "train", "evaluate", "sample", "reconstruct", "grid", "data", "model", "preset", "runs", "benchmark"] {
                let help = try latent([command, "--help"], in: folder)
                #expect(help.status == 0 && help.output.contains("latent \(command)"))
            }
        }

        @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
        func anInterruptedRunIsKept(_ number: Int32) throws {
            let folder = try Folder()
            let run = try start(
                ["train", "--headless", "--json", "--data", "mnist-5k", "--epochs", "5000", "--hidden", "32", "--out", "run"],
                in: folder)
            #expect(poll(seconds: 90) { folder.text("run/metrics.jsonl")?.contains("\"event\":\"epoch\"") == true ? true : nil } == true)
            run.signal(number)
            let end = try run.wait(seconds: 60)
            #expect(end.status == 128 + number)
            let model = try ModelFile.load(folder("run"))
            #expect(model.snapshot.step >= 18)
            let lines = try #require(folder.text("run/metrics.jsonl"))
            #expect(lines.hasSuffix("\n"))
            let epochs = try lines.split(separator: "\n").map { try JSON($0) }.filter { $0["event"].text == "epoch" }
                .map { $0["epoch"].number }
            #expect(epochs == (1...epochs.count).map(Double.init))
            #expect(model.snapshot.epoch == epochs.count)
            #expect(folder.names("run") == Folder.headlessFiles)
            for line in end.output.split(separator: "\n") { _ = try JSON(line) }
        }
    }
}

/// A JSON value for reading. A missing value is null.
struct JSON: Decodable {
    private enum Value {
        case null, text(String), number(Double), bool(Bool), list([JSON]), object([String: JSON])
    }

    private let value: Value

    /// - Throws: when `text` is not one JSON value.
    init(_ text: some StringProtocol) throws {
        self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            value = .text(text)
        } else if let flag = try? container.decode(Bool.self) {
            value = .bool(flag)
        } else if let number = try? container.decode(Double.self) {
            value = .number(number)
        } else if let list = try? container.decode([JSON].self) {
            value = .list(list)
        } else if let object = try? container.decode([String: JSON].self) {
            value = .object(object)
        } else {
            value = .null
        }
    }

    private init(_ value: Value) { self.value = value }

    subscript(key: String) -> JSON {
        if case .object(let members) = value { return members[key] ?? JSON(.null) }
        return JSON(.null)
    }

    var text: String? { if case .text(let text) = value { text } else { nil } }
    var number: Double? { if case .number(let number) = value { number } else { nil } }
    /// Values in a list.
    var count: Int { if case .list(let list) = value { list.count } else { 0 } }
}
