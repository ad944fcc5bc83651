/// The container of event files. A record is its length (8 bytes, little-endian), the masked CRC-32C of these, the data,
/// and the masked CRC-32C of the data.
package enum TFRecord {
    /// A longer record is taken for a damaged length. The largest that writers of events make are pictures.
    package static let longest = 64 << 20
    private static let headSize = 12

    /// One record.
    package static func encode(_ data: [UInt8]) -> [UInt8] {
        let length = littleEndian(UInt64(data.count))
        return length + littleEndian(CRC32C.masked(length)) + data + littleEndian(CRC32C.masked(data))
    }

    private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }

    /// Takes apart the records of a file that comes in blocks and may still grow.
    package struct Splitter {
        /// Bytes that are not a whole record yet.
        private var rest: [UInt8] = []
        private var used = 0
        /// Where the next record begins: the bytes of all whole records.
        package private(set) var offset = 0
        /// Records whose checksum did not fit, which are left out.
        package private(set) var damaged = 0

        package init() {}

        /// Takes the next bytes of the file and gives each record that is whole now.
        /// - Parameter record: called with the data, and the offset of the record.
        /// - Throws: `CoreError(.file)` when a length is damaged: then nobody knows where the next record begins.
        package mutating func take(
            _ block: UnsafeBufferPointer<UInt8>, of path: String, _ record: (ArraySlice<UInt8>, Int) -> Void
        ) throws(CoreError) {
            rest += block
            defer {
                rest.removeFirst(used)
                used = 0
            }
            while rest.count - used >= TFRecord.headSize {
                let head = rest[used..<used + TFRecord.headSize]
                let length = TFRecord.number(head.prefix(8))
                guard CRC32C.masked(head.prefix(8)) == UInt32(TFRecord.number(head.suffix(4))), length <= TFRecord.longest
                else { throw damage(path) }
                let size = TFRecord.headSize + Int(length) + 4
                guard rest.count - used >= size else { return }
                let data = rest[used + TFRecord.headSize..<used + size - 4]
                if CRC32C.masked(data) == UInt32(TFRecord.number(rest[used + size - 4..<used + size])) {
                    record(data, offset)
                } else {
                    damaged += 1
                }
                used += size
                offset += size
            }
        }

        private func damage(_ path: String) -> CoreError {
            CoreError(
                .file, offset == 0 ? "not an event file" : "damaged: the length of a record is wrong", at: path,
                expected: "a TFRecord at byte \(offset)")
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
}
