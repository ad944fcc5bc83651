import Testing
import VAECore

@Suite struct PNGTests {
    @Test(arguments: [1, 3], [(1, 1), (28, 28), (7, 300)])
    func roundTrip(channels: Int, size: (Int, Int)) throws {
        let shape = ImageShape(height: size.0, width: size.1, channels: channels)
        var random = TestRandom(state: 5)
        // The three channels must differ, or the picture would be grey.
        let pixels = (0..<shape.count).map { _ in UInt8.random(in: 0...255, using: &random) }
        let bytes = try PNG.encode(pixels, shape: shape)
        #expect(bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]))
        let read = try PNG.decode(bytes, name: "p")
        #expect(read.shape == shape && read.pixels == pixels)
    }

    @Test func writesAFile() throws {
        let folder = try TemporaryFolder()
        try PNG.write([0, 255], shape: ImageShape(height: 1, width: 2), to: folder.file("a.png"))
        #expect(try PNG.decode(contents(folder.file("a.png")), name: "a").pixels == [0, 255])
    }

    @Test func refusesWhatItCannotWriteOrRead() throws {
        let two = ImageShape(height: 1, width: 1, channels: 2)
        #expect(refusal { _ = try PNG.encode([1, 2], shape: two) }.contains("expected 1 or 3, found 2"))
        for shape in [ImageShape(height: 0, width: 1), ImageShape(height: 1, width: 20_000), ImageShape.mnist] {
            #expect(refusal { _ = try PNG.encode([1], shape: shape) }.contains("impossible size"))
        }
        #expect(refusal { _ = try PNG.decode([], name: "f.png") }.contains("f.png: not a PNG file"))
        #expect(refusal { _ = try PNG.decode(Array("<html>".utf8), name: "f.png") }.contains("not a PNG file"))
        let bytes = try PNG.encode([UInt8](repeating: 9, count: 784), shape: .mnist)
        for count in 0..<(bytes.count - 16) {
            #expect(throws: CoreError.self) { try PNG.decode(Array(bytes.prefix(count)), name: "f.png") }
        }
        var huge = bytes
        huge.replaceSubrange(16..<20, with: [0x7f, 0xff, 0xff, 0xff])
        #expect(throws: CoreError.self) { try PNG.decode(huge, name: "f.png") }
    }
}
