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
/// In a colour, `nil` is the terminal's own.
/// Terminals with fewer colours get the nearest one they have, when the canvas is presented.
package struct Style: Equatable, Sendable {
    package var foreground: Color?
    package var background: Color?
    package var attributes: Attributes

    /// nil is the terminal's own colour.
    package init(_ foreground: Color? = nil, on background: Color? = nil, _ attributes: Attributes = []) {
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

/// One character position of a `Canvas`: 16 bytes, trivially copied and compared.
package struct Cell: Equatable, Sendable {
    /// The character. One of two columns is followed by a cell with `tail`.
    package var scalar: Unicode.Scalar
    /// The colours of the character and of what is behind it.
    package var front, back: Color
    /// Bold, reverse, underline, dim.
    package var attributes: Attributes

    // Screens and the terminal go through every cell of every frame.
    @inlinable
    package static func == (a: Cell, b: Cell) -> Bool {
        a.scalar == b.scalar && a.front.bits == b.front.bits && a.back.bits == b.back.bits
            && a.attributes.rawValue == b.attributes.rawValue
    }

    /// One character in a style.
    @inlinable
    package init(_ scalar: Unicode.Scalar = " ", _ style: Style = .plain) {
        self.scalar = scalar
        front = style.foreground ?? .own
        back = style.background ?? .own
        attributes = style.attributes
    }

    @inlinable
    package init(_ scalar: Unicode.Scalar, front: Color, back: Color) {
        self.scalar = scalar
        self.front = front
        self.back = back
        attributes = []
    }

    /// The colour of the character, `nil` for the terminal's own.
    package var foreground: Color? {
        get { front == .own ? nil : front }
        set { front = newValue ?? .own }
    }

    /// The colour behind the character, `nil` for the terminal's own.
    package var background: Color? {
        get { back == .own ? nil : back }
        set { back = newValue ?? .own }
    }

    /// Stands in the second column of a wide character.
    package static let tail: Unicode.Scalar = "\0"

    /// Whether it is the second column of a wide character.
    @inlinable
    package var isTail: Bool { scalar.value == 0 }

    /// A space in the terminal's own colours.
    package static let blank = Cell()
}
