import CJPEG

/// Pictures as JPEG, read through libjpeg.
enum JPEG {
    /// Whether a file that begins so is one.
    static func recognises(_ start: [UInt8]) -> Bool { start.starts(with: [0xff, 0xd8, 0xff]) }

    /// The pixels of a JPEG file (height, width, channel), 0…255: 1 channel if the file is grey, else 3.
    ///
    /// - Parameters:
    ///   - name: the file's name, for errors.
    ///   - limit: the largest number of values accepted.
    /// - Throws: `CoreError(.file)` when the file is damaged, ends early or is too large.
    static func decode(
        _ bytes: [UInt8], name: String, limit: Int
    ) throws(CoreError) -> (shape: ImageShape, pixels: [UInt8]) {
        var message = [CChar](repeating: 0, count: Int(LATENT_JPEG_MESSAGE))
        func text() -> String { String(decoding: message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) }
        var (width, height, channels): (Int32, Int32, Int32) = (0, 0, 0)
        guard latent_jpeg_size(bytes, bytes.count, &width, &height, &channels, &message) == 0 else {
            throw CoreError(.file, "not a JPEG file (\(text()))", at: name)
        }
        let shape = ImageShape(height: Int(height), width: Int(width), channels: Int(channels))
        guard shape.count > 0, shape.count <= limit else {
            throw CoreError(
                .file, "picture too large", at: name, expected: "at most \(limit) values",
                found: "\(height)×\(width)")
        }
        var pixels = [UInt8](repeating: 0, count: shape.count)
        guard latent_jpeg_decode(bytes, bytes.count, channels, &pixels, shape.count, &message) == 0 else {
            throw CoreError(.file, "damaged JPEG file (\(text()))", at: name)
        }
        return (shape, pixels)
    }
}
