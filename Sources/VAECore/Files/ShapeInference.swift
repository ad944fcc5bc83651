/// Infers an architecture from the names and shapes of tensors alone.
enum ShapeInference {
    static func configuration(of file: SafetensorsFile) throws(CoreError) -> ModelConfiguration {
        let encoder = widths(file, first: "fc1.weight", stem: "encoder")
        var decoder = widths(file, first: "fc3.weight", stem: "decoder")
        // Without fc4, the last layer of the decoder is the output layer.
        if file["fc4.weight"] == nil, !decoder.isEmpty { decoder.removeLast() }
        guard let mean = file["fc21.weight"], mean.shape.count == 2, let latent = mean.shape.first,
            let input = file["fc1.weight"] ?? file["encoder.0.weight"] ?? file["fc21.weight"],
            input.shape.count == 2, let image = square(input.shape[1])
        else {
            throw CoreError(
                .model, "not a model that this program knows", at: file.name,
                expected: "tensors fc1, fc21, fc22, fc3, fc4 (PyTorch's VAE example) or encoder.N, fc21, fc22, decoder.N",
                found: file.tensors.prefix(6).map(\.name).joined(separator: ", "))
        }
        return ModelConfiguration(
            image: image, latent: latent, encoder: encoder.map { .linear(units: $0, activation: .relu) },
            decoder: decoder.map { .linear(units: $0, activation: .relu) },
            likelihood: file["fc5.weight"] == nil ? .bernoulli : .gaussian)
    }

    private static func widths(_ file: SafetensorsFile, first: String, stem: String) -> [Int] {
        if let tensor = file[first], let width = tensor.shape.first { return [width] }
        var widths: [Int] = []
        while let tensor = file["\(stem).\(widths.count).weight"], let width = tensor.shape.first {
            widths.append(width)
        }
        return widths
    }

    private static func square(_ pixels: Int) -> ImageShape? {
        guard pixels > 0, pixels < 1 << 26 else { return nil }
        let side = Int(Double(pixels).squareRoot().rounded())
        return side * side == pixels
            ? ImageShape(height: side, width: side) : ImageShape(height: 1, width: pixels)
    }
}
