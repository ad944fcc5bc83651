/// Draws pictures of one size into rectangles of one size; what can be computed once, is.
///
/// It holds the resampling weights and the colours for every value, so a grid of many small pictures costs
/// little more than the cells it covers.
package struct ImageRasterizer: Sendable {
    /// Size of the result in cells.
    package let columns, rows: Int
    package let mode: GlyphMode
    private let channels: Int
    private let resampler: Resampler
    private let tones: [Color]
    private let colors: ColorDepth
    /// Whether pixels are drawn in colours of their own; else by one value each.
    private let isColored: Bool
    /// Whether dark and light change places, where no colours do it.
    private let inverts: Bool

    /// A rasteriser from pictures of `source` pixels (columns, rows) to `cells` (columns, rows).
    ///
    /// `mode` is used as given; `Capabilities.mode` says what the terminal can show. A signed ramp on a
    /// terminal without colours is drawn in ASCII, whose ramp tells the signs apart.
    /// - Parameters:
    ///   - channels: 1, or 3 for pictures in colour. They keep their colours where the terminal has 256; elsewhere, and with
    ///     a ramp, the brightness or the mean difference of each pixel is drawn.
    package init(
        source: (Int, Int), cells: (Int, Int), channels: Int = 1, mode: GlyphMode, ramp: ColorRamp = .gray,
        _ capabilities: Capabilities
    ) {
        let shown = ramp.isSigned && (!capabilities.showsDifferencesInColor || mode == .braille) ? .ascii : mode
        columns = max(1, cells.0)
        rows = max(1, cells.1)
        self.mode = shown
        self.channels = channels
        colors = capabilities.colors
        isColored = channels == 3 && ramp == .gray && colors >= .palette256 && shown != .braille
        // Ink may be dark on light or light on dark; a photograph's negative is none.
        let usual = channels == 3 && capabilities.pictures == .paper ? .gray : capabilities.pictures.ramp
        let own = ramp == .gray ? usual : ramp
        tones = own.table(capabilities.colors)
        // Without colours, ink is light on a dark screen and dark on a light one.
        let inkIsDark = capabilities.colors == .none && capabilities.background == .light
        inverts = capabilities.colors < .sixteen && !own.isSigned && (own == .paper) != inkIsDark
        let pixels = (columns * shown.pixelsAcross, rows * shown.pixelsDown)
        resampler = Resampler(from: source, to: pixels, isSigned: ramp.isSigned)
    }

    /// Draws a picture with its top left cell at (x, y); a picture of another size is ignored.
    package func draw(_ image: Bitmap, into canvas: inout Canvas, x: Int, y: Int) {
        guard image.width == resampler.sourceWidth, image.height == resampler.sourceHeight, image.channels == channels
        else { return }
        image.pixels.withUnsafeBufferPointer { draw($0, into: &canvas, x: x, y: y) }
    }

    /// Draws a picture given as a row-major part of a larger buffer, such as one image of a decoded batch.
    /// - Precondition: `pixels` holds at least one picture of the source size.
    package func draw(_ pixels: UnsafeBufferPointer<Float>, into canvas: inout Canvas, x: Int, y: Int) {
        let sourceCount = resampler.sourceWidth * resampler.sourceHeight
        precondition(pixels.count >= sourceCount * channels, "pixels missing")
        let shown = Rect(x: x, y: y, width: columns, height: rows).intersection(canvas.bounds)
        guard !shown.isEmpty, let source = pixels.baseAddress else { return }
        let stride = canvas.width
        let count = resampler.width * resampler.height
        withUnsafeTemporaryAllocation(of: Float.self, capacity: isColored ? 3 * count : count) { buffer in
            let samples = buffer.baseAddress!
            if isColored {
                resampleColors(source, into: samples)
            } else {
                resampleValues(source, into: samples)
            }
            if inverts { for i in 0..<count { samples[i] = 1 - samples[i] } }
            canvas.withCells { cells in
                let target = RasterTarget(
                    cells: cells.baseAddress!, first: y * stride + x, stride: stride,
                    columns: (shown.x - x)..<(shown.maxX - x), rows: (shown.y - y)..<(shown.maxY - y))
                if isColored {
                    let planes = (UnsafePointer(samples), UnsafePointer(samples + count), UnsafePointer(samples + 2 * count))
                    rasterize(ColorSource(planes: planes, stride: resampler.width), target)
                } else {
                    rasterize(RasterSource(values: UnsafePointer(samples), stride: resampler.width), target)
                }
            }
        }
    }

    /// Red, green and blue, each resampled into a plane of its own.
    private func resampleColors(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        let count = resampler.sourceWidth * resampler.sourceHeight
        withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { plane in
            for channel in 0..<3 {
                for pixel in 0..<count { plane[pixel] = source[3 * pixel + channel] }
                resampler.resample(plane.baseAddress!, into: target + channel * resampler.width * resampler.height)
            }
        }
    }

    /// One value a pixel, resampled: of a picture in colour its brightness, or its mean difference.
    private func resampleValues(_ source: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        guard channels == 3 else { return resampler.resample(source, into: target) }
        let count = resampler.sourceWidth * resampler.sourceHeight
        withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { values in
            for pixel in 0..<count {
                let color = SIMD4(source[3 * pixel], source[3 * pixel + 1], source[3 * pixel + 2], 0)
                values[pixel] = resampler.isSigned
                    ? color.sum() / 3 : luminance(color.clamped(lowerBound: .zero, upperBound: .one))
            }
            resampler.resample(values.baseAddress!, into: target)
        }
    }

    private func rasterize(_ source: ColorSource, _ target: RasterTarget) {
        switch mode {
        case .half: rasterizeHalfBlocks(source, target, colors)
        case .quadrant: rasterizeTwoColors(source, target, across: 2, down: 2, glyphs: quadrantGlyphs, colors)
        case .sextant: rasterizeTwoColors(source, target, across: 2, down: 3, glyphs: sextantGlyphs, colors)
        case .ascii, .braille: rasterizeASCII(source, target, colors)
        }
    }

    private func rasterize(_ source: RasterSource, _ target: RasterTarget) {
        let colored = colors >= .sixteen
        let ground: (Color, Color) = colors == .none ? (.own, .own) : (Palette.white, Palette.black)
        tones.withUnsafeBufferPointer { tones in
            let tone = tones.baseAddress!
            switch mode {
            case .half where colored: rasterizeHalfBlocks(source, target, tone)
            case .half: rasterizeShades(source, target, ground)
            case .quadrant where colored: rasterizeQuadrants(source, target, tone)
            case .quadrant: rasterizeQuadrants(source, target, ditheredIn: ground)
            case .sextant where colored: rasterizeSextants(source, target, tone)
            case .sextant: rasterizeSextants(source, target, ditheredIn: ground)
            case .braille: rasterizeBraille(source, target, ground)
            case .ascii: rasterizeASCII(source, target, colored ? tone : nil, ground, signed: resampler.isSigned)
            }
        }
    }
}

