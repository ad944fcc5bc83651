import Drawing
import VAECore

/// Codes of images over a plane: in each cell the class that most of those there have, as its digit and its colour.
struct CodeScatter {
    var codes: LatentCodes
    /// Whose directions run across and up.
    var plane: Plane
    /// What is behind the characters; nil is the terminal's own.
    var ground: Color?

    /// - Parameter cell: where a code's two coordinates lie on the canvas, inside `rect`; nil outside.
    func draw(
        into canvas: inout Canvas, _ rect: Rect, _ capabilities: Capabilities,
        cell: (_ across: Float, _ up: Float) -> (x: Int, y: Int)?
    ) {
        let classes = Int(codes.labels?.max() ?? 0) + 1
        // By cell and class, in one table: ten thousand codes are counted for every frame.
        var counts = [Int32](repeating: 0, count: rect.width * rect.height * classes)
        for index in 0..<codes.count {
            let z = index * codes.latent
            let (x, y) = (plane.across.coordinate(of: codes.mean, at: z), plane.up.coordinate(of: codes.mean, at: z))
            guard let place = cell(x, y) else { continue }
            let number = (place.y - rect.y) * rect.width + place.x - rect.x
            counts[number * classes + Int(codes.labels?[index] ?? 0)] += 1
        }
        for number in 0..<rect.width * rect.height {
            let here = counts[number * classes..<(number + 1) * classes]
            // Of classes as frequent as each other, the first: the picture must not flicker.
            guard let most = here.max(), most > 0, let first = here.firstIndex(of: most) else { continue }
            canvas[rect.x + number % rect.width, rect.y + number / rect.width] = dot(
                first - number * classes, isDense: most > 2, capabilities)
        }
    }

    private func dot(_ label: Int, isDense: Bool, _ capabilities: Capabilities) -> Cell {
        guard codes.labels != nil else { return Cell(capabilities.glyph("•", "."), Style(252, on: ground)) }
        return Cell(Self.glyph(label), Style(Palette.classColor(label), on: ground, isDense ? .bold : []))
    }

    /// A class as one character: 0 to 9, then letters; "?" for those beyond.
    static func glyph(_ label: Int) -> Unicode.Scalar {
        let glyphs = Array("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".unicodeScalars)
        return glyphs.indices.contains(label) ? glyphs[label] : "?"
    }
}
