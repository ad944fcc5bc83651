/// The strict parser of a safetensors header.
///
/// The header is JSON of one form only, so this is not a general JSON parser and never recurses:
///
///     {"__metadata__": {"key": "value", …},
///      "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …}
///
/// padded with spaces. Anything else is refused: duplicate keys, other fields, nesting, numbers other than plain integers
/// from 0 to 2^63 - 1, text that is not UTF-8.
struct SafetensorsHeader {
    private(set) var metadata: [String: String] = [:]
    private(set) var tensors: [SafetensorsFile.Tensor] = []

    let bytes: [UInt8]
    let name: String
    var position = 0

    init(_ bytes: ArraySlice<UInt8>, name: String) {
        self.bytes = Array(bytes)
        self.name = name
    }

    /// Parses the whole header into `metadata` and `tensors`.
    mutating func parse() throws(CoreError) {
        guard bytes.first == UInt8(ascii: "{") else {
            throw refuse("the header does not start with '{'", found: bytes.first.map(Self.text) ?? "nothing")
        }
        var names = Set<String>()
        try object { parser, key throws(CoreError) in
            guard names.insert(key).inserted else { throw parser.refuse("duplicate key '\(key)'") }
            if key == "__metadata__" {
                try parser.parseMetadata()
            } else {
                try parser.parseTensor(key)
            }
        }
        skipSpace()
        guard position == bytes.count else { throw refuse("text after the header's closing '}'", found: next) }
    }

    private mutating func parseMetadata() throws(CoreError) {
        var pairs: [String: String] = [:]
        try object { parser, key throws(CoreError) in
            guard parser.current == UInt8(ascii: "\"") else {
                throw parser.refuse("metadata '\(key)' is not a string", found: parser.next)
            }
            guard pairs.updateValue(try parser.string(), forKey: key) == nil else {
                throw parser.refuse("duplicate key '\(key)' in the metadata")
            }
        }
        metadata = pairs
    }

    private mutating func parseTensor(_ name: String) throws(CoreError) {
        var dtype: String?
        var shape: [Int]?
        var offsets: [Int]?
        try object { parser, key throws(CoreError) in
            switch key {
            case "dtype" where dtype == nil: dtype = try parser.string()
            case "shape" where shape == nil: shape = try parser.integers(of: "\(name): shape")
            case "data_offsets" where offsets == nil: offsets = try parser.integers(of: "\(name): data_offsets")
            case "dtype", "shape", "data_offsets": throw parser.refuse("tensor '\(name)': duplicate key '\(key)'")
            default: throw parser.refuse("tensor '\(name)': unknown key '\(key)'")
            }
        }
        guard let dtype, let shape, let offsets else {
            let missing = dtype == nil ? "dtype" : shape == nil ? "shape" : "data_offsets"
            throw refuse("tensor '\(name)': no '\(missing)'")
        }
        guard offsets.count == 2 else {
            throw refuse("tensor '\(name)': data_offsets must be two numbers", found: "\(offsets.count)")
        }
        guard offsets[0] <= offsets[1] else {
            throw refuse("tensor '\(name)': data_offsets reversed", found: "[\(offsets[0]), \(offsets[1])]")
        }
        tensors.append(.init(name: name, dtype: dtype, shape: shape, range: offsets[0]..<offsets[1]))
    }
}
