import CZlib

/// gzip streams of known size: nothing is inflated beyond the size that the content announces.
package enum Gzip {
    /// Whether `bytes` begin like a gzip stream (1f 8b).
    static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.count >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b }

    /// The first bytes of what is in a gzip stream, of which `bytes` are the beginning; fewer if it is damaged or ends.
    static func start(of bytes: [UInt8], count: Int) -> [UInt8] {
        guard let stream = try? InflateStream(bytes, place: "") else { return [] }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            buffer.initialize(repeating: 0)
            _ = try? stream.fill(buffer)
            filled = count - stream.room
        }
    }

    /// Inflates a file of unknown length, a block at a time, until `take` returns false.
    ///
    /// A stream may hold at most a hundred times its own length, or 16 MB if that is more: text compresses to a tenth, and
    /// what inflates to more is made to fill the memory.
    /// - Throws: `CoreError(.data)` when it is damaged, truncated, or holds more.
    static func eachBlock(
        _ input: [UInt8], place: String, _ take: (UnsafeBufferPointer<UInt8>) -> Bool
    ) throws(CoreError) {
        let stream = try InflateStream(input, place: place)
        let block = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 18)
        defer { block.deallocate() }
        let most = max(16 << 20, 100 * input.count)
        var total = 0
        while true {
            let count = try stream.fill(block)
            total += count
            guard total <= most else {
                throw CoreError(
                    .data, "the gzip file holds far more than its length suggests", at: place,
                    expected: "at most \(most) bytes", found: "more", remedy: "do not trust where it came from")
            }
            guard count > 0, take(UnsafeBufferPointer(rebasing: block[..<count])) else { break }
        }
    }

    /// Inflates a file whose own header says how long it is.
    ///
    /// Up to `headLength` bytes are inflated first and passed to `layout`, which returns the length of the header and the
    /// number of bytes that must follow it. Only then is memory allocated, and exactly that many bytes are inflated: a
    /// stream that is longer or shorter, or has anything after its end, is refused. So a small file that would inflate
    /// to gigabytes costs no more than its header announces.
    ///
    /// - Parameter place: the file's name, for errors.
    /// - Returns: the bytes after the header.
    /// - Throws: `CoreError(.data)`, or what `layout` throws.
    static func inflate(
        _ input: [UInt8], place: String, headLength: Int,
        layout: (_ head: [UInt8]) throws(CoreError) -> (header: Int, payload: Int)
    ) throws(CoreError) -> [UInt8] {
        let stream = try InflateStream(input, place: place)
        var head = [UInt8](repeating: 0, count: headLength)
        let headCount = try head.withUnsafeMutableBufferPointer { buffer throws(CoreError) in
            try stream.fill(buffer)
        }
        head.removeLast(headLength - headCount)
        let (header, size) = try layout(head)
        let already = min(headCount - header, size)
        // Deflate packs at most 1032 bytes into one: a shorter input cannot hold what the header announces.
        guard size / 1032 <= input.count else {
            throw truncated(place, expected: size, found: "\(input.count) compressed bytes")
        }
        // Before allocating much memory, check with little that the stream is as long as it says.
        if size > 128 << 20 { try InflateStream(input, place: place).measure(headLength: header, size: size) }
        var problem: CoreError?
        let payload = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            for index in 0..<already { buffer[index] = head[header + index] }
            do throws(CoreError) {
                count = already + (try stream.fill(UnsafeMutableBufferPointer(rebasing: buffer[already...])))
            } catch {
                problem = error
            }
        }
        if let problem { throw problem }
        guard payload.count == size else {
            throw truncated(place, expected: size, found: "\(payload.count) bytes")
        }
        guard headCount - header <= size else { throw trailing(place, size) }
        try stream.finish(size: size)
        return payload
    }

    /// `bytes` as one gzip stream, without time or name: the same input gives the same output.
    ///
    /// - Parameter level: 1 (fast) … 9 (small).
    package static func deflate(_ bytes: [UInt8], level: Int32 = 9) -> [UInt8] {
        // Allocated, since zlib keeps the address of its state.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        let status = deflateInit2_(
            stream, level, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)
        )
        precondition(status == Z_OK, "zlib could not start: \(status)")
        precondition(bytes.count < Int(UInt32.max) / 2)
        let bound = Int(deflateBound(stream, UInt(bytes.count)))
        var input = bytes
        return input.withUnsafeMutableBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: bound) { output, count in
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = UInt32(output.count)
                let status = CZlib.deflate(stream, Z_FINISH)
                precondition(status == Z_STREAM_END, "zlib's own bound was too small")
                count = output.count - Int(stream.pointee.avail_out)
                deflateEnd(stream)
            }
        }
    }

    fileprivate static func truncated(_ place: String, expected: Int, found: String) -> CoreError {
        CoreError(
            .data, "truncated gzip file", at: place, expected: "\(expected) bytes after the header", found: found,
            remedy: "download it again")
    }

    fileprivate static func trailing(_ place: String, _ size: Int) -> CoreError {
        CoreError(
            .data, "trailing bytes in the gzip file", at: place, expected: "\(size) bytes after the header",
            found: "more", remedy: "download it again")
    }
}

