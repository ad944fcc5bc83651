/// A convolution over images (height, width, channel): y = f(x ∗ W + b).
///
/// W is stored (kernel row, kernel column, input channel, filter), which is TensorFlow's layout; PyTorch's is
/// `W.permute(3, 2, 0, 1)`. So W is a matrix (patch, filters), and the weights of one kernel row are contiguous: these
/// are the layer's units.
package struct Conv2D: Layer {
    package let name: String
    /// Where the kernel is applied to the input.
    package let geometry: ConvolutionGeometry
    package let filters: Int
    package let activation: Activation
    /// Where W (kernel, kernel, channels, filters) begins in the flat buffer.
    package let weightOffset: Int
    /// Where b (filters) begins in the flat buffer.
    package let biasOffset: Int

    package var inputCount: Int { geometry.image.count }
    package var outputCount: Int { geometry.places * filters }
    /// The output as an image.
    package var outputShape: ImageShape {
        ImageShape(height: geometry.placesDown, width: geometry.placesAcross, channels: filters)
    }
    package var weightUnits: Int { geometry.kernel }
    package var multiplyAdds: Int { geometry.places * geometry.patch * filters }

    /// The kernel rows `units`; the biases go with row 0.
    package func parameterRanges(units: Range<Int>) -> [Range<Int>] {
        let unit = geometry.rowLength * filters
        let weights = weightOffset + units.lowerBound * unit..<weightOffset + units.upperBound * unit
        return units.lowerBound == 0 ? [weights, biasOffset..<biasOffset + filters] : [weights]
    }

    private var kernel: ConvolutionKernel {
        ConvolutionKernel(geometry: geometry, columns: filters, weightOffset: weightOffset)
    }

    package func scratchCount(rows: Int) -> Int { kernel.scratchCount }

    package func forward(
        _ parameters: UnsafePointer<Float>, rows: Int, _ x: UnsafePointer<Float>,
        _ y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        kernel.toPlaces(parameters, rows: rows, x, bias: parameters + biasOffset, y, scratch: scratch)
        activation.forward(y, count: rows * outputCount)
    }

    package func backward(
        _ parameters: UnsafePointer<Float>, rows: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
        _ dy: UnsafeMutablePointer<Float>, _ dx: UnsafeMutablePointer<Float>?,
        scratch: UnsafeMutablePointer<Float>
    ) {
        activation.backward(y, dy, count: rows * outputCount)
        guard let dx else { return }
        kernel.toImage(parameters, rows: rows, dy, bias: nil, dx, scratch: scratch)
    }

    package func weightGradient(
        units: Range<Int>, rows: Int, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
        _ gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        kernel.gradient(kernelRows: units, rows: rows, x, dy, gradient)
        guard units.lowerBound == 0 else { return }
        sumPlaces(
            dy, rows: rows, places: geometry.places, channels: filters,
            gradient + units.count * geometry.rowLength * filters, scratch: scratch)
    }
}

// MARK: Building

extension Conv2D {
    struct Specification: ConvolutionSpecification {
        var filters: Int
        var kernel: Int
        var stride: Int
        var padding: Padding
        /// Zeros around the image; nil leaves them to `padding`.
        var edges: Edges?
        var activation: Activation

        static let kind = "convolution"
        var label: String? { "conv\(filters)" }

        func build(
            _ name: String, _ flow: inout LayerFlow, in layout: inout ParameterLayout
        ) throws(CoreError) -> (any Layer)? {
            let image = try image(of: flow, name)
            let geometry = try geometry(over: image, name)
            try check(output: geometry.places * filters, name)
            let area = kernel * kernel
            let (fanIn, fanOut) = (area * image.channels, area * filters)
            let weight = layout.append(
                "\(name).weight", [kernel, kernel, image.channels, filters], fanIn: fanIn, fanOut: fanOut)
            let bias = layout.append("\(name).bias", [filters], fanIn: fanIn, fanOut: fanOut, isBias: true)
            let layer = Conv2D(
                name: name, geometry: geometry, filters: filters, activation: activation, weightOffset: weight,
                biasOffset: bias)
            flow = LayerFlow(layer.outputShape)
            return layer
        }

        private func geometry(over image: ImageShape, _ name: String) throws(CoreError) -> ConvolutionGeometry {
            let sides = edges.map { (image.height + $0.top + $0.bottom, image.width + $0.left + $0.right) }
                ?? (image.height, image.width)
            if let edges {
                try check(edges, adding: 0, leaving: sides.0 - kernel + 1, sides.1 - kernel + 1, name)
                return ConvolutionGeometry(over: image, kernel: kernel, stride: stride, edges: edges)
            }
            guard padding == .same || kernel <= min(sides.0, sides.1) else {
                throw CoreError(
                    .configuration, "kernel larger than its image", at: "layer \(name)",
                    expected: "at most \(min(image.height, image.width))", found: "\(kernel)")
            }
            return ConvolutionGeometry(over: image, kernel: kernel, stride: stride, padding: padding)
        }
    }
}

extension LayerConfiguration {
    /// Convolution with a square kernel.
    public static func convolution(
        filters: Int, kernel: Int, stride: Int, padding: Padding, activation: Activation
    ) -> LayerConfiguration {
        LayerConfiguration(
            Conv2D.Specification(
                filters: filters, kernel: kernel, stride: stride, padding: padding, activation: activation))
    }

    /// Convolution with a square kernel and zeros of given widths around the image.
    public static func convolution(
        filters: Int, kernel: Int, stride: Int, edges: Edges, activation: Activation
    ) -> LayerConfiguration {
        LayerConfiguration(
            Conv2D.Specification(
                filters: filters, kernel: kernel, stride: stride, padding: .valid, edges: edges, activation: activation))
    }
}
