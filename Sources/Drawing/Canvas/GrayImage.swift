/// A picture of one value a pixel, row-major: brightness 0…1, or -1…1 for a difference.
package struct GrayImage: Sendable, Equatable {
    package let width: Int
    package let height: Int
    package var pixels: [Float]

    /// A picture of `width × height` pixels.
    /// - Precondition: `pixels` holds exactly that many.
    package init(width: Int, height: Int, pixels: [Float]) {
        precondition(
            width > 0 && height > 0 && pixels.count == width * height, "pixels do not fill the picture")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// A picture whose pixels are computed from column and row.
    package init(width: Int, height: Int, _ value: (Int, Int) -> Float) {
        var pixels: [Float] = []
        pixels.reserveCapacity(width * height)
        for y in 0..<height { for x in 0..<width { pixels.append(value(x, y)) } }
        self.init(width: width, height: height, pixels: pixels)
    }
}
