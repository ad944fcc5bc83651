import Foundation
import Testing
import VAECore

extension EndToEnd {
    /// Codes as tables, and pictures along them.
    @Suite struct CodesTests {
        @Test func codesInThreeFormats() throws {
            let folder = try Folder()
            let table = try latent(["encode", "manifold", "--data", "mnist-5k"], in: folder)
            let lines = table.output.split(separator: "\n").map { $0.split(separator: ",") }
            #expect(table.status == 0 && lines.count == 501)
            #expect(lines[0].joined(separator: ",") == "image,class,mean_1,mean_2,log_variance_1,log_variance_2")
            let first = try lines[1].map { try #require(Float($0)) }
            #expect(first.count == 6 && first[0] == 1)
            #expect(try latent(["encode", "manifold", "--data", "mnist-5k", "--out", "c.npy"], in: folder).status == 0)
            let npy = try #require(folder.bytes("c.npy"))
            // Records of 24 bytes after a header that ends at a multiple of 64.
            let start = npy.count - 500 * 24
            #expect(npy.prefix(8) == [0x93, 78, 85, 77, 80, 89, 1, 0] && start % 64 == 0 && npy[start - 1] == 10)
            let mean = npy[(start + 8)..<(start + 12)].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            #expect(Float(bitPattern: mean) == first[2])
            #expect(try latent(["encode", "manifold", "--data", "mnist-5k", "--out", "c.safetensors"], in: folder).status == 0)
            #expect(folder.bytes("c.safetensors")?.count ?? 0 > 500 * 20)
            let refused = try latent(["encode", "manifold", "--out", "c.xls"], in: folder)
            #expect(refused.status == 64 && refused.errors.contains(".csv, .npy, .safetensors"))
        }

        @Test func picturesAlongDimensionsAndPaths() throws {
            let folder = try Folder()
            #expect(try latent(["traverse", "pytorch", "--steps", "3", "--out", "d.png"], in: folder).status == 0)
            // 20 dimensions of 28 pixels below one another, 3 pictures across: in the header of the PNG.
            #expect(folder.bytes("d.png")?[16..<24] == [0, 0, 0, 84, 0, 0, 2, 48])
            let path = ["interpolate", "manifold", "3", "8", "--data", "mnist-5k"]
            let end = try latent(path + ["--steps", "5", "--out", "p.gif"], in: folder)
            #expect(end.status == 0 && folder.text("p.gif")?.hasPrefix("GIF8") == true)
            #expect(try latent(path + ["--around"], in: folder).output.split(separator: "\n").count > 1)
            let refused = try latent(["interpolate", "manifold", "0", "501", "--data", "mnist-5k"], in: folder)
            #expect(refused.status == 64 && refused.errors.contains("FIRST") && refused.errors.contains("1 to 500"))
            #expect(try latent(["traverse", "pytorch", "--reach", "nan"], in: folder).status == 64)
            #expect(try latent(["grid", "manifold", "--out", "x.gif"], in: folder).status == 64)
        }

        @Test func animations() throws {
            let folder = try Folder()
            let training = ["train", "--headless", "--data", "mnist-5k", "--hidden", "16", "--epochs", "2", "--out", "run"]
            #expect(try latent(training + ["--snapshots", "4"], in: folder).status == 0)
            let end = try latent(["animate", "run", "--size", "3", "--out", "run.gif"], in: folder)
            #expect(end.status == 0 && end.errors.contains("frames"), "\(end.errors)")
            // Three pictures of 28 pixels, five times as large: 420 across.
            #expect(folder.bytes("run.gif")?.prefix(10) == [71, 73, 70, 56, 57, 97, 164, 1, 164, 1])
            let path = ["animate", "manifold", "--data", "mnist-5k", "--path", "3,8", "--size", "3"]
            let frames = try latent(path, in: folder)
            // There and back: three frames, and one.
            #expect(frames.status == 0 && frames.output.split(separator: "\n", omittingEmptySubsequences: false).count >= 4 * 14)
            #expect(try latent(path + ["--out", "p.gif"], in: folder).status == 0)
            for wrong in [["pytorch"], ["run", "--out", "a.png"], ["run", "--path", "3"], ["run", "--fps", "0"]] {
                let refused = try latent(["animate"] + wrong, in: folder)
                #expect(refused.status != 0 && !refused.errors.isEmpty, "\(wrong)")
            }
        }

        @Test func lossesOfRuns() throws {
            let folder = try Folder()
            let text = try latent(["plot", "manifold", "autoencoder", "--by", "epoch"], in: folder)
            #expect(text.status == 0 && text.output.contains("KL divergence") && text.output.contains("manifold, best 132."))
            #expect(try latent(["plot", "manifold", "--out", "a.svg"], in: folder).status == 0)
            #expect(folder.text("a.svg")?.contains("held-out images") == true)
            #expect(try latent(["plot", "manifold", "pytorch", "--out", "a.png", "--size", "800x500"], in: folder).status == 0)
            #expect(folder.bytes("a.png")?[16..<24] == [0, 0, 3, 32, 0, 0, 1, 244])
            for wrong in [["nowhere"], ["manifold", "--out", "a.jpg"], ["manifold", "--size", "9x9"], []] {
                let refused = try latent(["plot"] + wrong, in: folder)
                #expect(refused.status != 0 && !refused.errors.isEmpty && refused.output.isEmpty, "\(wrong)")
            }
        }
    }
}
