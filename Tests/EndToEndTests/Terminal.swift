import Foundation
import Testing

/// The program in a terminal of its own: a tmux server without configuration, which ends with the test.
final class Terminal {
    /// The program's working folder.
    let folder: Folder
    private let notes: Folder
    private let socket: String

    /// Starts the program on a screen of `width` × `height`.
    /// - Parameters:
    ///   - environment: changes to the environment; nil removes a variable.
    ///   - shell: starts an interactive bash instead, with the program as `$LATENT`.
    init(
        _ arguments: [String] = ["--data", "mnist-5k"], width: Int = 80, height: Int = 24,
        environment: [String: String?] = [:], folder: Folder? = nil, shell: Bool = false
    ) throws {
        self.folder = try folder ?? Folder()
        notes = try Folder()
        socket = "latent-test-" + UUID().uuidString
        try notes.write(Terminal.wrapper, "wrapper")
        var own = Built.environment(home: self.folder.path, environment)
        var command = [Built.program] + arguments
        if shell {
            own["LATENT"] = Built.program
            own["PS1"] = "ready> "
            command = ["bash", "--norc", "--noprofile", "-i"]
        }
        let variables = own.map { "\($0)=\($1)" }
        try tmux(
            ["new-session", "-d", "-x", "\(width)", "-y", "\(height)", "sh", notes("wrapper"), notes.path, self.folder.path]
                + ["env", "-i"] + variables + ["sh", "-c", "echo $$ >\"$0\"; exec \"$@\"", notes("pid")] + command)
        try tmux(["set-option", "-g", "status", "off"])
        try tmux(["pipe-pane", "-O", "cat >'\(notes("bytes"))'"])
        try notes.write("", "go")
    }

    deinit { _ = try? tmux(["kill-server"]) }

    /// Notes the terminal's modes before and after the program, and its exit status.
    private static let wrapper = """
        notes=$1; folder=$2; shift 2
        trap : INT
        cd "$folder" || exit
        while [ ! -e "$notes/go" ]; do sleep 0.02; done
        stty -g >"$notes/before"
        "$@"
        echo $? >"$notes/ended"
        stty -g >"$notes/after"
        mv "$notes/ended" "$notes/status"
        exec sleep 600
        """

    // MARK: In

    /// Sends keys by their names in tmux.
    func send(_ keys: String...) throws { try send(keys) }

    /// Waits for the explorer, and walks to the middle of its plane from the digit it opens on.
    func goToTheMiddle() throws {
        try wait(for: "the explorer") { $0.text.contains("across") || $0.text.contains("z = (") }
        try send("0")
    }

    func send(_ arguments: [String]) throws { try tmux(["send-keys"] + arguments) }

    /// Sends characters unchanged, such as those of an escape sequence.
    func raw(_ text: String) throws { try send(["-H"] + text.utf8.map { String($0, radix: 16) }) }

    func resize(_ width: Int, _ height: Int) throws {
        try tmux(["resize-window", "-x", "\(width)", "-y", "\(height)"])
    }

    func signal(_ number: Int32) throws { kill(try pid, number) }

    /// Closes the terminal's window.
    func hangUp() throws { try tmux(["kill-server"]) }

    var pid: Int32 {
        get throws {
            let number = poll(seconds: 60) { notes.text("pid").flatMap { Int32($0.filter(\.isNumber)) } }
            guard let number else { throw Failure("the program was not started") }
            return number
        }
    }

    // MARK: Out

    var screen: Screen {
        get throws { Screen(text: try tmux(["capture-pane", "-p"])) }
    }

    /// The screen with escape sequences for colours.
    var coloredText: String {
        get throws { try tmux(["capture-pane", "-p", "-e"]) }
    }

    /// Everything that the program has written so far.
    var bytes: [UInt8] { notes.bytes("bytes") ?? [] }

    /// The first screen for which `condition` holds.
    @discardableResult
    func wait(for what: String, seconds: Double = 90, until condition: (Screen) throws -> Bool) throws -> Screen {
        var last = Screen(text: "")
        let found = try poll(seconds: seconds) { () -> Screen? in
            last = try screen
            return try condition(last) ? last : nil
        }
        guard let found else { throw Failure("not in \(seconds) s: \(what). On screen:\n\(last.text)") }
        return found
    }

    /// The first screen that shows `text`.
    @discardableResult
    func wait(for text: String, seconds: Double = 90) throws -> Screen {
        try wait(for: "'\(text)'", seconds: seconds) { $0.text.contains(text) }
    }

    /// The exit status, once the program has ended by itself.
    func status(seconds: Double = 60) throws -> Int32 {
        let status = poll(seconds: seconds) { notes.text("status").flatMap { Int32($0.filter(\.isNumber)) } }
        guard let status else { throw Failure("the program does not end. On screen:\n\(try screen.text)") }
        // A crash during exit need not show in the status.
        if String(decoding: bytes, as: UTF8.self).contains("crashed") {
            throw Failure("the program crashed:\n\(try screen.text)")
        }
        return status
    }

    /// Whether the terminal is as before: its modes, the main screen, a visible cursor, no mouse reports.
    func expectRestored(_ location: SourceLocation = #_sourceLocation) throws {
        #expect(notes.text("before") == notes.text("after"), sourceLocation: location)
        // tmux may still be reading the program's last output.
        let wanted = "alternate 0 cursor 1 mouse 0"
        var flags = ""
        _ = try poll(seconds: 20) { () -> Bool? in
            flags = try tmux(
                ["display-message", "-p", "alternate #{alternate_on} cursor #{cursor_flag} mouse #{mouse_any_flag}"])
            return flags == wanted + "\n" ? true : nil
        }
        #expect(flags == wanted + "\n", sourceLocation: location)
    }

    @discardableResult
    private func tmux(_ arguments: [String]) throws -> String {
        var environment = ProcessInfo.processInfo.environment
        environment["TMUX"] = nil
        environment["LANG"] = "C.UTF-8"
        environment["LC_ALL"] = nil
        let end = try Running(
            "/usr/bin/env", ["tmux", "-u", "-L", socket, "-f", "/dev/null"] + arguments, in: "/",
            environment: environment
        ).wait(seconds: 60)
        guard end.status == 0 else { throw Failure("tmux \(arguments.first ?? ""): \(end.errors)") }
        return end.output
    }
}

/// The contents of a terminal's screen.
struct Screen {
    let text: String
    let lines: [String]

    init(text: String) {
        self.text = text
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// The line of tabs and status.
    var header: String { lines.first ?? "" }
    /// The line of keys or of a message: the last line that is not empty.
    var footer: String { lines.last { !$0.isEmpty } ?? "" }

    /// The training step in the header.
    var step: Int? { header.firstMatch(of: /step ([0-9]+)/).flatMap { Int($0.1) } }

    /// The cursor's coordinates beside the plane.
    var coordinates: [Double] { text.matches(of: /z[0-9]+  ([+-][0-9.]+)  (?:across|up)/).compactMap { Double($0.1) } }

    /// The characters of a rectangle. tmux omits trailing spaces; here every line has full width.
    func region(_ columns: Range<Int>, _ rows: Range<Int>) -> [String] {
        lines[min(rows.lowerBound, lines.count)..<min(rows.upperBound, lines.count)].map { line in
            let characters = line.dropFirst(columns.lowerBound).prefix(columns.count)
            return characters + String(repeating: " ", count: columns.count - characters.count)
        }
    }

    /// At 80×24: the plane of the Explore screen.
    var plane: [String] { region(0..<49, 1..<21) }
    /// At 80×24: the picture beside the plane.
    var picture: [String] { region(50..<80, 1..<16) }
}
