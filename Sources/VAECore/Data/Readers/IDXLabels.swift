/// Labels in an IDX file: one number for each image, or, as QMNIST has them, a row of which the first is the class.
enum IDXLabels {
    /// Bytes of a number, by IDX's type code: unsigned and signed bytes, 16-bit and 32-bit integers.
    private static let widths: [UInt8: Int] = [0x08: 1, 0x09: 1, 0x0b: 2, 0x0c: 4]
    /// The longest row that is accepted.
    private static let longestRow = 64

    /// Reads the labels at `path`, raw or gzipped.
    /// - Throws: `CoreError(.data)` when it is no such file, is not as long as its header says, or has a label that is
    ///   not from 0 to 255.
    static func read(path: String) throws(CoreError) -> [UInt8] {
        let bytes = try FileSystem.read(path, kind: .data, limit: IDX.largestPayload)
        return try parse(bytes, name: path)
    }

    /// As `read`, of the bytes of a file.
    static func parse(_ bytes: [UInt8], name: String) throws(CoreError) -> [UInt8] {
        var (header, values) = (Header(), [UInt8]())
        if Gzip.isGzip(bytes) {
            values = try Gzip.inflate(bytes, place: name, headLength: 12) { head throws(CoreError) in
                header = try Header(head, name: name)
                return (header: header.length, payload: header.payload)
            }
        } else {
            header = try Header(bytes, name: name)
            guard bytes.count == header.length + header.payload else {
                throw CoreError(
                    .data, bytes.count < header.length + header.payload ? "truncated IDX file" : "trailing bytes in the IDX file",
                    at: name, expected: "\(header.length + header.payload) bytes", found: "\(bytes.count) bytes",
                    remedy: "download it again")
            }
            values = Array(bytes[header.length...])
        }
        return try header.classes(values, name: name)
    }

    private struct Header {
        var width = 1
        var count = 0
        var columns = 1
        var length = 8
        var payload: Int { count * columns * width }

        init() {}

        init(_ bytes: [UInt8], name: String) throws(CoreError) {
            func refuse(_ what: String, _ expected: String, _ found: String) -> CoreError {
                CoreError(.data, what, at: name, expected: expected, found: found)
            }
            guard bytes.count >= 8, bytes[0] == 0, bytes[1] == 0 else {
                throw refuse("not an IDX file", "00 00 at its start, and at least 8 bytes", "\(bytes.count) bytes")
            }
            guard let width = IDXLabels.widths[bytes[2]] else {
                throw refuse("wrong IDX type code", "labels as whole numbers (08, 09, 0b or 0c)", "code \(bytes[2])")
            }
            let rank = Int(bytes[3])
            guard rank == 1 || rank == 2, bytes.count >= 4 + 4 * rank else {
                throw refuse("wrong IDX rank", "1 or 2 (labels)", "\(rank)")
            }
            func number(at start: Int) -> Int { bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
            (self.width, length) = (width, 4 + 4 * rank)
            (count, columns) = (number(at: 4), rank == 2 ? number(at: 8) : 1)
            guard (1...IDXLabels.longestRow).contains(columns), count > 0, payload <= IDX.largestPayload else {
                throw refuse(
                    "IDX labels of an impossible size", "1 to \(IDXLabels.longestRow) numbers a row",
                    "\(count)×\(columns)")
            }
        }

        /// The first number of each row.
        func classes(_ values: [UInt8], name: String) throws(CoreError) -> [UInt8] {
            var labels = [UInt8](repeating: 0, count: count)
            for row in 0..<count {
                let start = row * columns * width
                // The highest byte is in front; what is not below 256 has something in the others.
                guard values[start..<start + width - 1].allSatisfy({ $0 == 0 }) else {
                    throw CoreError(
                        .data, "a label out of range", at: "\(name): label \(row + 1)", expected: "0 to 255")
                }
                labels[row] = values[start + width - 1]
            }
            return labels
        }
    }
}
