/// The ways a cell can stand out without colour.
public struct Attributes: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    /// The attributes whose bits are set.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Heavier or brighter strokes.
    public static let bold = Attributes(rawValue: 1)
    /// Foreground and background exchanged: works on every terminal, so selections use it.
    public static let reverse = Attributes(rawValue: 2)
    /// A line below the character.
    public static let underline = Attributes(rawValue: 4)
    /// Fainter strokes, for what matters less.
    public static let dim = Attributes(rawValue: 8)
}

/// The colours and attributes text is drawn with.
///
/// Colours are xterm palette indices 16…255, which no theme changes; `nil` is the terminal's own colour.
/// Terminals with fewer colours get the nearest one they have, when the canvas is presented.
public struct Style: Equatable, Sendable {
    public var foreground: UInt8?
    public var background: UInt8?
    public var attributes: Attributes

    /// Colours of the 256-colour palette; nil is the terminal's own.
    public init(_ foreground: UInt8? = nil, on background: UInt8? = nil, _ attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// The terminal's own colours, no attributes.
    public static let plain = Style()
    /// The terminal's own colours, bold.
    public static let bold = Style(nil, on: nil, .bold)
    /// The terminal's own colours, dim.
    public static let dim = Style(nil, on: nil, .dim)
    /// The terminal's own colours, exchanged.
    public static let reverse = Style(nil, on: nil, .reverse)
}

/// One character position of a `Canvas`: 8 bytes, trivially copied and compared.
public struct Cell: Equatable, Sendable {
    /// The character, always one column wide.
    public var scalar: Unicode.Scalar
    // 0 stands for the terminal's own colour; 0…15 are never used because themes change them.
    var foregroundIndex: UInt8
    var backgroundIndex: UInt8
    /// Bold, reverse, underline, dim.
    public var attributes: Attributes

    /// One character in a style.
    public init(_ scalar: Unicode.Scalar = " ", _ style: Style = .plain) {
        self.scalar = scalar
        foregroundIndex = style.foreground ?? 0
        backgroundIndex = style.background ?? 0
        attributes = style.attributes
    }

    @inline(__always)
    init(_ scalar: Unicode.Scalar, foregroundIndex: UInt8, backgroundIndex: UInt8) {
        self.scalar = scalar
        self.foregroundIndex = foregroundIndex
        self.backgroundIndex = backgroundIndex
        attributes = []
    }

    /// Palette index 16…255 of the character, or `nil` for the terminal's own colour.
    public var foreground: UInt8? {
        get { foregroundIndex == 0 ? nil : foregroundIndex }
        set { foregroundIndex = newValue ?? 0 }
    }

    /// Palette index 16…255 behind the character, or `nil` for the terminal's own colour.
    public var background: UInt8? {
        get { backgroundIndex == 0 ? nil : backgroundIndex }
        set { backgroundIndex = newValue ?? 0 }
    }

    /// A space in the terminal's own colours.
    public static let blank = Cell()
}
