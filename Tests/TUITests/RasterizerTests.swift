import Drawing
import Foundation
import TUI
import Testing

@Suite struct RasterizerTests {
    private func draw(
        _ pixels: [[Float]], _ cells: (Int, Int), _ mode: GlyphMode, _ capabilities: Capabilities = colored,
        ramp: ColorRamp = .gray
    ) -> Canvas {
        let image = GrayImage(width: pixels[0].count, height: pixels.count, pixels: pixels.flatMap { $0 })
        var canvas = marked(cells.0 + 1, cells.1)
        let rasterizer = ImageRasterizer(
            source: (image.width, image.height), cells: cells, mode: mode, ramp: ramp, capabilities)
        rasterizer.draw(image, into: &canvas, x: 0, y: 0)
        return canvas
    }

    @Test func halfBlocksShowTwoColorsACell() {
        let canvas = draw([[1, 0, 0.5], [0, 0, 1]], (3, 1), .half)
        #expect(canvas.plainText == "▀ ▀x")
        #expect(canvas[0, 0] == Cell("▀", Style(231, on: 16)))
        #expect(canvas[1, 0] == Cell(" ", Style(nil, on: 16)))
        #expect(canvas[2, 0] == Cell("▀", Style(244, on: 231)))
    }

    @Test func halfBlocksWithFourGreys() {
        let canvas = draw([[1, 0.5], [0, 0.8]], (2, 1), .half, Capabilities(colors: .sixteen))
        #expect(canvas[0, 0] == Cell("▀", Style(231, on: 16)))
        #expect(canvas[1, 0] == Cell("▀", Style(102, on: 188)))
    }

    @Test func halfBlocksWithoutColor() {
        let capabilities = Capabilities(colors: .none)
        let canvas = draw([[1, 0, 1, 0], [0, 1, 1, 0]], (4, 1), .half, capabilities)
        #expect(canvas.plainText == "▀▄█ x")
        #expect(canvas[0, 0] == Cell("▀"))
    }

