import Testing
import VAECore

@Suite struct GIFTests {
    /// Every frame can be read back, with a decoder independent of giflib.
    @Test func framesComeBack() throws {
        let shape = ImageShape(height: 9, width: 13)
        let frames = (0..<3).map { n in (0..<shape.count).map { UInt8(($0 * 31 + n * 77) % 256) } }
        let bytes = try GIF.encode(frames, shape: shape, centiseconds: 25)
        #expect(String(decoding: bytes[..<6], as: UTF8.self) == "GIF89a")
        var reader = GIFReader(bytes)
        let animation = reader.read()
        let read = try #require(animation)
        #expect(read.width == 13 && read.height == 9 && read.repeats)
        #expect(read.frames == frames && read.delays == [25, 25, 25])
    }

    @Test func impossibleSizesAreRefused() {
        let shape = ImageShape(height: 2, width: 2)
        #expect(throws: CoreError.self) { try GIF.encode([], shape: shape, centiseconds: 5) }
        #expect(throws: CoreError.self) { try GIF.encode([[1, 2, 3]], shape: shape, centiseconds: 5) }
        #expect(throws: CoreError.self) {
            try GIF.encode([[UInt8](repeating: 0, count: 8)], shape: ImageShape(height: 2, width: 2, channels: 2), centiseconds: 5)
        }
    }

    /// The corners of the cube are themselves; what lies between two of its colours is a pattern of both.
    @Test func coloursAreMixed() throws {
        let shape = ImageShape(height: 4, width: 8, channels: 3)
        let row: [UInt8] = [255, 0, 0, 255, 255, 255, 0, 0, 255, 0, 0, 0] + [UInt8](repeating: 25, count: 12)
        let bytes = try GIF.encode([[row, row, row, row].flatMap { $0 }], shape: shape, centiseconds: 5)
        var reader = GIFReader(bytes)
        let animation = reader.read()
        let frame = try #require(animation?.frames.first)
        #expect(Array(frame[..<4]) == [210, 251, 5, 0])
        let mixed = Set((0..<4).flatMap { frame[$0 * 8 + 4..<$0 * 8 + 8] })
        #expect(mixed.count > 1 && mixed.isSubset(of: [0, 1, 6, 7, 42, 43, 48, 49]), "\(mixed)")
    }

    /// A frame is requested after the previous one is written; the error names the first of a wrong size.
    @Test func framesAreMadeOneAtATime() throws {
        let shape = ImageShape(height: 3, width: 5)
        var asked: [Int] = []
        func frame(_ index: Int) -> [UInt8] {
            asked.append(index)
            return [UInt8](repeating: UInt8(index), count: index == 4 ? 14 : 15)
        }
        let bytes = try GIF.encode(count: 4, shape: shape, centiseconds: 5, frame: frame)
        var reader = GIFReader(bytes)
        #expect(reader.read()?.frames == (0..<4).map { [UInt8](repeating: $0, count: 15) })
        #expect(asked == [0, 1, 2, 3])
        asked = []
        let error = #expect(throws: CoreError.self) {
            try GIF.encode(count: 9, shape: shape, centiseconds: 5, frame: frame)
        }
        #expect(error?.place.contains("frame 4") == true && error?.found == "14")
        #expect(asked == [0, 1, 2, 3, 4])
    }

    @Test func enlargedPictures() {
        let sheet = PictureSheet([0, 0.5, 1, 0.25], of: ImageShape(height: 2, width: 2), columns: 1).enlarged(2)
        #expect(sheet.shape == ImageShape(height: 4, width: 4))
        #expect(sheet.pixels == [0, 0, 0.5, 0.5, 0, 0, 0.5, 0.5, 1, 1, 0.25, 0.25, 1, 1, 0.25, 0.25])
    }
}

/// Reads GIF89a as far as these tests need: one table of greys, whole frames, LZW.
private struct GIFReader {
    struct Animation {
        var width = 0, height = 0
        var repeats = false
        var frames: [[UInt8]] = []
        var delays: [Int] = []
    }

    private let bytes: [UInt8]
    private var at = 6

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private mutating func byte() -> Int? {
        guard at < bytes.count else { return nil }
        defer { at += 1 }
        return Int(bytes[at])
    }

    private mutating func word() -> Int? {
        guard let low = byte(), let high = byte() else { return nil }
        return low | high << 8
    }

    private mutating func blocks() -> [UInt8]? {
        var all: [UInt8] = []
        while let count = byte() {
            if count == 0 { return all }
            for _ in 0..<count {
                guard let next = byte() else { return nil }
                all.append(UInt8(next))
            }
        }
        return nil
    }

    mutating func read() -> Animation? {
        var animation = Animation()
        guard let width = word(), let height = word(), let flags = byte() else { return nil }
        (animation.width, animation.height) = (width, height)
        at += 2 + 3 << (flags & 7 + 1)
        while let kind = byte() {
            switch kind {
            case 0x3B: return at == bytes.count ? animation : nil
            case 0x21:
                guard let label = byte(), let data = blocks() else { return nil }
                if label == 0xF9 { animation.delays.append(Int(data[1]) | Int(data[2]) << 8) }
                if label == 0xFF { animation.repeats = data.starts(with: Array("NETSCAPE2.0".utf8)) }
            case 0x2C:
                at += 9
                guard let size = byte(), let data = blocks() else { return nil }
                animation.frames.append(Self.unpacked(data, size))
            default: return nil
            }
        }
        return nil
    }

    private static func unpacked(_ data: [UInt8], _ size: Int) -> [UInt8] {
        let clear = 1 << size
        var table: [[UInt8]] = []
        var (pixels, width, last): ([UInt8], Int, [UInt8]?) = ([], size + 1, nil)
        var (buffer, bits) = (0, 0)
        func fresh() -> [[UInt8]] { (0..<clear).map { [UInt8($0)] } + [[], []] }
        for byte in data {
            buffer |= Int(byte) << bits
            bits += 8
            while bits >= width {
                let code = buffer & (1 << width - 1)
                buffer >>= width
                bits -= width
                if code == clear {
                    (table, width, last) = (fresh(), size + 1, nil)
                    continue
                }
                if code == clear + 1 { return pixels }
                guard let previous = last else {
                    pixels += table[code]
                    last = table[code]
                    continue
                }
                let entry = code < table.count ? table[code] : previous + [previous[0]]
                pixels += entry
                if table.count < 4096 { table.append(previous + [entry[0]]) }
                if table.count == 1 << width, width < 12 { width += 1 }
                last = entry
            }
        }
        return pixels
    }
}
