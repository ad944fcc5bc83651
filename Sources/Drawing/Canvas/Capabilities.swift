/// How many colours a terminal shows.
package enum ColorDepth: Int, Sendable, Comparable, CaseIterable {
    /// None: a monochrome terminal, `NO_COLOR`, or a pipe.
    case none
    /// The eight colours of the first colour terminals: text is coloured, pictures are drawn in shades of dots.
    case eight
    /// Eight colours and their bright versions: pictures get four greys.
    case sixteen
    /// The xterm palette: pictures get thirty greys.
    case palette256
    /// Any colour.
    case truecolor

    /// The depth of a terminal with so many colours.
    package init(count: Int) {
        self = count >= 0x1000000 ? .truecolor : count >= 256 ? .palette256 : count >= 16 ? .sixteen : count >= 8 ? .eight : .none
    }

    /// Fewer colours come first.
    package static func < (a: ColorDepth, b: ColorDepth) -> Bool { a.rawValue < b.rawValue }
}

/// The ways to draw pixels with characters, by the pixels a cell holds.
package enum GlyphMode: String, Sendable, CaseIterable {
    /// 1 × 2 pixels, each with its own colour: the truest.
    case half
    /// 2 × 2 pixels in the best two colours: the finest that every font has.
    case quadrant
    /// 2 × 3 pixels in the best two colours.
    case sextant
    /// 2 × 4 dots, on or off.
    case braille
    /// One of ten characters by brightness.
    case ascii

    /// What a person calls them.
    package var title: String {
        switch self {
        case .half: "half blocks"
        case .quadrant: "quarter blocks"
        case .sextant: "blocks of six"
        case .braille: "dots"
        case .ascii: "letters"
        }
    }

    /// Pixels a cell is wide.
    package var pixelsAcross: Int { self == .half || self == .ascii ? 1 : 2 }

    /// Pixels a cell is high.
    package var pixelsDown: Int {
        switch self {
        case .half, .quadrant: 2
        case .sextant: 3
        case .braille: 4
        case .ascii: 1
        }
    }
}

/// The colours pictures are drawn in.
package enum PictureColors: String, Sendable, CaseIterable {
    /// White on black.
    case grey
    /// Black on white, for terminals with a light background.
    case paper
    /// Two perceptual scales, which show faint pixels better.
    case viridis, cividis

    /// The colours from a pixel's least value to its greatest.
    package var ramp: ColorRamp {
        switch self {
        case .grey: .gray
        case .paper: .paper
        case .viridis: .viridis
        case .cividis: .cividis
        }
    }
}

/// What the terminal can show. Every rasteriser and widget takes it, so that each function of the program
/// works without colour and without Unicode.
package struct Capabilities: Equatable, Sendable {
    /// Whether characters outside ASCII reach the screen.
    package var unicode: Bool
    package var colors: ColorDepth
    /// The glyphs the person asked for, if any.
    package var glyphs: GlyphMode?
    /// The colours the person asked for.
    package var pictures: PictureColors
    /// What is behind text. Pictures follow it unless the person asked for other colours.
    package var background: Background {
        didSet { if pictures == Self.pictures(on: oldValue) { pictures = Self.pictures(on: background) } }
    }

    /// A terminal that shows UTF-8 and 256 colours, unless told.
    package init(
        unicode: Bool = true, colors: ColorDepth = .palette256, glyphs: GlyphMode? = nil,
        pictures: PictureColors? = nil, background: Background = .dark
    ) {
        self.unicode = unicode
        self.colors = colors
        self.glyphs = glyphs
        self.background = background
        self.pictures = pictures ?? Self.pictures(on: background)
    }

    /// White on black would be a hole in a light screen.
    private static func pictures(on background: Background) -> PictureColors { background == .light ? .paper : .grey }

    /// Whether a difference is drawn in red and blue; else in characters of two kinds.
    package var showsDifferencesInColor: Bool { colors >= .sixteen }

    /// The mode to draw pictures in where `wanted` would be best.
    package func mode(_ wanted: GlyphMode) -> GlyphMode {
        guard unicode else { return .ascii }
        return glyphs ?? wanted
    }

    /// Whether lines and boxes may use characters outside ASCII.
    package var drawsUnicode: Bool { unicode && glyphs != .ascii }

    /// `unicode` where it can be shown, else `ascii`.
    package func glyph(_ unicode: Unicode.Scalar, _ ascii: Unicode.Scalar) -> Unicode.Scalar {
        drawsUnicode ? unicode : ascii
    }
}
