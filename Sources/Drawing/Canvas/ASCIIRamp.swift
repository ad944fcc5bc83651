private let brightness: [Unicode.Scalar] = [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"]
private let difference: [Unicode.Scalar] = ["=", "~", "-", ",", " ", " ", ".", "+", "*", "#"]

/// The character for a brightness 0…1.
func brightnessGlyph(_ value: Float) -> Unicode.Scalar { brightness[(toneIndex(value) * 9 + 127) / 255] }

/// ASCII: one of ten characters a cell, by brightness, or by size and sign of a difference.
///
/// With `tones` the cell is filled with the exact colour and the character, drawn in the same colour,
/// is there for whoever copies the text.
package func rasterizeASCII(
    _ source: RasterSource, _ target: RasterTarget, _ tones: UnsafePointer<Color>?, _ ground: (Color, Color),
    signed: Bool
) {
    (signed ? difference : brightness).withUnsafeBufferPointer { glyphs in
        target.fill { column, row in
            let level = toneIndex(source.values[row * source.stride + column])
            let glyph = glyphs[(level * 9 + 127) / 255]
            guard let tones else { return Cell(glyph, front: ground.0, back: ground.1) }
            return Cell(glyph, front: tones[level], back: tones[level])
        }
    }
}