/// An inflation in progress, with the bytes it reads. Its state is allocated, since zlib keeps the address.
private final class InflateStream {
    private let stream: UnsafeMutablePointer<z_stream>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let place: String
    private var ended = false

    init(_ bytes: [UInt8], place: String) throws(CoreError) {
        self.place = place
        input = .allocate(capacity: bytes.count)
        _ = input.initialize(from: bytes)
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        stream.pointee.next_in = input.baseAddress
        stream.pointee.avail_in = UInt32(clamping: bytes.count)
        let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK && bytes.count <= Int(UInt32.max) else {
            throw CoreError(.data, "cannot inflate the file", at: place, found: "zlib status \(status)")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        input.deallocate()
    }

    /// Inflates into `output` until it is full or the stream ends.
    /// - Returns: the number of bytes written.
    func fill(_ output: UnsafeMutableBufferPointer<UInt8>) throws(CoreError) -> Int {
        guard !output.isEmpty && !ended else { return 0 }
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        while stream.pointee.avail_out > 0 && !ended {
            let status = CZlib.inflate(stream, Z_NO_FLUSH)
            switch status {
            case Z_OK: continue
            case Z_STREAM_END: ended = true
            case Z_BUF_ERROR:
                throw CoreError(
                    .data, "truncated gzip file", at: place, expected: "the end of the gzip stream",
                    found: "the end of the file", remedy: "download it again")
            default:
                let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)"
                throw CoreError(
                    .data, "damaged gzip file", at: place, found: reason, remedy: "download it again")
            }
        }
        return output.count - Int(stream.pointee.avail_out)
    }

    /// Bytes of the last output that were not filled.
    var room: Int { Int(stream.pointee.avail_out) }

    /// Checks that the stream holds `headLength` + `size` bytes, without keeping them.
    func measure(headLength: Int, size: Int) throws(CoreError) {
        let scratch = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1 << 16)
        defer { scratch.deallocate() }
        var rest = headLength + size
        while rest > 0 {
            let part = UnsafeMutableBufferPointer(rebasing: scratch.prefix(rest))
            let count = try fill(part)
            rest -= count
            guard count == part.count else {
                throw Gzip.truncated(place, expected: size, found: "\(size - rest) bytes")
            }
        }
        try finish(size: size)
    }

    /// Checks that the stream ends here with the right checksum, and that nothing follows.
    func finish(size: Int) throws(CoreError) {
        let spare = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 1)
        defer { spare.deallocate() }
        guard try fill(spare) == 0 else { throw Gzip.trailing(place, size) }
        guard stream.pointee.avail_in == 0 else {
            throw CoreError(
                .data, "trailing bytes after the gzip stream", at: place, expected: "the end of the file",
                found: "\(stream.pointee.avail_in) more bytes", remedy: "download it again")
        }
    }
}
