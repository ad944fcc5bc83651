import Drawing
import VAECore

/// What the Draw screen shows.
package struct DrawState: Sendable, Equatable {
    /// What is drawn; nil before the first stroke on a canvas of the model's size.
    package internal(set) var image: Bitmap?
    /// The pen the keys move.
    package var pen = Pen()
    /// Whether the keys and the left button rub out.
    package var erases = false
    /// The brush's width, as a place in `sizes`.
    package var size = 1
    /// The pen's colour on images in colour, as a place in `inks`.
    package var ink = 0
    /// Where the mouse was last while a button is held.
    package var mouse: MouseStroke?
    /// Canvases to go back to and forward to, the nearest last.
    package internal(set) var undone: [Bitmap] = []
    package internal(set) var done: [Bitmap] = []
    /// The held-out image that was loaded last.
    package var example: Int?
    /// What the model makes of the drawing; nil for an empty canvas.
    package var encoded: Encoded?
    /// The held-out images whose codes are nearest to the drawing's, nearest first.
    package var neighbours: [Int] = []
    /// Whether the model sees the drawing with its centre of mass in the middle, as MNIST's digits have it; nil for a model
    /// of MNIST only.
    package var centres: Bool?
    /// Whether the map is a close look at the drawing's ellipse.
    package var isClose = false
    /// The pictures of the plane that the drawing lies on; none where there is no room for them.
    package var plane = PlanePictures()

    /// The ink of the emptiest held-out image, in pixels; nil without images.
    var leastInk: Double?

    init() {}

    /// The ink of the emptiest of a set's first images, in pixels.
    static func leastInk(of set: ImageSet) -> Double? {
        (0..<min(2000, set.count)).map { n in Double(set[n].reduce(0) { $0 + Int($1) }) / 255 }.min()
    }

    /// Factors on the brush's width.
    package static let sizes: [Float] = [0.6, 1, 1.5, 2.2]
    /// Colours of the pen: red, green and blue.
    package static let inks: [(name: String, color: [Float])] = [
        ("white", [1, 1, 1]), ("red", [0.9, 0.1, 0.1]), ("yellow", [1, 0.85, 0.1]), ("green", [0.1, 0.7, 0.2]),
        ("blue", [0.15, 0.3, 0.9]), ("grey", [0.5, 0.5, 0.5]), ("black", [0, 0, 0]),
    ]
    /// How many strokes can be undone.
    package static let undoLimit = 100
    /// How many neighbours say what the drawing looks like.
    package static let voters = 10

    /// The pixel that the keys draw from.
    package struct Pen: Sendable, Equatable {
        /// Column and row; nil is the middle.
        package var place: Place?
        package var isDown = false

        /// A pixel by its column and row, from 0.
        package struct Place: Sendable, Equatable {
            package var x: Int
            package var y: Int

            /// Column `x`, row `y`; outside the canvas it is brought to the border when used.
            package init(x: Int, y: Int) {
                self.x = x
                self.y = y
            }
        }
    }

    /// A stroke of the mouse under way.
    package struct MouseStroke: Sendable, Equatable {
        package var last: PixelPoint
        package var erases: Bool
    }

    /// What the model makes of the drawing.
    package struct Encoded: Sendable, Equatable {
        /// The posterior's mean and deviation (latent each); no deviation for a deterministic model.
        package var mean: [Float]
        package var deviation: [Float]
        /// The decoded picture at the mean, and the losses, nats.
        package var reconstruction: Inference.Reconstruction
        package var step: Int

        /// - Parameter step: the training step of the parameters that made it.
        package init(mean: [Float], deviation: [Float], reconstruction: Inference.Reconstruction, step: Int) {
            self.mean = mean
            self.deviation = deviation
            self.reconstruction = reconstruction
            self.step = step
        }
    }

    /// The canvas for a model's images: what is drawn, or an empty one when that has another size.
    package func canvas(_ shape: ImageShape) -> Bitmap {
        guard let image, image.width == shape.width, image.height == shape.height, image.channels == shape.channels else {
            return .blank(shape)
        }
        return image
    }

    /// The pixel the pen is on.
    package func penPlace(_ shape: ImageShape) -> Pen.Place {
        let place = pen.place ?? Pen.Place(x: shape.width / 2, y: shape.height / 2)
        return Pen.Place(x: max(0, min(shape.width - 1, place.x)), y: max(0, min(shape.height - 1, place.y)))
    }

    /// The brush in its present width.
    package func brush(_ shape: ImageShape) -> Brush {
        Brush(width: shape.width, height: shape.height, size: Self.sizes[size])
    }

    /// The class most of the neighbours have, and how many of how many have it; of equal ones the nearest's.
    package func vote(_ labels: [UInt8]?) -> (label: Int, votes: Int, of: Int)? {
        guard let labels else { return nil }
        let cast = neighbours.filter { labels.indices.contains($0) }.map { Int(labels[$0]) }
        var counts: [Int: Int] = [:]
        for label in cast { counts[label, default: 0] += 1 }
        guard let most = counts.values.max(), let winner = cast.first(where: { counts[$0] == most }) else { return nil }
        return (winner, most, cast.count)
    }
}

/// The map of the plane that the drawing lies on.
package struct DrawMap: Sendable, Equatable {
    /// Where nothing is drawn yet.
    package var plane: Plane
    /// Whether it is a close look at the drawing.
    package var isClose: Bool
    /// Whether there is room for pictures on it.
    package var hasPictures: Bool

    package init(plane: Plane, isClose: Bool, hasPictures: Bool) {
        (self.plane, self.isClose, self.hasPictures) = (plane, isClose, hasPictures)
    }

    /// The plane for a drawing.
    package func showing(_ encoded: DrawState.Encoded?) -> Plane {
        guard let encoded else { return plane }
        return isClose ? plane.close(to: encoded.mean, deviation: encoded.deviation) : plane.holding(encoded.mean)
    }
}
