/// Some weights of one layer, the unit of work of a training step's weights phase.
struct WeightChunk {
    let layer: any Layer
    let units: Range<Int>
    let pieces: [Piece]
    /// The layer's input and the gradient of its output, for the whole batch.
    let input: FloatBuffer
    let outputGradient: FloatBuffer
    /// Rows of those buffers per image: 1, or the samples of z.
    let rowsPerImage: Int
    /// Whether the layer is the encoder's first.
    let isFirst: Bool

    /// A few weights whose gradient is computed and then used at once.
    struct Piece {
        let units: Range<Int>
        let ranges: [Range<Int>]
        var count: Int { ranges.reduce(0) { $0 + $1.count } }
    }

    /// The size of a chunk: weights, or multiply-adds per image.
    private static let size = 40_000

    private var cost: Int { layer.multiplyAdds * units.count / layer.weightUnits }

    /// The weights of every layer in chunks of about `size`, the most expensive first so that the workers finish together.
    static func all(_ network: Network, _ work: Workspace) -> [WeightChunk] {
        let all =
            chunks(
                network.encoder, input: work.encoderInput, outputs: work.encoder, gradients: work.encoderGradients,
                rowsPerImage: 1, isEncoder: true)
            + chunks(
                network.decoder, input: work.decoderInput, outputs: work.decoder, gradients: work.decoderGradients,
                rowsPerImage: work.samples, isEncoder: false)
        return all.sorted { $0.cost > $1.cost }
    }

    private static func chunks(
        _ layers: [any Layer], input: FloatBuffer, outputs: [FloatBuffer], gradients: [FloatBuffer], rowsPerImage: Int,
        isEncoder: Bool
    ) -> [WeightChunk] {
        layers.indices.flatMap { i in
            cut(layers[i]).map { units in
                WeightChunk(
                    layer: layers[i], units: units, pieces: pieces(layers[i], units),
                    input: i == 0 ? input : outputs[i - 1], outputGradient: gradients[i], rowsPerImage: rowsPerImage,
                    isFirst: isEncoder && i == 0)
            }
        }
    }

    /// The units of a layer, cut between the groups that are computed together.
    private static func cut(_ layer: any Layer) -> [Range<Int>] {
        // The few weights of a convolution are used at many places: measure it by its work, not its size.
        let parameters = layer.parameterRanges(units: 0..<layer.weightUnits).reduce(0) { $0 + $1.count }
        let groups = (layer.weightUnits + layer.computedTogether - 1) / layer.computedTogether
        let parts = min(groups, max(1, (max(parameters, layer.multiplyAdds) + size / 2) / size))
        return (0..<parts).map { part in
            groups * part / parts * layer.computedTogether
                ..< min(layer.weightUnits, groups * (part + 1) / parts * layer.computedTogether)
        }
    }

    private static func pieces(_ layer: any Layer, _ units: Range<Int>) -> [Piece] {
        stride(from: units.lowerBound, to: units.upperBound, by: layer.computedTogether).map { first in
            let part = first..<min(units.upperBound, first + layer.computedTogether)
            return Piece(units: part, ranges: layer.parameterRanges(units: part))
        }
    }
}