/// Resampled values 0…1, `stride` a row, one for each pixel of each cell.
package struct RasterSource {
    package let values: UnsafePointer<Float>
    package let stride: Int
}

/// The cells a picture goes to. Its first cell, at place `first` of the canvas' `cells`, may lie outside the canvas;
/// only `columns` and `rows`, counted from it, may be touched.
package struct RasterTarget {
    package let cells: UnsafeMutablePointer<Cell>
    package let first: Int
    package let stride: Int
    package let columns: Range<Int>
    package let rows: Range<Int>

    /// Sets every cell to what `cell(column, row)` returns.
    @inline(__always)
    package func fill(_ cell: (Int, Int) -> Cell) {
        for row in rows {
            for column in columns { cells[first + row * stride + column] = cell(column, row) }
        }
    }
}

extension Canvas {
    /// Draws a picture as large as it fits undistorted in the middle of `rect`.
    /// - Returns: the rectangle it covers.
    @discardableResult
    package mutating func image(
        _ image: Bitmap, in rect: Rect, mode: GlyphMode = .half, ramp: ColorRamp = .gray,
        _ capabilities: Capabilities
    ) -> Rect {
        let area = rect.fitting(pixelWidth: image.width, pixelHeight: image.height)
        guard !area.isEmpty else { return area }
        let rasterizer = ImageRasterizer(
            source: (image.width, image.height), cells: (area.width, area.height), channels: image.channels,
            mode: capabilities.mode(mode), ramp: ramp, capabilities)
        rasterizer.draw(image, into: &self, x: area.x, y: area.y)
        return area
    }
}
