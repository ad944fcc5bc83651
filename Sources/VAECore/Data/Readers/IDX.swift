/// A file in MNIST's IDX format: unsigned bytes in one to four dimensions.
///
/// Layout: two zero bytes, the type code (08, unsigned byte), the rank, each dimension as a big-endian 32-bit
/// number, then the values, row-major. Labels have rank 1, grey images rank 3 (count, height, width), colour
/// images rank 4 (count, height, width, channel).
public struct IDX: Sendable, Equatable {
    /// The longest side of an image that is accepted.
    public static let largestSide = 4096
    /// The largest number of values that is accepted: somewhat more than EMNIST's largest split (547 MB).
    public static let largestPayload = 768 << 20

    /// The length of each dimension: [count], [count, height, width] or [count, height, width, channel].
    public let dimensions: [Int]
    /// The values, row-major.
    public let values: [UInt8]

    /// A file of given values.
    /// - Precondition: there are 1, 3 or 4 `dimensions`, whose product is `values.count`.
    public init(dimensions: [Int], values: [UInt8]) {
        precondition([1, 3, 4].contains(dimensions.count) && dimensions.reduce(1, *) == values.count)
        self.dimensions = dimensions
        self.values = values
    }

    /// Parses a whole IDX file, raw or gzipped.
    ///
    /// - Parameter name: the file's name, for errors.
    /// - Throws: `CoreError(.data)` when the header is not supported, or the file is not exactly as long as its header
    ///   says. No input traps.
    public init(bytes: [UInt8], name: String) throws(CoreError) {
        if Gzip.isGzip(bytes) {
            var dimensions: [Int] = []
            values = try Gzip.inflate(bytes, place: name, headLength: Self.longestHeader) { head throws(CoreError) in
                dimensions = try Self.parseHeader(head, name: name)
                return (header: Self.headerLength(rank: dimensions.count), payload: dimensions.reduce(1, *))
            }
            self.dimensions = dimensions
            return
        }
        dimensions = try Self.parseHeader(bytes, name: name)
        let start = Self.headerLength(rank: dimensions.count)
        let size = dimensions.reduce(1, *)
        guard bytes.count == start + size else {
            throw CoreError(
                .data, bytes.count < start + size ? "truncated IDX file" : "trailing bytes in the IDX file", at: name,
                expected: "\(start + size) bytes for \(Self.text(dimensions))", found: "\(bytes.count) bytes",
                remedy: "download it again")
        }
        values = Array(bytes[start...])
    }

    /// Reads an IDX file, raw or gzipped.
    ///
    /// - Throws: `CoreError(.data)` when the file cannot be read, or as `init(bytes:name:)`.
    public static func read(path: String) throws(CoreError) -> IDX {
        try IDX(bytes: FileSystem.read(path, kind: .data, limit: largestPayload + longestHeader), name: path)
    }

    /// The bytes of the file. The same values give the same bytes.
    public func encoded(gzip: Bool) -> [UInt8] {
        var bytes: [UInt8] = [0, 0, 8, UInt8(dimensions.count)]
        for length in dimensions {
            for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
        }
        bytes += values
        return gzip ? Gzip.deflate(bytes) : bytes
    }

    // MARK: Header

    private static let longestHeader = 20
    private static func headerLength(rank: Int) -> Int { 4 + 4 * rank }
    private static func text(_ dimensions: [Int]) -> String { dimensions.map(String.init).joined(separator: "×") }

    /// The dimensions in a header, checked, with a product within the limit.
    private static func parseHeader(_ bytes: [UInt8], name: String) throws(CoreError) -> [Int] {
        func refuse(_ what: String, expected: String, found: String) -> CoreError {
            CoreError(
                .data, what, at: name, expected: expected, found: found,
                remedy: "is this one of MNIST's idx1/idx3 files, raw or gzipped?")
        }
        guard bytes.count >= 4 else {
            throw refuse("truncated IDX file", expected: "at least 8 bytes", found: "\(bytes.count) bytes")
        }
        guard bytes[0] == 0 && bytes[1] == 0 else {
            throw refuse("not an IDX file", expected: "00 00 08 at its start", found: hex(bytes.prefix(4)))
        }
        guard bytes[2] == 8 else {
            throw refuse("wrong IDX type code", expected: "08 (unsigned byte)", found: hex(bytes[2...2]))
        }
        let rank = Int(bytes[3])
        guard [1, 3, 4].contains(rank) else {
            throw refuse("wrong IDX rank", expected: "1 (labels), 3 or 4 (images)", found: "\(rank)")
        }
        guard bytes.count >= headerLength(rank: rank) else {
            throw refuse(
                "truncated IDX header", expected: "\(headerLength(rank: rank)) bytes", found: "\(bytes.count) bytes")
        }
        let dimensions = (0..<rank).map { axis in
            bytes[(4 + 4 * axis)..<(8 + 4 * axis)].reduce(0) { $0 << 8 | Int($1) }
        }
        try check(dimensions, refuse)
        return dimensions
    }

    /// Checks that every dimension is in range and their product at most `largestPayload`.
    private static func check(
        _ dimensions: [Int], _ refuse: (String, _ expected: String, _ found: String) -> CoreError
    ) throws(CoreError) {
        guard !dimensions.contains(0) else {
            throw refuse("empty IDX file", "every dimension at least 1", text(dimensions))
        }
        if dimensions.count >= 3 {
            guard dimensions[1] <= largestSide && dimensions[2] <= largestSide else {
                throw refuse("images too large", "sides up to \(largestSide)", text(dimensions))
            }
        }
        if dimensions.count == 4 {
            guard dimensions[3] <= 4 else { throw refuse("too many channels", "1 to 4", text(dimensions)) }
        }
        // The factors are at most 2^32, 2^12, 2^12 and 2^2: their product cannot overflow 64 bits.
        guard dimensions.reduce(1, *) <= largestPayload else {
            throw refuse("IDX file too large", "at most \(largestPayload) values", text(dimensions))
        }
    }

    private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    }
}

extension ImageSet {
    /// Images and their labels from two IDX files.
    ///
    /// - Parameters:
    ///   - images: rank 3 or 4, values (count, height, width[, channel]).
    ///   - labels: rank 1, one per image, or `nil`.
    ///   - imagesName, labelsName: names of the files, for errors.
    /// - Throws: `CoreError(.data)` when a rank is wrong or the counts differ.
    public convenience init(images: IDX, imagesName: String, labels: IDX?, labelsName: String) throws(CoreError) {
        guard images.dimensions.count >= 3 else {
            throw CoreError(
                .data, "wrong IDX rank", at: imagesName, expected: "3 or 4 (images)", found: "1 (labels)",
                remedy: "are images and labels swapped?")
        }
        if let labels {
            guard labels.dimensions.count == 1 else {
                throw CoreError(
                    .data, "wrong IDX rank", at: labelsName, expected: "1 (labels)",
                    found: "\(labels.dimensions.count) (images)", remedy: "are images and labels swapped?")
            }
            guard labels.dimensions[0] == images.dimensions[0] else {
                throw CoreError(
                    .data, "labels and images of different counts", at: labelsName,
                    expected: "\(images.dimensions[0]) labels, one per image", found: "\(labels.dimensions[0])",
                    remedy: "are both files of the same data set?")
            }
        }
        let channels = images.dimensions.count == 4 ? images.dimensions[3] : 1
        let shape = ImageShape(height: images.dimensions[1], width: images.dimensions[2], channels: channels)
        self.init(shape: shape, pixels: images.values, labels: labels?.values)
    }
}
