import Testing
import VAECore

/// The wire formats of event files: Protocol Buffers, CRC-32C and TFRecord.
@Suite struct WireTests {
    // MARK: Protocol Buffers

    /// The examples of the format's own description.
    @Test func knownBytes() throws {
        var writer = ProtobufWriter()
        writer.integer(1, 150)
        writer.text(2, "testing")
        #expect(writer.bytes == [0x08, 0x96, 0x01, 0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67])
        var minusOne = ProtobufWriter()
        minusOne.integer(2, -1)
        #expect(minusOne.bytes == [0x10] + [UInt8](repeating: 0xff, count: 9) + [0x01])
    }

    @Test func everyKindIsReadAsWritten() throws {
        let message = ProtobufWriter {
            $0.integer(1, .min)
            $0.double(2, -0.1)
            $0.float(3, .infinity)
            $0.text(16, "é")
            $0.message(536_870_911) { $0.doubles(1, [1, 2]) }
        }
        var reader = ProtobufReader(message.bytes[...], at: "test")
        #expect(try reader.next()?.value.integer == .min)
        #expect(try reader.next()?.value.double == -0.1)
        #expect(try reader.next()?.value.float == .infinity)
        #expect(try reader.next()?.value.text == "é")
        let inner = try #require(try reader.next())
        #expect(inner.number == 536_870_911)
        var nested = try reader.message(#require(inner.value.bytes))
        #expect(try nested.next()?.value.bytes?.count == 16)
        #expect(try nested.next() == nil)
        #expect(try reader.next() == nil)
    }

    @Test(arguments: [
        ([0x08], "cut off"), ([0x08, 0x80], "cut off"), ([0x12, 0x05, 0x61], "cut off"), ([0x09, 1, 2], "cut off"),
        ([0x08] + [UInt8](repeating: 0xff, count: 11), "64 bits"), ([0x08] + [UInt8](repeating: 0xff, count: 9) + [2], "64 bits"),
        ([0x00, 0x00], "number"), ([0x0b], "kind"), ([0x12] + [UInt8](repeating: 0xff, count: 9) + [1], "cut off"),
    ])
    func damagedMessagesAreRefused(bytes: [UInt8], reason: String) {
        let refused = refusal {
            var reader = ProtobufReader(bytes[...], at: "a place")
            try reader.each { _ in }
        }
        #expect(refused.contains(reason) && refused.hasPrefix("a place: "), "\(refused)")
    }

    @Test func nestingHasALimit() throws {
        var reader = ProtobufReader([][...], at: "test")
        for _ in 0..<ProtobufReader.deepest { reader = try reader.message([]) }
        #expect(refusal { _ = try reader.message([]) }.contains("too deeply"))
    }

    // MARK: Records

    @Test func checksum() {
        #expect(CRC32C.checksum("123456789".utf8) == 0xe306_9283)
        // RFC 3720, B.4.
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
        #expect(CRC32C.checksum([UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
    }

    /// Whatever the blocks in which a file comes, its records are the same; a torn one is waited for.
    @Test(arguments: [1, 3, 16, 1000])
    func recordsComeInBlocks(size: Int) throws {
        let records: [[UInt8]] = [[], [1, 2, 3], [UInt8](repeating: 7, count: 300)]
        let bytes = records.flatMap { TFRecord.encode($0) }
        var splitter = TFRecord.Splitter()
        var found: [[UInt8]] = []
        var offsets: [Int] = []
        for start in stride(from: 0, to: bytes.count - 1, by: size) {
            try Array(bytes[start..<min(bytes.count - 1, start + size)]).withUnsafeBufferPointer { (block) throws(CoreError) in
                try splitter.take(block, of: "f") { (data, offset) in
                    found.append(Array(data))
                    offsets.append(offset)
                }
            }
        }
        #expect(found == Array(records.dropLast()))
        #expect(offsets == [0, 16] && splitter.offset == 35)
        try [bytes[bytes.count - 1]].withUnsafeBufferPointer { (block) throws(CoreError) in
            try splitter.take(block, of: "f") { (data, _) in found.append(Array(data)) }
        }
        #expect(found == records && splitter.offset == bytes.count)
    }

    @Test func damagedRecords() throws {
        var bytes = TFRecord.encode([1, 2, 3]) + TFRecord.encode([4])
        bytes[13] ^= 1
        var splitter = TFRecord.Splitter()
        var found: [[UInt8]] = []
        try bytes.withUnsafeBufferPointer { (block) throws(CoreError) in
            try splitter.take(block, of: "f") { (data, _) in found.append(Array(data)) }
        }
        #expect(found == [[4]] && splitter.damaged == 1)
        bytes[0] ^= 1
        let refused = refusal {
            var splitter = TFRecord.Splitter()
            try bytes.withUnsafeBufferPointer { (block) throws(CoreError) in try splitter.take(block, of: "f") { (_, _) in } }
        }
        #expect(refused.contains("not an event file"))
    }

    /// A length that was made up asks for no memory, and nothing traps.
    @Test func mutatedRecordsAndMessages() throws {
        let event = EventMessage.values([EventValue("loss", .number(1)), EventValue("h", .histogram([1, 2]))], step: 3, time: 4)
        let bytes = event.record + EventMessage.sessionStart(step: 3, time: 4).record
        var random = TestRandom(state: 19)
        for _ in 0..<fuzzRounds(2000) {
            let mutant = mutated(bytes, using: &random)
            var splitter = TFRecord.Splitter()
            try? mutant.withUnsafeBufferPointer { (block) throws(CoreError) in
                try splitter.take(block, of: "f") { (data, _) in _ = try? EventRecord(data, at: "f") }
            }
            // Most mutants fail the checksum: the message is read without it as well.
            _ = try? EventRecord(mutated(Array(bytes[12..<bytes.count - 20]), using: &random)[...], at: "f")
        }
    }
}
