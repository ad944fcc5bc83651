/// Arrays as numpy.save writes them.
enum NumPyArray {
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// The longest header accepted, in bytes.
    private static let longestHeader = 1 << 16

    /// Whether these are the first bytes of such a file.
    static func recognises(_ start: [UInt8]) -> Bool { start.starts(with: magic) }

    /// The array whose file begins with `start` and has `size` bytes.
    /// - Parameters:
    ///   - read: the bytes of the whole file; called when the numbers are needed.
    /// - Throws: `CoreError(.data)` when the header is damaged, or claims another size than the file has.
    static func array(
        start: [UInt8], size: Int, name: String, place: String, read: @escaping () throws(CoreError) -> [UInt8]
    ) throws(CoreError) -> PixelArray {
        func refuse(_ what: String, expected: String? = nil, found: String? = nil, remedy: String? = nil) -> CoreError {
            CoreError(.data, what, at: place, expected: expected, found: found, remedy: remedy)
        }
        guard recognises(start), start.count >= 12 else { throw refuse("not a NumPy array") }
        let isLong = start[6] > 1
        let length = (isLong ? Array(start[8..<12]) : Array(start[8..<10])).reversed().reduce(0) { $0 << 8 | Int($1) }
        let end = (isLong ? 12 : 10) + length
        guard length <= longestHeader, end <= start.count else {
            throw refuse(
                "the header of the array is too long or cut off", expected: "at most \(longestHeader) bytes",
                found: "\(length)")
        }
        let text = String(decoding: start[(isLong ? 12 : 10)..<end], as: UTF8.self)
        guard let header = NumPyHeader(text) else {
            throw refuse("the header of the array cannot be read", found: "'\(text.prefix(80))'")
        }
        guard let type = header.type else {
            throw refuse(
                "an array of another type than numbers", expected: "uint8, float32, or another type of numbers",
                found: "'\(header.descriptor)'", remedy: "save array.astype('float32') instead")
        }
        guard !header.isFortran || header.shape.count < 2 else {
            throw refuse(
                "the array is stored column by column (fortran_order)", expected: "row by row",
                remedy: "save numpy.ascontiguousarray(array) instead")
        }
        try PixelArray.check(header.shape, width: type.width, bytes: size - end, at: place)
        return PixelArray(place: place, name: name, shape: header.shape, type: type) { () throws(CoreError) in
            let bytes = try read()
            guard bytes.count == size else { throw refuse("the file changed while it was read", remedy: "try again") }
            return bytes[end...]
        }
    }

    /// How much of a file `array` needs for its header.
    static let startLength = longestHeader + 12
}

/// The header of a NumPy array: `{'descr': '<f4', 'fortran_order': False, 'shape': (60000, 28, 28), }`.
struct NumPyHeader {
    let descriptor: String
    let isFortran: Bool
    let shape: [Int]

    /// Nil for any other text.
    init?(_ text: String) {
        func value(_ key: String) -> Substring? {
            guard let found = text.firstRange(of: "'\(key)':") ?? text.firstRange(of: "\"\(key)\":") else { return nil }
            return text[found.upperBound...].drop { $0 == " " }
        }
        guard let descr = value("descr"), let order = value("fortran_order"), let shape = value("shape"),
            let quote = descr.first, quote == "'" || quote == "\"", shape.first == "("
        else { return nil }
        descriptor = String(descr.dropFirst().prefix { $0 != quote })
        isFortran = order.hasPrefix("True")
        let list = shape.dropFirst().prefix { $0 != ")" }
        var lengths: [Int] = []
        for part in list.split(separator: ",") {
            let digits = part.filter { $0 != " " }
            if digits.isEmpty { continue }
            guard let length = Int(digits), length >= 0 else { return nil }
            lengths.append(length)
        }
        guard (1...8).contains(lengths.count) else { return nil }
        self.shape = lengths
    }

    /// The type of the numbers; nil for what are none, such as text or objects.
    var type: PixelArray.Element? {
        let kinds: [Character: PixelArray.Element.Kind] = ["u": .unsigned, "i": .signed, "f": .float, "b": .bool]
        let body = descriptor.drop { "<>|=".contains($0) }
        guard let letter = body.first, let kind = kinds[letter], let width = Int(body.dropFirst()),
            [1, 2, 4, 8].contains(width), kind != .float || width > 1, kind != .bool || width == 1
        else { return nil }
        return PixelArray.Element(kind: kind, width: width, isBigEndian: descriptor.hasPrefix(">"))
    }
}
