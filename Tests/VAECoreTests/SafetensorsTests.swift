import Foundation
import Testing
import VAECore

/// A file with this header, padded to a multiple of 8 unless told not to, and `data` zero bytes.
private func file(_ header: String, data: Int = 0, padded: Bool = true) -> [UInt8] {
    var text = Array(header.utf8)
    if padded { text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8) }
    return raw(length: UInt64(text.count), text + [UInt8](repeating: 0, count: data))
}

private func raw(length: UInt64, _ rest: [UInt8]) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + rest
}

/// The header's entry for one tensor.
private func tensor(_ name: String, _ shape: String, _ start: String, _ end: String, dtype: String = "F32") -> String {
    "\"\(name)\":{\"dtype\":\"\(dtype)\",\"shape\":\(shape),\"data_offsets\":[\(start),\(end)]}"
}

private let a = tensor("a", "[2]", "0", "8")
private let hugeSide = "4294967296"

@Suite struct SafetensorsTests {
    /// Files that no reader should accept, and a part of each error.
    static let refused: [(bytes: [UInt8], reason: String)] = [
        ([], "file too short (expected at least 8 bytes, found 0 bytes)"),
        (raw(length: 0, []), "header length too small (expected at least 8 bytes, found 0)"),
        (raw(length: 7, Array("{}     ".utf8)), "header length too small (expected at least 8 bytes, found 7)"),
        (raw(length: 1 << 63, Array("{}      ".utf8)), "header length too large"),
        (raw(length: .max, Array("{}      ".utf8)), "header length too large"),
        (raw(length: 100_000_001, Array("{}      ".utf8)), "header length too large"),
        (raw(length: 100_000_000, Array("{}      ".utf8)), "truncated header"),
        (file(" {\(a)}", data: 8), "the header does not start with '{'"), (file("[1,2,3]"), "does not start with '{'"),
        (file("{\(a)}x", data: 8), "text after the header's closing"), (file("{\(a)", data: 8), "malformed header"),
        (file("{\(a),}", data: 8), "malformed header"), (file("{'a':1}"), "malformed header"),
        (file("{\"a\":" + String(repeating: "[", count: 100_000)), "nested deeper"),
        (file(String(repeating: "{\"a\":", count: 100_000)), "unknown key"),
        (file("{" + tensor("a", String(repeating: "[", count: 100_000), "0", "8")), "nested deeper"),
        (file("{\(a),\(a)}", data: 8), "duplicate key 'a'"),
        (file("{\"\\u0061\":{},\(a)}", data: 8), "no 'dtype'"),
        (file("{\(a),\"\\u0061\":{}}", data: 8), "duplicate key 'a'"),
        (file("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}"), "duplicate key 'k' in the metadata"),
        (file("{\"__metadata__\":{},\"__metadata__\":{}}"), "duplicate key '__metadata__'"),
        (file("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}"), "duplicate key 'dtype'"),
        (file("{\"a\":{\"dtype\":\"F32\",\"more\":1}}"), "unknown key 'more'"),
        (file("{\"a\":{\"dtype\":\"F32\",\"shape\":[]}}"), "no 'data_offsets'"),
        (file("{\"a\":7}"), "malformed header"),
        (file("{\"__metadata__\":{\"k\":1}}"), "metadata 'k' is not a string"),
        (file("{\"__metadata__\":{\"k\":null}}"), "metadata 'k' is not a string"),
        (file("{\"__metadata__\":{\"k\":{\"x\":\"y\"}}}"), "metadata 'k' is not a string"),
        (file("{\"__metadata__\":\"k\"}"), "malformed header"),
        (file("{\(a),\(tensor("b", "[2]", "4", "12"))}", data: 12), "overlap"),
        (file("{\(a),\(tensor("b", "[2]", "0", "8"))}", data: 8), "overlap"),
        (file("{\(a),\(tensor("b", "[2]", "12", "20"))}", data: 20), "a hole before its data"),
        (file("{\(tensor("a", "[1]", "4", "8"))}", data: 8), "a hole before its data"),
        (file("{\(tensor("a", "[2]", "8", "0"))}", data: 8), "data_offsets reversed"),
        (file("{\(a)}", data: 9), "trailing bytes after the last tensor"), (file("{}", data: 1), "trailing bytes"),
        (file("{\(a)}", data: 7), "truncated data"),
        (file("{\(tensor("a", "[3]", "0", "8"))}", data: 8), "the shape does not fit the data range"),
        (file("{\(tensor("a", "[1]", "0", "8"))}", data: 8), "the shape does not fit the data range"),
        (file("{\(tensor("a", "[\(hugeSide),\(hugeSide)]", "0", "0"))}"), "the shape's product overflows"),
        (file("{\(tensor("a", "[2,9223372036854775807]", "0", "8"))}", data: 8), "the shape's product overflows"),
        (file("{\(tensor("a", "[-2]", "0", "8"))}", data: 8), "a: shape: negative number"),
        (file("{\(tensor("a", "[2]", "-8", "0"))}", data: 8), "a: data_offsets: negative number"),
        (file("{\(tensor("a", "[2.0]", "0", "8"))}", data: 8), "a: shape: not an integer"),
        (file("{\(tensor("a", "[1e400]", "0", "8"))}", data: 8), "a: shape: not an integer"),
        (file("{\(tensor("a", "[2]", "0", "8E0"))}", data: 8), "a: data_offsets: not an integer"),
        (file("{\(tensor("a", "[02]", "0", "8"))}", data: 8), "leading zero"),
        (file("{\(tensor("a", "[9223372036854775808]", "0", "8"))}", data: 8), "integer too large"),
        (file("{\(tensor("a", "[\"2\"]", "0", "8"))}", data: 8), "not a number"),
        (file("{\(tensor("a", "[2]", "0", "8,8"))}", data: 8), "data_offsets must be two numbers"),
        (file("{\(tensor("a", "[2]", "0", "8", dtype: "F33"))}", data: 8), "unknown dtype (expected F32, found 'F33')"),
        (file("{\(tensor("a\n", "[2]", "0", "8"))}", data: 8), "control character"),
        (file("{\"a"), "unterminated string"), (file("{\"a\\"), "unknown escape"),
        (file("{\"\\x\":1}"), "unknown escape"),
        (file("{\"\\u12g4\":1}"), "bad \\u escape"), (file("{\"\\ud800\":1}"), "half a surrogate pair"),
        (file("{\"\\ud800\\u0041\":1}"), "half a surrogate pair"), (file("{\"\\udc00\":1}"), "half a surrogate pair"),
        (raw(length: 8, [0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), "not UTF-8"),
        (raw(length: 8, [0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x7d]), "not UTF-8"),
        (raw(length: 8, [0xef, 0xbb, 0xbf, 0x7b, 0x7d, 0x20, 0x20, 0x20]), "does not start with '{'"),
        (raw(length: 8, [0x7b, 0x7d, 0, 0, 0, 0, 0, 0]), "text after the header's closing"),
    ]

    @Test(arguments: refused.indices)
    func hostileFilesAreRefusedByName(index: Int) {
        let (bytes, reason) = Self.refused[index]
        var text = ""
        let duration = ContinuousClock().measure {
            text = refusal { _ = try SafetensorsFile(bytes: bytes, name: "f.safetensors") }
        }
        #expect(text.hasPrefix("f.safetensors: ") && text.contains(reason), "\(text)")
        #expect(duration < .seconds(1))
    }

    @Test func roundTrip() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("m.safetensors")
        let metadata = ["name": "é \"quoted\" \\ \n\u{1} 🙂", "": "empty"]
        let special: [Float] = [0, -0.0, .pi, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        let tensors: [(name: String, shape: [Int], values: [Float])] = [
            ("z", [2, 3], special), ("empty", [0, 4], []), ("a.b", [], [7]), ("ü\t\"", [1], [1]),
        ]
        try SafetensorsFile.write(path: path, tensors: tensors, metadata: metadata)
        let file = try SafetensorsFile.read(path: path)
        #expect(file.metadata == metadata && file.tensors.map(\.name) == ["a.b", "empty", "z", "ü\t\""])
        for tensor in tensors {
            #expect(file[tensor.name]?.shape == tensor.shape && file[tensor.name]?.dtype == "F32")
            #expect(try file.floats(tensor.name).map(\.bitPattern) == tensor.values.map(\.bitPattern))
        }
        // The data starts at a multiple of 8, and the same input gives the same bytes.
        let bytes = try contents(path)
        #expect(bytes[0] % 8 == 0)
        try SafetensorsFile.write(path: path, tensors: tensors.reversed(), metadata: metadata)
        #expect(try contents(path) == bytes)
        #expect(file["none"] == nil)
        let missing = refusal { _ = try file.floats("none") }
        #expect(missing.contains("no tensor named 'none'") && missing.contains("a.b, empty, z"), "\(missing)")
    }

    @Test func writerRefusesWhatCannotBeRead() throws {
        let folder = try TemporaryFolder()
        func text(_ tensors: [(name: String, shape: [Int], values: [Float])]) -> String {
            refusal { try SafetensorsFile.write(path: folder.file("m"), tensors: tensors) }
        }
        #expect(text([("a", [1], [1]), ("a", [1], [1])]).contains("used twice"))
        #expect(text([("__metadata__", [1], [1])]).contains("reserved"))
        for shape in [[2], [-1, -1], [.max, .max, 0]] {
            #expect(
                text([("a", shape, [1])]).contains(
                    "shape does not fit the numbers (expected \(shape), found 1 numbers)"))
        }
        #expect(folder.names == [])
        let missing = refusal { _ = try SafetensorsFile.read(path: folder.file("m")) }
        #expect(missing.contains("No such file or directory"))
    }

