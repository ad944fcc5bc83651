import Drawing
import VAECore

/// Estimates of −log p(x) of one image, from below the fewest samples of z to the most.
package struct ImageBounds: Sendable, Equatable {
    /// Place in the held-out set, and the step of the parameters.
    var index, step: Int
    /// −log of the importance-weighted mean over so many samples, nats (Burda et al. 2015, eq. 8).
    var values: [(samples: Int, nats: Double)]

    static let samples = [1, 50, 5000]

    package static func == (a: ImageBounds, b: ImageBounds) -> Bool {
        (a.index, a.step) == (b.index, b.step) && a.values.elementsEqual(b.values) { $0 == $1 }
    }

    func isOf(_ pair: CompareState.Pair) -> Bool { (index, step) == (pair.index, pair.step) }

    /// "1: 131.20, 50: 128.91, 5000: 128.03".
    var text: String { values.map { "\($0.samples): \(Drawing.nats($0.nats))" }.joined(separator: ", ") }
}

/// The bounds of one held-out image.
struct BoundImage: Job {
    var model: ModelAt
    var set: ImageSet
    var index: Int

    var policy: JobPolicy { .once() }
    var about: ModelSlot.ID? { model.id }

    func run(on bench: Bench) throws -> ImageBounds? {
        let network = model.snapshot.network
        guard model.session.takes(set) else { return nil }
        let image = ImageSet(
            shape: set.shape, pixels: Array(set[index]), labels: set.labels.map { [$0[index]] })
        let evaluator = Evaluator(network: network, workers: Workers(count: 1))
        let values = try ImageBounds.samples.map { samples in
            let bound = try evaluator.importanceBound(
                model.snapshot.parameters, on: image, binarization: model.session.binarization, samples: samples)
            return (samples, -bound.logLikelihood)
        }
        return ImageBounds(index: index, step: model.snapshot.step, values: values)
    }

    func finish(_ bounds: ImageBounds, _ state: inout AppState) -> [Effect] {
        state.compare.bounds = bounds
        return []
    }
}

extension CompareScreen {
    static func bound(_ state: inout AppState) -> [Effect] {
        guard let set = state.data.dataset?.test, let pair = state.compare.pair else { return [] }
        guard !state.model.isDeterministic else {
            state.message = .init(text: "a plain autoencoder gives no probability: there is no log p(x) to estimate")
            return []
        }
        state.message = .init(text: "estimating log p(x) of image \(pair.index + 1) with up to \(ImageBounds.samples.last ?? 0) samples of z")
        return [.job(BoundImage(model: state.shown.now, set: set, index: pair.index))]
    }
}
