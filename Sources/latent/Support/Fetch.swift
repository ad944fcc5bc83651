import Drawing
import Foundation
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

    /// - Throws: `CoreError(.data)` with what each mirror answered, when a file cannot be had from any.
    func run() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for file in download.files {
            let target = folder + "/" + file.name
            if let bytes = Self.bytes(target), (try? Download.verify(bytes, as: file, at: target)) != nil {
                Console.note("\(file.name): already here")
                continue
            }
            try fetch(file, to: target)
            let check = file.sha256 == nil ? "its size agrees; its hash is not known here" : "SHA-256 agrees"
            Console.note("\(file.name): \(check)")
        }
    }

    private func fetch(_ file: Download.File, to target: String) throws {
        var reasons: [String] = []
        for mirror in mirrors {
            let url = mirror + (mirror.hasSuffix("/") ? "" : "/") + file.name
            do throws(CoreError) {
                try fetch(file, from: url, part: target + ".part", to: target)
                return
            } catch {
                guard error.kind == .data else { throw error }
                reasons.append(error.description)
                Console.message(error.description)
            }
        }
        throw CoreError(
            .data, "could not be fetched from any mirror", at: file.name, found: reasons.last,
            remedy: "try again, which continues where this ended, or give --mirror URL")
    }

    /// Fetches from one mirror, with a few tries as long as they get somewhere.
    private func fetch(_ file: Download.File, from url: String, part: String, to target: String) throws(CoreError) {
        var failure = ""
        for _ in 0..<4 {
            let before = Self.size(part)
            let end = try Curl.fetch(url, to: part)
            if end.status == 0 {
                do throws(CoreError) {
                    guard let bytes = Self.bytes(part) else { throw CoreError(.data, "nothing came", at: url) }
                    try Download.verify(bytes, as: file, at: url)
                    try AtomicFile.write(bytes, to: target)
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

    private static func bytes(_ path: String) -> [UInt8]? {
        guard (1...Download.largestFile).contains(size(path)) else { return nil }
        return FileManager.default.contents(atPath: path).map { [UInt8]($0) }
    }
}

/// The program curl, as a child process.
enum Curl {
    /// How it ended.
    struct End {
        var status: Int32
        var message: String
    }

    /// Whether a status means that the server does not continue what is there.
    static func isUnfitToContinue(_ status: Int32) -> Bool { [22, 33, 36].contains(status) }
    /// Whether a status means that the connection broke off.
    static func isInterruption(_ status: Int32) -> Bool { [18, 28, 52, 55, 56, 92].contains(status) }

    /// Fetches `url` into the file `part`, from the end of what is there. Shows progress on a terminal.
    /// - Throws: `CoreError(.file)` when curl cannot be started, or the file cannot be written.
    static func fetch(_ url: String, to part: String) throws(CoreError) -> End {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "curl", "--fail", "--location", "--max-redirs", "5", "--silent", "--show-error", "--connect-timeout", "20",
            "--speed-limit", "1000", "--speed-time", "20", "--proto", "=http,https", "--max-filesize",
            "\(Download.largestFile)", "--dump-header", part + ".head", "--continue-at", "-", "--output", part, "--", url,
        ]
        let errors = Pipe()
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        defer { unlink(part + ".head") }
        do {
            try process.run()
        } catch {
            throw CoreError(.file, "curl cannot be started", at: "curl", found: "\(error)", remedy: "install curl")
        }
        let progress = FetchProgress(part: part)
        while ended.wait(timeout: .now() + .milliseconds(250)) == .timedOut {
            if let line = progress.line() { Console.progress(line) } else { process.terminate() }
        }
        Console.clearProgress()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let status = process.terminationStatus
        if status == 127 {
            throw CoreError(.file, "curl is not here", at: "curl", remedy: "install it: apt-get install curl")
        }
        if status == 23 { throw CoreError(.file, "the file cannot be written", at: part, found: text) }
        let line = text.split(separator: "\n").last.map(String.init) ?? "curl ended with status \(status)"
        return End(status: status, message: line)
    }
}

/// How far a file has come.
private struct FetchProgress {
    let part: String
    private let begin = ContinuousClock.now
    private let first: Int

    init(part: String) {
        self.part = part
        first = Self.size(part)
    }

    /// What to show: amount, rate and time left; nil when the file has grown beyond what any may be.
    func line() -> String? {
        let size = Self.size(part)
        guard size <= Download.largestFile else { return nil }
        let seconds = max(0.001, (ContinuousClock.now - begin) / .seconds(1))
        let rate = Double(size - first) / seconds
        var line = URL(fileURLWithPath: part).deletingPathExtension().lastPathComponent
        line += String(format: "  %.1f", Double(size) / 1e6)
        let total = announced.map { $0 + first }
        if let total { line += String(format: " of %.1f", Double(total) / 1e6) }
        line += String(format: " MB, %.1f MB/s", rate / 1e6)
        if let total, rate > 0, total > size { line += String(format: ", %.0f s left", Double(total - size) / rate) }
        return line
    }

    /// What the server's last answer says of the length of what it sends.
    private var announced: Int? {
        guard let data = FileManager.default.contents(atPath: part + ".head") else { return nil }
        let lines = String(decoding: data.prefix(1 << 16), as: UTF8.self).lowercased().split(whereSeparator: \.isNewline)
        return lines.last { $0.hasPrefix("content-length:") }.flatMap { line in
            Int(line.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces))
        }.flatMap { (1...Download.largestFile).contains($0) ? $0 : nil }
    }

    private static func size(_ path: String) -> Int {
        ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? NSNumber)?.intValue ?? 0
    }
}
