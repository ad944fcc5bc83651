import Foundation
import Testing
import VAECore

extension EndToEnd {
    /// What cannot be done is refused with a clear message, and nothing is left behind.
    @Suite struct BadInputTests {
        /// Runs the program on something that it must refuse in one line.
        /// - Parameter names: texts that the message must contain.
        private func expectRefused(
            _ arguments: [String], in folder: Folder, status: Int32, naming names: String...,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let before = folder.names()
            let end = try latent(arguments, in: folder)
            #expect(end.status == status, "\(end.errors)", sourceLocation: sourceLocation)
            #expect(end.output.isEmpty, sourceLocation: sourceLocation)
            #expect(end.lines.count == 1, "\(end.errors)", sourceLocation: sourceLocation)
            #expect(end.errors.hasPrefix("latent: ") && end.errors.hasSuffix("\n"), sourceLocation: sourceLocation)
            #expect(
                end.errors.dropLast().unicodeScalars.allSatisfy { $0.properties.generalCategory != .control },
                sourceLocation: sourceLocation)
            for name in names { #expect(end.errors.contains(name), "\(end.errors)", sourceLocation: sourceLocation) }
            #expect(folder.names() == before, sourceLocation: sourceLocation)
        }

        /// Runs the program with an unknown name for an option that takes one of a few.
        /// - Parameter names: accepted values that the first line must contain, beside the option and the value given.
        private func expectNoSuchChoice(
            _ arguments: [String], _ option: String, _ value: String, in folder: Folder, naming names: String...,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let end = try latent(arguments + [option, value], in: folder)
            #expect(end.status == 64, "\(end.errors)", sourceLocation: sourceLocation)
            #expect(end.output.isEmpty && folder.names().isEmpty, sourceLocation: sourceLocation)
            #expect((1...4).contains(end.lines.count), "\(end.errors)", sourceLocation: sourceLocation)
            #expect(
                end.lines.joined().unicodeScalars.allSatisfy { $0.properties.generalCategory != .control },
                sourceLocation: sourceLocation)
            for name in names + ["'\(option) <", "'\(value)'"] {
                #expect(end.lines.first?.contains(name) == true, "\(end.errors)", sourceLocation: sourceLocation)
            }
        }

        @Test func data() throws {
            let folder = try Folder()
            let train = ["train", "--headless", "--epochs", "1", "--data"]
            try expectRefused(train + ["nowhere"], in: folder, status: 1, naming: "nowhere", "mnist-5k")
            try folder.write("text", "file")
            try expectRefused(train + ["file"], in: folder, status: 1, naming: "file", "folder")
            try FileManager.default.createDirectory(atPath: folder("empty"), withIntermediateDirectories: true)
            try expectRefused(train + ["empty"], in: folder, status: 1, naming: "empty", "IDX")
            for command in ["evaluate", "reconstruct"] {
                try expectRefused([command, "manifold", "--data", "empty"], in: folder, status: 1, naming: "empty")
            }
            try expectRefused(["data", "info", "nowhere"], in: folder, status: 1, naming: "nowhere")
        }

