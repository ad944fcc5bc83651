import Drawing
import VAECore

/// The plane's pictures, and the one at the cursor.
package struct DecodePlane: Job {
    package var model: ModelAt
    package var plane: Plane
    package var cursor: [Float]
    /// The class a conditional model draws.
    package var label: Int?

    package var policy: JobPolicy { .frame }
    package var about: ModelSlot.ID? { model.id }

    package func run(on bench: Bench) -> (pictures: PlanePictures, picture: [Float])? {
        let place = (1 - plane.shares(of: cursor).up) * Double(plane.rows)
        let row = Int(max(0, min(Double(plane.rows - 1), place)))
        return (
            bench.plane(plane, label: label, around: row, model.snapshot), bench.decode(cursor, label: label, model.snapshot)
        )
    }

    package func finish(_ answer: (pictures: PlanePictures, picture: [Float]), _ state: inout AppState) -> [Effect] {
        if model.id == state.shown.id {
            (state.explore.pictures, state.explore.picture) = answer
            if state.explore.beginOnDigit(state.model) {
                var job = self
                job.cursor = state.explore.cursor
                return [.job(job)]
            }
        } else {
            (state.explore.second.pictures, state.explore.second.picture) = answer
        }
        return answer.pictures.isWhole ? [] : [.job(self)]
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
