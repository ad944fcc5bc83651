import Drawing
import VAECore

/// Some held-out images above what the model makes of them.
package struct ReconstructPairs: Job {
    package var model: ModelAt
    package var set: ImageSet
    package var indices: [Int]
    package var sampleSeed: UInt64?

    package var policy: JobPolicy { .frame }
    package var about: ModelSlot.ID? { model.id }

    package func run(on bench: Bench) -> TrainState.Strip? {
        guard set.shape.count == model.snapshot.network.pixels else { return nil }
        var strip = TrainState.Strip(count: indices.count, step: model.snapshot.step)
        var classes: [Int] = []
        for index in indices {
            let (image, labels) = model.inputs(index..<index + 1, of: set)
            strip.inputs += image
            classes += labels ?? []
        }
        strip.outputs = bench.inference(model.snapshot)
            .reconstruct(strip.inputs, sampleSeed: sampleSeed, labels: set.labels == nil ? nil : classes).flatMap(\.picture)
        return strip
    }

    package func finish(_ pairs: TrainState.Strip, _ state: inout AppState) -> [Effect] {
        state.compare.pairs = pairs
        return []
    }
}

/// What the model on show, and the one beside it, make of one held-out image.
package struct ReconstructImage: Job {
    package var model: ModelAt
    package var beside: ModelAt?
    package var set: ImageSet
    package var index: Int
    /// Draws z instead of taking the mean.
    package var sampleSeed: UInt64?

    package var policy: JobPolicy { .frame }
    package var about: ModelSlot.ID? { model.id }

    package func run(on bench: Bench) -> CompareState.Pair? {
        guard set.shape.count == model.snapshot.network.pixels, let own = made(model, bench) else { return nil }
        let other = beside.flatMap { $0.session.takes(set) ? made($0, bench) : nil }
        return .init(
            index: index, input: own.input, reconstruction: own.reconstruction, step: model.snapshot.step, second: other)
    }

    private func made(_ model: ModelAt, _ bench: Bench) -> CompareState.Pair.Beside? {
        let (image, labels) = model.inputs(index..<index + 1, of: set)
        return bench.inference(model.snapshot).reconstruct(image, sampleSeed: sampleSeed, labels: labels).first
            .map { .init(input: image, reconstruction: $0) }
    }

    package func finish(_ pair: CompareState.Pair, _ state: inout AppState) -> [Effect] {
        state.compare.pair = pair
        return []
    }
}
