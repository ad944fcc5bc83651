/// The characters boxes and axes are drawn with.
package struct LineGlyphs: Sendable {
    package let horizontal, vertical: Unicode.Scalar
    package let topLeft, topRight, bottomLeft, bottomRight: Unicode.Scalar
    package let teeLeft, teeRight, cross: Unicode.Scalar

    /// Thin lines, or `- | +` where the terminal has ASCII only.
    package init(_ capabilities: Capabilities) {
        func glyph(_ unicode: Unicode.Scalar, _ ascii: Unicode.Scalar) -> Unicode.Scalar {
            capabilities.glyph(unicode, ascii)
        }
        horizontal = glyph("─", "-")
        vertical = glyph("│", "|")
        topLeft = glyph("┌", "+")
        topRight = glyph("┐", "+")
        bottomLeft = glyph("└", "+")
        bottomRight = glyph("┘", "+")
        teeLeft = glyph("├", "+")
        teeRight = glyph("┤", "+")
        cross = glyph("┼", "+")
    }
}

extension Rect {
    /// Its corner cells, with heavy angles to mark them; `+` where the terminal has ASCII only.
    package var corners: [(x: Int, y: Int, unicode: Unicode.Scalar)] {
        [(x, y, "┏"), (maxX - 1, y, "┓"), (x, maxY - 1, "┗"), (maxX - 1, maxY - 1, "┛")]
    }
}

extension Canvas {
    /// Draws a border along the edge of `rect` with `title` in its top line.
    /// - Returns: the rectangle inside the border.
    @discardableResult
    package mutating func box(
        _ rect: Rect, title: String = "", style: Style = .dim, titleStyle: Style = .bold,
        _ capabilities: Capabilities
    ) -> Rect {
        guard rect.width >= 2, rect.height >= 2 else { return rect.inner }
        let lines = LineGlyphs(capabilities)
        horizontalLine(x: rect.x + 1, y: rect.y, length: rect.width - 2, style: style, capabilities)
        horizontalLine(x: rect.x + 1, y: rect.maxY - 1, length: rect.width - 2, style: style, capabilities)
        verticalLine(x: rect.x, y: rect.y + 1, length: rect.height - 2, style: style, capabilities)
        verticalLine(x: rect.maxX - 1, y: rect.y + 1, length: rect.height - 2, style: style, capabilities)
        self[rect.x, rect.y] = Cell(lines.topLeft, style)
        self[rect.maxX - 1, rect.y] = Cell(lines.topRight, style)
        self[rect.x, rect.maxY - 1] = Cell(lines.bottomLeft, style)
        self[rect.maxX - 1, rect.maxY - 1] = Cell(lines.bottomRight, style)
        if !title.isEmpty, rect.width > 4 {
            let line = Rect(x: rect.x + 2, y: rect.y, width: rect.width - 4, height: 1)
            text(" \(title) ", x: line.x, y: line.y, titleStyle, clip: line)
        }
        return rect.inner
    }

    /// Draws a horizontal line.
    package mutating func horizontalLine(
        x: Int, y: Int, length: Int, style: Style = .dim, _ capabilities: Capabilities
    ) {
        let cell = Cell(LineGlyphs(capabilities).horizontal, style)
        fill(Rect(x: x, y: y, width: length, height: 1), with: cell)
    }

    /// Draws a vertical line.
    package mutating func verticalLine(
        x: Int, y: Int, length: Int, style: Style = .dim, _ capabilities: Capabilities
    ) {
        let cell = Cell(LineGlyphs(capabilities).vertical, style)
        fill(Rect(x: x, y: y, width: 1, height: length), with: cell)
    }
}
