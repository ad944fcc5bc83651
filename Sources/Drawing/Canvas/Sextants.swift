/// The 64 sextant blocks, bit `2 * row + column`. Unicode lists them from U+1FB00 in this order, without
/// the four that older blocks already gave: empty, left half, right half, full.
let sextantGlyphs: [Unicode.Scalar] = (0..<64).map { (mask: UInt32) in
    switch mask {
    case 0: return " "
    case 0b010101: return "▌"
    case 0b101010: return "▐"
    case 63: return "█"
    default:
        let skipped: UInt32 = 1 + (mask > 0b010101 ? 1 : 0) + (mask > 0b101010 ? 1 : 0)
        return Unicode.Scalar(0x1FB00 + mask - skipped) ?? "?"
    }
}

/// Sextants: 2 × 3 pixels a cell in the best two colours.
package func rasterizeSextants(_ source: RasterSource, _ target: RasterTarget, _ tones: UnsafePointer<Color>) {
    rasterizeTwoTone(source, target, across: 2, down: 3, glyphs: sextantGlyphs, tones)
}

/// Sextants without colours: each pixel is lit or not.
package func rasterizeSextants(_ source: RasterSource, _ target: RasterTarget, ditheredIn ground: (Color, Color)) {
    rasterizeDithered(source, target, across: 2, down: 3, glyphs: sextantGlyphs, ground)
}
