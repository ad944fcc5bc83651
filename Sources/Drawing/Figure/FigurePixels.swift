import CGIF

extension Figure {
    /// The figure as pixels (height, width, 3), 0…255: lines with smooth edges, letters of giflib's font at twice its size.
    package var pixels: [UInt8] {
        var page = Page(width: width, height: height)
        for shape in shapes {
            switch shape {
            case .line(let points, let color, let width): page.line(points, color, width: width)
            case .dot(let point, let color, let radius): page.line([point, point], color, width: 2 * radius)
            case .text(let text, let point, let anchor, let color): page.text(text, point, anchor, color)
            }
        }
        return page.pixels
    }
}

/// A white page that lines and letters are put on.
private struct Page {
    let width, height: Int
    private(set) var pixels: [UInt8]
    /// How much of each pixel the present line covers, 0…1; all 0 between two lines.
    private var covered: [Float]

    init(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        pixels = [UInt8](repeating: 255, count: width * height * 3)
        covered = [Float](repeating: 0, count: width * height)
    }

    /// Joined strokes with round ends. Where two overlap, the pixel is covered as by the one that covers more.
    mutating func line(_ points: [Figure.Point], _ color: Color, width stroke: Double) {
        var touched: [Int] = []
        for (a, b) in zip(points, points.dropFirst()) {
            let reach = stroke / 2 + 1
            for y in rows(min(a.y, b.y) - reach, max(a.y, b.y) + reach, height) {
                for x in rows(min(a.x, b.x) - reach, max(a.x, b.x) + reach, width) {
                    let amount = Float(stroke / 2 + 0.5 - distance(Double(x) + 0.5, Double(y) + 0.5, a, b))
                    guard amount > 0 else { continue }
                    let place = y * width + x
                    if covered[place] == 0 { touched.append(place) }
                    covered[place] = max(covered[place], min(1, amount))
                }
            }
        }
        for place in touched {
            blend(place, color, covered[place])
            covered[place] = 0
        }
    }

    mutating func text(_ text: String, _ point: Figure.Point, _ anchor: Figure.Anchor, _ color: Color) {
        // The font has ASCII alone.
        let letters: [Unicode.Scalar] = text.unicodeScalars.map { $0.isASCII ? $0 : $0 == "…" ? "~" : "?" }
        let length = Double(letters.count) * Figure.character
        let left = Int(point.x - (anchor == .start ? 0 : anchor == .middle ? length / 2 : length))
        let top = Int(point.y) - 8
        for (place, letter) in letters.enumerated() {
            for row in 0..<8 {
                let bits = latent_font_row(Int32(letter.value), Int32(row))
                for column in 0..<8 where bits >> (7 - column) & 1 == 1 {
                    square(left + place * 16 + 2 * column, top + 2 * row, color)
                }
            }
        }
    }

    private mutating func square(_ x: Int, _ y: Int, _ color: Color) {
        for (x, y) in [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)] where (0..<width).contains(x) && (0..<height).contains(y) {
            blend(y * width + x, color, 1)
        }
    }

    private mutating func blend(_ place: Int, _ color: Color, _ amount: Float) {
        let (red, green, blue) = color.rgb
        for (channel, value) in [red, green, blue].enumerated() {
            let below = Float(pixels[3 * place + channel])
            pixels[3 * place + channel] = UInt8(below + amount * (Float(value) - below) + 0.5)
        }
    }

    private func rows(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
        let first = max(0, min(count, Int(low)))
        return first..<max(first, min(count, Int(high) + 1))
    }

    /// From a point to the nearest one of a stroke.
    private func distance(_ x: Double, _ y: Double, _ a: Figure.Point, _ b: Figure.Point) -> Double {
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let length = dx * dx + dy * dy
        let part = length > 0 ? max(0, min(1, ((x - a.x) * dx + (y - a.y) * dy) / length)) : 0
        let (ex, ey) = (x - a.x - part * dx, y - a.y - part * dy)
        return (ex * ex + ey * ey).squareRoot()
    }
}
