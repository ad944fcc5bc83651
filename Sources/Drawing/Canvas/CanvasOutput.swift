extension Canvas {
    /// The characters alone: rows joined by newlines, each without its trailing spaces.
    package var plainText: String {
        var result = ""
        for y in 0..<height {
            if y > 0 { result += "\n" }
            result += row(y)
        }
        return result
    }

    private func row(_ y: Int) -> String {
        var scalars = String.UnicodeScalarView()
        var pendingSpaces = 0
        for x in 0..<width {
            let scalar = cells[y * width + x].scalar
            if scalar == Cell.tail { continue }
            if scalar == " " {
                pendingSpaces += 1
                continue
            }
            for _ in 0..<pendingSpaces { scalars.append(" ") }
            pendingSpaces = 0
            scalars.append(scalar)
        }
        return String(scalars)
    }

    /// The canvas as lines to print to a terminal or a file, each ending in a newline.
    ///
    /// Colours and attributes are SGR escapes that end with the line; with no colour there are none, and
    /// the result is `plainText` and a newline. Without Unicode every character has its ASCII stand-in.
    package func ansiText(_ capabilities: Capabilities) -> String {
        readable(capabilities).ansiLines(capabilities)
    }

    private func ansiLines(_ capabilities: Capabilities) -> String {
        var result = ""
        for y in 0..<height {
            if capabilities.colors == .none {
                let line = row(y)
                result += capabilities.unicode ? line : Canvas.ascii(line)
            } else {
                appendColored(row: y, capabilities, to: &result)
            }
            result += "\n"
        }
        return result
    }

    private static func ascii(_ line: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in line.unicodeScalars { scalars.append(scalar.asciiFallback) }
        return String(scalars)
    }

    private func appendColored(row y: Int, _ capabilities: Capabilities, to result: inout String) {
        let cells = cells[(y * width)..<((y + 1) * width)]
        guard let last = cells.lastIndex(where: { $0 != .blank }) else { return }
        var current = Cell.blank
        for cell in cells[...last] {
            if !cell.looksLike(current) {
                result += Canvas.escape(for: cell, capabilities.colors)
                current = cell
            }
            if cell.isTail, capabilities.unicode { continue }
            result.unicodeScalars.append(capabilities.unicode ? cell.scalar : cell.scalar.asciiFallback)
        }
        if !current.looksLike(.blank) { result += "\u{1B}[0m" }
    }

    private static func escape(for cell: Cell, _ colors: ColorDepth) -> String {
        var codes = ["0"]
        if cell.attributes.contains(.bold) { codes.append("1") }
        if cell.attributes.contains(.dim) { codes.append("2") }
        if cell.attributes.contains(.underline) { codes.append("4") }
        if cell.attributes.contains(.reverse) { codes.append("7") }
        if let color = cell.foreground { codes.append(code(color, colors, base: 30, ground: .foreground)) }
        if let color = cell.background { codes.append(code(color, colors, base: 40, ground: .background)) }
        return "\u{1B}[" + codes.joined(separator: ";") + "m"
    }

    private static func code(_ color: Color, _ colors: ColorDepth, base: Int, ground: Ground) -> String {
        if colors == .truecolor, !color.isIndexed {
            return "\(base + 8);2;\(color.rgb.red);\(color.rgb.green);\(color.rgb.blue)"
        }
        guard colors < .palette256 else { return "\(base + 8);5;\(color.index)" }
        let index = Palette.reduced(color.index, to: colors, ground)
        return String(index < 8 ? base + index : base + 60 + index - 8)
    }
}

extension Cell {
    /// Whether the other cell has the same colours and attributes.
    fileprivate func looksLike(_ other: Cell) -> Bool {
        front == other.front && back == other.back && attributes == other.attributes
    }
}
