import Drawing
import VAECore

/// The plane's pictures, and the one at the cursor.
package struct DecodePlane: Job {
    package var model: ModelAt
    package var grid: LatentGrid
    package var cursor: [Float]
    /// The class a conditional model draws.
    package var label: Int?

    package var policy: JobPolicy { .frame }
    package var about: ModelSlot.ID? { model.id }

    package func run(on bench: Bench) -> (plane: PlanePictures, picture: [Float])? {
        let place = (1 - grid.shares(of: cursor).up) * Double(grid.rows)
        let row = Int(max(0, min(Double(grid.rows - 1), place)))
        return (
            bench.plane(grid, label: label, around: row, model.snapshot), bench.decode(cursor, label: label, model.snapshot)
        )
    }

    package func finish(_ answer: (plane: PlanePictures, picture: [Float]), _ state: inout AppState) -> [Effect] {
        (state.explore.plane, state.explore.picture) = answer
        return answer.plane.isWhole ? [] : [.job(self)]
    }
}

/// The codes' density over the plane, in so many cells, beside the prior's.
package struct MeasureDensity: Job {
    package var id: ModelSlot.ID
    package var codes: LatentCodes
    package var grid: LatentGrid
    package var columns: Int
    package var rows: Int
    package var prior: AggregatePosterior.Prior?

    package var policy: JobPolicy { .frame }
    package var about: ModelSlot.ID? { id }

    package func run(on bench: Bench) -> AggregatePosterior? {
        AggregatePosterior(codes, over: grid, columns: columns, rows: rows, prior: prior)
    }

    package func finish(_ density: AggregatePosterior, _ state: inout AppState) -> [Effect] {
        state.explore.density = density
        return []
    }
}

/// A row of pictures for each of some dimensions, through the cursor.
package struct DecodeTraversals: Job {
    package var model: ModelAt
    package var dimensions: [Int]
    package var values: [[Float]]
    package var cursor: [Float]
    package var label: Int?

    package var policy: JobPolicy { .frame }
    package var about: ModelSlot.ID? { model.id }

    package func run(on bench: Bench) -> ExploreState.Traversals? {
        let z = zip(dimensions, values).flatMap { dimension, row in
            row.flatMap { value in
                var point = cursor
                point[dimension] = value
                return point
            }
        }
        return .init(dimensions: dimensions, values: values, pictures: bench.decode(z, label: label, model.snapshot))
    }

    package func finish(_ traversals: ExploreState.Traversals, _ state: inout AppState) -> [Effect] {
        state.explore.traversals = traversals
        return []
    }
}

/// Pictures along the path.
package struct DecodePath: Job {
    package var model: ModelAt
    package var points: [[Float]]
    package var label: Int?

    package var policy: JobPolicy { .frame }
    package var about: ModelSlot.ID? { model.id }

    package func run(on bench: Bench) -> [Float]? { bench.decode(points.flatMap { $0 }, label: label, model.snapshot) }

    package func finish(_ pictures: [Float], _ state: inout AppState) -> [Effect] {
        state.explore.path.pictures = pictures
        return []
    }
}
