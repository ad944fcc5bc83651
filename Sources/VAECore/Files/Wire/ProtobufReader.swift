/// Reads the wire format of Protocol Buffers, field by field: what event files and ONNX models are made of.
///
/// A message is a sequence of fields, each a number and a value. Which number means what is for the caller to know;
/// fields that it does not know are simply not used. No input makes it trap, and it never reads beyond its bytes.
/// Source: protobuf.dev/programming-guides/encoding.
package struct ProtobufReader {
    /// A value as it is on the wire.
    package enum Value: Equatable {
        /// A whole number of any kind, or a truth value.
        case varint(UInt64)
        /// Eight bytes: a double, or a whole number.
        case fixed64(UInt64)
        /// Four bytes: a float, or a whole number.
        case fixed32(UInt32)
        /// A text, bytes, a message inside this one, or packed numbers.
        case bytes(ArraySlice<UInt8>)
    }

    /// A field: its number, from 1, and its value.
    package struct Field: Equatable {
        package var number: Int
        package var value: Value
    }

    /// Messages may be nested so deeply.
    package static let deepest = 64

    private var rest: ArraySlice<UInt8>
    private let place: String
    private let depth: Int

    /// - Parameter place: the file and the record, for errors.
    package init(_ bytes: ArraySlice<UInt8>, at place: String) { self.init(bytes, at: place, depth: 0) }

    private init(_ bytes: ArraySlice<UInt8>, at place: String, depth: Int) {
        (rest, self.place, self.depth) = (bytes, place, depth)
    }

    /// The next field; nil at the end.
    /// - Throws: `CoreError(.file)` when the bytes are no message.
    package mutating func next() throws(CoreError) -> Field? {
        guard !rest.isEmpty else { return nil }
        let key = try varint()
        guard let number = Int(exactly: key >> 3), (1...536_870_911).contains(number) else {
            throw damaged("a field has an impossible number", found: "\(key >> 3)")
        }
        switch key & 7 {
        case 0: return Field(number: number, value: .varint(try varint()))
        case 1: return Field(number: number, value: .fixed64(try fixed(8)))
        case 2: return Field(number: number, value: .bytes(try take(try varint())))
        case 5: return Field(number: number, value: .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
        default: throw damaged("a field is of an unknown kind", found: "\(key & 7)")
        }
    }

    /// Calls `body` with each field.
    /// - Throws: `CoreError(.file)` when the bytes are no message; what `body` throws.
    package mutating func each(_ body: (Field) throws(CoreError) -> Void) throws(CoreError) {
        while let field = try next() { try body(field) }
    }

    /// A reader of a message inside this one.
    /// - Throws: `CoreError(.file)` when messages are nested too deeply.
    package func message(_ bytes: ArraySlice<UInt8>) throws(CoreError) -> ProtobufReader {
        guard depth < Self.deepest else {
            throw damaged("messages are nested too deeply", expected: "at most \(Self.deepest) levels")
        }
        return ProtobufReader(bytes, at: place, depth: depth + 1)
    }

    // MARK: Bytes

    /// A number in groups of seven bits, the lowest first, in at most ten bytes.
    private mutating func varint() throws(CoreError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 70, by: 7) {
            guard let byte = rest.popFirst() else { throw damaged("a number is cut off") }
            // Of the tenth group one bit is left.
            guard shift < 63 || byte <= 1 else { break }
            value |= UInt64(byte & 0x7f) << UInt64(shift)
            if byte < 0x80 { return value }
        }
        throw damaged("a number has more than 64 bits")
    }

    private mutating func fixed(_ count: Int) throws(CoreError) -> UInt64 {
        try take(UInt64(count)).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func take(_ count: UInt64) throws(CoreError) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else {
            throw damaged("a field is cut off", expected: "\(count) bytes", found: "\(rest.count)")
        }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }

    private func damaged(_ what: String, expected: String? = nil, found: String? = nil) -> CoreError {
        CoreError(.file, what, at: place, expected: expected, found: found, remedy: "the file is damaged, or of another kind")
    }
}

extension ProtobufReader.Value {
    /// The bytes of a text, a message or packed numbers; nil for any other kind.
    package var bytes: ArraySlice<UInt8>? { if case .bytes(let bytes) = self { bytes } else { nil } }
    /// The text of a string field, with replacements for what is no UTF-8.
    package var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
    /// A whole number with a sign, as `int32` and `int64` store it: -1 is ten bytes.
    package var integer: Int64? { if case .varint(let value) = self { Int64(bitPattern: value) } else { nil } }
    package var double: Double? { if case .fixed64(let bits) = self { Double(bitPattern: bits) } else { nil } }
    package var float: Float? { if case .fixed32(let bits) = self { Float(bitPattern: bits) } else { nil } }
}
