
extension Canvas {
    /// A part of the canvas as a drawing (SVG 1.1) that any size suits: blocks and dots become shapes, so that no font is
    /// needed but for letters. The terminal's own colours become grey on its background.
    package func svg(_ rect: Rect, background: Background) -> String {
        let area = rect.intersection(bounds)
        let (wide, high) = (area.width * Self.cell.width, area.height * Self.cell.height)
        let (ground, ink) = background == .dark ? ("#000000", "#d0d0d0") : ("#ffffff", "#202020")
        var shapes: [String] = []
        for y in 0..<area.height {
            for x in 0..<area.width {
                let cell = self[area.x + x, area.y + y]
                var (front, back) = (cell.foreground.map(Self.hex) ?? ink, cell.background.map(Self.hex))
                if cell.attributes.contains(.reverse) { (front, back) = (back ?? ground, front) }
                let place = (x: x * Self.cell.width, y: y * Self.cell.height)
                if let back { shapes.append(Self.box(place.x, place.y, Self.cell.width, Self.cell.height, back)) }
                shapes += Self.shapes(cell, at: place, front)
            }
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(wide) \(high)" width="\(2 * wide)" height="\(2 * high)">
            <rect width="\(wide)" height="\(high)" fill="\(ground)"/>
            <g font-family="monospace" font-size="14" shape-rendering="crispEdges">
            \(shapes.joined(separator: "\n"))
            </g>
            </svg>

            """
    }

    /// Divisible by what cells are divided into: halves, quarters and eighths.
    private static let cell = (width: 8, height: 16)

    private static func hex(_ color: Color) -> String {
        let color = color.rgb
        func two(_ n: Int) -> String { (n < 16 ? "0" : "") + String(n, radix: 16) }
        return "#" + two(color.red) + two(color.green) + two(color.blue)
    }

    private static func box(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ color: String) -> String {
        "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(width)\" height=\"\(height)\" fill=\"\(color)\"/>"
    }

    /// What a character is drawn with.
    private static func shapes(_ cell: Cell, at place: (x: Int, y: Int), _ color: String) -> [String] {
        let scalar = cell.scalar
        if scalar == " " || cell.isTail { return [] }
        if (0x2801...0x28FF).contains(scalar.value) {
            let dots = Int(scalar.value - 0x2800)
            return (0..<8).compactMap { n in
                let (x, y) = (n % 2, n / 2)
                guard dots & Braille.bit(x, y) != 0 else { return nil }
                return box(place.x + 4 * x + 1, place.y + 4 * y + 1, 3, 3, color)
            }
        }
        if let quarters = quadrantGlyphs.firstIndex(of: scalar) {
            return (0..<4).filter { quarters & 1 << $0 != 0 }.map {
                box(place.x + 4 * ($0 % 2), place.y + 8 * ($0 / 2), 4, 8, color)
            }
        }
        if (0x2589...0x258F).contains(scalar.value) {
            return [box(place.x, place.y, Int(0x2590 - scalar.value), 16, color)]
        }
        let weight = cell.attributes.contains(.bold) ? " font-weight=\"bold\"" : ""
        let text = ["&": "&amp;", "<": "&lt;", ">": "&gt;"][String(scalar)] ?? String(scalar)
        return ["<text x=\"\(place.x)\" y=\"\(place.y + 12)\" fill=\"\(color)\"\(weight)>\(text)</text>"]
    }
}
