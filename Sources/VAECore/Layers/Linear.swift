import CKernels

/// A fully connected layer: y = f(x·Wᵀ + b), W stored (out, in) as in PyTorch.
package struct Linear: Layer {
    package let name: String
    package let inputCount: Int
    package let outputCount: Int
    package let activation: Activation
    /// Where W (out, in) begins in the flat buffer.
    package let weightOffset: Int
    /// Where b (out) begins in the flat buffer.
    package let biasOffset: Int

    package var weightUnits: Int { outputCount }
    package var multiplyAdds: Int { inputCount * outputCount }

    package func parameterRanges(units: Range<Int>) -> [Range<Int>] {
        [
            weightOffset + units.lowerBound * inputCount..<weightOffset + units.upperBound * inputCount,
            biasOffset + units.lowerBound..<biasOffset + units.upperBound,
        ]
    }

    package var computedTogether: Int { 16 }

    package func scratchCount(rows: Int) -> Int {
        max(Products.transposedScratch(rows: rows, depth: inputCount), computedTogether * inputCount + 16)
    }

    // MARK: Products

    package func forward(
        _ parameters: UnsafePointer<Float>, rows: Int, _ x: UnsafePointer<Float>,
        _ y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        Products.timesTransposed(
            rows: rows, x, xStride: inputCount, w: parameters + weightOffset, wStride: inputCount,
            outputs: outputCount, depth: inputCount, bias: parameters + biasOffset, y, scratch: scratch)
        activation.forward(y, count: rows * outputCount)
    }

    package func backward(
        _ parameters: UnsafePointer<Float>, rows: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
        _ dy: UnsafeMutablePointer<Float>, _ dx: UnsafeMutablePointer<Float>?,
        scratch: UnsafeMutablePointer<Float>
    ) {
        activation.backward(y, dy, count: rows * outputCount)
        guard let dx else { return }
        Products.multiply(
            rows: rows, columns: inputCount, depth: outputCount, dy, .along(stride: outputCount),
            parameters + weightOffset, bStride: inputCount, dx, cStride: inputCount)
    }

    package func weightGradient(
        units: Range<Int>, rows: Int, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
        _ gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        Products.multiply(
            rows: units.count, columns: inputCount, depth: rows, dy + units.lowerBound,
            .across(stride: outputCount), x, bStride: inputCount, gradient, cStride: inputCount)
        biasGradient(units: units, rows: rows, dy, gradient)
    }

    private func biasGradient(
        units: Range<Int>, rows: Int, _ dy: UnsafePointer<Float>, _ gradient: UnsafeMutablePointer<Float>
    ) {
        latent_sum_rows(dy + units.lowerBound, rows, outputCount, units.count, gradient + units.count * inputCount)
    }
}

// MARK: Leaving out zeros

extension Linear: ZeroSkipping {
    func transposeWeights(_ parameters: UnsafePointer<Float>, units: Range<Int>, to active: ActivePixels) {
        for first in stride(from: units.lowerBound, to: units.upperBound, by: 16) {
            latent_transpose_add(
                parameters + weightOffset + first * inputCount, inputCount, min(16, units.upperBound - first),
                inputCount, nil, active.weights.pointer + first / 16 * active.weightPanel, 16)
        }
    }

    func forward(
        _ parameters: UnsafePointer<Float>, rows: Range<Int>, _ x: UnsafePointer<Float>, _ active: ActivePixels,
        _ y: UnsafeMutablePointer<Float>
    ) {
        Products.sumOwnSteps(
            rows: rows.count, columns: outputCount, depth: inputCount, x + rows.lowerBound * inputCount,
            aStride: inputCount, steps: active.pixelList, starts: active.pixelStarts + rows.lowerBound,
            active.weights.pointer, bPanel: active.weightPanel,
            start: parameters + biasOffset, y + rows.lowerBound * outputCount, cStride: outputCount)
        activation.forward(y + rows.lowerBound * outputCount, count: rows.count * outputCount)
    }

    func weightGradient(
        units: Range<Int>, _ x: UnsafePointer<Float>, _ active: ActivePixels, _ dy: UnsafePointer<Float>, rows: Int,
        _ gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        precondition(units.count <= computedTogether)
        // First the transposed gradient (pixels, units): its rows are pixels, each with its own list of images.
        Products.multiply(
            rows: inputCount, columns: units.count, x, aStride: inputCount, chosen: active.imageList,
            starts: active.imageStarts, dy + units.lowerBound, bStride: outputCount, scratch,
            cStride: computedTogether)
        latent_transpose_add(scratch, computedTogether, inputCount, units.count, nil, gradient, inputCount)
        biasGradient(units: units, rows: rows, dy, gradient)
    }
}

// MARK: Building

extension Linear {
    /// A layer of n inputs and m outputs, whose weights and biases are added to `layout`.
    init(_ name: String, _ n: Int, _ m: Int, activation: Activation = .identity, in layout: inout ParameterLayout) {
        let weight = layout.append("\(name).weight", [m, n], fanIn: n, fanOut: m)
        let bias = layout.append("\(name).bias", [m], fanIn: n, fanOut: m, isBias: true)
        self.init(
            name: name, inputCount: n, outputCount: m, activation: activation, weightOffset: weight,
            biasOffset: bias)
    }

    /// Two layers of n inputs and m outputs each, adjacent in the buffer so that one matrix product computes both.
    init(pair first: String, _ second: String, _ n: Int, _ m: Int, in layout: inout ParameterLayout) {
        let weight = layout.append("\(first).weight", [m, n], fanIn: n, fanOut: 2 * m)
        _ = layout.append("\(second).weight", [m, n], fanIn: n, fanOut: 2 * m)
        let bias = layout.append("\(first).bias", [m], fanIn: n, fanOut: 2 * m, isBias: true)
        _ = layout.append("\(second).bias", [m], fanIn: n, fanOut: 2 * m, isBias: true)
        self.init(
            name: "\(first)+\(second)", inputCount: n, outputCount: 2 * m, activation: .identity,
            weightOffset: weight, biasOffset: bias)
    }

    struct Specification: LayerSpecification {
        var units: Int
        var activation: Activation

        static let kind = "linear"
        var label: String? { "\(units)" }
        var function: Activation? { activation }
        func with(function: Activation) -> Specification { Specification(units: units, activation: function) }

        func build(
            _ name: String, _ flow: inout LayerFlow, in layout: inout ParameterLayout
        ) throws(CoreError) -> (any Layer)? {
            try Network.check(units, "layer \(name)")
            defer { flow = LayerFlow(count: units) }
            return Linear(name, flow.count, units, activation: activation, in: &layout)
        }
    }
}

extension LayerConfiguration {
    /// Fully connected, `units` outputs; an image before it is read as one row of numbers.
    public static func linear(units: Int, activation: Activation) -> LayerConfiguration {
        LayerConfiguration(Linear.Specification(units: units, activation: activation))
    }
}

/// y ← y + b on every row of `y` (rows, count).
func addBias(_ bias: UnsafePointer<Float>, rows: Int, count: Int, _ y: UnsafeMutablePointer<Float>) {
    for r in 0..<rows {
        let row = y + r * count
        for j in 0..<count { row[j] += bias[j] }
    }
}
