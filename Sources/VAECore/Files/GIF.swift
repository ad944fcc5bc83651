import CGIF

/// Animations as GIF89a, through giflib: grey in 256 levels; in colour in a cube of 6 × 7 × 6, between whose colours an ordered
/// pattern mixes.
public enum GIF {
    /// The longest side written. (The format allows 65,535.)
    public static let longestSide = 16_384
    private static let place = "GIF animation"

    /// The bytes of an animation that repeats for ever.
    ///
    /// - Parameters:
    ///   - count: the number of frames.
    ///   - shape: the size of each frame; 1 channel is grey, 3 are red, green, blue.
    ///   - centiseconds: how long each frame is shown, in 1/100 s.
    ///   - frame: makes a frame (height, width, channel), 0…255. Called for each in order, after the previous one is written.
    /// - Throws: `CoreError(.file)` when there are no frames, a frame has the wrong size, or the size is not supported.
    public static func encode(
        count: Int, shape: ImageShape, centiseconds: Int, frame: (Int) -> [UInt8]
    ) throws(CoreError) -> [UInt8] {
        let sides = 1...longestSide
        guard shape.isDrawable, sides.contains(shape.height), sides.contains(shape.width), count > 0 else {
            throw CoreError(
                .file, "animation of an impossible size", at: place,
                expected: "pictures of 1 or 3 channels with sides of 1 to \(longestSide)",
                found: "\(count) of \(shape.height)×\(shape.width)×\(shape.channels)")
        }
        let output = Output()
        var problem: Int32 = 0
        let target = Unmanaged.passUnretained(output).toOpaque()
        guard let gif = EGifOpen(target, write, &problem) else { throw failure(problem) }
        var isWhole = begin(gif, shape)
        var wrong: CoreError?
        for index in 0..<count where isWhole {
            let pixels = frame(index)
            if pixels.count != shape.count {
                wrong = CoreError(
                    .file, "frame of another size", at: "\(place), frame \(index)",
                    expected: "\(shape.count) pixels", found: "\(pixels.count)")
            }
            isWhole = wrong == nil && put(pixels, gif, shape, centiseconds)
        }
        let reason = gif.pointee.Error
        let isClosed = EGifCloseFile(gif, &problem) == GIF_OK
        if let wrong { throw wrong }
        guard isWhole else { throw failure(reason) }
        guard isClosed else { throw failure(problem) }
        return output.bytes
    }

    /// Writes an animation to `path`, whole or not at all.
    ///
    /// - Throws: `CoreError(.file)` as `encode` and `AtomicFile.write`.
    public static func write(
        count: Int, shape: ImageShape, centiseconds: Int, to path: String, frame: (Int) -> [UInt8]
    ) throws(CoreError) {
        try AtomicFile.write(encode(count: count, shape: shape, centiseconds: centiseconds, frame: frame), to: path)
    }

    /// The bytes of an animation of finished frames; see `encode(count:shape:centiseconds:frame:)`.
    public static func encode(
        _ frames: [[UInt8]], shape: ImageShape, centiseconds: Int
    ) throws(CoreError) -> [UInt8] {
        try encode(count: frames.count, shape: shape, centiseconds: centiseconds) { frames[$0] }
    }

    /// Writes an animation of finished frames to `path`, whole or not at all.
    ///
    /// - Throws: `CoreError(.file)` as `encode` and `AtomicFile.write`.
    public static func write(
        _ frames: [[UInt8]], shape: ImageShape, centiseconds: Int, to path: String
    ) throws(CoreError) {
        try write(count: frames.count, shape: shape, centiseconds: centiseconds, to: path) { frames[$0] }
    }

    /// Collects giflib's bytes.
    private final class Output {
        var bytes: [UInt8] = []
    }

    private static let write: OutputFunc = { gif, bytes, count in
        guard let gif, let bytes, let target = gif.pointee.UserData else { return 0 }
        let output = Unmanaged<Output>.fromOpaque(target).takeUnretainedValue()
        output.bytes += UnsafeBufferPointer(start: bytes, count: Int(count))
        return count
    }

    /// Writes the size, 256 colours, and the block that tells viewers to repeat the animation.
    private static func begin(_ gif: UnsafeMutablePointer<GifFileType>, _ shape: ImageShape) -> Bool {
        guard let map = GifMakeMapObject(256, shape.channels == 1 ? greys : cube) else { return false }
        defer { GifFreeMapObject(map) }
        EGifSetGifVersion(gif, true)
        guard EGifPutScreenDesc(gif, Int32(shape.width), Int32(shape.height), 8, 0, map) == GIF_OK else { return false }
        let forEver: [UInt8] = [1, 0, 0]
        return EGifPutExtensionLeader(gif, 0xFF) == GIF_OK && EGifPutExtensionBlock(gif, 11, "NETSCAPE2.0") == GIF_OK
            && EGifPutExtensionBlock(gif, 3, forEver) == GIF_OK && EGifPutExtensionTrailer(gif) == GIF_OK
    }

    private static func put(
        _ frame: [UInt8], _ gif: UnsafeMutablePointer<GifFileType>, _ shape: ImageShape, _ centiseconds: Int
    ) -> Bool {
        let delay = UInt16(max(1, min(6000, centiseconds)))
        let control: [UInt8] = [0, UInt8(delay & 0xFF), UInt8(delay >> 8), 0]
        guard EGifPutExtension(gif, 0xF9, 4, control) == GIF_OK,
            EGifPutImageDesc(gif, 0, 0, Int32(shape.width), Int32(shape.height), false, nil) == GIF_OK
        else { return false }
        var pixels = shape.channels == 1 ? frame : inCube(frame, width: shape.width)
        return pixels.withUnsafeMutableBufferPointer { pixels in
            guard let first = pixels.baseAddress else { return false }
            return (0..<shape.height).allSatisfy {
                EGifPutLine(gif, first + $0 * shape.width, Int32(shape.width)) == GIF_OK
            }
        }
    }

    // MARK: Colours

    private static let greys = (0...255).map { (level: Int) in
        GifColorType(Red: UInt8(level), Green: UInt8(level), Blue: UInt8(level))
    }

    /// Steps of red, green and blue.
    private static let steps = (6, 7, 6)

    private static let cube = (0..<256).map { (index: Int) in
        func part(_ step: Int, of count: Int) -> UInt8 { UInt8(255 * step / (count - 1)) }
        let (red, green, blue) = (index / 42 % 6, index / 6 % 7, index % 6)
        return GifColorType(Red: part(red, of: 6), Green: part(green, of: 7), Blue: part(blue, of: 6))
    }

    /// Bayer's pattern of four by four, in sixteenths.
    private static let pattern = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]

    /// The colour in the cube for each pixel of a frame (height, width, 3).
    private static func inCube(_ frame: [UInt8], width: Int) -> [UInt8] {
        (0..<frame.count / 3).map { pixel in
            let threshold = 2 * pattern[pixel / width % 4 * 4 + pixel % width % 4] + 1
            // A step has 255 parts; the rest of a division by it says how near the next one is.
            func step(_ channel: Int, of count: Int) -> Int {
                let parts = Int(frame[3 * pixel + channel]) * (count - 1)
                return parts / 255 + (parts % 255 * 32 > threshold * 255 ? 1 : 0)
            }
            return UInt8(42 * step(0, of: steps.0) + 6 * step(1, of: steps.1) + step(2, of: steps.2))
        }
    }

    private static func failure(_ code: Int32) -> CoreError {
        let words = GifErrorString(code).map { String(cString: $0) } ?? "error \(code)"
        return CoreError(.file, "giflib: \(words)", at: place)
    }
}
