import VAECore

/// The plane in small.
public struct DecodeThumbnail: Job {
    public var model: ModelAt
    public var grid: LatentGrid
    public var label: Int?

    public var policy: JobPolicy { .frame }
    public var about: ModelSlot.ID? { model.id }

    public func run(on bench: Bench) -> PlanePictures? {
        PlanePictures(
            grid: grid, pictures: bench.decode(grid.points, label: label, model.snapshot), step: model.snapshot.step)
    }

    public func finish(_ plane: PlanePictures, _ state: inout AppState) -> [Effect] {
        state.training.thumbnail = plane
        return []
    }
}

/// The first held-out images above what the model makes of them.
public struct ReconstructStrip: Job {
    public var model: ModelAt
    public var set: ImageSet
    public var count: Int

    public var policy: JobPolicy { .frame }
    public var about: ModelSlot.ID? { model.id }

    public func run(on bench: Bench) -> TrainState.Strip? {
        guard set.shape.count == model.snapshot.network.pixels else { return nil }
        let shown = min(count, set.count)
        let (images, labels) = model.inputs(0..<shown, of: set)
        let made = bench.inference(model.snapshot).reconstruct(images, labels: labels)
        return .init(inputs: images, outputs: made.flatMap(\.picture), count: shown, step: model.snapshot.step)
    }

    public func finish(_ strip: TrainState.Strip, _ state: inout AppState) -> [Effect] {
        state.training.strip = strip
        return []
    }
}
