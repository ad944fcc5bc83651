import Foundation
import VAECore

extension EffectRunner {
    /// Does work for the Draw screen.
    func perform(_ work: DrawWork) -> AppAction? {
        guard case .encode(let image, let label, let map) = work else { return nil }
        let encoded = image.flatMap { encode($0, label) }
        var pictures = PlanePictures()
        if let map, map.window.center.count == inference.snapshot.network.latent {
            let window = map.window.showing(encoded, isClose: map.isClose)
            pictures = plane(window.grid(columns: map.columns, rows: map.rows), label)
        }
        return .draw(.encoded(encoded, pictures))
    }

    /// What the model makes of a drawing, which it sees as it would see an image of a data set.
    private func encode(_ image: GrayImage, _ label: Int?) -> DrawState.Encoded? {
        let network = inference.snapshot.network
        let shape = network.configuration.image
        guard image.width == shape.width, image.height == shape.height, shape.channels == 1 else { return nil }
        let input = session.inputs(0..<1, of: ImageSet(shape: shape, pixels: image.bytes, labels: nil)).images
        let labels = label.map { [$0] }
        guard let made = inference.reconstruct(input, labels: labels).first else { return nil }
        let posterior = inference.encode(input, labels: labels)
        let deviation = network.configuration.isDeterministic ? [] : posterior.logVariance.map { exp(0.5 * $0) }
        return DrawState.Encoded(
            mean: posterior.mean, deviation: deviation, reconstruction: made, step: inference.snapshot.step)
    }
}
