import Drawing
import Foundation
import PlainText
import Synchronization
import VAECore

/// Fetches the files of a data set, each checked before it takes its place.
///
/// A file is fetched into `NAME.part` beside it. What is there of it already, from an earlier try, is continued.
struct Fetch {
    let download: Download
    /// Mirrors to try, in order.
    let mirrors: [String]
    /// The data set's folder.
    let folder: String
    let curl: Curl

    /// - Throws: `CoreError(.data)` with what each mirror answered, when a file cannot be had from any.
    func run() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let missing = download.files.filter { !isHere($0) }
        for file in download.files where !missing.contains(file) { Console.note("\(file.name): already here") }
        guard !missing.isEmpty else { return }
        if let archive = download.archive { return try fetch(archive) }
        for file in missing {
            let target = folder + "/" + file.name
            try fetch(file.name, limit: Download.largestFile) { (bytes, url) throws(CoreError) in
                try Download.verify(bytes, as: file, at: url)
                try AtomicFile.write(bytes, to: target)
            }
            let check = file.hash == .unknown ? "its size agrees; its hash is not known here" : "SHA-256 agrees"
            Console.note("\(file.name): \(check)")
        }
    }

    private func isHere(_ file: Download.File) -> Bool {
        let path = folder + "/" + file.name
        guard let bytes = Self.bytes(path, limit: Download.largestFile) else { return false }
        return (try? Download.verify(bytes, as: file, at: path)) != nil
    }

    private func fetch(_ archive: Download.Archive) throws {
        let target = folder + "/" + archive.name
        try fetch(archive.name, limit: archive.size) { (bytes, url) throws(CoreError) in
            try Download.verify(bytes, as: archive, at: url)
            try AtomicFile.write(bytes, to: target)
        }
        Console.note("\(archive.name): SHA-256 agrees")
        defer { unlink(target) }
        try download.unpack(target, into: folder)
    }

    /// - Parameters:
    ///   - limit: the most bytes that the file may have.
    ///   - take: checks bytes that came from a URL and puts them into their place.
    private func fetch(
        _ name: String, limit: Int, take: ([UInt8], String) throws(CoreError) -> Void
    ) throws {
        var reasons: [String] = []
        for mirror in mirrors {
            let url = mirror + (mirror.hasSuffix("/") ? "" : "/") + name
            do throws(CoreError) {
                try fetch(from: url, part: folder + "/" + name + ".part", limit: limit, take: take)
                return
            } catch {
                guard error.kind == .data else { throw error }
                reasons.append(error.description)
                Console.message(error.description)
            }
        }
        throw CoreError(
            .data, "could not be fetched from any mirror", at: name, found: reasons.last,
            remedy: "try again, which continues where this ended, or give --mirror URL")
    }

    /// Fetches from one mirror, with a few tries as long as they get somewhere.
    private func fetch(
        from url: String, part: String, limit: Int, take: ([UInt8], String) throws(CoreError) -> Void
    ) throws(CoreError) {
        var failure = ""
        for _ in 0..<4 {
            let before = Self.size(part)
            let end = try curl.fetch(url, to: part, limit: limit)
            if end.status == 0 {
                do throws(CoreError) {
                    guard let bytes = Self.bytes(part, limit: limit) else { throw CoreError(.data, "nothing came", at: url) }
                    try take(bytes, url)
                    unlink(part)
                    return
                } catch {
                    guard error.kind == .data else { throw error }
                    unlink(part)
                    // What was continued may have begun as something else.
                    if before == 0 { throw error }
                    failure = error.what
                    continue
                }
            }
            failure = end.message
            if before > 0, Curl.isUnfitToContinue(end.status) {
                unlink(part)
                continue
            }
            guard Curl.isInterruption(end.status), Self.size(part) > before else { break }
        }
        throw CoreError(.data, "not fetched: \(failure)", at: url)
    }

    private static func size(_ path: String) -> Int {
        ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber)?.intValue ?? 0
    }

    private static func bytes(_ path: String, limit: Int) -> [UInt8]? {
        guard (1...limit).contains(size(path)) else { return nil }
        return FileManager.default.contents(atPath: path).map { [UInt8]($0) }
    }
}

/// The program curl, as a child process whose output is read here: it ends when this program does.
struct Curl {
    /// How it ended.
    struct End {
        var status: Int32
        var message: String
    }

    /// The longest that a server may send next to nothing, in seconds.
    let patience: Int

    /// Whether a status means that the server does not continue what is there.
    static func isUnfitToContinue(_ status: Int32) -> Bool { [22, 33, 36].contains(status) }
    /// Whether a status means that the connection broke off.
    static func isInterruption(_ status: Int32) -> Bool { [18, 28, 52, 55, 56, 92].contains(status) }

