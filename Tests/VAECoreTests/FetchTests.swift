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
        #expect(entry.mirrors.count == 2 && entry.files.allSatisfy { $0.sha256?.count == 64 })
        let labels = IDX(dimensions: [10_000], values: [UInt8](repeating: 1, count: 10_000)).encoded(gzip: true)
        let text = refusal { try Download.verify(labels, as: entry.files[3], at: "there") }
        #expect(text.contains("there: other bytes than those of t10k-labels"), "\(text)")
        let short = IDX(dimensions: [9_999], values: [UInt8](repeating: 1, count: 9_999)).encoded(gzip: true)
        #expect(refusal { try Download.verify(short, as: entry.files[3], at: "there") }.contains("expected 10000, found 9999"))
        #expect(refusal { try Download.verify(Array("<html>".utf8), as: entry.files[3], at: "there") }.contains("not an IDX file"))
        let kmnist = try #require(Catalogue.entry(named: "kmnist")?.download)
        try Download.verify(labels, as: kmnist.files[3], at: "there")
    }
}
