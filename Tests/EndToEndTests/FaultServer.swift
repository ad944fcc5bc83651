import Foundation
import Synchronization

/// A server on the loopback interface that sends files, and sends them wrong in the way that the first part of the path
/// names: good, cut (half at first, then the rest), norange (never a part), html, missing, wrong (other bytes).
final class FaultServer: Sendable {
    let port: UInt16
    private let socket: Int32
    private let files: [String: [UInt8]]
    private let counts = Mutex((requests: 0, ranges: 0, cut: Set<String>()))

    var requests: Int { counts.withLock { $0.requests } }
    /// Requests for a part of a file.
    var ranges: Int { counts.withLock { $0.ranges } }

    init(_ files: [String: [UInt8]]) throws {
        self.files = files
        socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (descriptor, size) = (socket, length)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 16) == 0 && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard socket >= 0, bound else { throw Failure("no socket: \(String(cString: strerror(errno)))") }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in serve() }
    }

    private func serve() {
        while true {
            let client = accept(socket, nil, nil)
            guard client >= 0 else { return }
            answer(client)
            shutdown(client, Int32(SHUT_RDWR))
            close(client)
        }
    }

    private func answer(_ client: Int32) {
        var buffer = [UInt8](repeating: 0, count: 8192)
        var request = ""
        while !request.contains("\r\n\r\n") {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            request += String(decoding: buffer[..<count], as: UTF8.self)
        }
        let path = request.split(separator: " ").dropFirst().first?.split(separator: "/").map(String.init) ?? []
        guard path.count == 2, var body = files[path[1]], path[0] != "missing" else {
            return send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", [], client)
        }
        if path[0] == "html" { body = Array("<html>log in</html>".utf8) }
        if path[0] == "wrong" { body[body.count / 2] ^= 0xff }
        let start = request.lowercased().firstRange(of: "range: bytes=").map { found in
            Int(request[found.upperBound...].prefix { $0.isNumber }) ?? 0
        }
        let isCut = counts.withLock { counts in
            counts.requests += 1
            if start != nil { counts.ranges += 1 }
            return path[0] == "cut" && counts.cut.insert(path[1]).inserted
        }
        if let start, start < body.count, path[0] != "norange" {
            let rest = Array(body[start...])
            return send(
                "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes \(start)-\(body.count - 1)/\(body.count)\r\n"
                    + "Content-Length: \(rest.count)\r\n\r\n", rest, client)
        }
        let sent = isCut ? Array(body[..<(body.count / 2)]) : body
        send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n", sent, client)
    }

    private func send(_ head: String, _ body: [UInt8], _ client: Int32) {
        let bytes = Array(head.utf8) + body
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Foundation.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            sent += count
        }
    }
}