    @Test func everyQuadrant() {
        let glyphs = Array(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟".unicodeScalars)
        for (mask, glyph) in glyphs.enumerated() {
            func pixel(_ bit: Int) -> Float { mask >> bit & 1 == 1 ? 1 : 0 }
            let pixels = [[pixel(0), pixel(1)], [pixel(2), pixel(3)]]
            let cell = draw(pixels, (1, 1), .quadrant)[0, 0]
            #expect(cell == Cell(glyph, Style(mask == 0 ? nil : 231, on: 16)))
            #expect(draw(pixels, (1, 1), .quadrant, Capabilities(colors: .none))[0, 0] == Cell(glyph))
        }
    }

    @Test func quadrantsTakeTheBestTwoGreys() {
        let cell = draw([[0.9, 0.1], [1, 0.2]], (1, 1), .quadrant)[0, 0]
        #expect(cell.scalar == "▌")
        #expect(cell.foreground == ColorRamp.gray.color(0.95, .palette256))
        #expect(cell.background == ColorRamp.gray.color(0.15, .palette256))
        let flat = draw([[0.5, 0.5], [0.5, 0.5]], (1, 1), .quadrant)[0, 0]
        #expect(flat == Cell(" ", Style(nil, on: 244)))
    }

    @Test func sextants() {
        func glyph(_ rows: [[Float]]) -> Unicode.Scalar { draw(rows, (1, 1), .sextant)[0, 0].scalar }
        #expect(glyph([[1, 0], [0, 0], [0, 0]]) == "\u{1FB00}")
        #expect(glyph([[1, 0], [1, 0], [1, 0]]) == "▌")
        #expect(glyph([[0, 1], [0, 1], [0, 1]]) == "▐")
        #expect(glyph([[0, 0], [0, 0], [1, 1]]) == "\u{1FB2D}")
        #expect(glyph([[0, 1], [1, 1], [1, 1]]) == "\u{1FB3B}")
    }

    @Test func braille() {
        let canvas = draw([[1, 0, 0, 1], [0, 0, 1, 0], [0, 0, 0, 0], [0, 1, 0, 0]], (2, 1), .braille)
        #expect(canvas.plainText == "\u{2881}\u{280A}x")
        #expect(canvas[0, 0].background == 16)
    }

    @Test func asciiRampAndSigns() {
        let capabilities = Capabilities(unicode: false, colors: .none)
        #expect(draw([[0, 0.34, 0.67, 1]], (4, 1), .ascii, capabilities).plainText == " -*@x")
        let signed = draw([[-1, 0, 1]], (3, 1), .half, capabilities, ramp: .diverging)
        #expect(signed.plainText == "= #x")
        let tones = draw([[0, 1]], (2, 1), .ascii)
        #expect(tones[1, 0] == Cell("@", Style(231, on: 231)))
    }

    @Test func differencesAreBlueAndRed() {
        let canvas = draw([[-1, 0], [1, 0]], (2, 1), .half, ramp: .diverging)
        #expect(canvas[0, 0] == Cell("▀", Style(45, on: 224)))
        #expect(canvas[1, 0] == Cell(" ", Style(nil, on: 16)))
    }

    @Test func shrinkingAveragesLight() {
        let image = GrayImage(width: 4, height: 2, pixels: [0, 1, 0, 0, 1, 0, 0, 0])
        let half = Resampler(from: (4, 2), to: (2, 1)).resample(image)
        #expect(abs(half.pixels[0] - Float(0.5).squareRoot()) < 1e-6 && half.pixels[1] == 0)
        let uneven = Resampler(from: (3, 1), to: (2, 1))
            .resample(GrayImage(width: 3, height: 1, pixels: [1, 1, 0]))
        #expect(abs(uneven.pixels[1] - Float(1.0 / 3).squareRoot()) < 1e-6)
        let grown = Resampler(from: (2, 1), to: (4, 2)).resample(GrayImage(width: 2, height: 1, pixels: [0, 1]))
        #expect(grown.pixels == [0, 0, 1, 1, 0, 0, 1, 1])
    }

    @Test func hostilePixelsAndPlacesAreHarmless() {
        let values: [Float] = [.nan, .infinity, -.infinity, 1e38, -1e38, 5, -5, 0.5, .leastNonzeroMagnitude]
        let image = GrayImage(width: 28, height: 28) { x, y in values[(x + y) % values.count] }
        var canvas = Canvas(width: 20, height: 10)
        for mode in GlyphMode.allCases {
            for depth in ColorDepth.allCases {
                for ramp in [ColorRamp.gray, .diverging] {
                    let rasterizer = ImageRasterizer(
                        source: (28, 28), cells: (14, 7), mode: mode, ramp: ramp, Capabilities(colors: depth))
                    for (x, y) in [(0, 0), (-5, -3), (15, 8), (100, 100), (-14, 0)] {
                        rasterizer.draw(image, into: &canvas, x: x, y: y)
                    }
                    canvas.image(image, in: Rect(x: -3, y: -3, width: 40, height: 1), colored)
                }
            }
        }
    }

    @Test func halfBlocksKeepADigit() {
        let image = ring()
        var canvas = Canvas(width: 28, height: 14)
        DigitImage(image).draw(into: &canvas, canvas.bounds, colored)
        var error = 0.0
        for y in 0..<28 {
            for x in 0..<28 {
                let cell = canvas[x, y / 2]
                let upper = y % 2 == 0 && cell.scalar == "▀"
                let index = (upper ? cell.foreground : cell.background) ?? 16
                let difference = Double(Palette.rgb(index).red) / 255 - Double(image.pixels[y * 28 + x])
                error += difference * difference
            }
        }
        let psnr = -10 * log10(error / 784)
        #expect(psnr > 42, "PSNR \(psnr) dB")
    }
}
