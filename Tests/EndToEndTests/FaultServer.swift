import Foundation
import Synchronization

/// A server on the loopback interface that sends files, and sends them wrong in the way that the first part of the path
/// names.
final class FaultServer: Sendable {
    enum Way: String, CaseIterable {
        /// As it should be.
        case good
        /// Half at first, then the rest to who asks for it.
        case cut
        /// Half at first, then the connection is reset; then the rest.
        case reset
        /// Half at first, then nothing, while the connection stays; then the rest.
        case stall
        /// Never a part of a file.
        case norange
        /// A page with 200 for whatever is asked.
        case html
        /// A byte in the middle is another.
        case wrong
        /// Less than the file, with the length that it has.
        case short
        /// More than the file.
        case long
        /// 403, 404 and 503.
        case forbidden, missing, busy
        /// A redirection to itself.
        case loop

        /// Whether only the first half comes at the first time.
        var breaksOff: Bool { [.cut, .reset, .stall].contains(self) }
    }

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

    /// The folder of a mirror.
    func mirror(_ way: Way) -> String { "http://127.0.0.1:\(port)/\(way.rawValue)/" }

    private func serve() {
        while true {
            let client = accept(socket, nil, nil)
            guard client >= 0 else { return }
            // Each on its own thread: one may stall.
            Thread.detachNewThread { [self] in
                answer(client)
                close(client)
            }
        }
    }

    private func answer(_ client: Int32) {
        guard let request = request(client) else { return }
        let path = request.split(separator: " ").dropFirst().first?.split(separator: "/").map(String.init) ?? []
        guard path.count == 2, let way = Way(rawValue: path[0]), let file = files[path[1]] else {
            return send("404 Not Found", to: client)
        }
        switch way {
        case .forbidden: return send("403 Forbidden", to: client, Array("<html>no</html>".utf8))
        case .missing: return send("404 Not Found", to: client, Array("<html>nowhere</html>".utf8))
        case .busy: return send("503 Service Unavailable", to: client)
        case .loop: return send("302 Found", to: client, fields: ["Location: /\(path[0])/\(path[1])"])
        default: break
        }
        let body = body(file, way)
        let start = request.lowercased().firstRange(of: "range: bytes=").map { found in
            Int(request[found.upperBound...].prefix { $0.isNumber }) ?? 0
        }
        let isFirst = counts.withLock { counts in
            counts.requests += 1
            if start != nil { counts.ranges += 1 }
            return way.breaksOff && counts.cut.insert(path[1]).inserted
        }
        if let start, start < body.count, way != .norange {
            let range = "Content-Range: bytes \(start)-\(body.count - 1)/\(body.count)"
            return send("206 Partial Content", to: client, fields: [range], Array(body[start...]))
        }
        send("200 OK", to: client, body, upTo: isFirst ? body.count / 2 : body.count)
        if isFirst { leave(client, way) }
    }

    private func request(_ client: Int32) -> String? {
        var buffer = [UInt8](repeating: 0, count: 8192)
        var request = ""
        while !request.contains("\r\n\r\n") {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            request += String(decoding: buffer[..<count], as: UTF8.self)
        }
        return request
    }

    private func body(_ file: [UInt8], _ way: Way) -> [UInt8] {
        var body = file
        switch way {
        case .html: body = Array("<html>log in</html>".utf8)
        case .wrong: body[body.count / 2] ^= 0xff
        case .short: body.removeLast(body.count / 3)
        case .long: body += [UInt8](repeating: 7, count: 1000)
        default: break
        }
        return body
    }

    /// Ends a connection in the middle of a file.
    private func leave(_ client: Int32, _ way: Way) {
        if way == .reset {
            var now = linger(l_onoff: 1, l_linger: 0)
            setsockopt(client, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        }
        // Until the other side gives up.
        var byte: UInt8 = 0
        if way == .stall { _ = recv(client, &byte, 1, 0) }
    }

    private func send(
        _ status: String, to client: Int32, fields: [String] = [], _ body: [UInt8] = [], upTo end: Int? = nil
    ) {
        let head = (["HTTP/1.1 \(status)", "Content-Length: \(body.count)", "Connection: close"] + fields).joined(separator: "\r\n")
        let bytes = Array("\(head)\r\n\r\n".utf8) + body[..<(end ?? body.count)]
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { Foundation.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            sent += count
        }
    }
}
