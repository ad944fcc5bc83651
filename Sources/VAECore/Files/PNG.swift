import CPNG

/// Pictures as 8-bit PNG, grey or RGB, through libpng's simplified interface.
///
/// Pixels are (height, width, channel), row-major, one byte each, in sRGB.
public enum PNG {
    /// The longest side that is written or read.
    public static let longestSide = 16_384

    /// The bytes of a PNG file.
    ///
    /// - Parameters:
    ///   - pixels: (height, width, channel), 0…255.
    ///   - shape: the size; 1 channel is grey, 3 are red, green, blue.
    /// - Throws: `CoreError(.file)` when the size or the number of channels is not supported.
    public static func encode(_ pixels: [UInt8], shape: ImageShape) throws(CoreError) -> [UInt8] {
        let place = "PNG picture"
        guard shape.isDrawable else {
            throw CoreError(
                .file, "cannot write this many channels", at: place, expected: "1 or 3", found: "\(shape.channels)")
        }
        let sides = 1...longestSide
        guard sides.contains(shape.height), sides.contains(shape.width), pixels.count == shape.count else {
            throw CoreError(
                .file, "picture of an impossible size", at: place, expected: "sides of 1 to \(longestSide)",
                found: "\(shape.height)×\(shape.width), \(pixels.count) bytes")
        }
        var image = Image()
        defer { image.free() }
        let state = image.state
        state.pointee.width = UInt32(shape.width)
        state.pointee.height = UInt32(shape.height)
        state.pointee.format = shape.channels == 3 ? UInt32(PNG_FORMAT_FLAG_COLOR) : 0
        let rowStride = Int32(shape.width * shape.channels)
        // Room for what zlib adds to incompressible rows, a chunk header every 8 kB, and the fixed chunks.
        let data = (Int(rowStride) + 1) * shape.height
        let bound = data + data / 4 + 1024
        var success = false
        let bytes = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            var size = png_alloc_size_t(bound)
            success = png_image_write_to_memory(state, buffer.baseAddress, &size, 0, pixels, rowStride, nil) != 0
            count = success ? Int(size) : 0
        }
        guard success else { throw CoreError(.file, "libpng: \(image.message)", at: place) }
        return bytes
    }

    /// Writes a picture to `path`, whole or not at all.
    ///
    /// - Throws: `CoreError(.file)` as `encode` and `AtomicFile.write`.
    public static func write(_ pixels: [UInt8], shape: ImageShape, to path: String) throws(CoreError) {
        try AtomicFile.write(encode(pixels, shape: shape), to: path)
    }

    /// The pixels of a PNG file (height, width, channel): 1 channel if the file is grey, else 3. Transparent pixels are
    /// blended with black; 16-bit values become 8-bit.
    ///
    /// - Parameters:
    ///   - name: the file's name, for errors.
    ///   - limit: the largest number of values accepted.
    /// - Throws: `CoreError(.file)` when the file is damaged or too large.
    public static func decode(
        _ bytes: [UInt8], name: String, limit: Int = 256 << 20
    ) throws(CoreError) -> (shape: ImageShape, pixels: [UInt8]) {
        var image = Image()
        defer { image.free() }
        let state = image.state
        var problem: CoreError?
        var shape = ImageShape(height: 0, width: 0)
        var pixels: [UInt8] = []
        // Both calls in one closure, since libpng keeps the address of the bytes between them.
        bytes.withUnsafeBytes { buffer in
            guard png_image_begin_read_from_memory(state, buffer.baseAddress, buffer.count) != 0 else {
                problem = CoreError(.file, "not a PNG file (\(image.message))", at: name)
                return
            }
            let isColor = state.pointee.format & UInt32(PNG_FORMAT_FLAG_COLOR) != 0
            shape = ImageShape(
                height: Int(state.pointee.height), width: Int(state.pointee.width), channels: isColor ? 3 : 1)
            guard shape.height <= longestSide, shape.width <= longestSide, shape.count <= limit else {
                problem = CoreError(
                    .file, "picture too large", at: name, expected: "sides up to \(longestSide), at most \(limit) values",
                    found: "\(shape.height)×\(shape.width)")
                return
            }
            state.pointee.format = isColor ? UInt32(PNG_FORMAT_FLAG_COLOR) : 0
            pixels = [UInt8](repeating: 0, count: shape.count)
            if png_image_finish_read(state, nil, &pixels, Int32(shape.width * shape.channels), nil) == 0 {
                problem = CoreError(.file, "damaged PNG file (\(image.message))", at: name)
            }
        }
        if let problem { throw problem }
        return (shape, pixels)
    }

    /// libpng's state, allocated because it must not move while in use.
    private struct Image {
        let state: UnsafeMutablePointer<png_image>

        init() {
            state = .allocate(capacity: 1)
            state.initialize(to: png_image())
            state.pointee.version = UInt32(PNG_IMAGE_VERSION)
        }

        mutating func free() {
            png_image_free(state)
            state.deallocate()
        }

        /// libpng's message for what went wrong.
        var message: String {
            withUnsafeBytes(of: state.pointee.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        }
    }
}
