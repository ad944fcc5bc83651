import Foundation
import Testing
import VAECore

extension EndToEnd {
    /// Full disks, runs that diverge, hostile files and input: nothing is lost, and nothing hostile takes effect.
    @Suite struct FaultTests {
        private let train = ["train", "--headless", "--preset", "pytorch", "--data", "mnist-5k", "--epochs", "2", "--seed", "1"]

        private func link(_ name: String, in folder: Folder) throws {
            try FileManager.default.createDirectory(atPath: folder("out"), withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(atPath: folder("out/" + name), withDestinationPath: "/dev/full")
        }

        /// The record of a run cannot be written: training goes on, and the model is saved.
        @Test func aRecordThatCannotBeWritten() throws {
            let folder = try Folder()
            try link("metrics.jsonl", in: folder)
            let end = try latent(train + ["--out", "out"], in: folder)
            #expect(end.status == 1)
            #expect(end.errors.components(separatedBy: "training goes on").count == 2, "\(end.errors)")
            #expect(end.errors.contains("metrics.jsonl"))
            #expect(try ModelFile.load(folder("out")).snapshot.epoch == 2)
        }

        /// The model cannot be written: it goes to the temporary folder.
        @Test func aModelThatCannotBeWritten() throws {
            let folder = try Folder()
            try link("model.safetensors", in: folder)
            try FileManager.default.createDirectory(atPath: folder("spare"), withIntermediateDirectories: true)
            let end = try latent(train + ["--out", "out"], in: folder, environment: ["TMPDIR": folder("spare")])
            #expect(end.status == 1)
            let saved = try #require(folder.names("spare").first, "\(end.errors)")
            #expect(end.errors.contains(saved))
            #expect(try ModelFile.load(folder("spare/" + saved)).snapshot.epoch == 2)
        }

        /// A rate at which the first step breaks everything, and one at which the loss explodes: the run is reported as
        /// diverged, and the last good parameters are saved.
        @Test(arguments: [("1e300", "no longer a finite number"), ("100", "diverge")])
        func aRunThatDiverges(rate: String, words: String) throws {
            let folder = try Folder()
            let end = try latent(train + ["--learning-rate", rate], in: folder)
            #expect(end.status == 1 && end.errors.contains("saved to runs/"), "\(end.errors)")
            #expect(end.errors.contains(words) || end.errors.contains("no longer a finite number"), "\(end.errors)")
            let run = try #require(folder.runs.first)
            #expect(try ModelFile.load(folder(run)).snapshot.values.allSatisfy { $0.isFinite })
        }

        @Test(arguments: [["evaluate", "manifold"], ["reproduce", "pytorch"], ["train", "--headless"], ["benchmark"]])
        func threadsAreCounted(command: [String]) throws {
            let end = try latent(command + ["--threads", "100000"], in: try Folder())
            #expect(end.status == 64 && end.errors.contains("--threads") && end.errors.contains("1 to 256"))
        }

        /// The preset's name in a file never becomes a path.
        @Test(arguments: ["/../../../../OUTSIDE", "/tmp/x", "a\u{0}b", String(repeating: "x", count: 300), "..", ""])
        func namesInFilesAreNoPaths(preset: String) throws {
            let folder = try Folder()
            let network = try Network(.perceptron(hidden: [4], latent: 2))
            let snapshot = ParameterSnapshot(
                network: network, values: [Float](repeating: 0, count: network.parameterCount))
            let record = TrainedModel.Record(
                preset: preset, dataset: "mnist", training: TrainingConfiguration(epochs: 1, batchSize: 8, learningRate: 1e-3))
            try ModelFile.save(TrainedModel(snapshot: snapshot, record: record), to: folder("model.safetensors"))
            let end = try latent(["--once", "model.safetensors"], in: folder)
            #expect(end.status == 1 && end.errors.contains("not a plain name"), "\(end.errors)")
        }

        /// Colour images are trained on, with a screen and without, drawn and written.
        @Test func colourIsDrawn() throws {
            let folder = try Folder()
            try FileManager.default.createDirectory(atPath: folder("set"), withIntermediateDirectories: true)
            for (name, count) in [("train", 24), ("t10k", 8)] {
                let header: [UInt8] = [0, 0, 8, 4, 0, 0, 0, UInt8(count), 0, 0, 0, 6, 0, 0, 0, 6, 0, 0, 0, 3]
                let pixels = (0..<count * 108).map { UInt8($0 * 37 % 256) }
                try folder.write(header + pixels, "set/\(name)-images-idx3-ubyte")
                try folder.write([0, 0, 8, 1, 0, 0, 0, UInt8(count)] + (0..<count).map { UInt8($0 % 3) }, "set/\(name)-labels-idx1-ubyte")
            }
            let made = try latent(
                ["train", "--headless", "--data", "set", "--epochs", "1", "--hidden", "8", "--out", "out"], in: folder)
            #expect(made.status == 0, "\(made.errors)")
            for command in [["grid", "out"], ["sample", "out"], ["reconstruct", "out", "--data", "set"], ["--once", "out"]] {
                let end = try latent(command, in: folder)
                #expect(end.status == 0 && !end.output.isEmpty, "\(command): \(end.errors)")
            }
            let terminal = try Terminal(
                ["train", "--data", "set", "--hidden", "8", "--epochs", "3000"], environment: ["COLORTERM": "truecolor"], folder: folder)
            try terminal.wait(for: "training") { $0.step ?? 0 > 10 && $0.text.contains("output") }
            for screen in ["2", "3", "4", "5", "1"] { try terminal.send(screen) }
            try terminal.wait(for: "still training") { $0.step ?? 0 > 20 && $0.text.contains("output") }
            try terminal.signal(SIGTERM)
            #expect(try terminal.status() == 143)
        }

        /// Names with control sequences reach neither stream unchanged.
        @Test func namesCannotSteerTheTerminal() throws {
            let folder = try Folder()
            let evil = "s\u{1B}ct\u{2028}\u{200F}\u{E0041}\u{9B}x"
            try FileManager.default.createDirectory(atPath: folder(evil), withIntermediateDirectories: true)
            for name in ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"] {
                try FileManager.default.copyItem(atPath: "\(Built.root)/data/mnist-5k/\(name)", toPath: folder(evil + "/" + name))
            }
            let commands = [
                ["data", "info", evil], ["train", "--headless", "--data", evil, "--epochs", "1", "--preset", "pytorch", "--out", evil + "o"],
                ["train", "--headless", "--json", "--data", evil, "--epochs", "1", "--preset", "pytorch", "--out", evil + "j"],
                ["model", "info", evil + "o"], ["evaluate", evil + "o", "--data", evil], ["evaluate", evil + "o", "--data", evil, "--json"],
                ["reconstruct", "manifold", "--data", evil], ["evaluate", evil], ["grid", evil], [evil], ["train", "--preset", evil],
            ]
            for command in commands {
                let end = try latent(command, in: folder, environment: ["NO_COLOR": "1"])
                for scalar in (end.output + end.errors).unicodeScalars where scalar != "\n" {
                    let category = scalar.properties.generalCategory
                    let isBad = [.control, .format, .lineSeparator, .paragraphSeparator, .privateUse].contains(category)
                    #expect(!isBad, "\(command.first ?? ""): U+\(String(scalar.value, radix: 16))")
                }
                if command.contains("--json") {
                    for line in end.output.split(separator: "\n") {
                        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
                    }
                }
            }
        }

