extension SafetensorsFile {
    /// The numbers of a tensor, row-major, as 32-bit floats. F64, F16 and BF16 are converted.
    ///
    /// - Throws: `CoreError(.model)` when there is no such tensor, it does not hold floating-point numbers, or only the
    ///   header was read.
    public func floats(_ tensor: String) throws(CoreError) -> [Float] {
        guard let entry = self[tensor] else {
            let some = tensors.prefix(8).map(\.name).joined(separator: ", ")
            throw CoreError(
                .model, "no tensor named '\(tensor)'", at: name,
                found: tensors.isEmpty ? "no tensors" : tensors.count > 8 ? some + ", …" : some)
        }
        guard let decode = Self.decoders[entry.dtype] else {
            throw CoreError(
                .model, "tensor '\(tensor)' does not hold floating-point numbers", at: name,
                expected: "F32, F64, F16 or BF16", found: entry.dtype)
        }
        guard dataStart + entry.range.upperBound <= bytes.count else {
            throw CoreError(.model, "the numbers of tensor '\(tensor)' were not read", at: name)
        }
        return bytes.withUnsafeBytes { all in
            let start = dataStart + entry.range.lowerBound
            let raw = UnsafeRawBufferPointer(rebasing: all[start..<(dataStart + entry.range.upperBound)])
            return [Float](unsafeUninitializedCapacity: entry.count) { values, count in
                decode(raw, values)
                count = values.count
            }
        }
    }

    /// Whether a dtype is one of floating-point numbers that `floats` converts.
    static func isReal(_ dtype: String) -> Bool { decoders[dtype] != nil }

    /// All numbers in `bytes`, of a floating-point dtype, as 32-bit floats; nil for another dtype.
    static func decode(_ bytes: [UInt8], dtype: String) -> [Float]? {
        guard let decode = decoders[dtype], let size = size(ofDtype: dtype) else { return nil }
        return bytes.withUnsafeBytes { raw in
            [Float](unsafeUninitializedCapacity: raw.count / size) { values, count in
                count = raw.count / size
                decode(raw, UnsafeMutableBufferPointer(rebasing: values[..<count]))
            }
        }
    }

    private typealias Decoder = @Sendable (UnsafeRawBufferPointer, UnsafeMutableBufferPointer<Float>) -> Void

    /// The conversion of each floating-point dtype to 32-bit floats.
    private static let decoders: [String: Decoder] = [
        "F32": { raw, values in
            each(raw, values) { (bits: UInt32) in Float(bitPattern: bits) }
        },
        "F64": { raw, values in
            each(raw, values) { (bits: UInt64) in Float(Double(bitPattern: bits)) }
        },
        "F16": { raw, values in
            each(raw, values) { (bits: UInt16) in float(half: bits) }
        },
        "BF16": { raw, values in
            each(raw, values) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
        },
    ]

    @inline(__always)
    private static func each<Bits: FixedWidthInteger & BitwiseCopyable>(
        _ raw: UnsafeRawBufferPointer, _ values: UnsafeMutableBufferPointer<Float>, _ convert: (Bits) -> Float
    ) {
        for index in values.indices {
            let bits = raw.loadUnaligned(fromByteOffset: index * MemoryLayout<Bits>.size, as: Bits.self)
            values[index] = convert(Bits(littleEndian: bits))
        }
    }

    /// The value of an IEEE half: 1 sign bit, 5 of exponent (bias 15), 10 of fraction.
    static func float(half bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10) & 31
        let fraction = UInt32(bits & 0x3ff)
        switch exponent {
        case 0:
            let magnitude = Float(fraction) * 0x1p-24
            return Float(bitPattern: magnitude.bitPattern | sign)
        case 31: return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}
