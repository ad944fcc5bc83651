/// The parameters of a network at one step, immutable: what the trainer publishes, the front end decodes from,
/// and a file holds.
public final class ParameterSnapshot: Sendable {
    public let network: Network
    /// Every parameter, in the order of `network.layout`.
    private let buffer: FloatBuffer
    /// Every parameter, in the order of `network.layout`: a copy.
    public var values: [Float] { buffer.array }
    /// Every parameter, in that order, to compute with.
    public var parameters: PaddedFloats { buffer.padded }
    /// Where the parameters lie, for as long as the snapshot lives.
    var pointer: UnsafePointer<Float> { UnsafePointer(buffer.pointer) }
    /// Optimiser steps taken to get here.
    public let step: Int
    /// Epochs completed.
    public let epoch: Int

    /// - Precondition: `values` has `network.parameterCount` floats.
    public init(network: Network, values: [Float], step: Int = 0, epoch: Int = 0) {
        precondition(values.count == network.parameterCount)
        self.network = network
        buffer = FloatBuffer(count: values.count)
        buffer.assign(values)
        self.step = step
        self.epoch = epoch
    }

    /// A copy of parameters that go on changing.
    /// - Precondition: `parameters` has `network.parameterCount` floats.
    init(copying parameters: FloatBuffer, network: Network, step: Int = 0, epoch: Int = 0) {
        precondition(parameters.count == network.parameterCount)
        self.network = network
        buffer = FloatBuffer(count: parameters.count)
        buffer.pointer.update(from: parameters.pointer, count: parameters.count)
        self.step = step
        self.epoch = epoch
    }

    /// The place of the first parameter that is not a finite number, if one is not.
    var firstNonFinite: Int? { buffer.firstNonFinite }

    /// The values of one tensor.
    public func tensor(_ name: String) -> [Float]? {
        network.layout[name].map { view in view.range.map { pointer[$0] } }
    }
}
