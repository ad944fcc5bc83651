/// The copy of a network's weights that their products read, for parameters that change seldom or chunk by chunk.
final class PackedWeights: @unchecked Sendable {
    private let network: Network
    private let buffer: FloatBuffer

    init(_ network: Network) {
        self.network = network
        buffer = FloatBuffer(count: network.layout.packedCount)
    }

    /// Where `layer.pack` writes.
    var pointer: UnsafeMutablePointer<Float> { buffer.pointer }

    /// Copies every layer's weights.
    /// - Returns: both copies; valid as long as `parameters` and this object are.
    @discardableResult
    func pack(_ parameters: UnsafePointer<Float>) -> Weights {
        for layer in network.encoder + network.decoder {
            layer.pack(units: 0..<layer.weightUnits, parameters, to: pointer)
        }
        return weights(parameters)
    }

    /// Both copies, the packed one as it is.
    func weights(_ parameters: UnsafePointer<Float>) -> Weights {
        Weights(parameters: parameters, packed: pointer)
    }
}
