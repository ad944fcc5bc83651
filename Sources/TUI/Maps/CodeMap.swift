import Drawing
import VAECore

/// Where the images of a set lie in a plane, as dots in the colours of their classes, with one place marked.
struct CodeMap {
    var codes: LatentCodes
    var dimensions: (across: Int, up: Int)
    /// The place marked (latent); nil for none.
    var mark: [Float]?

    /// Most dots drawn: more would fill the map and take time from the frame.
    private static let limit = 4000

    /// Draws over all of `rect`, three standard deviations of the codes each way.
    func draw(into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities) {
        let area = rect.intersection(canvas.bounds)
        guard !area.isEmpty, codes.count > 0 else { return }
        let (x, y) = (range(dimensions.across), range(dimensions.up))
        let isFine = capabilities.drawsUnicode
        let (wide, high) = (area.width * (isFine ? 2 : 1), area.height * (isFine ? 4 : 1))
        var masks = [Int](repeating: 0, count: area.width * area.height)
        for index in stride(from: 0, to: codes.count, by: codes.count / Self.limit + 1) {
            let z = (value(index, dimensions.across), value(index, dimensions.up))
            guard let column = place(z.0, x, wide), let row = place(z.1, y, high) else { continue }
            let down = high - 1 - row
            let cell = isFine ? down / 4 * area.width + column / 2 : down * area.width + column
            masks[cell] |= isFine ? Int(Braille.bit(column & 1, down & 3)) : 1
            let color = codes.labels.map { Palette.classColor(Int($0[index])) }
            let glyph: Unicode.Scalar = isFine ? Braille.glyph(masks[cell]) : "."
            canvas[area.x + cell % area.width, area.y + cell / area.width] = Cell(glyph, Style(color))
        }
        // A place beyond the map is marked at its edge.
        guard let mark, let column = place(mark[dimensions.across], x, area.width, clamped: true),
            let row = place(mark[dimensions.up], y, area.height, clamped: true)
        else { return }
        canvas.mark(
            capabilities.glyph("◆", "X"), Theme.warning, x: area.x + column, y: area.y + area.height - 1 - row)
    }

    private func value(_ index: Int, _ dimension: Int) -> Float { codes.mean[index * codes.latent + dimension] }

    /// The middle of the codes in a dimension, and how far the map goes from it.
    private func range(_ dimension: Int) -> (middle: Float, reach: Float) {
        var (sum, squares) = (0.0, 0.0)
        for index in 0..<codes.count {
            let z = Double(value(index, dimension))
            sum += z
            squares += z * z
        }
        let mean = sum / Double(codes.count)
        let deviation = max(0, squares / Double(codes.count) - mean * mean).squareRoot()
        let reach = Float(3 * deviation)
        return (Float(mean), reach > 0 && reach.isFinite ? reach : 1)
    }

    /// The column or row of a coordinate; nil outside, unless it is clamped, and for what is no number.
    private func place(
        _ z: Float, _ range: (middle: Float, reach: Float), _ count: Int, clamped: Bool = false
    ) -> Int? {
        var part = ((z - range.middle) / range.reach + 1) / 2
        if clamped { part = part < 0 ? 0 : part > 1 ? 1 : part }
        guard part >= 0, part <= 1 else { return nil }
        return min(count - 1, Int(part * Float(count)))
    }
}
