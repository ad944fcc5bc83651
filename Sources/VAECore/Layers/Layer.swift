/// One layer of an encoder or a decoder.
///
/// A layer holds shapes and offsets into the flat parameter buffer, but no parameters. A training step calls its three
/// functions in two phases (see `TrainingStep`): `forward` and `backward` on a few rows of the batch at a time, then
/// `weightGradient` on a few of its weights at a time, over the whole batch. So no sum crosses threads, and the results
/// are the same bits whichever worker computes them.
///
/// A row is an image of the batch, or a sample of z: `inputCount` floats of input, `outputCount` of output. `scratch` is
/// `scratchCount(rows:)` floats that belong to the calling worker.
package protocol Layer: Sendable {
    /// The layer's name in messages, also the stem of its tensors' names.
    var name: String { get }
    /// Floats in one row of input.
    var inputCount: Int { get }
    /// Floats in one row of output.
    var outputCount: Int { get }
    /// The number of units whose gradient is best computed at once: enough for a fast product, few enough for the cache.
    var computedTogether: Int { get }
    /// The number of units: independent parts of the weights, such as a Linear's outputs or a convolution's kernel rows.
    /// 0 for a layer without weights.
    var weightUnits: Int { get }
    /// The ranges of the flat buffer with the weights and biases of `units`; none for a layer without weights.
    func parameterRanges(units: Range<Int>) -> [Range<Int>]
    /// Floats of scratch that a call on this many rows needs.
    func scratchCount(rows: Int) -> Int
    /// Multiply-adds of `forward` per row.
    var multiplyAdds: Int { get }

    /// y = f(W·x + b) for `rows` rows: `x` (rows, inputCount), `y` (rows, outputCount).
    func forward(
        _ parameters: UnsafePointer<Float>, rows: Int, _ x: UnsafePointer<Float>,
        _ y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)

    /// Turns ∂loss/∂y in `dy` into the gradient before the activation, in place, and writes ∂loss/∂x to `dx` unless that
    /// is nil (the first layer needs none). `x` and `y` are as in `forward`.
    func backward(
        _ parameters: UnsafePointer<Float>, rows: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
        _ dy: UnsafeMutablePointer<Float>, _ dx: UnsafeMutablePointer<Float>?,
        scratch: UnsafeMutablePointer<Float>)

    /// Writes the gradient of the weights and biases of `units`, summed over all `rows` of the batch, to `gradient`, in
    /// the order of `parameterRanges(units:)`. `dy` is as `backward` left it.
    func weightGradient(
        units: Range<Int>, rows: Int, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
        _ gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)
}

extension Layer {
    package func scratchCount(rows: Int) -> Int { 0 }
    package var computedTogether: Int { 1 }
}
