import Foundation
import Testing
import VAECore

/// The header of an IDX file followed by `values`.
private func idx(_ dimensions: [UInt32], type: UInt8 = 8, values: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = [0, 0, type, UInt8(dimensions.count)]
    for length in dimensions { bytes += (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } }
    return bytes + values
}

/// A gzip stream of `header` and then at least `count` zeros, composed without the zeros themselves.
private func bombOfZeros(header: [UInt8], count: Int) -> [UInt8] {
    var bytes: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    let length = UInt8(header.count)
    bytes += [0, length, 0, ~length, 255] + header  // a stored block
    // A block of fixed codes: literal 0, then matches of 258 bytes at distance 1, 13 bits each.
    var bits: UInt64 = 0b011 | 0x0c << 3
    var bitCount = 11
    for _ in 0...(count / 258) {
        bits |= 0xa3 << UInt64(bitCount)
        bitCount += 13
        while bitCount >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
            bitCount -= 8
        }
    }
    return bytes + [UInt8(truncatingIfNeeded: bits), 0, 0, 0, 0, 0, 0, 0, 0, 0]
}

@Suite struct IDXTests {
    private let picture = IDX(dimensions: [3, 2, 4], values: (0..<24).map { UInt8($0 * 10) })

    @Test(arguments: [[5], [3, 2, 4], [2, 2, 2, 3]], [false, true])
    func roundTrip(dimensions: [Int], gzip: Bool) throws {
        let file = IDX(dimensions: dimensions, values: (0..<dimensions.reduce(1, *)).map { UInt8($0) })
        #expect(try IDX(bytes: file.encoded(gzip: gzip), name: "f") == file)
        #expect(file.encoded(gzip: gzip) == file.encoded(gzip: gzip))
    }

