import Foundation
import Testing
import VAECore

/// Hashes of FIPS 180-4's and NIST's examples, and of lengths around a block.
@Suite struct FetchTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (
            "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
            "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
        ),
        // Around the length at which the padding takes another block.
        (String(repeating: "a", count: 55), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
        (String(repeating: "a", count: 64), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
        (String(repeating: "a", count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func sha256(text: String, hash: String) {
        #expect(SHA256.hex(Array(text.utf8)) == hash)
    }

    @Test func onlyTheFileItselfIsTaken() throws {
        let entry = try #require(Catalogue.entry(named: "mnist")?.download)
        #expect(entry.mirrors.count == 2)
        let labels = IDX(dimensions: [10_000], values: [UInt8](repeating: 1, count: 10_000)).encoded(gzip: true)
        let text = refusal { try Download.verify(labels, as: entry.files[3], at: "there") }
        #expect(text.contains("there: other bytes than those of t10k-labels"), "\(text)")
        let short = IDX(dimensions: [9_999], values: [UInt8](repeating: 1, count: 9_999)).encoded(gzip: true)
        #expect(refusal { try Download.verify(short, as: entry.files[3], at: "there") }.contains("expected 10000, found 9999"))
        #expect(refusal { try Download.verify(Array("<html>".utf8), as: entry.files[3], at: "there") }.contains("not an IDX file"))
        let qmnist = try #require(Catalogue.entry(named: "qmnist")?.download)
        try Download.verify(
            IDX(dimensions: [60_000], values: [UInt8](repeating: 1, count: 60_000)).encoded(gzip: true), as: qmnist.files[3],
            at: "there")
    }

    /// Every hash is one, and every mirror a folder.
    @Test func theTableIsSound() {
        for entry in Catalogue.entries {
            guard let download = entry.download else { continue }
            #expect(download.mirrors.allSatisfy { $0.hasPrefix("http") && $0.hasSuffix("/") } && !download.mirrors.isEmpty)
            for file in download.files {
                switch file.hash {
                case .unpacked(let hash), .packed(let hash): #expect(hash.wholeMatch(of: /[0-9a-f]{64}/) != nil)
                case .unknown: break
                }
            }
        }
    }

    @Test func filesAreTakenOutOfAnArchive() throws {
        let folder = try TemporaryFolder()
        let images = IDX(dimensions: [2, 3, 3], values: [UInt8](0..<18)).encoded(gzip: true)
        let file = Download.File(name: "images.gz", dimensions: [2, 3, 3], hash: .packed(SHA256.hex(images)))
        let archive = storedZip(["in/images.gz": images])
        let download = Download(
            ["http://here/"], [file], archive: .init(name: "a.zip", size: archive.count, sha256: SHA256.hex(archive), folder: "in/"))
        let path = folder.file("a.zip")
        try Data(archive).write(to: URL(fileURLWithPath: path))
        try Download.verify(archive, as: try #require(download.archive), at: path)
        try download.unpack(path, into: folder.path)
        #expect(try IDX.read(path: folder.file("images.gz")).dimensions == [2, 3, 3])
        #expect(refusal { try Download.verify(Array(archive.dropLast()), as: download.archive!, at: path) }.contains("other bytes"))
        let other = Download(
            ["http://here/"], [Download.File(name: "labels.gz", dimensions: [2], hash: .unknown)], archive: download.archive)
        #expect(refusal { try other.unpack(path, into: folder.path) }.contains("does not hold 'in/labels.gz'"))
    }
}

/// A zip archive of files that are not packed (PKWARE's APPNOTE.TXT, 4.3).
private func storedZip(_ files: KeyValuePairs<String, [UInt8]>) -> [UInt8] {
    func number(_ value: Int, _ bytes: Int) -> [UInt8] { (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    func crc32(_ bytes: [UInt8]) -> Int {
        var sum: UInt32 = .max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xedb8_8320 : 0) }
        }
        return Int(~sum)
    }
    var (body, table): ([UInt8], [UInt8]) = ([], [])
    for (name, bytes) in files {
        // Version, flags, method, time and date; checksum, both sizes, lengths of the name and of what is extra.
        let about = number(20, 2) + number(0, 8) + number(crc32(bytes), 4) + number(bytes.count, 4) + number(bytes.count, 4)
            + number(name.utf8.count, 2) + number(0, 2)
        table += number(0x0201_4b50, 4) + number(20, 2) + about + number(0, 10) + number(body.count, 4) + Array(name.utf8)
        body += number(0x0403_4b50, 4) + about + Array(name.utf8) + bytes
    }
    return body + table + number(0x0605_4b50, 4) + number(0, 4) + number(files.count, 2) + number(files.count, 2)
        + number(table.count, 4) + number(body.count, 4) + number(0, 2)
}
