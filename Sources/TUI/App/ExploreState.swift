import VAECore

/// Decoded pictures over a plane.
public struct PlanePictures: Sendable, Equatable {
    public var grid: LatentGrid?
    /// (rows · columns, pixels).
    public var pictures: [Float] = []
    /// The step they were decoded at.
    public var step = 0

    /// No pictures, unless told.
    public init(grid: LatentGrid? = nil, pictures: [Float] = [], step: Int = 0) {
        self.grid = grid
        self.pictures = pictures
        self.step = step
    }
}

/// What the Explore screen shows.
public struct ExploreState: Sendable {
    /// The cursor in the latent space, every dimension.
    public var cursor: [Float]
    /// The middle of the plane shown, across and up.
    public var center: (across: Float, up: Float)
    /// From the middle of the plane to its left and right edges, in units of z.
    public var reach: Float
    /// The class a conditional model draws.
    public var label: Int?
    public var dimensions: (across: Int, up: Int)
    public var plane = PlanePictures()
    /// The picture at the cursor (pixels).
    public var picture: [Float] = []

    /// Standard deviations of the prior from the middle to the edge: 98 % of it lie within, each way.
    public static let priorReach: Float = 2.4
    /// How far one can walk. The prior has nothing beyond 8, but the codes of a plain autoencoder, which no prior
    /// holds together, may lie far out.
    public static let limit: Float = 100
    public static let reachRange: ClosedRange<Float> = 0.05...100

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

    /// Whether nobody has walked or zoomed away from the plane the model begins with.
    func isHome(_ model: ModelState) -> Bool {
        let home = model.home(dimensions)
        return cursor == home.center && reach == home.reach
            && center == (cursor[dimensions.across], cursor[dimensions.up])
    }
}
