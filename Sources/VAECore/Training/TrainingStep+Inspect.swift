extension TrainingStep {
    /// The value that the last step minimised, in nats, summed over its `rows` images (before any mean).
    package func minimized(rows: Int) -> Double { (0..<rows).reduce(0) { $0 + workspace.objective[$1] } }

    /// KL of each dimension in the last step (latent), in nats: the mean over its `rows` images.
    package func klPerDimension(rows: Int) -> [Double] {
        let latent = network.latent
        var sums = [Double](repeating: 0, count: latent)
        for row in 0..<rows {
            for j in 0..<latent { sums[j] += Double(workspace.klPerDimension.pointer[row * latent + j]) }
        }
        return sums.map { $0 / Double(max(1, rows)) }
    }

    /// The last step's numbers by name, for comparison with a reference: `mu`, `logvar`, `z`, `output`, the outputs of
    /// the hidden layers, the losses of each row. The decoder's outputs have one row per sample.
    package func inspect(rows: Int) -> [String: [Float]] {
        func take(_ buffer: FloatBuffer, _ rows: Int, _ width: Int) -> [Float] {
            Array(UnsafeBufferPointer(start: buffer.pointer, count: rows * width))
        }
        let latent = network.latent
        let samples = rows * workspace.samples
        func head(_ part: Int) -> [Float] {
            (0..<rows).flatMap {
                Array(UnsafeBufferPointer(start: workspace.head($0) + part * latent, count: latent))
            }
        }
        var result = [
            "mu": head(0), "z": take(workspace.z, samples, latent),
            "kl_per_image_per_dim": take(workspace.klPerDimension, rows, latent),
            "reconstruction_per_image": (0..<samples).map { Float(workspace.reconstruction[$0]) },
            "objective_per_image": (0..<rows).map { Float(workspace.objective[$0]) },
            "output": take(workspace.decoder[workspace.decoder.count - 1], samples, network.outputCount),
        ]
        if !network.configuration.isDeterministic { result["logvar"] = head(1) }
        for (i, layer) in network.encoder.dropLast().enumerated() {
            result["encoder.\(i)"] = take(workspace.encoder[i], rows, layer.outputCount)
        }
        for (i, layer) in network.decoder.dropLast().enumerated() {
            result["decoder.\(i)"] = take(workspace.decoder[i], samples, layer.outputCount)
        }
        return result
    }
}
