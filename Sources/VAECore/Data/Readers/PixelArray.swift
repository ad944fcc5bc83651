/// An array in a file: what it is called, its type and shape, and how its bytes are read.
struct PixelArray {
    /// The file and, where there are several in it, the name: "mnist.npz: x_train".
    let place: String
    let name: String
    let shape: [Int]
    let type: Element
    /// The bytes of the numbers, little-endian unless `type` says otherwise, and nothing more.
    let read: () throws(CoreError) -> ArraySlice<UInt8>

    /// A type of numbers.
    struct Element: Equatable {
        enum Kind { case unsigned, signed, float, brain, bool }
        var kind: Kind
        /// Bytes of a number.
        var width: Int
        var isBigEndian = false
    }

    var count: Int { shape.reduce(1, *) }

    /// Checks a shape that a header claims, against the bytes that there are.
    /// - Throws: `CoreError(.data)` when it has a dimension of 0, or claims more or fewer bytes.
    static func check(_ shape: [Int], width: Int, bytes: Int, at place: String) throws(CoreError) {
        var total = width
        for length in shape {
            let (product, overflow) = total.multipliedReportingOverflow(by: length)
            total = overflow || length < 0 ? .max : product
            if total == .max { break }
        }
        let text = shape.map(String.init).joined(separator: "×")
        guard total == bytes else {
            throw CoreError(
                .data, "the array has another size than its header says", at: place,
                expected: total == .max ? "a shape that fits into memory" : "\(total) bytes for \(text)",
                found: total == .max ? text : "\(bytes) bytes", remedy: "copy or download it again")
        }
        guard total > 0 else { throw CoreError(.data, "the array is empty", at: place, found: text) }
        guard total <= 8 * IDX.largestPayload else {
            throw CoreError(
                .data, "the array is too large", at: place, expected: "at most \(IDX.largestPayload) numbers", found: text)
        }
    }

    /// Calls `body` with each number in turn, until it returns false.
    func each(_ body: (Int, Double) -> Bool) throws(CoreError) {
        let bytes = try read()
        let (width, type) = (type.width, type)
        bytes.withUnsafeBytes { raw in
            for index in 0..<count {
                var bits: UInt64 = 0
                for byte in 0..<width {
                    let place = index * width + (type.isBigEndian ? width - 1 - byte : byte)
                    bits |= UInt64(raw[place]) << UInt64(8 * byte)
                }
                if !body(index, type.value(bits)) { return }
            }
        }
    }
}

extension PixelArray.Element {
    /// The number with these bits.
    @inline(__always)
    func value(_ bits: UInt64) -> Double {
        switch (kind, width) {
        case (.bool, _): return bits == 0 ? 0 : 1
        case (.signed, _):
            let shift = UInt64(64 - 8 * width)
            return Double(Int64(bitPattern: bits << shift) >> Int64(shift))
        case (.float, 2): return Double(SafetensorsFile.float(half: UInt16(truncatingIfNeeded: bits)))
        case (.brain, _): return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits) << 16))
        case (.float, 4): return Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case (.float, _): return Double(bitPattern: bits)
        case (.unsigned, _): return Double(bits)
        }
    }
}
