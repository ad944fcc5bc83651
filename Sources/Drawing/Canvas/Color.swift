/// The colour of a character or of what is behind it: the terminal's own, one of the xterm palette's, or any.
///
/// Text uses palette colours, pictures the finest that the terminal has. Integer literals are palette indices.
package struct Color: Hashable, Sendable, ExpressibleByIntegerLiteral {
    // 0 is the terminal's own colour, 16…255 a palette index (themes change 0…15), and from 2²⁴ on red, green, blue.
    @usableFromInline
    let bits: UInt32

    @inlinable
    init(bits: UInt32) { self.bits = bits }

    /// The terminal's own.
    @usableFromInline
    package static let own = Color(bits: 0)

    /// A palette index 16…255.
    @inlinable
    package init(_ index: UInt8) { bits = UInt32(index) }

    /// A palette index 16…255.
    @inlinable
    package init(integerLiteral index: UInt8) { bits = UInt32(index) }

    /// Each part 0…255; what is outside is brought inside.
    package init(red: Int, green: Int, blue: Int) {
        func part(_ value: Int) -> UInt32 { UInt32(max(0, min(255, value))) }
        bits = 1 << 24 | part(red) << 16 | part(green) << 8 | part(blue)
    }

    /// Whether it is one of the palette's or the terminal's own.
    package var isIndexed: Bool { bits < 1 << 24 }

    /// Red, green and blue 0…255; black for the terminal's own.
    package var rgb: (red: Int, green: Int, blue: Int) {
        isIndexed
            ? Palette.rgb(UInt8(truncatingIfNeeded: bits))
            : (Int(bits >> 16 & 255), Int(bits >> 8 & 255), Int(bits & 255))
    }

    /// The palette's nearest; 0 for the terminal's own.
    package var index: UInt8 {
        if isIndexed { return UInt8(truncatingIfNeeded: bits) }
        let (red, green, blue) = rgb
        return Palette.nearest(red: red, green: green, blue: blue).index
    }
}