        @Test func damagedData() throws {
            let names = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"]
            /// A copy of the sample with one file changed.
            func copy(_ changed: Int, _ change: ([UInt8]) throws -> [UInt8]) throws -> Folder {
                let folder = try Folder()
                try FileManager.default.createDirectory(atPath: folder("set"), withIntermediateDirectories: true)
                for (index, name) in names.enumerated() {
                    let path = "\(Built.root)/data/mnist-5k/\(name)"
                    let bytes = [UInt8](try #require(FileManager.default.contents(atPath: path)))
                    try folder.write(index == changed ? change(bytes) : bytes, "set/" + name)
                }
                return folder
            }
            let arguments = ["train", "--headless", "--epochs", "1", "--data", "set"]
            try expectRefused(
                arguments, in: copy(0) { Array($0.prefix($0.count / 2)) }, status: 1, naming: names[0])
            // A gzip file with other content.
            let labels = [UInt8](try #require(FileManager.default.contents(atPath: "\(Built.root)/data/mnist-5k/\(names[1])")))
            try expectRefused(arguments, in: copy(0) { _ in labels }, status: 1, naming: names[0])
            try expectRefused(arguments, in: copy(3) { _ in labels }, status: 1, naming: "t10k")
            try expectRefused(arguments, in: copy(2) { _ in Array("no images at all".utf8) }, status: 1, naming: names[2])
            try expectRefused(arguments, in: copy(2) { _ in [] }, status: 1, naming: names[2])
            let incomplete = try copy(0) { $0 }
            try FileManager.default.removeItem(atPath: incomplete("set/" + names[2]))
            try expectRefused(arguments, in: incomplete, status: 1, naming: "t10k-images")
        }

        /// A network, a likelihood or classes that do not suit the images.
        @Test func dataThatDoesNotFitTheOptions() throws {
            let folder = try Folder()
            func set(_ name: String, _ height: Int, _ width: Int) throws {
                try FileManager.default.createDirectory(atPath: folder(name), withIntermediateDirectories: true)
                for part in ["train", "t10k"] {
                    let header = [0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, UInt8(height), 0, 0, 0, UInt8(width)]
                    try folder.write(
                        header + (0..<9 * height * width).map { UInt8($0 % 251) }, "\(name)/\(part)-images-idx3-ubyte")
                }
            }
            try set("tiny", 2, 2)
            try set("wide", 20, 30)
            let train = ["train", "--headless", "--epochs", "1"]
            try expectRefused(
                train + ["--preset", "tensorflow", "--data", "tiny"], in: folder, status: 1,
                naming: "--preset tensorflow", "2x2x1", "kernel larger than its image (expected at most 2, found 3)")
            try expectRefused(
                train + ["--preset", "tensorflow", "--data", "wide"], in: folder, status: 1,
                naming: "--preset tensorflow", "expected 20x30x1, found 28x28x1")
            try expectRefused(
                train + ["--conditional", "--data", "wide"], in: folder, status: 1, naming: "--conditional", "labels")
            try expectRefused(
                train + ["--preset", "tensorflow", "--likelihood", "gaussian", "--data", "nowhere"], in: folder, status: 64,
                naming: "--likelihood gaussian")
        }

        @Test func options() throws {
            let folder = try Folder()
            let train = ["train", "--headless", "--data", "mnist-5k"]
            for (option, value, names) in [
                ("--preset", "nonsense", ["manifold", "iwae"]), ("--schedule", "never", ["constant", "one-cycle"]),
                ("--binarize", "colour", ["grey", "stochastic"]), ("--likelihood", "poisson", ["bernoulli", "gaussian"]),
                ("--optimizer", "lion", ["adam", "sgd"]), ("--objective", "gan", ["elbo", "autoencoder"]),
                ("--activation", "swish", ["relu", "softplus"]), ("--reduction", "max", ["sum", "mean"]),
                ("--initialization", "zero", ["pytorch", "glorot"]), ("--glyphs", "emoji", ["half", "ascii"]),
            ] {
                try expectNoSuchChoice(train, option, value, in: folder, naming: names[0], names[1])
            }
            try expectNoSuchChoice(["--once"], "--screen", "nine", in: folder, naming: "train", "models")
            try expectNoSuchChoice(["grid", "manifold"], "--spacing", "odd", in: folder, naming: "linear", "quantile")
            for hidden in ["0", "12,", "-3", "many", "99999999999999999999"] {
                try expectRefused(train + ["--hidden=\(hidden)"], in: folder, status: 64, naming: "--hidden")
            }
            for (option, value) in [
                ("--epochs", "0"), ("--batch-size", "0"), ("--learning-rate", "nan"), ("--learning-rate", "0"),
                ("--beta", "inf"), ("--threads", "0"), ("--samples", "0"), ("--free-bits", "-1"), ("--kl-warmup", "-1"), ("--clip", "0"), ("--momentum", "1"),
                ("--weight-decay", "-1"),
            ] {
                try expectRefused(train + [option, value], in: folder, status: 64, naming: option)
            }
            for latent in ["0", "-1", "100000000"] {
                try expectRefused(train + ["--latent=\(latent)"], in: folder, status: 64, naming: "latent")
            }
            for size in ["80", "0x0", "axb", "80x24x2", "100000x100000", "39x24"] {
                try expectRefused(["--once", "--size", size], in: folder, status: 64, naming: "--size", size)
            }
            try expectRefused(["help", "nosuch"], in: folder, status: 64, naming: "nosuch", "train")
            try expectRefused(["grid", "manifold", "--size", "0"], in: folder, status: 64, naming: "--size")
            try expectRefused(["sample", "manifold", "-n", "0"], in: folder, status: 64, naming: "--count")
            try expectRefused(
                ["reconstruct", "manifold", "--data", "mnist-5k", "--from", "501"], in: folder, status: 64, naming: "--from")
        }

        @Test func models() throws {
            let folder = try Folder()
            for command in [["evaluate"], ["grid"], ["sample"], ["model", "info"], ["explore", "--once"]] {
                try expectRefused(command + ["no-model"], in: folder, status: 1, naming: "no-model", "manifold")
            }
            try folder.write("no model at all, by any means", "text.safetensors")
            try expectRefused(["grid", "text.safetensors"], in: folder, status: 1, naming: "text.safetensors")
            let whole = [UInt8](try #require(FileManager.default.contents(atPath: "\(Built.root)/models/manifold/model.safetensors")))
            try folder.write(Array(whole.prefix(whole.count - 100)), "short.safetensors")
            try expectRefused(["grid", "short.safetensors"], in: folder, status: 1, naming: "short.safetensors", "truncated")
            try folder.write(Array(whole.prefix(50)), "shorter.safetensors")
            try expectRefused(["evaluate", "shorter.safetensors"], in: folder, status: 1, naming: "shorter.safetensors")
            try folder.write([], "empty.safetensors")
            try expectRefused(["explore", "--once", "empty.safetensors"], in: folder, status: 1, naming: "empty.safetensors")
            try FileManager.default.createDirectory(atPath: folder("folder"), withIntermediateDirectories: true)
            try expectRefused(["grid", "./folder"], in: folder, status: 1, naming: "folder/model.safetensors")

            let unknown = #"{"image":{"height":2,"width":2,"channels":1},"latent":2,"likelihood":"bernoulli","encoder":[{"attention":{"heads":8}}],"decoder":[]}"#
            try SafetensorsFile.write(
                path: folder("later.safetensors"), tensors: [(name: "a", shape: [1], values: [0])],
                metadata: ["latent.model": unknown])
            try expectRefused(
                ["grid", "later.safetensors"], in: folder, status: 1, naming: "later.safetensors", "a layer is one of linear")

            let network = try Network(.perceptron(hidden: [8], latent: 2))
            for (bad, name) in [(Float.nan, "nan"), (.infinity, "inf")] {
                let tensors = network.layout.views.map { view in
                    (name: view.name, shape: view.shape, values: view.range.map { _ in view.name == "fc3.bias" ? bad : 0 })
                }
                try SafetensorsFile.write(path: folder("diverged.safetensors"), tensors: tensors)
                try expectRefused(
                    ["grid", "diverged.safetensors"], in: folder, status: 1, naming: "diverged.safetensors", "fc3.bias",
                    "found \(name)")
            }
            // A model for images of another size.
            let small = try Network(.perceptron(image: ImageShape(height: 5, width: 5), hidden: [8], latent: 2))
            let zeros = [Float](repeating: 0, count: small.parameterCount)
            try ModelFile.save(TrainedModel(snapshot: ParameterSnapshot(network: small, values: zeros)), to: folder("small.safetensors"))
            for command in ["evaluate", "reconstruct"] {
                try expectRefused([command, "small.safetensors", "--data", "mnist-5k"], in: folder, status: 1, naming: "mnist-5k")
            }
        }

        @Test func output() throws {
            let folder = try Folder()
            for command in [["grid", "manifold"], ["sample", "manifold"], ["reconstruct", "manifold", "--data", "mnist-5k"]] {
                try expectRefused(command + ["--out", "picture.jpg"], in: folder, status: 64, naming: "--out", "picture.jpg")
                try expectRefused(command + ["--out", "picture"], in: folder, status: 64, naming: "--out")
                for ending in ["png", "txt"] {
                    try expectRefused(command + ["--out", "no/where.\(ending)"], in: folder, status: 1, naming: "no/where")
                }
            }
            try folder.write("text", "file")
            try expectRefused(
                ["train", "--headless", "--data", "mnist-5k", "--epochs", "1", "--out", "file/run"], in: folder, status: 1,
                naming: "file/run")
            // A path that cannot be written.
            try expectRefused(["grid", "manifold", "--out", "/proc/picture.png"], in: folder, status: 1, naming: "/proc/picture.png")
        }

        @Test func namesWithEscapesStayNames() throws {
            let folder = try Folder()
            let evil = "a\u{1B}]0;title\u{07}\u{1B}[2Jb\nlatent: c\r\u{9B}31m"
            try expectRefused(["grid", evil], in: folder, status: 1, naming: "no such model")
            try expectRefused(["train", "--headless", "--data", evil], in: folder, status: 1, naming: "no such data set")
            let preset = try latent(["train", "--data", "mnist-5k", "--preset=\(evil)"], in: folder)
            #expect(preset.status == 64 && preset.lines.count <= 4 && preset.errors.contains("--preset"))
            #expect(preset.lines.allSatisfy { !$0.hasPrefix("latent: c") && !$0.contains("\u{1B}") })
            try expectRefused(["train", "--data", "mnist-5k", "--hidden", evil], in: folder, status: 64, naming: "--hidden")
            try expectRefused(["grid", "manifold", "--out", evil], in: folder, status: 64, naming: "--out")
            try expectRefused(["--once", "--size", evil], in: folder, status: 64, naming: "--size")
            // The file exists, and its name is printed.
            try folder.write("no model", "x\u{1B}[31m.safetensors")
            try expectRefused(["grid", "x\u{1B}[31m.safetensors"], in: folder, status: 1, naming: ".safetensors")
            let end = try latent(["grid", "manifold", "--size", "2", "--out", "y\u{1B}[31m.png"], in: folder)
            #expect(end.status == 0 && !end.errors.contains("\u{1B}"))
        }

        @Test func usage() throws {
            let folder = try Folder()
            for (arguments, name) in [
                (["frobnicate", "manifold"], "manifold"), (["train", "--frobnicate"], "--frobnicate"), (["evaluate"], "model"),
                (["train", "--epochs", "many"], "many"), (["train", "--seed", "-1"], "seed"), (["grid"], "model"),
                (["--color", "blue"], "blue"), (["train", "--epochs", "\u{1B}[2J"], "epochs"), (["\u{1B}[2J", "x"], "x"),
            ] {
                let end = try latent(arguments, in: folder)
                #expect(end.status == 64, "\(arguments): \(end.errors)")
                #expect(end.output.isEmpty)
                #expect(end.errors.contains(name))
                #expect(!end.errors.contains("\u{1B}"), "\(arguments)")
                #expect(folder.names().isEmpty)
            }
            // A word that is not a subcommand is taken for a model.
            try expectRefused(["frobnicate"], in: folder, status: 1, naming: "frobnicate", "manifold")
        }
    }
}
