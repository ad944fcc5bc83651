import Drawing
import Foundation
import VAECore

/// What the model makes of a drawing, nil for an empty canvas; and the plane it lies on, where a map is wanted.
package struct EncodeDrawing: Job {
    package var model: ModelAt
    package var image: Bitmap?
    /// The class that a conditional model is given.
    package var label: Int?
    package var map: DrawMap?

    package var policy: JobPolicy { .frame }
    package var about: ModelSlot.ID? { model.id }

    /// - Parameter image: what is drawn.
    package init(model: ModelAt, image: Bitmap?, label: Int?, map: DrawMap?) {
        (self.model, self.image, self.label, self.map) = (model, image, label, map)
    }

    package func run(on bench: Bench) -> (encoded: DrawState.Encoded?, plane: PlanePictures)? {
        let encoded = image.flatMap { encode($0, bench) }
        guard let map, map.plane.center.count == model.snapshot.network.latent else {
            return (encoded, PlanePictures())
        }
        return (encoded, bench.plane(map.showing(encoded), label: label, model.snapshot))
    }

    /// The model sees the drawing as it would see an image of a data set.
    private func encode(_ image: Bitmap, _ bench: Bench) -> DrawState.Encoded? {
        let configuration = model.snapshot.network.configuration
        let shape = configuration.image
        guard image.pixels.count == shape.count, image.width == shape.width else { return nil }
        let input = model.inputs(0..<1, of: ImageSet(shape: shape, pixels: image.bytes, labels: nil)).images
        let labels = label.map { [$0] }
        let inference = bench.inference(model.snapshot)
        guard let made = inference.reconstruct(input, labels: labels).first else { return nil }
        let posterior = inference.encode(input, labels: labels)
        return DrawState.Encoded(
            mean: posterior.mean,
            deviation: configuration.isDeterministic ? [] : posterior.logVariance.map { exp(0.5 * $0) },
            reconstruction: made, step: model.snapshot.step)
    }

    package func finish(_ answer: (encoded: DrawState.Encoded?, plane: PlanePictures), _ state: inout AppState) -> [Effect] {
        (state.draw.encoded, state.draw.plane) = answer
        findNeighbours(&state)
        return answer.plane.isWhole ? [] : [.job(self)]
    }
}
