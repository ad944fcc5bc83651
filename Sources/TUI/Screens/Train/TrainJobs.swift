import Drawing
import VAECore

/// The plane in small.
package struct DecodeThumbnail: Job {
    package var model: ModelAt
    package var plane: Plane
    package var label: Int?

    package var policy: JobPolicy { .frame }
    package var about: ModelSlot.ID? { model.id }

    package func run(on bench: Bench) -> PlanePictures? {
        PlanePictures(
            plane: plane, pictures: bench.decode(plane.points, label: label, model.snapshot), step: model.snapshot.step)
    }

    package func finish(_ pictures: PlanePictures, _ state: inout AppState) -> [Effect] {
        state.training.thumbnail = pictures
        return []
    }
}

/// The first held-out images above what the model makes of them.
package struct ReconstructStrip: Job {
    package var model: ModelAt
    package var set: ImageSet
    package var count: Int

    package var policy: JobPolicy { .frame }
    package var about: ModelSlot.ID? { model.id }

    package func run(on bench: Bench) -> TrainState.Strip? {
        guard set.shape.count == model.snapshot.network.pixels else { return nil }
        let shown = min(count, set.count)
        let (images, labels) = model.inputs(0..<shown, of: set)
        let made = bench.inference(model.snapshot).reconstruct(images, labels: labels)
        return .init(inputs: images, outputs: made.flatMap(\.picture), count: shown, step: model.snapshot.step)
    }

    package func finish(_ strip: TrainState.Strip, _ state: inout AppState) -> [Effect] {
        state.training.strip = strip
        return []
    }
}
