/// Braille: 2 × 4 dots a cell, lit or not.
package func rasterizeBraille(_ source: RasterSource, _ target: RasterTarget, _ ground: (Color, Color)) {
    Dither.with(source) { lit in
        target.fill { column, row in
            var dots = 0
            for y in 0..<4 {
                for x in 0..<2 where lit(2 * column + x, 4 * row + y) { dots |= Braille.bit(x, y) }
            }
            return Cell(Braille.glyph(dots), front: ground.0, back: ground.1)
        }
    }
}

/// The Braille patterns, whose bits are numbered down the left column, down the right, then the last row.
package enum Braille {
    /// The bit of the dot in column `x` (0…1) and row `y` (0…3).
    @inline(__always)
    package static func bit(_ x: Int, _ y: Int) -> Int { y == 3 ? 0x40 << x : 1 << (y + 3 * x) }

    /// The character with these dots; a space for none.
    @inline(__always)
    package static func glyph(_ dots: Int) -> Unicode.Scalar {
        dots == 0 ? " " : Unicode.Scalar(0x2800 + UInt32(dots & 0xFF)) ?? " "
    }
}
