/// Writes the wire format of Protocol Buffers: the counterpart of `ProtobufReader`.
package struct ProtobufWriter {
    /// The message so far.
    package private(set) var bytes: [UInt8] = []

    /// An empty message.
    package init() {}

    /// A message that `fill` writes.
    package init(_ fill: (inout ProtobufWriter) -> Void) { fill(&self) }

    /// A field of an integer kind; a negative number takes ten bytes.
    package mutating func integer(_ number: Int, _ value: Int64) {
        key(number, 0)
        varint(UInt64(bitPattern: value))
    }

    package mutating func double(_ number: Int, _ value: Double) {
        key(number, 1)
        fixed(value.bitPattern)
    }

    package mutating func float(_ number: Int, _ value: Float) {
        key(number, 5)
        fixed(value.bitPattern)
    }

    package mutating func text(_ number: Int, _ value: String) { bytes(number, Array(value.utf8)) }

    package mutating func bytes(_ number: Int, _ value: [UInt8]) {
        key(number, 2)
        varint(UInt64(value.count))
        bytes += value
    }

    /// A message inside this one.
    package mutating func message(_ number: Int, _ fill: (inout ProtobufWriter) -> Void) {
        bytes(number, ProtobufWriter(fill).bytes)
    }

    /// A repeated field of doubles, packed.
    package mutating func doubles(_ number: Int, _ values: [Double]) {
        var packed = ProtobufWriter()
        for value in values { packed.fixed(value.bitPattern) }
        bytes(number, packed.bytes)
    }

    // MARK: Bytes

    private mutating func key(_ number: Int, _ kind: UInt64) { varint(UInt64(number) << 3 | kind) }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func fixed(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }
}
