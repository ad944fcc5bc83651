/// An optimiser: turns gradients into a change of the parameters, range by range.
///
/// A step is `beginStep` once, then `update` on disjoint ranges that cover the buffer, from any threads.
package protocol Optimizer: AnyObject, Sendable {
    /// Starts the next step.
    func beginStep(learningRate: Float)
    /// Moves `parameters[range]` against their gradient, `range.count` floats.
    func update(
        _ range: Range<Int>, parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>)
}
