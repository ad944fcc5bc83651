/// A name that may become part of a path: letters, digits, `-`, `_` and `.` of ASCII, not beginning with a dot, and at
/// most 64 of them. What a file says of itself is used in paths only if it is one.
enum PlainName {
    static let expected = "letters, digits, -, _ and ., at most 64, no dot first"

    static func isOne(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && !name.hasPrefix(".")
            && name.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
