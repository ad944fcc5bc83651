import Drawing
import Foundation
import TUI
import Testing
import VAECore

@Suite struct RasterizerTests {
    private func draw(
        _ pixels: [[Float]], _ cells: (Int, Int), _ mode: GlyphMode, _ capabilities: Capabilities = colored,
        ramp: ColorRamp = .gray
    ) -> Canvas {
        let image = Bitmap(width: pixels[0].count, height: pixels.count, pixels: pixels.flatMap { $0 })
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

    /// Without colours, shades and blocks show a digit at least as well as letters do: the mean squared error of the light
    /// in the halves of cells, over digits of the sample.
    @Test func shadesShowMoreThanLetters() throws {
        let digits = try Self.sampleDigits(200)
        func error(_ mode: GlyphMode, _ light: (Unicode.Scalar) -> (Double, Double)) -> Double {
            let rasterizer = ImageRasterizer(source: (28, 28), cells: (28, 14), mode: mode, Capabilities(colors: .none))
            var canvas = Canvas(width: 28, height: 14)
            var sum = 0.0
            for digit in digits {
                rasterizer.draw(digit, into: &canvas, x: 0, y: 0)
                for y in 0..<28 {
                    for x in 0..<28 {
                        let shown = light(canvas[x, y / 2].scalar)
                        let difference = (y % 2 == 0 ? shown.0 : shown.1) - Double(digit.pixels[y * 28 + x])
                        sum += difference * difference
                    }
                }
            }
            return sum / Double(784 * digits.count)
        }
        let letters = error(.ascii) { scalar in
            let level = Double(" .:-=+*#%@".unicodeScalars.enumerated().first { $0.element == scalar }?.offset ?? 0) / 9
            return (level, level)
        }
        let blocks: [Unicode.Scalar: (Double, Double)] = [
            " ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1), "░": (0.5, 0.5), "▒": (0.5.squareRoot(), 0.5.squareRoot()),
            "▓": (0.75.squareRoot(), 0.75.squareRoot()),
        ]
        let shades = error(.half) { blocks[$0] ?? (9, 9) }
        #expect(shades < letters, "shades \(-10 * log10(shades)) dB, letters \(-10 * log10(letters)) dB")
    }

    private static func sampleDigits(_ count: Int) throws -> [Bitmap] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let dataset = try Catalogue(projectRoot: root.path, dataRoots: []).load("mnist-5k")
        return (0..<count).map { n in
            Bitmap(width: 28, height: 28, pixels: dataset.test.pixels[n * 784..<(n + 1) * 784].map { Float($0) / 255 })
        }
    }

    /// On a light screen without colours ink is dark, so a picture is drawn the other way round.
    @Test func inkOnLightScreens() {
        let pixels: [[Float]] = [[1, 0], [1, 0]]
        func shown(_ background: Background, _ pictures: PictureColors?) -> String {
            draw(pixels, (2, 1), .half, Capabilities(colors: .none, pictures: pictures, background: background)).plainText
        }
        #expect(shown(.dark, .grey) == "█ x" && shown(.dark, .paper) == " █x")
        #expect(shown(.light, .grey) == " █x" && shown(.light, .paper) == "█ x")
    }

    /// Each half of a cell has the pixel's own colour, within the 64 steps of a ramp.
    @Test func everyGreyInTruecolor() {
        for level in stride(from: Float(0), through: 1, by: 0.01) {
            let cell = draw([[level], [1]], (1, 1), .half, Capabilities(colors: .truecolor))[0, 0]
            let shown = (cell.scalar == "▀" ? cell.foreground : cell.background)?.rgb.red ?? -1
            #expect(abs(Float(shown) / 255 - level) < 0.012)
        }
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
        let image = Bitmap(width: 4, height: 2, pixels: [0, 1, 0, 0, 1, 0, 0, 0])
        let half = Resampler(from: (4, 2), to: (2, 1)).resample(image)
        #expect(abs(half.pixels[0] - Float(0.5).squareRoot()) < 1e-6 && half.pixels[1] == 0)
        let uneven = Resampler(from: (3, 1), to: (2, 1))
            .resample(Bitmap(width: 3, height: 1, pixels: [1, 1, 0]))
        #expect(abs(uneven.pixels[1] - Float(1.0 / 3).squareRoot()) < 1e-6)
        let grown = Resampler(from: (2, 1), to: (4, 2)).resample(Bitmap(width: 2, height: 1, pixels: [0, 1]))
        #expect(grown.pixels == [0, 0, 1, 1, 0, 0, 1, 1])
    }

    @Test func hostilePixelsAndPlacesAreHarmless() {
        let values: [Float] = [.nan, .infinity, -.infinity, 1e38, -1e38, 5, -5, 0.5, .leastNonzeroMagnitude]
        let image = Bitmap(width: 28, height: 28) { x, y in values[(x + y) % values.count] }
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
                let color = (upper ? cell.foreground : cell.background) ?? 16
                let difference = Double(color.rgb.red) / 255 - Double(image.pixels[y * 28 + x])
                error += difference * difference
            }
        }
        let psnr = -10 * log10(error / 784)
        #expect(psnr > 42, "PSNR \(psnr) dB")
    }
}
