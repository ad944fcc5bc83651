/// The best two tones for the pixels of a cell: `mask` says which pixels take the high one.
package struct TwoTone {
    package var mask: Int
    package var low: Float
    package var high: Float

    /// Splits `count` values in two so that the squared error against the mean of each part is least.
    ///
    /// The best split of numbers puts a threshold between two of them, so trying each value as the
    /// threshold finds it; least error is the same as the greatest sum of sum² / count over the parts.
    @inline(__always)
    package init(_ values: UnsafePointer<Float>, count: Int) {
        var total: Float = 0
        for index in 0..<count { total += values[index] }
        mask = 0
        low = total / Float(count)
        high = low
        var best = total * low + 1e-7
        for candidate in 0..<count {
            let threshold = values[candidate]
            var sum: Float = 0
            var above = 0
            var bits = 0
            for index in 0..<count where values[index] > threshold {
                sum += values[index]
                above += 1
                bits |= 1 << index
            }
            guard above > 0 else { continue }
            let highMean = sum / Float(above)
            let lowMean = (total - sum) / Float(count - above)
            let score = sum * highMean + (total - sum) * lowMean
            if score > best { (best, mask, low, high) = (score, bits, lowMean, highMean) }
        }
    }
}

/// Draws cells of `across × down` pixels in their best two tones; bit `y * across + x` of an index into
/// `glyphs` says whether the pixel (x, y) shows the foreground.
@inline(__always)
package func rasterizeTwoTone(
    _ source: RasterSource, _ target: RasterTarget, across: Int, down: Int, glyphs: [Unicode.Scalar],
    _ tones: UnsafePointer<Color>
) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: across * down) { values in
        glyphs.withUnsafeBufferPointer { glyphs in
            target.fill { column, row in
                let pixel = source.values + row * down * source.stride + column * across
                for y in 0..<down {
                    for x in 0..<across { values[y * across + x] = pixel[y * source.stride + x] }
                }
                let split = TwoTone(values.baseAddress!, count: across * down)
                let low = tones[toneIndex(split.low)]
                let high = tones[toneIndex(split.high)]
                return low == high
                    ? Cell(" ", front: .own, back: low)
                    : Cell(glyphs[split.mask], front: high, back: low)
            }
        }
    }
}

/// Draws cells of `across × down` pixels that are lit or not.
@inline(__always)
package func rasterizeDithered(
    _ source: RasterSource, _ target: RasterTarget, across: Int, down: Int, glyphs: [Unicode.Scalar],
    _ ground: (Color, Color)
) {
    Dither.with(source) { lit in
        target.fill { column, row in
            var mask = 0
            for y in 0..<down {
                for x in 0..<across where lit(column * across + x, row * down + y) {
                    mask |= 1 << (y * across + x)
                }
            }
            return Cell(glyphs[mask], front: ground.0, back: ground.1)
        }
    }
}
