extension Figure {
    /// The figure as an SVG file.
    package var svg: String {
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" height=\"\(height)\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
            "<g fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\">",
        ]
        let shapes = shapes
        lines += shapes.compactMap { if case .text = $0 { nil } else { element($0) } }
        lines.append("</g><g font-family=\"DejaVu Sans Mono,Menlo,Consolas,monospace\" font-size=\"22\" dominant-baseline=\"central\">")
        lines += shapes.compactMap { if case .text = $0 { element($0) } else { nil } }
        return (lines + ["</g></svg>"]).joined(separator: "\n") + "\n"
    }

    private func element(_ shape: Shape) -> String {
        switch shape {
        case .line(let points, let color, let width):
            let path = points.map { "\(number($0.x)),\(number($0.y))" }.joined(separator: " ")
            return "<polyline points=\"\(path)\" stroke=\"\(hex(color))\" stroke-width=\"\(number(width))\"/>"
        case .dot(let point, let color, let radius):
            return "<circle cx=\"\(number(point.x))\" cy=\"\(number(point.y))\" r=\"\(number(radius))\" fill=\"\(hex(color))\"/>"
        case .text(let text, let point, let anchor, let color):
            return "<text x=\"\(number(point.x))\" y=\"\(number(point.y))\" text-anchor=\"\(anchor)\" fill=\"\(hex(color))\">"
                + escaped(text) + "</text>"
        }
    }

    private func number(_ value: Double) -> String { NumberText.fixed(value, decimals: 1) }

    private func hex(_ color: Color) -> String {
        let (red, green, blue) = color.rgb
        return "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
