import Foundation
import PlainText
import Synchronization
import VAECore

/// Text to the two standard streams: results to stdout, everything else to stderr.
enum Console {
    /// Whether the program has more to do than to print: then a reader of stdout that goes away does not end it.
    static let outlivesOutput = Atomic(false)

    /// A line of results.
    static func print(_ line: String) {
        write(sanitize(line, limit: .max) + "\n", to: STDOUT_FILENO)
    }

    /// Text as it is, to stdout: a frame or a picture that the program has drawn, whose texts are safe already.
    static func raw(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// A line for the person, on stderr.
    static func message(_ line: String) {
        clearProgress()
        write("latent: \(sanitize(line, limit: 2000))\n", to: STDERR_FILENO)
    }

    /// A line for the person, without the program's name.
    static func note(_ line: String) {
        clearProgress()
        write(sanitize(line, limit: .max) + "\n", to: STDERR_FILENO)
    }

    nonisolated(unsafe) private static var progressShown = false

    /// Shows `line` in place of the last progress line; on a terminal only.
    static func progress(_ line: String) {
        guard Surroundings.stderrIsTerminal else { return }
        write("\r\u{1B}[K" + sanitize(line), to: STDERR_FILENO)
        progressShown = true
    }

    static func clearProgress() {
        guard progressShown else { return }
        write("\r\u{1B}[K", to: STDERR_FILENO)
        progressShown = false
    }

    /// One JSON object on one line.
    static func json(_ value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return }
        write(escaped(String(decoding: data, as: UTF8.self)) + "\n", to: STDOUT_FILENO)
    }

    /// JSON in which whatever a terminal could act on, or that hides or reorders text, stands as `\u` and a number.
    private static func escaped(_ json: String) -> String {
        var result = ""
        for scalar in json.unicodeScalars {
            // Only within strings can there be a character that is not shown as it is.
            if sanitize(String(scalar)) == String(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                for unit in String(scalar).utf16 { result += String(format: "\\u%04x", Int(unit)) }
            }
        }
        return result
    }

    private static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let n = bytes[sent...].withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
            if n < 0 && errno == EINTR { continue }
            if n <= 0 {
                // A reader that has gone away (`| head`) is no error of ours, but mostly there is nothing left to do.
                if descriptor == STDOUT_FILENO, !outlivesOutput.load(ordering: .relaxed) { exit(errno == EPIPE ? 0 : 1) }
                return
            }
            sent += n
        }
    }
}

/// Peak memory of this process, in units of 10⁶ bytes.
func peakMemoryMB() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) * 1024 / 1e6
}

/// When the kernel started this process, in seconds of the clock that `DispatchTime` shows (to a hundredth); nil where
/// the system does not tell.
func processStart() -> Double? {
    guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
        let name = stat.lastIndex(of: ")")
    else { return nil }
    // The 22nd number of all, in clock ticks; the process's name, which may hold spaces, is the second.
    let fields = stat[stat.index(after: name)...].split(separator: " ")
    return fields.count > 19 ? Double(fields[19]).map { $0 / Double(sysconf(Int32(_SC_CLK_TCK))) } : nil
}
