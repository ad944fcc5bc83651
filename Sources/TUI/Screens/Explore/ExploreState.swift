import Drawing
import VAECore

/// Decoded pictures over a plane.
package struct PlanePictures: Sendable, Equatable {
    package var grid: LatentGrid?
    /// (rows · columns, pixels).
    package var pictures: [Float] = []
    /// The step they were decoded at.
    package var step = 0
    /// False while some rows are still to be decoded, as those of a slow model are.
    package var isWhole = true

    /// No pictures, unless told.
    package init(grid: LatentGrid? = nil, pictures: [Float] = [], step: Int = 0) {
        self.grid = grid
        self.pictures = pictures
        self.step = step
    }
}

/// What the Explore screen shows.
package struct ExploreState: Sendable {
    /// The cursor in the latent space, every dimension.
    package var cursor: [Float]
    /// The middle of the plane shown, across and up.
    package var center: (across: Float, up: Float)
    /// From the middle of the plane to its left and right edges, in units of z.
    package var reach: Float
    /// The class a conditional model draws.
    package var label: Int?
    package var dimensions: (across: Int, up: Int)
    package var plane = PlanePictures()
    /// The picture at the cursor (pixels).
    package var picture: [Float] = []
    /// What lies on the plane.
    package var layer = Layer.pictures
    /// Whether the pictures are equal steps in z apart, or equal steps in probability.
    package var spacing = GridSpacing.linear
    /// Whether the large picture shows how uncertain each pixel is, in place of its mean.
    package var showsEntropy = false
    /// The codes' density beside the prior's, once asked for.
    package var density: AggregatePosterior?
    /// The dimensions row by row, once asked for.
    package var traversals = Traversals()
    package var path = PathState()
    /// Points to come back to, in the order they were set.
    package var bookmarks: [[Float]] = []
    /// The screen the cursor was sent from, to go back to.
    package var origin: Screen?

    /// What may lie on the plane.
    package enum Layer: String, Sendable, CaseIterable {
        /// What the model draws from each place.
        case pictures
        /// The held-out images' codes, by class.
        case scatter = "codes"
        /// How dense those are, beside the prior.
        case density
        /// A row of pictures for each dimension, in place of the plane.
        case traversals
    }

    /// Pictures along some dimensions, a row each, the others as at the cursor.
    package struct Traversals: Sendable, Equatable {
        package var dimensions: [Int] = []
        /// Values of the dimension, left to right.
        package var values: [[Float]] = []
        /// (dimensions, values, pixels).
        package var pictures: [Float] = []

        /// None yet, unless told.
        package init(dimensions: [Int] = [], values: [[Float]] = [], pictures: [Float] = []) {
            self.dimensions = dimensions
            self.values = values
            self.pictures = pictures
        }
    }

    /// Two points of the latent space and the way between them.
    package struct PathState: Sendable, Equatable {
        package var start: [Float]?
        package var end: [Float]?
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
        dimensions = model.firstDimensions
        (cursor, reach) = model.home(dimensions)
        center = (cursor[dimensions.across], cursor[dimensions.up])
        label = model.classes.map { _ in 0 }
    }

    /// Goes to the plane the model begins with, the cursor in its middle.
    mutating func goHome(_ model: ModelState) {
        (cursor, reach) = model.home(dimensions)
        center = (cursor[dimensions.across], cursor[dimensions.up])
    }

    /// Every point is of another latent space: nothing marked in it means anything now.
    mutating func forgetPlaces() {
        path = PathState(kind: path.kind)
        bookmarks = []
        origin = nil
        forgetPictures()
    }

    /// What was decoded from the model before goes.
    mutating func forgetPictures() {
        (plane, picture) = (PlanePictures(), [])
        path.pictures = []
        density = nil
        traversals = Traversals()
    }

    /// Whether nobody has walked or zoomed away from the plane the model begins with.
    func isHome(_ model: ModelState) -> Bool {
        let home = model.home(dimensions)
        return cursor == home.center && reach == home.reach
            && center == (cursor[dimensions.across], cursor[dimensions.up])
    }
}
