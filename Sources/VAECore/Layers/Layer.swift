/// One layer of an encoder or a decoder.
///
/// A layer holds shapes and places in the flat parameter buffer, no numbers. A training step calls its three
/// functions in two phases (see `TrainingStep`): `forward` and `backward` on a few rows of the batch at a time,
/// which need no other row, and then `weightGradient` on a few of its weights at a time, over the whole batch.
/// So no sum crosses threads, and the results are the same bits whoever computes them.
///
/// "Rows" are images of the batch (or samples of z); one row of input is `inputCount` floats, one of output
/// `outputCount`. `scratch` is `scratchCount(rows:)` floats of the calling worker's own.
package protocol Layer: Sendable {
    /// The layer's name in messages, also the stem of its tensors' names.
    var name: String { get }
    /// Floats in one row of input.
    var inputCount: Int { get }
    /// Floats in one row of output.
    var outputCount: Int { get }
    /// Units whose gradients are best computed, and used, together: enough for a product to be fast, and few enough
    /// to stay in the cache.
    var computedTogether: Int { get }
    /// How many independent parts the weights divide into (a Linear's outputs, a convolution's kernel rows); 0 for a
    /// layer without weights.
    var weightUnits: Int { get }
    /// The flat-buffer ranges that hold the weights and biases of `units`; none for a layer without weights.
    func parameterRanges(units: Range<Int>) -> [Range<Int>]
    /// Floats of scratch that a call on so many rows uses.
    func scratchCount(rows: Int) -> Int
    /// Multiply-adds of one row's `forward`.
    var multiplyAdds: Int { get }

    /// y = f(W·x + b) for `rows` rows: `x` (rows, inputCount), `y` (rows, outputCount).
    func forward(
        _ parameters: UnsafePointer<Float>, rows: Int, _ x: UnsafePointer<Float>,
        _ y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)

    /// Turns ∂loss/∂y in `dy` into ∂loss/∂(before activation), in place, and writes ∂loss/∂x to `dx` unless it
    /// is nil (the first layer needs none).
    func backward(
        _ parameters: UnsafePointer<Float>, rows: Int, _ y: UnsafePointer<Float>,
        _ dy: UnsafeMutablePointer<Float>, _ dx: UnsafeMutablePointer<Float>?,
        scratch: UnsafeMutablePointer<Float>)

    /// Writes the gradient of the weights and biases of `units`, summed over all `rows` of the batch, to `gradient`:
    /// the numbers of `parameterRanges(units:)`, one range after the other. `dy` is what `backward` left.
    func weightGradient(
        units: Range<Int>, rows: Int, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
        _ gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)
}

extension Layer {
    package func scratchCount(rows: Int) -> Int { 0 }
    package var computedTogether: Int { 1 }
}
