import Foundation

/// The machine as its system describes it; parts that it does not tell are empty.
enum Machine {
    /// The distribution's name, such as "Debian GNU/Linux 12 (bookworm)".
    static var system: String {
        let line = lines(of: "/etc/os-release").first { $0.hasPrefix("PRETTY_NAME=") }
        return line.map { $0.dropFirst("PRETTY_NAME=".count).trimmingCharacters(in: CharacterSet(charactersIn: "\"'")) } ?? ""
    }

    /// The kernel's name, release and kind of processor. Not the machine's own name.
    static var kernel: String {
        var names = utsname()
        guard uname(&names) == 0 else { return "" }
        return [text(names.sysname), text(names.release), text(names.machine)].joined(separator: " ")
    }

    /// Memory that programs could still get, in MB (10⁶ bytes).
    static var freeMemory: Int? {
        let line = lines(of: "/proc/meminfo").first { $0.hasPrefix("MemAvailable:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 / 1000 * 1024 / 1000 }
    }

    private static func lines(of path: String) -> [Substring] {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self).split(separator: "\n") } ?? []
    }

    /// The text in an array of a C struct.
    private static func text<Array>(_ array: Array) -> String {
        withUnsafeBytes(of: array) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
