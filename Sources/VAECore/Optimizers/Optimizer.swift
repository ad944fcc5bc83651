/// Updates parameters along their gradients, range by range.
///
/// A step is one call of `beginStep`, then calls of `update` on disjoint ranges that cover the buffer, from any thread.
package protocol Optimizer: AnyObject, Sendable {
    /// Starts the next step.
    func beginStep(learningRate: Float)
    /// Updates `parameters[range]`; `gradient` is the `range.count` floats of that range.
    func update(
        _ range: Range<Int>, parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>)
}
