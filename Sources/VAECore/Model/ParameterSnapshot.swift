/// The parameters of a network at one step, immutable: what the trainer publishes, the front end decodes from,
/// and a file holds.
public final class ParameterSnapshot: Sendable {
    public let network: Network
    /// Every parameter, in the order of `network.layout`.
    public let values: [Float]
    /// Optimiser steps taken to get here.
    public let step: Int
    /// Epochs completed.
    public let epoch: Int

    /// - Precondition: `values` has `network.parameterCount` floats.
    public init(network: Network, values: [Float], step: Int = 0, epoch: Int = 0) {
        precondition(values.count == network.parameterCount)
        self.network = network
        self.values = values
        self.step = step
        self.epoch = epoch
    }

    /// The values of one tensor.
    public func tensor(_ name: String) -> [Float]? { network.layout[name].map { Array(values[$0.range]) } }
}
