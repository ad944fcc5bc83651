import Drawing

/// A place on a picture, in pixels: (0, 0) is the middle of the top left one.
package struct PixelPoint: Sendable, Equatable {
    package var x: Float
    package var y: Float

    /// The point x pixels to the right of the top left one's middle and y below it.
    package init(_ x: Float, _ y: Float) {
        self.x = x
        self.y = y
    }
}

/// A round brush with a soft edge, whose strokes look like those of MNIST's digits.
package struct Brush: Sendable, Equatable {
    /// From the middle of a stroke to where it is half as bright, pixels.
    package var radius: Float
    /// How wide the edge is over which the brightness falls from 1 to 0, pixels.
    package var edge: Float

    /// A brush of a radius and an edge in pixels, both above 0.
    package init(radius: Float, edge: Float) {
        self.radius = radius
        self.edge = edge
    }

    /// MNIST's strokes are about 2.8 of its 28 pixels wide, with an edge of one. On small pictures no stroke is
    /// so thin that it could pass between the pixels.
    /// - Parameter size: a factor on the width.
    package init(width: Int, height: Int, size: Float = 1) {
        let scale = Float(min(width, height)) / 28
        radius = max(0.6, 1.4 * scale * size)
        edge = max(0.8, scale)
    }

    /// What a stroke leaves at a distance from its middle line, 0…1.
    package func coverage(at distance: Float) -> Float {
        max(0, min(1, 0.5 + (radius - distance) / edge))
    }

    /// Where it reaches no further, pixels.
    var reach: Float { radius + edge / 2 }
}

extension Bitmap {
    /// Paints the straight stroke between two points. Strokes join by their brighter value, so crossing or going back
    /// over one leaves no seam; an eraser leaves the darker value. In colour, the pen's covers what is below.
    /// - Parameter color: red, green and blue of the pen.
    package mutating func stroke(
        from a: PixelPoint, to b: PixelPoint, _ brush: Brush, erases: Bool = false, color: [Float] = [1, 1, 1]
    ) {
        guard a.x.isFinite, a.y.isFinite, b.x.isFinite, b.y.isFinite else { return }
        let columns = Self.covered(min(a.x, b.x) - brush.reach, max(a.x, b.x) + brush.reach, width)
        let rows = Self.covered(min(a.y, b.y) - brush.reach, max(a.y, b.y) + brush.reach, height)
        for y in rows {
            for x in columns {
                let ink = brush.coverage(at: Self.distance(PixelPoint(Float(x), Float(y)), a, b))
                let first = (y * width + x) * channels
                if channels == 1 {
                    pixels[first] = erases ? min(pixels[first], 1 - ink) : max(pixels[first], ink)
                } else {
                    for n in 0..<channels { pixels[first + n] += ink * ((erases ? 0 : color[n]) - pixels[first + n]) }
                }
            }
        }
    }

    /// The pixels between two places along one side.
    private static func covered(_ low: Float, _ high: Float, _ count: Int) -> Range<Int> {
        let first = Int(max(0, min(Float(count), low.rounded(.down))))
        let last = Int(max(-1, min(Float(count - 1), high.rounded(.up))))
        return first..<max(first, last + 1)
    }

    /// From a point to the nearest one of a line.
    private static func distance(_ p: PixelPoint, _ a: PixelPoint, _ b: PixelPoint) -> Float {
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let length = dx * dx + dy * dy
        let part = length > 0 ? max(0, min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / length)) : 0
        let (ex, ey) = (p.x - a.x - part * dx, p.y - a.y - part * dy)
        return (ex * ex + ey * ey).squareRoot()
    }

    func hasSize(of other: Bitmap) -> Bool {
        width == other.width && height == other.height && channels == other.channels
    }

    /// Whether nothing is drawn on it that a byte a pixel could hold.
    package var isBlank: Bool { pixels.allSatisfy { !($0 * 255 >= 0.5) } }

    /// The pixels as the bytes a data set holds.
    package var bytes: [UInt8] { pixels.map { UInt8(max(0, min(255, ($0.isNaN ? 0 : $0) * 255 + 0.5))) } }

    /// By how many whole pixels its centre of mass lies off the middle, to the left and above. Nil for a blank picture.
    package var shiftToCenter: (x: Int, y: Int)? {
        guard !isBlank else { return nil }
        var (mass, sumX, sumY): (Double, Double, Double) = (0, 0, 0)
        for y in 0..<height {
            for x in 0..<width {
                let first = (y * width + x) * channels
                let ink = pixels[first..<first + channels].reduce(0) { $0 + Double($1) }
                mass += ink
                sumX += ink * Double(x)
                sumY += ink * Double(y)
            }
        }
        guard mass > 0, mass.isFinite else { return nil }
        return (width / 2 - Int((sumX / mass).rounded()), height / 2 - Int((sumY / mass).rounded()))
    }

    /// Shifted by whole pixels so that its centre of mass lies in the middle, as MNIST's digits were; what is shifted
    /// over the border is lost. Nil for a blank picture.
    package var centeredByMass: Bitmap? {
        guard let shift = shiftToCenter else { return nil }
        var shifted = self
        for y in 0..<height {
            for x in 0..<width {
                let (fromX, fromY) = (x - shift.x, y - shift.y)
                let isInside = fromX >= 0 && fromX < width && fromY >= 0 && fromY < height
                for n in 0..<channels {
                    shifted.pixels[(y * width + x) * channels + n] = isInside ? pixels[(fromY * width + fromX) * channels + n] : 0
                }
            }
        }
        return shifted
    }
}