    @Test func otherFloatsAreConverted() throws {
        let halves: [UInt16] = [0x3c00, 0xc000, 0x0001, 0x83ff, 0x7c00, 0x7bff, 0x8000]
        let doubles: [Double] = [1, -2.5, 1e300, 1e-300]
        var data = halves.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        data += [0x80, 0x3f, 0x20, 0xc1]
        for value in doubles { withUnsafeBytes(of: value.bitPattern.littleEndian) { data += $0 } }
        let header = [
            tensor("half", "[7]", "0", "14", dtype: "F16"), tensor("brain", "[2]", "14", "18", dtype: "BF16"),
            tensor("double", "[2,2]", "18", "50", dtype: "F64"), tensor("bytes", "[3]", "50", "53", dtype: "U8"),
        ]
        let bytes = file("{\(header.joined(separator: ","))}") + data + [1, 2, 3]
        let file = try SafetensorsFile(bytes: bytes, name: "f")
        let expected: [Float] = [1, -2, 0x1p-24, -0x1.ff8p-15, .infinity, 65504, -0.0]
        #expect(try file.floats("half").map(\.bitPattern) == expected.map(\.bitPattern))
        #expect(try file.floats("brain") == [1, -10])
        #expect(try file.floats("double") == [1, -2.5, .infinity, 0])
        #expect(refusal { _ = try file.floats("bytes") }.contains("does not hold floating-point numbers"))
        #expect(file["double"]?.range == 18..<50 && file["double"]?.count == 4)
    }

