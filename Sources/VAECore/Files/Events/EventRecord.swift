/// One event of a TensorBoard file, as far as it is read: numbers under tags, and where a session begins.
package struct EventRecord: Equatable {
    /// May be negative: -1 is written for values that belong to no step.
    package var step = 0
    /// Seconds since 1970; 0 if it is not said.
    package var time = 0.0
    /// A session begins at this step: what was written before of this and later steps is void.
    package var isSessionStart = false
    /// The numbers under their tags. Pictures, histograms and texts are left out.
    package var numbers: [(tag: String, value: Double)] = []

    package static func == (a: EventRecord, b: EventRecord) -> Bool {
        (a.step, a.time, a.isSessionStart) == (b.step, b.time, b.isSessionStart)
            && a.numbers.elementsEqual(b.numbers) { $0.tag == $1.tag && $0.value == $1.value }
    }

    /// Reads one record.
    /// - Throws: `CoreError(.file)` when it is no event.
    package init(_ bytes: ArraySlice<UInt8>, at place: String) throws(CoreError) {
        var reader = ProtobufReader(bytes, at: place)
        while let field = try reader.next() {
            switch field.number {
            case EventFields.Event.time: time = field.value.double ?? 0
            case EventFields.Event.step: step = Int(field.value.integer ?? 0)
            case EventFields.Event.summary:
                guard let summary = field.value.bytes else { continue }
                try read(summary: reader.message(summary))
            case EventFields.Event.sessionLog:
                guard let log = field.value.bytes else { continue }
                try reader.message(log).forEach { field in
                    guard field.number == EventFields.SessionLog.status else { return }
                    isSessionStart = field.value.integer == EventFields.SessionLog.start
                }
            default: break
            }
        }
    }

    private mutating func read(summary: ProtobufReader) throws(CoreError) {
        var reader = summary
        while let field = try reader.next() {
            guard field.number == EventFields.summaryValue, let bytes = field.value.bytes else { continue }
            var (tag, number, tensor, plugin) = ("", Double?.none, ArraySlice<UInt8>?.none, "")
            let value = try reader.message(bytes)
            try value.forEach { field throws(CoreError) in
                switch field.number {
                case EventFields.Value.tag: tag = field.value.text ?? ""
                case EventFields.Value.number: number = field.value.float.map { Double($0) }
                case EventFields.Value.tensor: tensor = field.value.bytes
                case EventFields.Value.metadata: plugin = try Self.plugin(field, in: value)
                default: break
                }
            }
            // A writer names the plugin with the first value of a tag only.
            if number == nil, let tensor, plugin.isEmpty || plugin == "scalars" {
                number = try EventTensor.number(value.message(tensor))
            }
            if let number, !tag.isEmpty { numbers.append((tag, number)) }
        }
    }

    private static func plugin(_ field: ProtobufReader.Field, in value: ProtobufReader) throws(CoreError) -> String {
        guard let metadata = field.value.bytes else { return "" }
        let outer = try value.message(metadata)
        var name = ""
        try outer.forEach { field throws(CoreError) in
            guard field.number == EventFields.pluginData, let data = field.value.bytes else { return }
            try outer.message(data).forEach { if $0.number == EventFields.pluginName { name = $0.value.text ?? "" } }
        }
        return name
    }
}

extension ProtobufReader {
    /// As `each`, of a reader that is not used again.
    func forEach(_ body: (Field) throws(CoreError) -> Void) throws(CoreError) {
        var copy = self
        try copy.each(body)
    }
}

/// A tensor of one number: Keras and TensorFlow write scalars as such.
enum EventTensor {
    /// The kinds of numbers, as `types.proto` counts them.
    private enum Kind {
        static let float: Int64 = 1, double: Int64 = 2, int32: Int64 = 3, int64: Int64 = 9, bfloat16: Int64 = 14
        static let half: Int64 = 19
    }

    /// The number; nil when the tensor has several, or none.
    /// - Throws: `CoreError(.file)` when it is no tensor.
    static func number(_ reader: ProtobufReader) throws(CoreError) -> Double? {
        var kind: Int64 = 0
        var content: ArraySlice<UInt8> = []
        var typed: [ProtobufReader.Field] = []
        try reader.forEach { field in
            switch field.number {
            case EventFields.Tensor.type: kind = field.value.integer ?? 0
            case EventFields.Tensor.content: content = field.value.bytes ?? []
            case EventFields.Tensor.floats, EventFields.Tensor.doubles, EventFields.Tensor.ints,
                EventFields.Tensor.longs, EventFields.Tensor.halves:
                typed.append(field)
            default: break
            }
        }
        if !content.isEmpty { return number(kind, little(content), size: content.count) }
        guard typed.count == 1 else { return nil }
        return try number(kind, typed[0], in: reader)
    }

    /// Of the bytes that a tensor has in memory.
    private static func number(_ kind: Int64, _ bits: UInt64, size: Int) -> Double? {
        switch (kind, size) {
        case (Kind.float, 4): Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case (Kind.double, 8): Double(bitPattern: bits)
        case (Kind.int32, 4): Double(Int32(truncatingIfNeeded: bits))
        case (Kind.int64, 8): Double(Int64(bitPattern: bits))
        case (Kind.half, 2): Double(SafetensorsFile.float(half: UInt16(truncatingIfNeeded: bits)))
        case (Kind.bfloat16, 2): Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16))
        default: nil
        }
    }

    /// Of a field for numbers of one kind, packed or not. Halves are stored as whole numbers.
    private static func number(
        _ kind: Int64, _ field: ProtobufReader.Field, in reader: ProtobufReader
    ) throws(CoreError) -> Double? {
        switch field.value {
        case .fixed32(let bits): return number(kind, UInt64(bits), size: 4)
        case .fixed64(let bits): return number(kind, bits, size: 8)
        case .varint(let bits): return number(kind, bits, size: size(kind))
        case .bytes(let packed):
            if [EventFields.Tensor.floats, EventFields.Tensor.doubles].contains(field.number) {
                return number(kind, little(packed), size: packed.count)
            }
            guard let bits = try whole(packed, in: reader) else { return nil }
            return number(kind, bits, size: size(kind))
        }
    }

    private static func size(_ kind: Int64) -> Int {
        switch kind {
        case Kind.half, Kind.bfloat16: 2
        case Kind.float, Kind.int32: 4
        default: 8
        }
    }

    /// The one number in a packed field of whole numbers; nil when there are more.
    private static func whole(_ packed: ArraySlice<UInt8>, in reader: ProtobufReader) throws(CoreError) -> UInt64? {
        guard packed.last.map({ $0 < 0x80 }) == true, packed.count(where: { $0 < 0x80 }) == 1 else { return nil }
        // A field of number 1 with this value, so that there is one reader of whole numbers.
        var field = try reader.message([1 << 3] + packed)
        if case .varint(let bits) = try field.next()?.value { return bits }
        return nil
    }

    private static func little(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
