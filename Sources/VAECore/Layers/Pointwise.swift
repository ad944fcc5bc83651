/// An activation as a layer of its own, y = f(x), for activations whose derivative is not a function of the output.
/// `NetworkBuilder` puts it after the layer whose configuration names the activation.
struct Pointwise: Layer {
    let name: String
    let activation: Activation
    let inputCount: Int

    var outputCount: Int { inputCount }
    var weightUnits: Int { 0 }
    var multiplyAdds: Int { 0 }
    func parameterRanges(units: Range<Int>) -> [Range<Int>] { [] }

    func forward(
        _ parameters: UnsafePointer<Float>, rows: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        y.update(from: x, count: rows * inputCount)
        activation.forward(y, count: rows * inputCount)
    }

    func backward(
        _ parameters: UnsafePointer<Float>, rows: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
        _ dy: UnsafeMutablePointer<Float>, _ dx: UnsafeMutablePointer<Float>?, scratch: UnsafeMutablePointer<Float>
    ) {
        guard let dx else { return }
        dx.update(from: dy, count: rows * inputCount)
        activation.backward(x, dx, count: rows * inputCount)
    }

    func weightGradient(
        units: Range<Int>, rows: Int, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
        _ gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {}
}
