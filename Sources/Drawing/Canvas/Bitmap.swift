/// A picture, row-major, with its channels beside one another: one of brightness 0…1, or -1…1 for a difference; or red, green
/// and blue, 0…1 each.
package struct Bitmap: Sendable, Equatable {
    package let width, height: Int
    /// 1 or 3.
    package let channels: Int
    package var pixels: [Float]

    /// A picture of `width × height` pixels.
    /// - Precondition: `pixels` holds exactly that many, times `channels`.
    package init(width: Int, height: Int, channels: Int = 1, pixels: [Float]) {
        precondition(
            width > 0 && height > 0 && (channels == 1 || channels == 3) && pixels.count == width * height * channels,
            "pixels do not fill the picture")
        self.width = width
        self.height = height
        self.channels = channels
        self.pixels = pixels
    }

    /// A picture of one channel whose pixels are computed from column and row.
    package init(width: Int, height: Int, _ value: (Int, Int) -> Float) {
        var pixels: [Float] = []
        pixels.reserveCapacity(width * height)
        for y in 0..<height { for x in 0..<width { pixels.append(value(x, y)) } }
        self.init(width: width, height: height, pixels: pixels)
    }
}
