import Foundation

/// An event file being written: TensorBoard shows each folder of such files as a run.
package final class EventLog {
    private let folder: String
    /// The step from which earlier files of the folder are void; nil for a run that begins.
    private let start: Int?
    private var file: AppendedFile?
    /// What the names of our files end in.
    private static let suffix = ".latent"
    /// Tells files of one second apart.
    private static let number = Locked(0)

    /// The folder is made with the first event.
    /// - Parameter start: a run that is continued says from which step what earlier files have is void.
    package init(folder: String, from start: Int? = nil) { (self.folder, self.start) = (folder, start) }

    /// Appends values of one step.
    /// - Parameter time: seconds since 1970.
    /// - Throws: `CoreError(.file)` when the file system refuses. The event is then written with the next one.
    package func write(_ values: [EventValue], step: Int, time: Double) throws(CoreError) {
        try open(time: time).append(EventMessage.values(values, step: step, time: time).record)
    }

    private func open(time: Double) throws(CoreError) -> AppendedFile {
        if let file { return file }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw CoreError(.file, "cannot create the folder", at: folder, found: error.localizedDescription)
        }
        let new = AppendedFile(path: FileSystem.join(folder, Self.name(time: time)))
        file = new
        var head = EventMessage.version(time: time).record
        if let start { head += EventMessage.sessionStart(step: start, time: time).record }
        try new.append(head)
        return new
    }

    /// Tries once more to write what is pending.
    package func finish() throws(CoreError) { try file?.writePending() }

    /// A name that TensorBoard takes for an event file: by the time in it, files are in order.
    private static func name(time: Double) -> String {
        let number = number.withLock { number in
            defer { number += 1 }
            return number
        }
        let seconds = String(format: "%010ld", Int(time.isFinite ? min(max(0, time), 1e10 - 1) : 0))
        let host = ProcessInfo.processInfo.hostName.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        let process = ProcessInfo.processInfo.processIdentifier
        return "\(marker).\(seconds).\(host.isEmpty ? "host" : host).\(process).\(number)\(suffix)"
    }

    private static let marker = "events.out.tfevents"

    /// Whether a file's name is that of an event file, whoever wrote it.
    static func isOne(_ name: String) -> Bool { name.contains("tfevents") }

    /// Removes the event files that this program has written into a folder, and the folder if nothing else is in it.
    static func removeOwn(in folder: String) {
        for name in FileSystem.names(in: folder) ?? [] where name.hasPrefix(marker) && name.hasSuffix(suffix) {
            unlink(FileSystem.join(folder, name))
        }
        rmdir(folder)
    }
}