    @Test func everyEscapeIsRead() throws {
        let header = #"{"__metadata__":{"k":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude42","é":"🙂"}}"#
        let read = try SafetensorsFile(bytes: file(header), name: "f")
        #expect(read.metadata == ["k": "\"\\/\u{8}\u{c}\n\r\té🙂", "é": "🙂"] && read.tensors.isEmpty)
        #expect(refusal { _ = try read.floats("a") }.contains("found no tensors"))
    }

    @Test func nonFiniteNumbersAreFound() {
        #expect(firstNonFinite(in: []) == nil && firstNonFinite(in: [0, -1, .greatestFiniteMagnitude]) == nil)
        #expect(firstNonFinite(in: [0, .nan, .infinity]) == 1 && firstNonFinite(in: [1, 2, -.infinity]) == 2)
    }

    @Test func readsWhatPyTorchWrote() throws {
        let folder = "\(projectRoot)/Tests/Fixtures"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".safetensors") }
        #expect(names.count >= 9)
        for name in names {
            let file = try SafetensorsFile.read(path: "\(folder)/\(name)")
            #expect(file.metadata["framework"] != nil && !file.tensors.isEmpty)
            for tensor in file.tensors where tensor.dtype.hasPrefix("F") {
                #expect(try file.floats(tensor.name).count == tensor.count)
            }
        }
    }

    @Test func fiveMegabytesAreReadInAFewMilliseconds() throws {
        let values = (0..<1_300_000).map { Float($0) }
        let bytes = try values.withUnsafeBufferPointer { buffer in
            try SafetensorsFile.encode(tensors: [("a", [1300, 1000], buffer)])
        }
        var best = Duration.seconds(9)
        for _ in 0..<5 {
            var read: [Float] = []
            let duration = try ContinuousClock().measure {
                read = try SafetensorsFile(bytes: bytes, name: "f").floats("a")
            }
            best = min(best, duration)
            #expect(read == values)
        }
        #if !DEBUG
            #expect(best < .milliseconds(60), "\(best)")
        #endif
    }

    @Test func mutatedFilesNeverTrap() throws {
        var random = TestRandom(state: 2)
        var seeds = Self.refused.map(\.bytes).filter { $0.count < 1000 }
        seeds.append(file("{\"__metadata__\":{\"k\":\"v\\u00e9\"},\(a),\(tensor("b", "[1,2]", "8", "16"))}", data: 16))
        seeds.append(file("{\(tensor("h", "[4]", "0", "8", dtype: "F16")),\(tensor("e", "[0]", "8", "8"))}", data: 8))
        for round in 0..<fuzzRounds(20_000) {
            // Half of the inputs start from the two complete files, whose mutations reach furthest into the parser.
            let seed = round % 2 == 0 ? seeds[seeds.count - 1 - round / 2 % 2] : seeds[round % seeds.count]
            guard let file = try? SafetensorsFile(bytes: mutated(seed, using: &random), name: "f") else { continue }
            for tensor in file.tensors {
                #expect((try? file.floats(tensor.name).count) ?? tensor.count == tensor.count)
            }
        }
    }
}