    /// Fetches `url` into the file `part`, from the end of what is there. Shows progress on a terminal.
    /// - Parameter limit: the most bytes that the file may have.
    /// - Throws: `CoreError(.file)` when curl cannot be started, or the file cannot be written.
    func fetch(_ url: String, to part: String, limit: Int) throws(CoreError) -> End {
        let there = FileManager.default.fileExists(atPath: part) || FileManager.default.createFile(atPath: part, contents: nil)
        guard there, let file = FileHandle(forWritingAtPath: part), let size = try? file.seekToEnd() else {
            throw CoreError(.file, "the file cannot be written", at: part, found: String(cString: strerror(errno)))
        }
        defer { try? file.close() }
        let (output, errors) = (Pipe(), Pipe())
        let heard = Mutex("")
        errors.fileHandleForReading.readabilityHandler = { handle in
            let text = String(decoding: handle.availableData, as: UTF8.self)
            // No server needs more to say how long a file is.
            heard.withLock { if $0.utf8.count < 1 << 16 { $0 += text } }
        }
        let process = try start(url, from: Int(size), limit: limit, output, errors)
        var progress = FetchProgress(part: part, first: Int(size), limit: limit)
        do {
            while let data = Self.next(output.fileHandleForReading), !data.isEmpty {
                try file.write(contentsOf: data)
                guard progress.add(data.count, heard: heard) else { process.terminate(); break }
            }
        } catch {
            process.terminate()
            throw CoreError(.file, "the file cannot be written", at: part, found: "\(error.localizedDescription)")
        }
        process.waitUntilExit()
        errors.fileHandleForReading.readabilityHandler = nil
        Console.clearProgress()
        return try end(process.terminationStatus, heard.withLock { $0 })
    }

    private func start(
        _ url: String, from size: Int, limit: Int, _ output: Pipe, _ errors: Pipe
    ) throws(CoreError) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "curl", "--fail", "--location", "--max-redirs", "5", "--silent", "--show-error", "--connect-timeout", "\(patience)",
            "--speed-limit", "1000", "--speed-time", "\(patience)", "--proto", "=http,https", "--max-filesize",
            "\(limit)", "--dump-header", "/dev/stderr",
        ] + (size > 0 ? ["--continue-at", "\(size)"] : []) + ["--", url]
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        do {
            try process.run()
        } catch {
            throw CoreError(.file, "curl cannot be started", at: "curl", found: "\(error)", remedy: "install curl")
        }
        return process
    }

    /// What has come, as soon as there is any; `FileHandle.read` would wait until it is much. Empty at the end.
    private static func next(_ handle: FileHandle) -> Data? {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(handle.fileDescriptor, &bytes, bytes.count)
            if count >= 0 { return Data(bytes[..<count]) }
            guard errno == EINTR else { return nil }
        }
    }

    private func end(_ status: Int32, _ heard: String) throws(CoreError) -> End {
        if status == 127 {
            throw CoreError(.file, "curl is not here", at: "curl", remedy: "install it: apt-get install curl")
        }
        let said = heard.split(whereSeparator: \.isNewline).last { $0.hasPrefix("curl: ") }
        return End(status: status, message: said.map { sanitize(String($0)) } ?? "curl ended with status \(status)")
    }
}

/// How far a file has come.
private struct FetchProgress {
    private let name: String
    private let begin = ContinuousClock.now
    private var shown = ContinuousClock.now
    private let first, limit: Int
    private var size: Int

    /// - Parameters:
    ///   - first: the bytes that were there before.
    ///   - limit: the most bytes that the file may have.
    init(part: String, first: Int, limit: Int) {
        name = URL(fileURLWithPath: part).deletingPathExtension().lastPathComponent
        self.first = first
        self.limit = limit
        size = first
    }

    /// Counts bytes that came and shows amount, rate and time left, four times a second.
    /// - Parameter heard: the headers of the server's answers.
    /// - Returns: false when the file has grown beyond what any may be.
    mutating func add(_ count: Int, heard: borrowing Mutex<String>) -> Bool {
        size += count
        guard size <= limit else { return false }
        if shown.duration(to: .now) > .milliseconds(250) {
            shown = .now
            Console.progress(line(heard.withLock { $0 }))
        }
        return true
    }

    private func line(_ heard: String) -> String {
        let seconds = max(0.001, begin.duration(to: .now) / .seconds(1))
        let rate = Double(size - first) / seconds
        var line = "\(name)  \(megabytes(size))"
        let total = announced(heard).map { $0 + first }
        if let total { line += " of \(megabytes(total))" }
        line += String(format: " MB, %.1f MB/s", rate / 1e6)
        if let total, rate > 0, total > size { line += String(format: ", %.0f s left", Double(total - size) / rate) }
        return line
    }

    private func megabytes(_ bytes: Int) -> String { String(format: "%.1f", Double(bytes) / 1e6) }

    /// What the server's last answer says of the length of what it sends.
    private func announced(_ heard: String) -> Int? {
        let field = "content-length:"
        let line = heard.lowercased().split(whereSeparator: \.isNewline).last { $0.hasPrefix(field) }
        let length = line.flatMap { Int($0.dropFirst(field.count).trimmingCharacters(in: .whitespaces)) }
        return length.flatMap { (1...limit).contains($0) ? $0 : nil }
    }
}
