import VAECore

/// The plane's pictures, and the one at the cursor.
public struct DecodePlane: Job {
    public var model: ModelAt
    public var grid: LatentGrid
    public var cursor: [Float]
    /// The class a conditional model draws.
    public var label: Int?

    public var policy: JobPolicy { .frame }
    public var about: ModelSlot.ID? { model.id }

    public func run(on bench: Bench) -> (plane: PlanePictures, picture: [Float])? {
        (bench.plane(grid, label: label, model.snapshot), bench.decode(cursor, label: label, model.snapshot))
    }

    public func finish(_ answer: (plane: PlanePictures, picture: [Float]), _ state: inout AppState) -> [Effect] {
        (state.explore.plane, state.explore.picture) = answer
        return answer.plane.isWhole ? [] : [.job(self)]
    }
}

/// The codes' density over the plane, in so many cells, beside the prior's.
public struct MeasureDensity: Job {
    public var id: ModelSlot.ID
    public var codes: LatentCodes
    public var grid: LatentGrid
    public var columns: Int
    public var rows: Int
    public var prior: AggregatePosterior.Prior?

    public var policy: JobPolicy { .frame }
    public var about: ModelSlot.ID? { id }

    public func run(on bench: Bench) -> AggregatePosterior? {
        AggregatePosterior(codes, over: grid, columns: columns, rows: rows, prior: prior)
    }

    public func finish(_ density: AggregatePosterior, _ state: inout AppState) -> [Effect] {
        state.explore.density = density
        return []
    }
}

/// A row of pictures for each of some dimensions, through the cursor.
public struct DecodeTraversals: Job {
    public var model: ModelAt
    public var dimensions: [Int]
    public var values: [[Float]]
    public var cursor: [Float]
    public var label: Int?

    public var policy: JobPolicy { .frame }
    public var about: ModelSlot.ID? { model.id }

    public func run(on bench: Bench) -> ExploreState.Traversals? {
        let z = zip(dimensions, values).flatMap { dimension, row in
            row.flatMap { value in
                var point = cursor
                point[dimension] = value
                return point
            }
        }
        return .init(dimensions: dimensions, values: values, pictures: bench.decode(z, label: label, model.snapshot))
    }

    public func finish(_ traversals: ExploreState.Traversals, _ state: inout AppState) -> [Effect] {
        state.explore.traversals = traversals
        return []
    }
}

/// Pictures along the path.
public struct DecodePath: Job {
    public var model: ModelAt
    public var points: [[Float]]
    public var label: Int?

    public var policy: JobPolicy { .frame }
    public var about: ModelSlot.ID? { model.id }

    public func run(on bench: Bench) -> [Float]? { bench.decode(points.flatMap { $0 }, label: label, model.snapshot) }

    public func finish(_ pictures: [Float], _ state: inout AppState) -> [Effect] {
        state.explore.path.pictures = pictures
        return []
    }
}
