import Foundation
import Testing
import VAECore

extension EndToEnd {
    /// Data sets that people bring, and those that are fetched.
    @Suite struct DataTests {
        private let fixtures = Built.root + "/Tests/Fixtures"

        @Test func aConditionalModelOfLabelsFromOne() throws {
            let folder = try Folder()
            let training = try latent(
                ["train", "--headless", "--conditional", "--epochs", "1", "--hidden", "16", "--out", "run",
                 "--data", fixtures + "/cases/labels-from-one/letters"], in: folder)
            #expect(training.status == 0, "\(training.errors)")
            #expect(try latent(["grid", "run", "--size", "2", "--class", "10"], in: folder).status == 0)
            let zero = try latent(["grid", "run", "--size", "2", "--class", "0"], in: folder)
            #expect(zero.status == 64 && zero.errors.contains("--class") && zero.errors.contains("1 to 10"), "\(zero.errors)")
            let screen = try latent(["explore", "run", "--once", "--size", "120x40"], in: folder)
            #expect(screen.output.contains("class 1 "), "\(screen.output)")
            #expect(try latent(["sample", "run", "-n", "12"], in: folder).status == 0)
        }

        @Test func picturesInFoldersAreTrainedAndShown() throws {
            let folder = try Folder()
            let data = fixtures + "/data/folders/colour"
            let info = try latent(["data", "info", data, "--size", "8x8", "--grey"], in: folder)
            #expect(info.status == 0 && info.output.contains("train: 4 images of 8x8x1"), "\(info.errors)")
            #expect(info.output.contains("classes: 0 (red), 1 (sea)") && info.output.contains("values"))
            let refused = try latent(["data", "info", data], in: folder)
            #expect(refused.status == 1 && refused.errors.contains("--size"), "\(refused.errors)")
            let training = try latent(
                ["train", "--headless", "--epochs", "1", "--hidden", "8", "--out", "run", "--data", data, "--size", "8x8",
                 "--grey"], in: folder)
            #expect(training.status == 0, "\(training.errors)")
            // The model says the size of the pictures, and that they are grey.
            let evaluated = try latent(["evaluate", "run", "--data", data], in: folder)
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            // The run says how its data were read.
            let resumed = try latent(["train", "--headless", "--resume", "run", "--epochs", "2"], in: folder)
            #expect(resumed.status == 0 && !resumed.errors.contains("other"), "\(resumed.errors)")
        }

        /// The files of a set as large as it is, of zeros.
        private static let kmnist: [String: [UInt8]] = {
            let images = { (count: Int) in
                IDX(dimensions: [count, 28, 28], values: [UInt8](repeating: 0, count: count * 784)).encoded(gzip: true)
            }
            let labels = { (count: Int) in
                IDX(dimensions: [count], values: [UInt8](repeating: 3, count: count)).encoded(gzip: true)
            }
            return [
                "train-images-idx3-ubyte.gz": images(60_000), "train-labels-idx1-ubyte.gz": labels(60_000),
                "t10k-images-idx3-ubyte.gz": images(10_000), "t10k-labels-idx1-ubyte.gz": labels(10_000),
            ]
        }()

        private func fetch(_ way: String, _ server: FaultServer, in folder: Folder) throws -> Running.End {
            try latent(
                ["data", "fetch", "kmnist", "--mirror", "http://127.0.0.1:\(server.port)/\(way)/"], in: folder,
                environment: ["LATENT_DATA": folder("data"), "no_proxy": "*"])
        }

        @Test(arguments: ["good", "cut", "norange"])
        func aSetIsFetched(way: String) throws {
            let folder = try Folder()
            let server = try FaultServer(Self.kmnist)
            if way == "norange" {
                // What is there of a file cannot be continued, and is none of it.
                try FileManager.default.createDirectory(atPath: folder("data/kmnist"), withIntermediateDirectories: true)
                try folder.write("old", "data/kmnist/train-images-idx3-ubyte.gz.part")
            }
            let end = try fetch(way, server, in: folder)
            #expect(end.status == 0, "\(end.errors)")
            #expect(folder.names("data/kmnist") == Self.kmnist.keys.sorted())
            for (name, bytes) in Self.kmnist { #expect(folder.bytes("data/kmnist/\(name)") == bytes) }
            #expect(end.errors.contains("its hash is not known"))
            if way == "cut" { #expect(server.ranges > 0) }
            // A second time, nothing is fetched.
            let asked = server.requests
            #expect(try fetch(way, server, in: folder).errors.contains("already here") && server.requests == asked)
        }

        @Test(arguments: ["html", "missing", "wrong"])
        func whatIsNotTheSetIsRefused(way: String) throws {
            let folder = try Folder()
            let end = try fetch(way, try FaultServer(Self.kmnist), in: folder)
            #expect(end.status == 1 && end.errors.contains("train-images-idx3-ubyte.gz"), "\(end.errors)")
            #expect(!folder.exists("data/kmnist/train-images-idx3-ubyte.gz"))
            #expect(folder.names("data/kmnist").allSatisfy { !$0.hasSuffix(".head") })
            #expect(try latent(["data", "fetch", "nothing"], in: folder).errors.contains("kmnist"))
        }
    }
}
