/// Half blocks: two pixels a cell, each in its own colour.
package func rasterizeHalfBlocks(_ source: RasterSource, _ target: RasterTarget, _ tones: UnsafePointer<Color>) {
    target.fill { column, row in
        let pixel = source.values + 2 * row * source.stride + column
        let top = tones[toneIndex(pixel[0])]
        let bottom = tones[toneIndex(pixel[source.stride])]
        // One glyph for a plain cell, so that an unchanged background is never drawn again.
        return top == bottom
            ? Cell(" ", front: .own, back: bottom)
            : Cell("▀", front: top, back: bottom)
    }
}
