/// The parameters of a network at one step, immutable: what the trainer publishes, the front end decodes with, and a file
/// stores.
public final class ParameterSnapshot: Sendable {
    /// The network's structure.
    public let network: Network
    private let buffer: FloatBuffer
    /// A copy of all parameters, in the order of `network.layout`.
    public var values: [Float] { buffer.array }
    /// All parameters in that order, to compute with.
    public var parameters: PaddedFloats { buffer.padded }
    /// The address of the parameters, valid as long as the snapshot.
    var pointer: UnsafePointer<Float> { UnsafePointer(buffer.pointer) }
    /// Steps taken, and epochs completed.
    public let step, epoch: Int

    /// A snapshot of given parameters.
    /// - Precondition: `values` has `network.parameterCount` floats.
    public init(network: Network, values: [Float], step: Int = 0, epoch: Int = 0) {
        precondition(values.count == network.parameterCount)
        self.network = network
        buffer = FloatBuffer(count: values.count)
        buffer.assign(values)
        self.step = step
        self.epoch = epoch
    }

    /// A copy of parameters that continue to change.
    /// - Precondition: `parameters` has `network.parameterCount` floats.
    init(copying parameters: FloatBuffer, network: Network, step: Int = 0, epoch: Int = 0) {
        precondition(parameters.count == network.parameterCount)
        self.network = network
        buffer = FloatBuffer(count: parameters.count)
        buffer.pointer.update(from: parameters.pointer, count: parameters.count)
        self.step = step
        self.epoch = epoch
    }

    /// The index of the first parameter that is not finite; nil if all are.
    var firstNonFinite: Int? { buffer.firstNonFinite }

    /// The numbers of the tensor called `name`, row-major; nil if there is none.
    public func tensor(_ name: String) -> [Float]? {
        network.layout[name].map { view in view.range.map { pointer[$0] } }
    }
}
