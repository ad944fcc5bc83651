import Foundation
import PlainText
import Synchronization
import VAECore

/// Output to the two standard streams: results to stdout, everything else to stderr.
enum Console {
    /// Whether the program has more to do than print, so that it continues when the reader of stdout goes away.
    static let outlivesOutput = Atomic(false)

    /// A line of results.
    static func print(_ line: String) {
        write(sanitize(line, limit: .max) + "\n", to: STDOUT_FILENO)
    }

    /// Unchanged text to stdout: a frame or picture drawn by the program, in which all text is already sanitized.
    static func raw(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// A message to the user, on stderr.
    static func message(_ line: String) {
        clearProgress()
        write("latent: \(sanitize(line, limit: 2000))\n", to: STDERR_FILENO)
    }

    /// A message to the user, without the program's name.
    static func note(_ line: String) {
        clearProgress()
        write(sanitize(line, limit: .max) + "\n", to: STDERR_FILENO)
    }

    /// Lines of progress on the screen.
    nonisolated(unsafe) private static var progressLines = 0

    /// Replaces the last progress by these lines; only on a terminal. Lines are cut at its width, so that each is one row.
    static func progress(_ lines: String...) { progress(lines) }

    /// As above.
    static func progress(_ lines: [String]) {
        guard Surroundings.stderrIsTerminal else { return }
        let width = Surroundings.stderrWidth - 1
        let rows = lines.map { String(sanitize($0, limit: .max).prefix(width)) }
        write(erased + rows.joined(separator: "\n"), to: STDERR_FILENO)
        progressLines = lines.count
    }

    static func clearProgress() {
        guard progressLines > 0 else { return }
        write(erased, to: STDERR_FILENO)
        progressLines = 0
    }

    /// Goes back to the first line of progress, and erases from there.
    private static var erased: String {
        (progressLines > 1 ? "\u{1B}[\(progressLines - 1)A" : "") + "\r\u{1B}[J"
    }

    /// A value as JSON on one line.
    static func json(_ value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else { return }
        write(escaped(String(decoding: data, as: UTF8.self)) + "\n", to: STDOUT_FILENO)
    }

    /// JSON in which every character that a terminal could act on, or that hides or reorders text, is escaped.
    private static func escaped(_ json: String) -> String {
        var result = ""
        for scalar in json.unicodeScalars {
            // Such characters occur only within strings, where JSON allows escapes.
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
                // A reader that goes away (`| head`) is not an error, but usually there is nothing left to do.
                if descriptor == STDOUT_FILENO, !outlivesOutput.load(ordering: .relaxed) { exit(errno == EPIPE ? 0 : 1) }
                return
            }
            sent += n
        }
    }
}

/// Peak memory of this process, in MB (10⁶ bytes).
func peakMemoryMB() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) * 1024 / 1e6
}

/// When this process started, in seconds on the clock of `DispatchTime` (to 1/100 s); nil if the system does not say.
func processStart() -> Double? {
    guard let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
        let name = stat.lastIndex(of: ")")
    else { return nil }
    // Field 22, in clock ticks. Field 2, the process's name, may contain spaces, so count from its end.
    let fields = stat[stat.index(after: name)...].split(separator: " ")
    return fields.count > 19 ? Double(fields[19]).map { $0 / Double(sysconf(Int32(_SC_CLK_TCK))) } : nil
}
