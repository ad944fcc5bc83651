import CTerminal
import Foundation

/// How fast the full-screen program responds, seen from the other end of a pseudo-terminal of 80×24.
struct ScreenLatency {
    /// From starting the process to the last byte of its first picture, in milliseconds.
    var startMilliseconds: Double
    /// From an arrow key on Explore to the last byte of its effect, in milliseconds.
    var keyMilliseconds: (median: Double, p99: Double)

    /// Opens this program's explorer and presses arrow keys.
    /// - Returns: nil if there is no pseudo-terminal, or the program does not start.
    static func measure(keys: Int) -> ScreenLatency? {
        var slave: Int32 = -1
        let master = latent_pseudo_terminal(&slave)
        guard master >= 0 else { return nil }
        defer { close(master) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["explore"]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "COLUMNS": "80", "LINES": "24"]) { $1 }
        let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
        (process.standardInput, process.standardOutput, process.standardError) = (terminal, terminal, terminal)
        let began = DispatchTime.now().uptimeNanoseconds
        guard (try? process.run()) != nil else { return nil }
        defer {
            process.terminate()
            while process.isRunning, lastByte(of: master, first: 100, quiet: 20) != nil {}
            process.waitUntilExit()
        }
        guard let opened = lastByte(of: master, first: 5000, quiet: 15), process.isRunning else { return nil }
        // The images near the cursor come once the data set is loaded and encoded.
        _ = lastByte(of: master, first: 500, quiet: 200)
        var times: [Double] = []
        for i in 0..<keys {
            // There and back, so that every key moves the cursor; at irregular moments.
            usleep(UInt32(3000 + (i * 7919) % 20000))
            let pressed = DispatchTime.now().uptimeNanoseconds
            guard write(master, i % 2 == 0 ? "l" : "h", 1) == 1,
                let shown = lastByte(of: master, first: 1000, quiet: 15)
            else { return nil }
            times.append(Double(shown - pressed) / 1e6)
        }
        return ScreenLatency(
            startMilliseconds: Double(opened - began) / 1e6,
            keyMilliseconds: (median(times), times.sorted()[max(0, keys * 99 / 100 - 1)]))
    }

    /// Reads until nothing has come for `quiet` milliseconds.
    /// - Returns: when the last byte came; nil if none came within `first` milliseconds.
    private static func lastByte(of descriptor: Int32, first: Int32, quiet: Int32) -> UInt64? {
        var last: UInt64?
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while poll(&request, 1, last == nil ? first : quiet) > 0, read(descriptor, &buffer, buffer.count) > 0 {
            last = DispatchTime.now().uptimeNanoseconds
        }
        return last
    }
}
