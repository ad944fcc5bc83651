/// Half blocks: two pixels a cell, each in its own colour.
package func rasterizeHalfBlocks(_ source: RasterSource, _ target: RasterTarget, _ tones: UnsafePointer<UInt8>) {
    target.fill { column, row in
        let pixel = source.values + 2 * row * source.stride + column
        let top = tones[toneIndex(pixel[0])]
        let bottom = tones[toneIndex(pixel[source.stride])]
        // One glyph for a plain cell, so that an unchanged background is never drawn again.
        return top == bottom
            ? Cell(" ", foregroundIndex: 0, backgroundIndex: bottom)
            : Cell("▀", foregroundIndex: top, backgroundIndex: bottom)
    }
}

/// Half blocks without colours: each half is lit or not.
package func rasterizeHalfBlocks(_ source: RasterSource, _ target: RasterTarget, ditheredIn ground: (UInt8, UInt8)) {
    Dither.with(source) { lit in
        target.fill { column, row in
            let glyph: Unicode.Scalar =
                switch (lit(column, 2 * row), lit(column, 2 * row + 1)) {
                case (true, true): "█"
                case (true, false): "▀"
                case (false, true): "▄"
                case (false, false): " "
                }
            return Cell(glyph, foregroundIndex: ground.0, backgroundIndex: ground.1)
        }
    }
}
