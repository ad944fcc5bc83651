/// The ways a cell can stand out without colour.
package struct Attributes: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    /// The attributes whose bits are set.
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Heavier or brighter strokes.
    package static let bold = Attributes(rawValue: 1)
    /// Foreground and background exchanged: works on every terminal, so selections use it.
    package static let reverse = Attributes(rawValue: 2)
    /// A line below the character.
    package static let underline = Attributes(rawValue: 4)
    /// Fainter strokes, for what matters less.
    package static let dim = Attributes(rawValue: 8)
}

/// The colours and attributes text is drawn with.
///
/// Colours are xterm palette indices 16…255, which no theme changes; `nil` is the terminal's own colour.
/// Terminals with fewer colours get the nearest one they have, when the canvas is presented.
package struct Style: Equatable, Sendable {
    package var foreground: UInt8?
    package var background: UInt8?
    package var attributes: Attributes

    /// Colours of the 256-colour palette; nil is the terminal's own.
    package init(_ foreground: UInt8? = nil, on background: UInt8? = nil, _ attributes: Attributes = []) {
        self.foreground = foreground
        self.background = background
        self.attributes = attributes
    }

    /// The terminal's own colours, no attributes.
    package static let plain = Style()
    /// The terminal's own colours, bold.
    package static let bold = Style(nil, on: nil, .bold)
    /// The terminal's own colours, dim.
    package static let dim = Style(nil, on: nil, .dim)
    /// The terminal's own colours, exchanged.
    package static let reverse = Style(nil, on: nil, .reverse)
}

/// One character position of a `Canvas`: 8 bytes, trivially copied and compared.
package struct Cell: Equatable, Sendable {
    /// The character, always one column wide.
    package var scalar: Unicode.Scalar
    // 0 stands for the terminal's own colour; 0…15 are never used because themes change them.
    package var foregroundIndex: UInt8
    package var backgroundIndex: UInt8
    /// Bold, reverse, underline, dim.
    package var attributes: Attributes

    // Screens and the terminal go through every cell of every frame.
    @inlinable
    package static func == (a: Cell, b: Cell) -> Bool {
        a.scalar == b.scalar && a.foregroundIndex == b.foregroundIndex && a.backgroundIndex == b.backgroundIndex
            && a.attributes.rawValue == b.attributes.rawValue
    }

    /// One character in a style.
    @inlinable
    package init(_ scalar: Unicode.Scalar = " ", _ style: Style = .plain) {
        self.scalar = scalar
        foregroundIndex = style.foreground ?? 0
        backgroundIndex = style.background ?? 0
        attributes = style.attributes
    }

    @inlinable
    package init(_ scalar: Unicode.Scalar, foregroundIndex: UInt8, backgroundIndex: UInt8) {
        self.scalar = scalar
        self.foregroundIndex = foregroundIndex
        self.backgroundIndex = backgroundIndex
        attributes = []
    }

    /// Palette index 16…255 of the character, or `nil` for the terminal's own colour.
    package var foreground: UInt8? {
        get { foregroundIndex == 0 ? nil : foregroundIndex }
        set { foregroundIndex = newValue ?? 0 }
    }

    /// Palette index 16…255 behind the character, or `nil` for the terminal's own colour.
    package var background: UInt8? {
        get { backgroundIndex == 0 ? nil : backgroundIndex }
        set { backgroundIndex = newValue ?? 0 }
    }

    /// A space in the terminal's own colours.
    package static let blank = Cell()
}
