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
            // In colour, everything is drawn and written.
            let inColour = try latent(
                ["train", "--headless", "--epochs", "1", "--hidden", "8", "--out", "colour", "--data", data, "--size", "8x8"],
                in: folder)
            #expect(inColour.status == 0, "\(inColour.errors)")
            #expect(try latent(["grid", "colour", "--size", "3", "--out", "grid.png"], in: folder).status == 0)
            let grid = try PNG.decode(try #require(folder.bytes("grid.png")), name: "grid.png")
            #expect(grid.shape == ImageShape(height: 24, width: 24, channels: 3))
            #expect(try latent(["reconstruct", "colour", "-n", "1", "--data", data, "--color", "always"], in: folder).status == 0)
            for screen in ["train", "explore", "compare", "draw", "models"] {
                let frame = try latent(
                    ["explore", "colour", "--data", data, "--screen", screen, "--once", "--size", "80x24"], in: folder)
                #expect(frame.status == 0 && !frame.output.contains("cannot be drawn"), "\(screen): \(frame.errors)")
            }
            // The model says the size of the pictures, and that they are grey.
            let evaluated = try latent(["evaluate", "run", "--data", data], in: folder)
            #expect(evaluated.status == 0, "\(evaluated.errors)")
            // The run says how its data were read.
            let resumed = try latent(["train", "--headless", "--resume", "run", "--epochs", "2"], in: folder)
            #expect(resumed.status == 0 && resumed.errors.contains("continues run"), "\(resumed.errors)")
        }

        /// The files of a set as large as it is, of zeros.
        private static let qmnist: [String: [UInt8]] = {
            let images = IDX(dimensions: [60_000, 28, 28], values: [UInt8](repeating: 0, count: 60_000 * 784)).encoded(gzip: true)
            let labels = IDX(dimensions: [60_000], values: [UInt8](repeating: 0, count: 60_000)).encoded(gzip: true)
            return [
                "qmnist-train-images-idx3-ubyte.gz": images, "qmnist-train-labels-idx2-int.gz": labels,
                "qmnist-test-images-idx3-ubyte.gz": images, "qmnist-test-labels-idx2-int.gz": labels,
            ]
        }()

        private func fetch(_ mirrors: [String], in folder: Folder) throws -> Running.End {
            try latent(
                ["data", "fetch", "qmnist", "--patience", "1"] + mirrors.flatMap { ["--mirror", $0] }, in: folder,
                environment: environment(folder))
        }

        private func environment(_ folder: Folder) -> [String: String?] { ["LATENT_DATA": folder("data"), "no_proxy": "*"] }

        private func expectWhole(_ folder: Folder) {
            #expect(folder.names("data/qmnist") == Self.qmnist.keys.sorted())
            for (name, bytes) in Self.qmnist {
                // Not compared in the expectation, which would print them.
                let agrees = folder.bytes("data/qmnist/\(name)") == bytes
                #expect(agrees, "\(name)")
            }
        }

        @Test(arguments: [FaultServer.Way.good, .cut, .reset, .stall, .norange])
        func aSetIsFetched(way: FaultServer.Way) throws {
            let folder = try Folder()
            let server = try FaultServer(Self.qmnist)
            if way == .norange {
                // What is there of a file cannot be continued, and is none of it.
                try FileManager.default.createDirectory(atPath: folder("data/qmnist"), withIntermediateDirectories: true)
                try folder.write("old", "data/qmnist/qmnist-train-images-idx3-ubyte.gz.part")
            }
            let end = try fetch([server.mirror(way)], in: folder)
            #expect(end.status == 0, "\(end.errors)")
            expectWhole(folder)
            #expect(end.errors.contains("its hash is not known"))
            if way.breaksOff { #expect(server.ranges > 0) }
            // A second time, nothing is fetched.
            let asked = server.requests
            #expect(try fetch([server.mirror(way)], in: folder).errors.contains("already here") && server.requests == asked)
        }

        @Test(arguments: [FaultServer.Way.html, .wrong, .short, .long, .forbidden, .missing, .busy, .loop])
        func whatIsNotTheSetIsRefusedAndTheNextMirrorTried(way: FaultServer.Way) throws {
            let folder = try Folder()
            let server = try FaultServer(Self.qmnist)
            let end = try fetch([server.mirror(way)], in: folder)
            #expect(end.status == 1 && end.errors.contains("qmnist-train-images-idx3-ubyte.gz"), "\(end.errors)")
            #expect(!end.errors.contains("<html>"))
            #expect(!folder.exists("data/qmnist/qmnist-train-images-idx3-ubyte.gz"))
            // A second run heals what is there, from another mirror; so does the next in a row, after a dead one.
            let healed = try fetch(["http://127.0.0.1:1/", server.mirror(way), server.mirror(.good)], in: folder)
            #expect(healed.status == 0, "\(healed.errors)")
            expectWhole(folder)
        }

        @Test func aFetchThatIsKilledIsContinued() throws {
            let folder = try Folder()
            let server = try FaultServer(Self.qmnist)
            let first = try start(
                ["data", "fetch", "qmnist", "--patience", "60", "--mirror", server.mirror(.stall)], in: folder,
                environment: environment(folder))
            let part = "data/qmnist/qmnist-train-images-idx3-ubyte.gz.part"
            #expect(poll(seconds: 30) { folder.bytes(part)?.isEmpty == false ? true : nil } == true)
            first.signal(SIGKILL)
            _ = try first.wait(seconds: 30)
            let end = try fetch([server.mirror(.good)], in: folder)
            #expect(end.status == 0 && server.ranges > 0, "\(end.errors)")
            expectWhole(folder)
        }

        @Test func anUnknownSetIsNamed() throws {
            #expect(try latent(["data", "fetch", "nothing"], in: Folder()).errors.contains("kmnist"))
        }
    }
}
