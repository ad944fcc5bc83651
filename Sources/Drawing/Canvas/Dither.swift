/// Ordered dithering, for pictures in two tones.
///
/// Thresholds stay near the middle: strokes keep clean edges and only true greys are patterned.
package enum Dither {
    private static let thresholds: [Float] = pattern.map { 0.3 + 0.4 * $0 }

    /// Bayer's pattern of four by four, 0…1.
    private static let pattern: [Float] = [
        0, 8, 2, 10,
        12, 4, 14, 6,
        3, 11, 1, 9,
        15, 7, 13, 5,
    ].map { ($0 + 0.5) / 16 }

    /// The pattern's value at a place: the share of a step above which the higher colour is taken.
    static func bayer(_ x: Int, _ y: Int) -> Float { pattern[(y & 3) * 4 + (x & 3)] }

    /// Calls `body` with a function that says whether the pixel at (x, y) is lit.
    @inline(__always)
    package static func with(_ source: RasterSource, _ body: ((Int, Int) -> Bool) -> Void) {
        thresholds.withUnsafeBufferPointer { thresholds in
            body { x, y in source.values[y * source.stride + x] > thresholds[(y & 3) * 4 + (x & 3)] }
        }
    }
}
