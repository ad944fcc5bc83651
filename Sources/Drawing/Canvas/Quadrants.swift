/// The sixteen quadrant blocks. Bits: 1 top left, 2 top right, 4 bottom left, 8 bottom right.
let quadrantGlyphs: [Unicode.Scalar] = [
    " ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
]

/// Quadrants: 2 × 2 pixels a cell in the best two colours.
package func rasterizeQuadrants(_ source: RasterSource, _ target: RasterTarget, _ tones: UnsafePointer<Color>) {
    rasterizeTwoTone(source, target, across: 2, down: 2, glyphs: quadrantGlyphs, tones)
}

/// Quadrants without colours: each pixel is lit or not.
package func rasterizeQuadrants(_ source: RasterSource, _ target: RasterTarget, ditheredIn ground: (Color, Color)) {
    rasterizeDithered(source, target, across: 2, down: 2, glyphs: quadrantGlyphs, ground)
}
