import ArgumentParser
import VAECore

/// `--plane`: what a picture of the latent space shows of it.
struct PlaneOptions: ParsableArguments {
    @Option(
        help: """
            The plane: two dimensions by number (3,7), components (the first two principal components of the held-out \
            images' codes), or the plane through the codes of three held-out images, by number (images:1,5,13).
            """)
    var plane = Choice.dimensions(1, 2)

    @OptionGroup var data: DataOptions

    /// What the option says.
    enum Choice: ExpressibleByArgument, Equatable, CustomStringConvertible {
        /// Numbers from 1, across and up.
        case dimensions(Int, Int)
        case components
        /// Numbers from 1.
        case images([Int])

        init?(argument: String) {
            func numbers(_ text: Substring) -> [Int] {
                let words = text.split(separator: ",", omittingEmptySubsequences: false)
                let numbers = words.compactMap { Int($0) }
                return numbers.count == words.count ? numbers : []
            }
            if argument == "components" {
                self = .components
            } else if argument.hasPrefix("images:") {
                let images = numbers(argument.dropFirst("images:".count))
                guard images.count == 3 else { return nil }
                self = .images(images)
            } else {
                let dimensions = numbers(argument[...])
                guard dimensions.count == 2 else { return nil }
                self = .dimensions(dimensions[0], dimensions[1])
            }
        }

        var description: String {
            switch self {
            case .dimensions(let across, let up): "\(across),\(up)"
            case .components: "components"
            case .images(let images): "images:" + images.map(String.init).joined(separator: ",")
            }
        }
        var defaultValueDescription: String { description }
    }

    /// The plane of a model.
    /// - Throws: `CoreError` for a plane that the model does not have, or data that it needs and that are not there.
    func manifold(of model: TrainedModel) throws -> Manifold {
        let latent = model.snapshot.network.latent
        let origin = [Float](repeating: 0, count: latent)
        switch plane {
        case .dimensions(let across, let up):
            // The default fits a z of one dimension too.
            if latent == 1, plane == .dimensions(1, 2) { return Manifold(center: origin, across: 0, up: 0) }
            guard (1...latent).contains(across), (1...latent).contains(up), across != up else {
                throw refuse("two different dimensions, 1 to \(latent)")
            }
            return Manifold(center: origin, across: .dimension(across - 1), up: .dimension(up - 1))
        case .components:
            guard latent > 1 else { throw refuse("a model with more than one dimension") }
            guard let components = PrincipalComponents(try codes(of: model)) else { throw refuse("codes that vary") }
            return spanned(by: components, origin, model)
        case .images(let images):
            guard latent > 1 else { throw refuse("a model with more than one dimension") }
            let codes = try codes(of: model)
            guard images.allSatisfy({ (1...max(1, codes.count)).contains($0) }) else {
                throw refuse("images 1 to \(codes.count)")
            }
            let points = images.map { codes.code($0 - 1) }
            guard let plane = Plane(through: points[0], points[1], points[2]) else {
                throw refuse("three images whose codes do not lie on a line")
            }
            // The pictures end at 1.645 deviations.
            let deviation = plane.reach / 1.645
            return Manifold(
                center: plane.center, across: plane.across, up: plane.up, deviation: (deviation, deviation))
        }
    }

    /// The prior along two components; a plain autoencoder has none, so its codes' spread.
    private func spanned(by components: PrincipalComponents, _ origin: [Float], _ model: TrainedModel) -> Manifold {
        let isPlain = model.snapshot.network.configuration.isDeterministic
        let middle = isPlain ? components.mean : origin
        let spread = components.variances.map { isPlain ? Float($0.squareRoot()) : 1 }
        return Manifold(
            center: middle, across: components.direction(0, from: middle), up: components.direction(1, from: middle),
            deviation: (spread[0], spread[1]))
    }

    private func codes(of model: TrainedModel) throws -> LatentCodes {
        let dataset = try Surroundings.loadData(data.choice.fitting(model), trainedOn: model.record?.dataset)
        try requireFit(model, dataset)
        return LatentCodes(
            Inference(model.snapshot), dataset.test, model.binarization, seed: model.record?.training.seed ?? 1)
    }

    private func refuse(_ expected: String) -> CoreError {
        CoreError(.configuration, "the model has no such plane", at: "--plane", expected: expected, found: plane.description)
    }
}
