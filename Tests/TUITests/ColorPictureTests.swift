import Drawing
import TUI
import Testing
import VAECore

/// Pictures in red, green and blue.
@Suite struct ColorPictureTests {
    private let red: [Float] = [1, 0, 0], blue: [Float] = [0, 0, 1], white: [Float] = [1, 1, 1], black: [Float] = [0, 0, 0]

    private func draw(
        _ rows: [[[Float]]], _ cells: (Int, Int), _ mode: GlyphMode, _ capabilities: Capabilities, ramp: ColorRamp = .gray
    ) -> Canvas {
        let image = Bitmap(width: rows[0].count, height: rows.count, channels: 3, pixels: rows.flatMap { $0.flatMap { $0 } })
        var canvas = Canvas(width: cells.0, height: cells.1)
        ImageRasterizer(
            source: (image.width, image.height), cells: cells, channels: 3, mode: mode, ramp: ramp, capabilities
        ).draw(image, into: &canvas, x: 0, y: 0)
        return canvas
    }

    @Test func halfBlocksKeepTheirColors() {
        let canvas = draw([[red, white], [blue, white]], (2, 1), .half, Capabilities(colors: .truecolor))
        #expect(canvas[0, 0].scalar == "▀" && canvas[0, 0].front.rgb == (255, 0, 0) && canvas[0, 0].back.rgb == (0, 0, 255))
        #expect(canvas[1, 0].scalar == " " && canvas[1, 0].back.rgb == (255, 255, 255))
        let palette = draw([[red, white], [blue, black]], (2, 1), .half, Capabilities())
        #expect(palette[0, 0] == Cell("▀", Style(196, on: 21)) && palette[1, 0] == Cell("▀", Style(231, on: 16)))
    }

    /// Two colours of the same brightness are told apart, which no split by brightness does.
    @Test func quadrantsTakeTheBestTwoColors() {
        let green: [Float] = [0, 0.55, 0]
        let canvas = draw([[red, green], [green, green]], (1, 1), .quadrant, Capabilities(colors: .truecolor))
        let cell = canvas[0, 0]
        let parts = [cell.front.rgb, cell.back.rgb]
        #expect("▘▟".unicodeScalars.contains(cell.scalar))
        #expect(parts.contains { $0 == (255, 0, 0) } && parts.contains { $0.red == 0 && abs($0.green - 140) <= 2 })
        let sextant = draw([[red, green], [green, green], [green, red]], (1, 1), .sextant, Capabilities(colors: .truecolor))
        #expect(Set([sextant[0, 0].front.rgb.red, sextant[0, 0].back.rgb.red]) == [0, 255])
    }

    /// In the palette of 256 an even colour between two steps of the cube becomes a pattern of both; greys use their own scale.
    @Test func thePaletteMixesByPattern() {
        let between = [[[Float]]](repeating: .init(repeating: [0.604, 0.2, 0], count: 8), count: 8)
        let canvas = draw(between, (8, 4), .half, Capabilities())
        var reds: [Int: Int] = [:]
        for y in 0..<4 {
            for x in 0..<8 { for color in [canvas[x, y].front, canvas[x, y].back] where color != .own { reds[color.rgb.red, default: 0] += 1 } }
        }
        #expect(Set(reds.keys) == [135, 175] && reds.values.allSatisfy { $0 >= 8 }, "\(reds)")
        let grey = draw([[[0.5, 0.5, 0.5]], [[0.5, 0.5, 0.5]]], (1, 1), .half, Capabilities())
        #expect(grey[0, 0].back == 244)
    }

    /// With fewer colours the brightness is drawn, and never a negative: light stays light on a light screen.
    @Test func brightnessWhereThereAreNoColors() {
        let green: [Float] = [0, 1, 0]
        let sixteen = draw([[white, green, blue, black]], (4, 1), .ascii, Capabilities(colors: .sixteen, background: .light))
        let levels = (0..<4).map { sixteen[$0, 0].back.rgb.red }
        #expect(levels == levels.sorted(by: >) && levels[0] == 255 && levels[3] == 0, "\(levels)")
        let dark = draw([[white, black]], (2, 1), .ascii, Capabilities(colors: .none))
        let light = draw([[white, black]], (2, 1), .ascii, Capabilities(colors: .none, background: .light))
        // The character is ink: light on a dark screen, dark on a light one.
        #expect(dark.plainText == "@" && light.plainText == " @")
        let braille = draw([[white, black]], (1, 1), .braille, Capabilities(colors: .truecolor))
        #expect(braille[0, 0].scalar.value > 0x2800)
    }

    /// A difference in colour is the mean of its parts, in red and blue.
    @Test func differencesAreMeans() {
        let canvas = draw([[[0.9, 0.9, 0.9], [-0.9, -0.9, -0.9], [0.9, -0.9, 0]]], (3, 1), .half, colored, ramp: .diverging)
        let (more, less, even) = (canvas[0, 0].back.rgb, canvas[1, 0].back.rgb, canvas[2, 0].back.rgb)
        #expect(more.red > more.blue && less.blue > less.red && even == (0, 0, 0))
    }

    @Test func aSheetOfColors() {
        let shape = ImageShape(height: 1, width: 2, channels: 3)
        let sheet = PictureSheet([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1], of: shape, columns: 1, gap: 1)
        #expect(sheet.shape == ImageShape(height: 3, width: 2, channels: 3))
        #expect(sheet.pixels == [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1])
        let large = sheet.enlarged(2)
        #expect(large.shape == ImageShape(height: 6, width: 4, channels: 3))
        #expect(Array(large.pixels[..<12]) == [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0])
    }
}
