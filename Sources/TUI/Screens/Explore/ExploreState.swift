import Drawing
import VAECore

/// Decoded pictures over a plane.
package struct PlanePictures: Sendable, Equatable {
    package var plane: Plane?
    /// (rows · columns, pixels).
    package var pictures: [Float] = []
    /// The step they were decoded at.
    package var step = 0
    /// False while some rows are still to be decoded, as those of a slow model are.
    package var isWhole = true

    /// No pictures, unless told.
    package init(plane: Plane? = nil, pictures: [Float] = [], step: Int = 0) {
        self.plane = plane
        self.pictures = pictures
        self.step = step
    }
}

/// What the Explore screen shows.
package struct ExploreState: Sendable {
    /// The cursor in the latent space, every dimension.
    package var cursor: [Float]
    /// The plane to look at. It reaches to the middles of its outermost pictures, left and right; how many there are, and
    /// how far it goes up, is a matter of the room for it: `ExploreLayout.plane`.
    package var plane: Plane
    /// Until the first key: the cursor is put on a picture worth looking at, and a line says what there is to see.
    package internal(set) var isFresh = true
    /// What spans the plane; `span` turns it there.
    package var basis = PlaneBasis.dimensions
    /// The dimensions chosen last, and the principal components.
    var chosen: (across: Int, up: Int)
    package var componentsShown = (across: 0, up: 1)
    /// The class a conditional model draws.
    package var label: Int?
    package var pictures = PlanePictures()
    /// The picture at the cursor (pixels).
    package var picture: [Float] = []
    /// What lies on the plane.
    package var layer = ExploreLayer.pictures
    /// What layers keep, each under its own type.
    package var layers = TypedStore()
    /// Whether the pictures are equal steps in z apart, or equal steps in probability.
    package var spacing = GridSpacing.linear
    /// Whether the large picture shows how uncertain each pixel is, in place of its mean.
    package var showsEntropy = false
    package var path = PathState()
    /// The run's steps going by; nil while they do not.
    package var replay: Replay?
    /// Points to come back to, in the order they were set.
    package var bookmarks: [[Float]] = []
    /// The screen the cursor was sent from, to go back to.
    package var origin: Screen?

    /// The run's steps going by, one after another.
    package struct Replay: Sendable, Equatable {
        /// The place of the next among the steps that are held.
        var next: Int
        /// When it is shown, in seconds of the program's clock; nil is at once.
        var due: Double?

        /// Long enough to see each, and about ten seconds for many.
        static func seconds(between steps: Int) -> Double { min(0.5, max(0.1, 10 / Double(steps))) }
    }

    /// Two points of the latent space and the way between them; and a third, for the plane through all three.
    package struct PathState: Sendable, Equatable {
        package var start: [Float]?
        package var end: [Float]?
        package var third: [Float]?
        package var kind = LatentPath.straight
        /// Pictures at even shares of the way (n, pixels).
        package var pictures: [Float] = []
        /// When the cursor set out to go along it, seconds of the program's clock; nil while it stays.
        package var since: Double?
        /// Whether it goes at all: the first tick says since when.
        package var isGoing = false

        /// No ends yet.
        package init(kind: LatentPath = .straight) { self.kind = kind }

        /// Seconds from one end to the other.
        package static let seconds = 4.0

        /// Both ends, once both are there.
        package var ends: (start: [Float], end: [Float])? {
            guard let start, let end else { return nil }
            return (start, end)
        }
    }

    /// Standard deviations of the prior from the middle to the edge: 98 % of it lie within, each way.
    package static let priorReach: Float = 2.4
    /// How far one can walk. The prior has nothing beyond 8, but the codes of a plain autoencoder, which no prior
    /// holds together, may lie far out.
    package static let limit: Float = 100
    package static let reachRange: ClosedRange<Float> = 0.05...100

    init(_ model: ModelState) {
        let shown = model.firstDimensions
        let home = model.home(shown)
        cursor = home.center
        chosen = shown
        plane = Plane(
            center: home.center, across: .dimension(shown.across), up: .dimension(shown.up), reach: home.reach)
        label = model.labels.first
    }

    /// The dimensions that the plane shows, or showed last. Setting them turns it to them, through the cursor.
    package var dimensions: (across: Int, up: Int) {
        get { chosen }
        set {
            chosen = newValue
            basis = .dimensions
            span()
        }
    }

    /// Goes to the plane the model begins with, the cursor in its middle.
    mutating func goHome(_ model: ModelState) {
        (cursor, plane.reach) = home(model)
        plane.center = cursor
    }

    /// The cursor to a point, as far as one can walk, in the middle of the plane.
    mutating func center(on z: [Float]) {
        cursor = z.map(Self.held)
        plane.center = cursor
    }

    /// A coordinate brought to where one can walk.
    static func held(_ z: Float) -> Float { min(limit, max(-limit, z)) }

    /// Every point is of another latent space: nothing marked in it means anything now.
    mutating func forgetPlaces() {
        path = PathState(kind: path.kind)
        replay = nil
        // Components and points were those of other codes.
        if !basis.isDimensions { dimensions = chosen }
        bookmarks = []
        origin = nil
        isFresh = false
        forgetPictures()
    }

    /// What was decoded from the model before goes.
    mutating func forgetPictures() {
        (pictures, picture) = (PlanePictures(), [])
        path.pictures = []
        layers = TypedStore()
    }

    /// Puts a fresh cursor from a blurred middle on the crispest picture near it: that between three classes is no digit.
    /// - Returns: whether it has moved.
    mutating func beginOnDigit(_ model: ModelState) -> Bool {
        guard isFresh, model.step > 0, let plane = pictures.plane, pictures.isWhole, !plane.isLine, isHome(model) else { return false }
        let pixels = model.shape.count
        func blur(_ n: Int) -> Float {
            let picture = pictures.pictures[n * pixels..<(n + 1) * pixels]
            return picture.reduce(0) { $0 + entropy($1) } / max(1, picture.reduce(0, +))
        }
        let (columns, rows) = (plane.columns, plane.rows)
        let near = (0..<rows * columns).filter {
            abs(2 * ($0 % columns) + 1 - columns) <= columns / 2 && abs(2 * ($0 / columns) + 1 - rows) <= rows / 2
        }
        guard pictures.pictures.count == rows * columns * pixels, let best = near.min(by: { blur($0) < blur($1) }),
            blur(best) < 0.8 * blur(rows / 2 * columns + columns / 2)
        else { return false }
        place(at: plane.point(column: best % columns, row: best / columns))
        return true
    }

    /// Whether it shows where the images lie: a line always does.
    var showsCodes: Bool { layer.feature.needsData || plane.isLine && !layer.feature.hasRows }

    /// Whether nobody has walked or zoomed away from the plane the model begins with.
    func isHome(_ model: ModelState) -> Bool {
        let home = home(model)
        return cursor == home.center && plane.reach == home.reach && plane.through(cursor).center == cursor
    }
}