        /// Names and shapes do not tell the activation; the program says that it assumes relu.
        @Test func whatIsAssumedIsSaid() throws {
            let folder = try Folder()
            let network = try Network(.perceptron(hidden: [6], latent: 2))
            let values = (0..<network.parameterCount).map { Float($0 % 13) / 100 }
            try values.withUnsafeBufferPointer { values in
                try SafetensorsFile.write(
                    path: folder("plain.safetensors"),
                    tensors: network.layout.views.map {
                        (name: $0.name, shape: $0.shape, values: UnsafeBufferPointer(rebasing: values[$0.range]))
                    }, metadata: ["format": "pt"])
            }
            for command in [["evaluate", "plain.safetensors", "--data", "mnist-5k"], ["model", "info", "plain.safetensors"]] {
                let end = try latent(command, in: folder)
                #expect(end.status == 0 && (end.output + end.errors).contains("relu between the layers"), "\(end.errors)")
            }
            let terminal = try Terminal(["plain.safetensors", "--data", "mnist-5k"], folder: folder)
            try terminal.wait(for: "relu between the layers")
            #expect(!(try latent(["model", "info", "manifold"], in: folder)).output.contains("assumed"))
        }

        /// Sequences that ncurses does not know, and pasted text, change nothing while a model trains.
        @Test(arguments: ["screen-256color", "tmux-256color", "xterm-256color"])
        func unknownSequencesAreNotObeyed(term: String) throws {
            let terminal = try Terminal(
                ["train", "--preset", "pytorch", "--data", "mnist-5k", "--epochs", "500"], environment: ["TERM": term])
            try terminal.wait(for: "an epoch") { $0.text.contains(/test +-ELBO +[0-9]+\.[0-9]+ =/) }
            for sequence in ["\u{1B}[1;5C", "\u{1B}[I", "\u{1B}[O", "\u{1B}[97;5u", "\u{1B}[1;3D", "\u{1B}]0;twq\u{07}", "\u{1B}P1+rx\u{1B}\\"] {
                try terminal.raw(sequence)
            }
            // A damaged or incomplete mouse report: the screen continues.
            for report in ["\u{1B}[<690:74n", "\u{1B}[<0;5;5"] {
                try terminal.raw(report)
                for _ in 0..<3 {
                    let header = try terminal.screen.header
                    try terminal.wait(for: "a later step") { $0.header != header }
                }
            }
            try terminal.raw("\u{1B}[200~http://twrq[[[<<<\nq5d\u{1B}[201~")
            let screen = try terminal.wait(for: "what is said of pasted text") { $0.text.contains("paste works only") }
            #expect(screen.text.contains("rate 0.001 beta 1"), "\(screen.text)")
            // Keys still work, including arrows in both modes.
            try terminal.send("[")
            try terminal.wait(for: "learning rate")
            try terminal.raw("\u{1B}[D")
            try terminal.send("q")
            try terminal.wait(for: "save and quit")
            try terminal.send("d")
            #expect(try terminal.status() == 0)
            try terminal.expectRestored()
            #expect(terminal.folder.runs.isEmpty)
        }
    }
}
