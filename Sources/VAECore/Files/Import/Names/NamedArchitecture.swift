/// Finds the architecture of a VAE from the names and shapes of its tensors, and says what it had to assume.
struct NamedArchitecture {
    var parts: ModelParts
    var encoder, decoder: [Arrangement.Placed]
    /// The decoder's other output layer: the log variances of a Gaussian's pixels.
    var second: NamedModule?
    var image: ImageShape
    /// The number of classes; 0 if the model is not conditional.
    var classes: Int

    /// Sides of images, the likeliest first.
    private static let sides = [28, 32, 64, 128, 256]

    /// How many layers are tried in all before the search is given up.
    private static let budget = 300_000

    /// - Throws: `CoreError(.model)` that lists the tensors, when they cannot be put together.
    init(_ weights: Weights) throws(CoreError) {
        let modules = try NamedModule.all(in: weights)
        guard modules.count <= 200 else { throw NamedModule.refused(weights, "\(modules.count) layers") }
        var budget = Self.budget
        for parts in ModelParts.divided(modules).prefix(600) where budget > 0 {
            if let found = Self.arranged(parts, &budget) {
                self = found
                return
            }
        }
        throw NamedModule.refused(weights, weights.listed())
    }

    private init(
        parts: ModelParts, encoder: [Arrangement.Placed], decoder: [Arrangement.Placed], second: NamedModule?,
        image: ImageShape, classes: Int
    ) {
        (self.parts, self.encoder, self.decoder, self.second) = (parts, encoder, decoder, second)
        (self.image, self.classes) = (image, classes)
    }

    private static func arranged(_ parts: ModelParts, _ budget: inout Int) -> NamedArchitecture? {
        for (decoderModules, second) in outputs(parts.decoder) {
            var parts = parts
            parts.decoder = decoderModules
            for classes in classCounts(parts) {
                if let found = fitting(parts, second, classes, &budget) { return found }
            }
        }
        return nil
    }

    /// The most usual decoder and encoder that have one image between them; among equals, the usual size of image.
    private static func fitting(
        _ parts: ModelParts, _ second: NamedModule?, _ classes: Int, _ budget: inout Int
    ) -> NamedArchitecture? {
        var arrangement = Arrangement(parts.decoder, isDecoder: true, budget: min(budget, 60_000))
        defer { budget -= arrangement.spent }
        let decoders = arrangement.all(from: .row(parts.latent + classes), most: 2000) { $0.count >= 4 }
        var encoders: [ImageShape: [Arrangement.Placed]?] = [:]
        var best: (cost: (Int, Int), found: NamedArchitecture)?
        for decoder in decoders {
            guard let output = decoder.last?.output, let image = image(output, parts),
                !parts.isGuess || image.count >= parts.widest
            else { continue }
            let cost = Arrangement.oddity(decoder)
            if let best, cost > best.cost.0 { break }
            let known = encoders[image] ?? encoder(parts, image, classes, &budget)
            encoders[image] = .some(known)
            guard let encoder = known else { continue }
            let total = (cost + Arrangement.oddity(encoder), rank(output))
            if let best, best.cost <= total { continue }
            best = (
                total,
                NamedArchitecture(
                    parts: parts, encoder: encoder, decoder: decoder, second: second, image: image, classes: classes)
            )
        }
        return best?.found
    }

    private static func rank(_ output: Arrangement.Flow?) -> Int {
        if case .image(_, let side)? = output { sides.firstIndex(of: side) ?? sides.count } else { 0 }
    }

    /// The decoder's layers, and then, if its last two are alike, the same without the last: a layer of its own for the
    /// log variances.
    private static func outputs(_ modules: [NamedModule]) -> [([NamedModule], NamedModule?)] {
        guard modules.count >= 2, case .linear = modules[modules.count - 1].kind,
            modules[modules.count - 1].kind == modules[modules.count - 2].kind
        else { return [(modules, nil)] }
        return [(modules, nil), (Array(modules.dropLast()), modules.last)]
    }

    /// How many numbers the decoder takes beside z: none, or a class.
    private static func classCounts(_ parts: ModelParts) -> [Int] {
        let inputs = parts.decoder.compactMap { module in
            if case .linear(_, let inputs) = module.kind { inputs - parts.latent } else { nil }
        }
        return [0] + inputs.filter { (2...256).contains($0) }.prefix(4)
    }

    /// The image that the decoder's output is.
    private static func image(_ output: Arrangement.Flow, _ parts: ModelParts) -> ImageShape? {
        switch output {
        case .image(let channels, let side): return ImageShape(height: side, width: side, channels: channels)
        case .row(let count):
            // The first convolution of the encoder knows the channels.
            let known = parts.encoder.lazy.compactMap { module in
                if case .kernel(_, let channels, _) = module.kind { channels } else { nil }
            }.first
            for channels in known.map({ [$0] }) ?? [1, 3] where count % channels == 0 {
                let side = Int(Double(count / channels).squareRoot().rounded())
                if side * side * channels == count { return ImageShape(height: side, width: side, channels: channels) }
            }
            return known == nil ? ImageShape(height: 1, width: count) : nil
        }
    }

    private static func encoder(
        _ parts: ModelParts, _ image: ImageShape, _ classes: Int, _ budget: inout Int
    ) -> [Arrangement.Placed]? {
        guard case .linear(_, let inputs) = parts.mean.kind else { return nil }
        var arrangement = Arrangement(parts.encoder, isDecoder: false, budget: min(budget, 20_000))
        defer { budget -= arrangement.spent }
        let isSquare = image.height == image.width
        let startsWithKernel = parts.encoder.contains { if case .kernel = $0.kind { true } else { false } }
        guard !startsWithKernel || isSquare && classes == 0 else { return nil }
        let start =
            startsWithKernel
            ? Arrangement.Flow.image(channels: image.channels, side: image.height) : .row(image.count + classes)
        return arrangement.all(from: start, most: 500) { $0.count == inputs }.first
    }
}
