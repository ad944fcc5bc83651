import VAECore

/// What the model on show, and the one beside it, make of one held-out image.
public struct ReconstructImage: Job {
    public var model: ModelAt
    public var beside: ModelAt?
    public var set: ImageSet
    public var index: Int
    /// Draws z instead of taking the mean.
    public var sampleSeed: UInt64?

    public var policy: JobPolicy { .frame }
    public var about: ModelSlot.ID? { model.id }

    public func run(on bench: Bench) -> CompareState.Pair? {
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

    public func finish(_ pair: CompareState.Pair, _ state: inout AppState) -> [Effect] {
        state.compare.pair = pair
        return []
    }
}
