import Foundation
import Testing

/// The real program, run as by a user or a script. Tests run one after another, since training takes all cores.
@Suite(.serialized) struct EndToEnd {}

/// The program that was built, and the project's folder.
enum Built {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The program next to this test bundle, or else the release build.
    static let program: String = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let beside = URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("latent").path
        return FileManager.default.isExecutableFile(atPath: beside) ? beside : root + "/.build/release/latent"
    }()

    /// The environment of the program, without the user's own data and settings.
    static func environment(home: String, _ changes: [String: String?] = [:]) -> [String: String] {
        var result = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": home, "LANG": "C.UTF-8",
            "TERM": "tmux-256color", "LATENT_PROJECT": root, "TMPDIR": home,
        ]
        for (name, value) in changes { result[name] = value }
        return result
    }
}

/// Why a test cannot continue.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Repeats `condition` until it returns a value.
/// - Returns: the value; nil when `seconds` have passed.
func poll<Value>(seconds: Double, _ condition: () throws -> Value?) rethrows -> Value? {
    let limit = ContinuousClock.now + .seconds(seconds)
    while true {
        if let value = try condition() { return value }
        if ContinuousClock.now > limit { return nil }
        Thread.sleep(forTimeInterval: 0.02)
    }
}

/// A folder for one test, removed afterwards.
final class Folder {
    let path: String

    init() throws {
        path = URL(fileURLWithPath: NSTemporaryDirectory()).path + "/latent-test-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    func write(_ text: String, _ name: String) throws { try write([UInt8](text.utf8), name) }

    func write(_ bytes: [UInt8], _ name: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: self(name))) }

    func text(_ name: String) -> String? {
        FileManager.default.contents(atPath: self(name)).map { String(decoding: $0, as: UTF8.self) }
    }

    func bytes(_ name: String) -> [UInt8]? { FileManager.default.contents(atPath: self(name)).map { [UInt8]($0) } }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: self(name)) }

    /// The names in the folder, or in a subfolder, sorted; including links.
    func names(_ name: String = "") -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: self(name))) ?? []).sorted()
    }

    /// The files of a run that nobody writes any more.
    static let runFiles = ["checkpoint.safetensors", "config.json", "metrics.jsonl", "model.safetensors", "snapshots"]
    /// The same of a run without a screen, which writes event files too.
    static let headlessFiles = (runFiles + ["test", "train"]).sorted()

    /// The run folders in runs/, without `latest`.
    var runs: [String] { names("runs").filter { $0 != "latest" }.map { "runs/" + $0 } }
}

/// A process whose output goes to files, so that no pipe can fill up. It inherits nothing else: Foundation's `Process`
/// would wait for a pipe that a tmux server, which outlives its command, keeps open.
final class Running {
    private let arguments: [String]
    private let outputs: Folder
    private var process: pid_t = 0
    private var ended: Int32?

    /// Starts `program` in `folder`.
    init(_ program: String, _ arguments: [String], in folder: String, environment: [String: String]) throws {
        self.arguments = arguments
        outputs = try Folder()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputs("out"), O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, outputs("err"), O_WRONLY | O_CREAT, 0o600)
        // The program must not inherit signals that the tests ignore or block.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        sigfillset(&all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let chain = ["/usr/bin/env", "-C", folder, program] + arguments
        var words = chain.map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in words + variables { free(text) } }
        let error = posix_spawn(&process, chain[0], &actions, &attributes, &words, &variables)
        guard error == 0 else { throw Failure("\(program): \(String(cString: strerror(error)))") }
    }

    deinit {
        guard !hasEnded() else { return }
        kill(process, SIGKILL)
        var status: Int32 = 0
        waitpid(process, &status, 0)
    }

    private func hasEnded() -> Bool {
        var status: Int32 = 0
        if ended == nil, waitpid(process, &status, WNOHANG) == process { ended = status }
        return ended != nil
    }

    func signal(_ number: Int32) { kill(process, number) }

    var output: String { outputs.text("out") ?? "" }

    struct End {
        /// As in a shell: 128 + the signal, if one killed the process.
        var status: Int32
        var output: String
        var errors: String
        var bytes: [UInt8]

        /// The lines on stderr.
        var lines: [String] { errors.split(separator: "\n").map(String.init) }
    }

    func wait(seconds: Double = 180) throws -> End {
        guard poll(seconds: seconds, { hasEnded() ? true : nil }) != nil, let ended else {
            throw Failure("no end after \(seconds) s: \(arguments)\n\(output)\n\(outputs.text("err") ?? "")")
        }
        let signal = ended & 0x7F
        return End(
            status: signal == 0 ? ended >> 8 & 0xFF : 128 + signal, output: output, errors: outputs.text("err") ?? "",
            bytes: outputs.bytes("out") ?? [])
    }
}

/// Runs the program without a terminal, to its end.
func latent(
    _ arguments: [String], in folder: Folder, environment: [String: String?] = [:], seconds: Double = 180
) throws -> Running.End {
    try start(arguments, in: folder, environment: environment).wait(seconds: seconds)
}

/// Starts the program without a terminal.
func start(_ arguments: [String], in folder: Folder, environment: [String: String?] = [:]) throws -> Running {
    try Running(
        Built.program, arguments, in: folder.path,
        environment: Built.environment(home: folder.path, environment))
}
