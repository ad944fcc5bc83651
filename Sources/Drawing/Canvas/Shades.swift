/// Characters by the light that the upper and the lower half of a cell give, with ink on a dark ground: half blocks, and
/// shades, which fill a quarter, a half and three quarters of the cell with dots. Half the dots give half the light, which a
/// screen shows as a pixel of value √½: values are not proportional to light.
private let inked: [(glyph: Unicode.Scalar, top: Float, bottom: Float)] = {
    let shades: [(Unicode.Scalar, Float)] = [("░", 0.25), ("▒", 0.5), ("▓", 0.75)]
    return [(" ", 0, 0), ("▀", 1, 0), ("▄", 0, 1), ("█", 1, 1)]
        + shades.map { ($0.0, $0.1.squareRoot(), $0.1.squareRoot()) }
}()

/// Half blocks on terminals without greys: each cell shows the character that comes nearest to its two pixels.
package func rasterizeShades(_ source: RasterSource, _ target: RasterTarget, _ ground: (Color, Color)) {
    inked.withUnsafeBufferPointer { inked in
        target.fill { column, row in
            let pixel = source.values + 2 * row * source.stride + column
            let (top, bottom) = (pixel[0], pixel[source.stride])
            var best = 0
            var least = Float.infinity
            for i in inked.indices {
                let (a, b) = (inked[i].top - top, inked[i].bottom - bottom)
                let error = a * a + b * b
                if error < least { (best, least) = (i, error) }
            }
            return Cell(inked[best].glyph, front: ground.0, back: ground.1)
        }
    }
}
