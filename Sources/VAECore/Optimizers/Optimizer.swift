/// Updates parameters along their gradients, range by range.
///
/// A step is one call of `beginStep`, then calls of `update` on disjoint ranges that cover the buffer, from any thread.
package protocol Optimizer: AnyObject, Sendable {
    /// Starts the next step.
    func beginStep(learningRate: Float)
    /// Updates `parameters[range]`; `gradient` is the `range.count` floats of that range.
    func update(
        _ range: Range<Int>, parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>)
    /// What is kept from one step to the next, a float per parameter each, under names that no other has. A checkpoint
    /// saves these and fills them again.
    var averages: [(name: String, values: FloatBuffer)] { get }
    /// Steps begun; 0 for an optimiser that does not count them.
    var step: Int { get set }
}

extension Optimizer {
    package var step: Int { get { 0 } set {} }
}
