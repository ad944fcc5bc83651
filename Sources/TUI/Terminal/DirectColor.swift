import Glibc

/// A description of the terminal by which ncurses sends any colour as red, green and blue.
///
/// ncurses takes colours beyond a palette only from such a description (terminfo(5), "direct color"), and few machines
/// have one. So it is made here from that of the terminal in use, by `tic`, which comes with ncurses' own programs. It is
/// in a temporary folder only while ncurses reads it.
enum DirectColor {
    /// What `TERM` is called, with direct colour. Its beginning stays that of the terminal.
    static func name(of terminal: String) -> String { terminal + "+rgb" }

    /// Calls `body` while ncurses can find the description; does nothing when it cannot be made.
    static func with<Result>(_ terminal: String, _ body: (String) -> Result?) -> Result? {
        guard isPlain(terminal), let folder = temporaryFolder() else { return nil }
        defer { remove(folder, of: terminal) }
        let source = folder + "/source"
        guard write(description(of: terminal), to: source), run("tic", ["-x", "-o", folder, source]) else { return nil }
        let before = getenv("TERMINFO").map { String(cString: $0) }
        setenv("TERMINFO", folder, 1)
        defer {
            if let before { setenv("TERMINFO", before, 1) } else { unsetenv("TERMINFO") }
        }
        return body(name(of: terminal))
    }

    /// A name that is safe in a description and in a path.
    private static func isPlain(_ terminal: String) -> Bool {
        !terminal.isEmpty && terminal.utf8.count < 64 && terminal.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "_")].contains(byte)
        }
    }

    /// A colour is 65536 red + 256 green + blue.
    private static func description(of terminal: String) -> String {
        func set(_ ground: Int) -> String {
            "\\E[\(ground);2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%dm"
        }
        return """
            \(name(of: terminal))|with red, green and blue,
            \tRGB, colors#0x1000000, pairs#0x10000, ccc@, initc@, initp@, oc@,
            \tsetaf=\(set(38)), setab=\(set(48)), setf@, setb@,
            \tuse=\(terminal),

            """
    }

    // MARK: Files and programs

    private static func temporaryFolder() -> String? {
        let root = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((root + "/latent-terminal-XXXXXX").utf8CString)
        return mkdtemp(&template).map { String(cString: $0) }
    }

    private static func write(_ text: String, to path: String) -> Bool {
        guard let file = fopen(path, "w") else { return false }
        let isWritten = fputs(text, file) >= 0
        return fclose(file) == 0 && isWritten
    }

    /// `tic` puts what it makes into a folder named by the first letter.
    private static func remove(_ folder: String, of terminal: String) {
        let inner = "\(folder)/\(terminal.prefix(1))"
        unlink(folder + "/source")
        unlink("\(inner)/\(name(of: terminal))")
        rmdir(inner)
        rmdir(folder)
    }

    /// Runs a program to its end, silent.
    /// - Returns: whether it went well.
    private static func run(_ program: String, _ arguments: [String]) -> Bool {
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { words.forEach { free($0) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for descriptor in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        var process: pid_t = 0
        guard posix_spawnp(&process, program, &actions, nil, &words, environ) == 0 else { return false }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0 { guard errno == EINTR else { return false } }
        return status == 0
    }
}
