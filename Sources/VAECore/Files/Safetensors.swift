/// A safetensors file: named arrays of numbers and string metadata. The whole file is checked before anything is used.
///
/// Layout: the length of the header as a little-endian 64-bit number; the header (JSON, see `SafetensorsHeader`); then
/// the data, one tensor after another from byte 0, without holes or overlaps, and nothing after the last.
public struct SafetensorsFile: Sendable {
    /// One named array in the file.
    public struct Tensor: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// The element type as the format spells it: "F32".
        public let dtype: String
        /// The length of each dimension; empty for a single number.
        public let shape: [Int]
        /// Where its bytes are, counted from the end of the header.
        public let range: Range<Int>
        /// How many numbers it has.
        public var count: Int { shape.reduce(1, *) }
    }

    /// The longest header accepted: the format's own limit.
    public static let longestHeader = 100_000_000
    /// The longest file accepted by `read(path:)`.
    public static let longestFile = 2 << 30

    /// The file's name, for errors.
    public let name: String
    /// `__metadata__`; empty if there is none.
    public let metadata: [String: String]
    /// All tensors, in the order of the data.
    public let tensors: [Tensor]

    let bytes: [UInt8]
    let dataStart: Int
    private let indices: [String: Int]

    /// Parses a whole file.
    ///
    /// - Parameter name: the file's name, for errors.
    /// - Throws: `CoreError(.model)` naming what the format forbids. No input traps.
    public init(bytes: [UInt8], name: String) throws(CoreError) {
        try self.init(start: bytes, size: bytes.count, name: name)
    }

    /// Parses a file of `size` bytes, of which at least the header was read.
    private init(start bytes: [UInt8], size: Int, name: String) throws(CoreError) {
        self.name = name
        self.bytes = bytes
        let headerLength = try Self.headerLength(bytes, size: size, name: name)
        dataStart = 8 + headerLength
        var parser = SafetensorsHeader(bytes[8..<dataStart], name: name)
        try parser.parse()
        metadata = parser.metadata
        tensors = try Self.arranged(parser.tensors, dataLength: size - dataStart, name: name)
        indices = Dictionary(zip(tensors.map(\.name), tensors.indices)) { first, _ in first }
    }

    /// Reads and parses the file at `path`.
    ///
    /// - Throws: `CoreError(.model)` when it cannot be read, or as `init(bytes:name:)`.
    public static func read(path: String) throws(CoreError) -> SafetensorsFile {
        try SafetensorsFile(bytes: FileSystem.read(path, kind: .model, limit: longestFile), name: path)
    }

    /// Reads the header of the file at `path` and checks it, also against the length of the file. The numbers are not
    /// read: `floats` throws.
    ///
    /// - Throws: `CoreError(.model)` when it cannot be read, or as `init(bytes:name:)`.
    public static func readHeader(path: String) throws(CoreError) -> SafetensorsFile {
        let first = try FileSystem.readStart(path, kind: .model, count: 8)
        guard first.size <= longestFile else {
            throw CoreError(
                .model, "file too large", at: path, expected: "at most \(longestFile) bytes", found: "\(first.size) bytes")
        }
        let end = 8 + (try headerLength(first.bytes, size: first.size, name: path))
        let start = try FileSystem.readStart(path, kind: .model, count: end)
        guard start.bytes.count == end else {
            throw CoreError(.model, "the file changed while it was read", at: path, remedy: "try again")
        }
        return try SafetensorsFile(start: start.bytes, size: start.size, name: path)
    }

    /// The tensor called `tensor`, or `nil`.
    public subscript(tensor: String) -> Tensor? { indices[tensor].map { tensors[$0] } }

    // MARK: Checks

    /// Bytes per element, by dtype.
    private static let sizes = [
        "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "F8_E8M0": 1, "U16": 2, "I16": 2, "F16": 2,
        "BF16": 2, "U32": 4, "I32": 4, "F32": 4, "U64": 8, "I64": 8, "F64": 8, "C64": 8,
    ]

    /// Bytes of one element; nil for an unknown dtype.
    static func size(ofDtype dtype: String) -> Int? { sizes[dtype] }

    /// - Parameters:
    ///   - bytes: at least the first eight bytes of the file.
    ///   - size: the length of the file.
    private static func headerLength(_ bytes: [UInt8], size: Int, name: String) throws(CoreError) -> Int {
        func refuse(_ what: String, expected: String, found: String) -> CoreError {
            CoreError(
                .model, what, at: name, expected: expected, found: found, remedy: "is this a whole safetensors file?")
        }
        guard bytes.count >= 8 else {
            throw refuse("file too short", expected: "at least 8 bytes", found: "\(bytes.count) bytes")
        }
        let length = UInt64(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
        guard length >= 8 else {
            throw refuse("header length too small", expected: "at least 8 bytes", found: "\(length)")
        }
        guard length <= UInt64(longestHeader) else {
            throw refuse("header length too large", expected: "at most \(longestHeader) bytes", found: "\(length)")
        }
        guard length <= UInt64(max(8, size) - 8) else {
            throw refuse(
                "truncated header", expected: "\(length) bytes", found: "\(max(8, size) - 8) bytes")
        }
        return Int(length)
    }

    /// `tensors` in the order of their data, which must fill `dataLength` bytes exactly.
    private static func arranged(
        _ tensors: [Tensor], dataLength: Int, name: String
    ) throws(CoreError) -> [Tensor] {
        let ordered = tensors.sorted { first, second in
            (first.range.lowerBound, first.range.upperBound) < (second.range.lowerBound, second.range.upperBound)
        }
        var end = 0
        for tensor in ordered {
            func refuse(_ what: String, expected: String, found: String) -> CoreError {
                CoreError(.model, "tensor '\(tensor.name)': \(what)", at: name, expected: expected, found: found)
            }
            try check(tensor, refuse)
            guard tensor.range.lowerBound >= end else {
                throw refuse(
                    "its data overlap those of another", expected: "start at \(end)", found: "\(tensor.range.lowerBound)")
            }
            guard tensor.range.lowerBound == end else {
                throw refuse(
                    "a hole before its data", expected: "start at \(end)", found: "\(tensor.range.lowerBound)")
            }
            end = tensor.range.upperBound
            guard end <= dataLength else {
                throw refuse("truncated data", expected: "\(end) bytes", found: "\(dataLength) bytes")
            }
        }
        guard end == dataLength else {
            throw CoreError(
                .model, "trailing bytes after the last tensor", at: name, expected: "\(end) bytes of data",
                found: "\(dataLength)")
        }
        return ordered
    }

    /// Checks that the dtype is known, and that the shape has the size of the data range.
    private static func check(
        _ tensor: Tensor, _ refuse: (String, _ expected: String, _ found: String) -> CoreError
    ) throws(CoreError) {
        guard let size = sizes[tensor.dtype] else {
            throw refuse("unknown dtype", "F32", "'\(tensor.dtype)'")
        }
        var total = size
        for length in tensor.shape {
            let (product, overflow) = total.multipliedReportingOverflow(by: length)
            guard !overflow else {
                throw refuse("the shape's product overflows", "a shape that fits", "\(tensor.shape)")
            }
            total = product
        }
        guard total == tensor.range.count else {
            throw refuse(
                "the shape does not fit the data range", "\(total) bytes for \(tensor.shape)", "\(tensor.range.count)")
        }
    }
}
