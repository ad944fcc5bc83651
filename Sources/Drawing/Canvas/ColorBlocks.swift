/// Resampled red, green and blue, 0…1 each, in planes of their own: `stride` a row, one value for each pixel of each cell.
package struct ColorSource {
    package let planes: (red: UnsafePointer<Float>, green: UnsafePointer<Float>, blue: UnsafePointer<Float>)
    package let stride: Int

    @inline(__always)
    fileprivate func pixel(_ x: Int, _ y: Int) -> SIMD4<Float> {
        let place = y * stride + x
        return SIMD4(planes.red[place], planes.green[place], planes.blue[place], 0)
    }
}

/// Half blocks: two pixels a cell, each in its own colour.
package func rasterizeHalfBlocks(_ source: ColorSource, _ target: RasterTarget, _ colors: ColorDepth) {
    target.fill { column, row in
        let top = pictureColor(source.pixel(column, 2 * row), colors, x: column, y: 2 * row)
        let bottom = pictureColor(source.pixel(column, 2 * row + 1), colors, x: column, y: 2 * row + 1)
        return top == bottom ? Cell(" ", front: .own, back: bottom) : Cell("▀", front: top, back: bottom)
    }
}

/// Cells of `across × down` pixels in their best two colours; bit `y * across + x` of an index into `glyphs` says whether the
/// pixel (x, y) shows the foreground.
package func rasterizeTwoColors(
    _ source: ColorSource, _ target: RasterTarget, across: Int, down: Int, glyphs: [Unicode.Scalar], _ colors: ColorDepth
) {
    withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: across * down) { values in
        target.fill { column, row in
            for y in 0..<down {
                for x in 0..<across { values[y * across + x] = source.pixel(column * across + x, row * down + y) }
            }
            let split = TwoColors(values)
            let low = pictureColor(split.low, colors, x: column, y: row)
            let high = pictureColor(split.high, colors, x: column, y: row)
            return low == high ? Cell(" ", front: .own, back: low) : Cell(glyphs[split.mask], front: high, back: low)
        }
    }
}

/// A pixel a cell, filled with its colour; the character is there for whoever copies the text.
package func rasterizeASCII(_ source: ColorSource, _ target: RasterTarget, _ colors: ColorDepth) {
    target.fill { column, row in
        let pixel = source.pixel(column, row)
        let color = pictureColor(pixel, colors, x: column, y: row)
        return Cell(brightnessGlyph(luminance(pixel)), front: color, back: color)
    }
}

/// How bright a colour looks, 0…1: its parts' light (their squares, near enough) with the weights of ITU-R BT.709.
@inline(__always)
package func luminance(_ color: SIMD4<Float>) -> Float {
    (color * color * SIMD4(0.2126, 0.7152, 0.0722, 0)).sum().squareRoot()
}

/// The colour nearest to a pixel's that the terminal has, or in the palette of 256 one of the nearest: where a part lies near
/// the middle between two steps of the cube, an ordered pattern over the places (x, y) mixes them. The cube is coarse, above
/// all in the dark, so a grey is taken where it is nearer.
private func pictureColor(_ pixel: SIMD4<Float>, _ colors: ColorDepth, x: Int, y: Int) -> Color {
    guard colors == .palette256 else { return Color(red: level(pixel.x), green: level(pixel.y), blue: level(pixel.z)) }
    let place = (y & 3) * 4 + (x & 3)
    func step(_ value: Float) -> Int { Int(cubeSteps[toneIndex(value) * 16 + place]) }
    let steps = (step(pixel.x), step(pixel.y), step(pixel.z))
    func part(_ step: Int) -> Float { Float(Palette.cubeLevels[step]) }
    let cube = SIMD4(part(steps.0), part(steps.1), part(steps.2), 0)
    let grey = greys[toneIndex(pixel.sum() / 3)]
    let shade = Float(grey.rgb.red)
    let (toCube, toGrey) = (255 * pixel - cube, 255 * pixel - SIMD4(shade, shade, shade, 0))
    return (toGrey * toGrey).sum() < (toCube * toCube).sum() ? grey : Color(UInt8(16 + 36 * steps.0 + 6 * steps.1 + steps.2))
}

/// For each value 0…255, the cube's step at each of the pattern's sixteen places.
private let cubeSteps: [UInt8] = (0...255).flatMap { value in
    (0..<16).map { place in
        let above = Palette.cubeLevels.firstIndex { $0 >= value } ?? 5
        let (low, high) = (Palette.cubeLevels[max(0, above - 1)], Palette.cubeLevels[above])
        // A full pattern, with pixels as large as these, would hide the picture.
        let threshold = 0.5 + 0.4 * (Dither.bayer(place & 3, place >> 2) - 0.5)
        return UInt8(above > 0 && Float(value - low) / Float(high - low) <= threshold ? above - 1 : above)
    }
}

private let greys = ColorRamp.gray.table(.palette256)

/// 0…255 in sixty-five steps: more cannot be told apart on a small picture, and a frame with more is longer.
private func level(_ value: Float) -> Int { (toneIndex(value) * 64 + 127) / 255 * 255 / 64 }

/// The best two colours for the pixels of a cell: `mask` says which pixels take the high one.
struct TwoColors {
    var mask = 0
    var low, high: SIMD4<Float>

    /// Of all splits by a threshold on red, green or blue, the one whose squared error against the mean of each part is
    /// least: the greatest sum of |sum|² / count over the parts.
    init(_ pixels: UnsafeMutableBufferPointer<SIMD4<Float>>) {
        let total = pixels.reduce(SIMD4<Float>(), +)
        low = total / Float(pixels.count)
        high = low
        var best = (total * low).sum() + 1e-7
        for channel in 0..<3 {
            for candidate in pixels {
                let threshold = candidate[channel]
                var (sum, above, bits) = (SIMD4<Float>(), 0, 0)
                for index in 0..<pixels.count where pixels[index][channel] > threshold {
                    sum += pixels[index]
                    above += 1
                    bits |= 1 << index
                }
                guard above > 0 else { continue }
                let (highMean, lowMean) = (sum / Float(above), (total - sum) / Float(pixels.count - above))
                let score = (sum * highMean).sum() + ((total - sum) * lowMean).sum()
                if score > best { (best, mask, low, high) = (score, bits, lowMean, highMean) }
            }
        }
    }
}