    @Test func readsAFile() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(picture.encoded(gzip: true), to: folder.file("a"))
        #expect(try IDX.read(path: folder.file("a")) == picture)
        #expect(refusal { _ = try IDX.read(path: folder.file("b")) }.contains("No such file"))
        #expect(refusal { _ = try IDX.read(path: folder.path) }.contains("not a regular file"))
    }

    @Test(arguments: [false, true])
    func truncatedAnywhereIsRefused(gzip: Bool) {
        let bytes = picture.encoded(gzip: gzip)
        for count in 0..<bytes.count {
            #expect(throws: CoreError.self, "\(count) bytes") {
                try IDX(bytes: Array(bytes.prefix(count)), name: "f")
            }
        }
        let text = refusal { _ = try IDX(bytes: Array(bytes.dropLast()), name: "f") }
        #expect(text.contains("truncated"), "\(text)")
    }

    @Test func trailingBytesAreRefused() {
        #expect(
            refusal { _ = try IDX(bytes: picture.encoded(gzip: false) + [0], name: "f") }.contains("trailing bytes"))
        // After the gzip stream, a second stream, and within the stream.
        for extra in [[0], picture.encoded(gzip: true)] {
            let text = refusal { _ = try IDX(bytes: picture.encoded(gzip: true) + extra, name: "f") }
            #expect(text.contains("trailing bytes after the gzip stream"), "\(text)")
        }
        for count in [1, 24, 4000] {
            let long = idx([3, 2, 4], values: picture.values + [UInt8](repeating: 7, count: count))
            let text = refusal { _ = try IDX(bytes: Gzip.deflate(long), name: "f") }
            #expect(text.contains("trailing bytes"), "\(text)")
        }
        // Labels shorter than the longest header, with more after them.
        #expect(
            refusal { _ = try IDX(bytes: Gzip.deflate(idx([1], values: [1, 2, 3])), name: "f") }.contains("trailing"))
    }

    @Test(arguments: [
        (idx([1], type: 0x0d, values: [0]), "wrong IDX type code"),
        (idx([2, 2], values: [0, 0, 0, 0]), "wrong IDX rank"),
        (idx([], values: []), "wrong IDX rank"), (idx([0], values: []), "empty IDX file"),
        (idx([1, 0, 5], values: []), "empty IDX file"), (idx([1, 5000, 1], values: []), "images too large"),
        (idx([1, 1, 4097], values: []), "images too large"), (idx([1, 2, 2, 5], values: []), "too many channels"),
        (idx([.max, .max, .max], values: []), "images too large"),
        (idx([.max, 4096, 4096, 4], values: []), "IDX file too large"), (idx([.max], values: []), "IDX file too large"),
        (idx([9, 2, 2], values: [1]), "truncated "), ([0, 0, 8], "truncated IDX file"),
        ([0, 0, 8, 3, 0, 0], "truncated IDX header"), (Array("<html>403".utf8), "not an IDX file"), ([], "truncated"),
    ])
    func namedSeedsAreRefused(bytes: [UInt8], reason: String) {
        for bytes in bytes.isEmpty ? [bytes] : [bytes, Gzip.deflate(bytes)] {
            let text = refusal { _ = try IDX(bytes: bytes, name: "file.idx") }
            #expect(text.hasPrefix("file.idx: ") && text.contains(reason), "\(text)")
        }
    }

    @Test func damagedStreamIsRefused() {
        var bytes = picture.encoded(gzip: true)
        bytes[bytes.count - 6] ^= 1  // the checksum
        #expect(
            refusal { _ = try IDX(bytes: bytes, name: "f") }.contains("damaged gzip file (found incorrect data check)"))
    }

    /// A gigabyte of zeros after a header that announces 24 bytes, 100 MB, half of it, and all of it.
    @Test(arguments: [[3, 2, 4], [100_000, 1000, 1], [1 << 18, 2048, 1], [1 << 18, 64, 64]] as [[UInt32]])
    func bombsAreRefused(dimensions: [UInt32]) {
        let bomb = bombOfZeros(header: idx(dimensions, values: []), count: 1 << 30)
        #expect(bomb.count < 8_000_000)
        let text = refusal { _ = try IDX(bytes: bomb, name: "bomb") }
        #expect(text.contains("trailing bytes") || text.contains("too large"), "\(text)")
    }

    @Test func countsMustAgree() throws {
        let labels = IDX(dimensions: [2], values: [1, 2])
        let text = refusal {
            _ = try ImageSet(images: picture, imagesName: "i", labels: labels, labelsName: "l")
        }
        #expect(text.contains("labels and images of different counts") && text.contains("expected 3 labels"))
        #expect(
            refusal { _ = try ImageSet(images: labels, imagesName: "i", labels: nil, labelsName: "l") }.contains(
                "swapped"))
        #expect(
            refusal { _ = try ImageSet(images: picture, imagesName: "i", labels: picture, labelsName: "l") }.contains(
                "swapped"))
        let colour = IDX(dimensions: [2, 2, 2, 3], values: (0..<24).map { UInt8($0) })
        let set = try ImageSet(images: colour, imagesName: "i", labels: labels, labelsName: "l")
        #expect(set.shape == ImageShape(height: 2, width: 2, channels: 3) && Array(set[1]) == Array(12..<24))
    }

    @Test func mutatedFilesNeverTrap() {
        var random = TestRandom(state: 1)
        let seeds = [false, true].flatMap { gzip in
            [picture.encoded(gzip: gzip), IDX(dimensions: [6], values: [1, 2, 3, 4, 5, 6]).encoded(gzip: gzip)]
        }
        for round in 0..<fuzzRounds(12_000) {
            let bytes = mutated(seeds[round % seeds.count], using: &random)
            // In a mutated stream the checksum usually fails first, so compress mutated raw files too.
            let input = round % 8 >= 4 && round % seeds.count < 2 ? Gzip.deflate(bytes) : bytes
            if let file = try? IDX(bytes: input, name: "f") {
                #expect(file.dimensions.reduce(1, *) == file.values.count)
            }
        }
    }
}
