/// A name that may become part of a path: at most 64 ASCII letters, digits, `-`, `_` and `.`, not starting with a dot. Text
/// from a file is used in a path only if it is a plain name.
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
