extension SafetensorsFile {
    /// The bytes of a file that holds `tensors` as F32 or F16, sorted by name. The same input gives the same bytes.
    ///
    /// - Parameters:
    ///   - tensors: name, shape, and the numbers row-major.
    ///   - half: F16, each number rounded to the nearest (ties to even).
    /// - Throws: `CoreError(.model)` when a name is used twice or reserved, or a shape does not fit its numbers.
    public static func encode(
        tensors: [(name: String, shape: [Int], values: UnsafeBufferPointer<Float>)], half: Bool = false,
        metadata: [String: String] = [:]
    ) throws(CoreError) -> [UInt8] {
        let sorted = tensors.sorted { precedes($0.name, $1.name) }
        var fields: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { precedes($0.key, $1.key) }.map { "\(quoted($0.key)):\(quoted($0.value))" }
            fields.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var end = 0
        for (index, tensor) in sorted.enumerated() {
            let isTaken = tensor.name == "__metadata__" || index > 0 && sorted[index - 1].name == tensor.name
            guard !isTaken else {
                throw CoreError(.model, "tensor name used twice or reserved", at: tensor.name)
            }
            guard count(of: tensor.shape) == tensor.values.count else {
                throw CoreError(
                    .model, "shape does not fit the numbers", at: tensor.name, expected: "\(tensor.shape)",
                    found: "\(tensor.values.count) numbers")
            }
            let start = end
            end += (half ? 2 : 4) * tensor.values.count
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            fields.append(
                "\(quoted(tensor.name)):{\"dtype\":\"\(half ? "F16" : "F32")\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}")
        }
        var header = Array("{\(fields.joined(separator: ","))}".utf8)
        header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
        return assemble(header: header, sorted.map(\.values), half: half, dataLength: end)
    }

    /// Writes `tensors` as F32 to `path`, whole or not at all.
    ///
    /// - Throws: `CoreError(.model)` as `encode`, `CoreError(.file)` as `AtomicFile.write`.
    public static func write(
        path: String, tensors: [(name: String, shape: [Int], values: UnsafeBufferPointer<Float>)],
        metadata: [String: String] = [:]
    ) throws(CoreError) {
        try AtomicFile.write(encode(tensors: tensors, metadata: metadata), to: path)
    }

    /// Writes `tensors` as F32 to `path`, whole or not at all.
    ///
    /// - Throws: as the function above.
    public static func write(
        path: String, tensors: [(name: String, shape: [Int], values: [Float])], metadata: [String: String] = [:]
    ) throws(CoreError) {
        // One buffer for all tensors, so that their addresses stay valid.
        let all = UnsafeMutableBufferPointer<Float>.allocate(capacity: tensors.reduce(0) { $0 + $1.values.count })
        defer { all.deallocate() }
        var end = 0
        let entries = tensors.map { tensor in
            let start = end
            end = all[start...].initialize(fromContentsOf: tensor.values)
            let values = UnsafeBufferPointer(rebasing: all[start..<end])
            return (name: tensor.name, shape: tensor.shape, values: values)
        }
        try write(path: path, tensors: entries, metadata: metadata)
    }

    private static func assemble(
        header: [UInt8], _ values: [UnsafeBufferPointer<Float>], half: Bool, dataLength: Int
    ) -> [UInt8] {
        let length = 8 + header.count + dataLength
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            raw.storeBytes(of: UInt64(header.count).littleEndian, as: UInt64.self)
            var position = 8
            raw[position...].copyBytes(from: header)
            position += header.count
            for tensor in values {
                for value in tensor where half {
                    raw.storeBytes(of: halfBits(value).littleEndian, toByteOffset: position, as: UInt16.self)
                    position += 2
                }
                for value in tensor where !half {
                    raw.storeBytes(of: value.bitPattern.littleEndian, toByteOffset: position, as: UInt32.self)
                    position += 4
                }
            }
            count = length
        }
    }

    /// A number as an IEEE half, rounded to the nearest (ties to even); too large a number becomes an infinity.
    static func halfBits(_ value: Float) -> UInt16 {
        let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
        let magnitude = value.magnitude
        if magnitude.isNaN { return sign | 0x7e00 }
        if magnitude >= 65_520 { return sign | 0x7c00 }
        // Below 2^-14 a half is a multiple of 2^-24.
        if magnitude < 0x1p-14 { return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven)) }
        let bits = magnitude.bitPattern
        // Drop 13 bits of the fraction, rounded; a carry runs into the exponent as it should.
        let rounded = bits + 0xfff + (bits >> 13 & 1)
        return sign | UInt16(truncatingIfNeeded: (rounded >> 13) - (112 << 10))
    }

    /// The product of `shape`; `nil` if a length is negative or the product overflows.
    private static func count(of shape: [Int]) -> Int? {
        var product = 1
        for length in shape {
            let (next, overflow) = product.multipliedReportingOverflow(by: length)
            guard length >= 0 && !overflow else { return nil }
            product = next
        }
        return product
    }

    /// Order by bytes, which does not depend on the locale.
    private static func precedes(_ first: String, _ second: String) -> Bool {
        first.utf8.lexicographicallyPrecedes(second.utf8)
    }

    /// `text` as a JSON string.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\u{0}"..<"\u{20}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
