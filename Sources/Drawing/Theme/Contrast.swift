import Glibc

/// What a terminal has behind its text.
package enum Background: String, Sendable, CaseIterable {
    case dark, light

    /// What a colour is: light when black text on it has more contrast than white text.
    package init(red: Int, green: Int, blue: Int) {
        let color = (red, green, blue)
        self = Contrast.ratio(color, (0, 0, 0)) > Contrast.ratio(color, (255, 255, 255)) ? .light : .dark
    }

    /// Its colour at the worst for text: dark themes are seldom black, light ones seldom white.
    package var rgb: (red: Int, green: Int, blue: Int) { self == .dark ? (30, 30, 30) : (250, 245, 230) }
}

/// Colours that can be read on a background (WCAG 2.1, success criterion 1.4.3).
package enum Contrast {
    /// The least that text needs.
    package static let least = 4.5

    /// The contrast of two colours, 1 to 21.
    package static func ratio(
        _ a: (red: Int, green: Int, blue: Int), _ b: (red: Int, green: Int, blue: Int)
    ) -> Double {
        let (x, y) = (luminance(a), luminance(b))
        return (max(x, y) + 0.05) / (min(x, y) + 0.05)
    }

    /// The palette colour nearest to one that can be read on a background; the colour itself if that can. Colours that
    /// are not the palette's belong to pictures and stay.
    package static func readable(_ color: Color, on background: Background) -> Color {
        guard color.isIndexed else { return color }
        return Color(background == .dark ? onDark[Int(color.index)] : onLight[Int(color.index)])
    }

    /// What a mark is drawn in on a picture: the colour itself if it stands out from what is behind it (WCAG's 3 : 1 for
    /// what is no text), or else its darker kin, black or white.
    package static func mark(_ color: Color, on ground: Color) -> Color {
        let (black, white) = (Palette.black, Palette.white)
        let candidates = [color, readable(color, on: .light)]
        let fitting = candidates.first { ratio($0.rgb, ground.rgb) >= 3 }
        return fitting ?? (ratio(black.rgb, ground.rgb) > ratio(white.rgb, ground.rgb) ? black : white)
    }

    /// Grey text that matters less than other text, and can still be read.
    package static func faint(on background: Background) -> Color { background == .dark ? 248 : 240 }

    private static let onDark = table(.dark)
    private static let onLight = table(.light)

    private static func table(_ background: Background) -> [UInt8] {
        let fitting = (16...255).map { UInt8($0) }.filter { ratio(Palette.rgb($0), background.rgb) >= least }
        return (0...255).map { index in
            let color = Palette.rgb(UInt8(index))
            if index < 16 || ratio(color, background.rgb) >= least { return UInt8(index) }
            func distance(_ other: UInt8) -> Int {
                let b = Palette.rgb(other)
                let (r, g, l) = (color.red - b.red, color.green - b.green, color.blue - b.blue)
                return 3 * r * r + 6 * g * g + l * l
            }
            return fitting.min { distance($0) < distance($1) } ?? UInt8(index)
        }
    }

    private static func luminance(_ color: (red: Int, green: Int, blue: Int)) -> Double {
        func linear(_ level: Int) -> Double {
            let c = Double(level) / 255
            return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(color.red) + 0.7152 * linear(color.green) + 0.0722 * linear(color.blue)
    }
}

extension Canvas {
    /// Draws a mark over a picture, whose colour stays behind it.
    package mutating func mark(_ scalar: Unicode.Scalar, _ color: Color, x: Int, y: Int) {
        let ground = self[x, y].background
        self[x, y] = Cell(scalar, Style(ground.map { Contrast.mark(color, on: $0) } ?? color, on: ground, .bold))
    }

    /// The same with every text on the terminal's own background in a colour that can be read there.
    package func readable(_ capabilities: Capabilities) -> Canvas {
        var canvas = self
        canvas.repairWideCharacters()
        guard capabilities.colors >= .sixteen else { return canvas }
        let background = capabilities.background
        canvas.withCells { cells in
            for i in cells.indices where cells[i].back == .own {
                if cells[i].front != .own {
                    cells[i].front = Contrast.readable(cells[i].front, on: background)
                } else if cells[i].attributes == .dim, capabilities.colors >= .palette256 {
                    // How faint a terminal makes faint text is its own affair.
                    cells[i].attributes = []
                    cells[i].front = Contrast.faint(on: background)
                }
            }
        }
        return canvas
    }
}
