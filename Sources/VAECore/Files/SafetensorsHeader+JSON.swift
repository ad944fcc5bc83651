// The few forms of JSON that occur in a header.

extension SafetensorsHeader {
    /// The byte at the position; 0, which no header may contain, at the end.
    var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    /// What is at the position, for errors.
    var next: String { position < bytes.count ? Self.text(current) : "the end of the header" }

    mutating func skipSpace() {
        while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) { position += 1 }
    }

    /// Skips spaces and, if it is next, `character`.
    /// - Returns: whether `character` was next.
    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count && current == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func require(_ character: Unicode.Scalar) throws(CoreError) {
        guard take(character) else {
            let nested = current == UInt8(ascii: "[") || current == UInt8(ascii: "{")
            throw refuse(
                nested ? "nested deeper than a header may be" : "malformed header", expected: "'\(character)'",
                found: next)
        }
    }

    /// Parses `{"key": value, …}`. `member` parses one value, from its first byte on.
    mutating func object(
        _ member: (inout SafetensorsHeader, String) throws(CoreError) -> Void
    ) throws(CoreError) {
        try require("{")
        if take("}") { return }
        repeat {
            skipSpace()
            let key = try string()
            try require(":")
            skipSpace()
            try member(&self, key)
        } while take(",")
        try require("}")
    }

    /// Parses `[1, 2, …]`: integers from 0 to 2^63 - 1.
    mutating func integers(of what: String) throws(CoreError) -> [Int] {
        try require("[")
        var values: [Int] = []
        if take("]") { return values }
        repeat {
            skipSpace()
            values.append(try integer(of: what))
        } while take(",")
        try require("]")
        return values
    }

    private mutating func integer(of what: String) throws(CoreError) -> Int {
        if current == UInt8(ascii: "-") { throw refuse("\(what): negative number") }
        if current == UInt8(ascii: "[") || current == UInt8(ascii: "{") {
            throw refuse("\(what): nested deeper than a header may be", expected: "an integer", found: next)
        }
        let start = position
        var value = 0
        while (0x30...0x39).contains(current) {
            let (tens, high) = value.multipliedReportingOverflow(by: 10)
            let (sum, low) = tens.addingReportingOverflow(Int(current - 0x30))
            if high || low { throw refuse("\(what): integer too large", expected: "at most \(Int.max)") }
            value = sum
            position += 1
        }
        guard position > start else { throw refuse("\(what): not a number", expected: "an integer", found: next) }
        if position > start + 1 && bytes[start] == 0x30 { throw refuse("\(what): number with a leading zero") }
        if [0x2e, 0x65, 0x45].contains(current) {  // . e E
            throw refuse("\(what): not an integer", expected: "an integer without point or exponent")
        }
        return value
    }

    /// Parses a quoted string with JSON's escapes.
    mutating func string() throws(CoreError) -> String {
        try require("\"")
        var text: [UInt8] = []
        while true {
            let start = position
            while position < bytes.count, bytes[position] >= 0x20, bytes[position] != 0x22, bytes[position] != 0x5c {
                position += 1
            }
            text += bytes[start..<position]
            guard position < bytes.count else { throw refuse("unterminated string in the header") }
            let stop = current
            position += 1
            switch stop {
            case 0x22:
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw refuse("the header is not UTF-8")
                }
                return string
            case 0x5c: text += Array(String(try escape()).utf8)
            default: throw refuse("control character in a string of the header", found: Self.text(stop))
            }
        }
    }

    /// Parses what follows a backslash.
    private mutating func escape() throws(CoreError) -> Unicode.Scalar {
        let letter = current
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let high = try fourHexDigits()
            if let scalar = Unicode.Scalar(high) { return scalar }
            // A surrogate must be the first half of a pair.
            if high < 0xdc00 && current == 0x5c {
                position += 1
                if current == UInt8(ascii: "u") {
                    position += 1
                    let low = try fourHexDigits()
                    if (0xdc00...0xdfff).contains(low),
                        let scalar = Unicode.Scalar(0x10000 + (high - 0xd800) << 10 + (low - 0xdc00))
                    {
                        return scalar
                    }
                }
            }
            throw refuse("half a surrogate pair in a string of the header")
        default: throw refuse("unknown escape in a string of the header", found: Self.text(letter))
        }
    }

    private mutating func fourHexDigits() throws(CoreError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(current)).hexDigitValue else {
                throw refuse("bad \\u escape in a string of the header", found: next)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    static func text(_ byte: UInt8) -> String {
        (0x21...0x7e).contains(byte) ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x\(String(byte, radix: 16))"
    }

    func refuse(_ what: String, expected: String? = nil, found: String? = nil) -> CoreError {
        CoreError(
            .model, what, at: name, expected: expected, found: found.map { "\($0) at byte \(position) of the header" })
    }
}
