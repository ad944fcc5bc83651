/// Reads one line of JSON value by value, without building a tree: a run may have a million lines.
///
/// Each number and text is reported with its path: `train.kl` for `{"train": {"kl": 2.5}}`. What is in an array is
/// skipped. Beside JSON's numbers, the `NaN`, `Infinity` and `-Infinity` that Python writes are read.
package struct JSONLineScanner {
    /// A value in the line.
    package enum Value: Equatable {
        case number(Double)
        case text(String)
        /// true, false or null.
        case word
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0
    private var path: [UInt8] = []
    /// Objects and arrays may be nested so deeply.
    private static let depth = 16

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        path.reserveCapacity(64)
    }

    /// Reads a line.
    /// - Parameter found: called with the path and the value of each number, text and word that is not in an array.
    /// - Returns: whether the line is one whole JSON object. What was found before an error has been reported.
    package static func scan(
        _ line: UnsafeBufferPointer<UInt8>, _ found: (_ path: String, _ value: Value) -> Void
    ) -> Bool {
        var scanner = JSONLineScanner(line)
        scanner.skipSpace()
        guard scanner.next == UInt8(ascii: "{"), scanner.value(0, reports: true, found) else { return false }
        scanner.skipSpace()
        return scanner.at == line.count
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0d { at += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        at += 1
        return true
    }

    private mutating func value(_ depth: Int, reports: Bool, _ found: (String, Value) -> Void) -> Bool {
        skipSpace()
        func report(_ value: Value) { if reports { found(String(decoding: path, as: UTF8.self), value) } }
        switch next {
        case UInt8(ascii: "{"): return depth < Self.depth && object(depth + 1, reports: reports, found)
        case UInt8(ascii: "["): return depth < Self.depth && array(depth + 1, found)
        case UInt8(ascii: "\""):
            guard let text = text() else { return false }
            report(.text(text))
        case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
            guard ["true", "false", "null"].contains(where: { word($0) }) else { return false }
            report(.word)
        default:
            guard let number = number() else { return false }
            report(.number(number))
        }
        return true
    }

    private mutating func object(_ depth: Int, reports: Bool, _ found: (String, Value) -> Void) -> Bool {
        at += 1
        if take(UInt8(ascii: "}")) { return true }
        repeat {
            skipSpace()
            let length = path.count
            guard let key = text(), take(UInt8(ascii: ":")) else { return false }
            if length > 0 { path.append(UInt8(ascii: ".")) }
            path.append(contentsOf: key.utf8)
            guard value(depth, reports: reports, found) else { return false }
            path.removeLast(path.count - length)
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}"))
    }

    private mutating func array(_ depth: Int, _ found: (String, Value) -> Void) -> Bool {
        at += 1
        if take(UInt8(ascii: "]")) { return true }
        repeat {
            guard value(depth, reports: false, found) else { return false }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]"))
    }

    private mutating func word(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard at + count <= bytes.count, (0..<count).allSatisfy({ bytes[at + $0] == word.utf8Start[$0] }) else {
            return false
        }
        at += count
        return true
    }

    private mutating func number() -> Double? {
        if word("NaN") { return .nan }
        if word("Infinity") { return .infinity }
        if word("-Infinity") { return -.infinity }
        let start = at
        while let byte = next {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                at += 1
                continue
            default: break
            }
            break
        }
        guard at > start else { return nil }
        return Double(String(decoding: bytes[start..<at], as: UTF8.self))
    }

    private mutating func text() -> String? {
        guard next == UInt8(ascii: "\"") else { return nil }
        let start = at + 1
        var end = start
        while end < bytes.count, bytes[end] != UInt8(ascii: "\""), bytes[end] != UInt8(ascii: "\\") { end += 1 }
        guard end < bytes.count else { return nil }
        at = end + 1
        if bytes[end] == UInt8(ascii: "\"") { return String(decoding: bytes[start..<end], as: UTF8.self) }
        at = end
        return escapedText(Array(bytes[start..<end]))
    }

    /// The rest of a text from its first escape on.
    private mutating func escapedText(_ start: [UInt8]) -> String? {
        var result = start
        var units: [UInt16] = []
        func flush() {
            result += Array(String(decoding: units, as: UTF16.self).utf8)
            units = []
        }
        while let byte = next {
            at += 1
            if byte == UInt8(ascii: "\\"), next == UInt8(ascii: "u") {
                guard at + 5 <= bytes.count,
                    let unit = UInt16(String(decoding: bytes[at + 1..<at + 5], as: UTF8.self), radix: 16)
                else { return nil }
                units.append(unit)
                at += 5
                continue
            }
            flush()
            if byte == UInt8(ascii: "\"") { return String(decoding: result, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                continue
            }
            guard let escape = next else { return nil }
            let plain: [UInt8: UInt8] = [0x22: 0x22, 0x5c: 0x5c, 0x2f: 0x2f, 0x62: 8, 0x66: 12, 0x6e: 10, 0x72: 13, 0x74: 9]
            guard let meant = plain[escape] else { return nil }
            result.append(meant)
            at += 1
        }
        return nil
    }
}
