/// One picture as well as a rectangle can show it.
package struct DigitImage: Sendable {
    package var image: Bitmap
    package var ramp: ColorRamp

    /// - Parameter ramp: how its values become colours.
    package init(_ image: Bitmap, ramp: ColorRamp = .gray) {
        self.image = image
        self.ramp = ramp
    }

    /// Draws the picture in the middle of `rect`: at a whole multiple of its size in half blocks where
    /// there is room for that, else shrunk, in quadrants.
    /// - Returns: the rectangle it covers.
    @discardableResult
    package func draw(into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) -> Rect {
        let fitted = rect.fitting(pixelWidth: image.width, pixelHeight: image.height)
        let scale = min(rect.width / image.width, rect.height * 2 / image.height)
        guard scale >= 1 else {
            return canvas.image(image, in: fitted, mode: .quadrant, ramp: ramp, capabilities)
        }
        let exact = rect.centered(width: image.width * scale, height: (image.height * scale + 1) / 2)
        return canvas.image(image, in: exact, mode: .half, ramp: ramp, capabilities)
    }
}
