/// A transposed convolution: each place of the input adds its multiple of the kernel to the output image, `stride` pixels
/// apart. It is the backward pass of a convolution as a layer, and makes images larger.
///
/// W is stored (kernel row, kernel column, filter, input channel), which is TensorFlow's layout; PyTorch's is
/// `W.permute(3, 2, 0, 1)`. So W is a matrix (patch, input channels), and the weights of one kernel row are contiguous:
/// these are the layer's units.
package struct ConvTranspose2D: Layer {
    package let name: String
    /// Where the kernel is applied to the output; its places are those of the input.
    package let geometry: ConvolutionGeometry
    /// Channels of the input.
    package let inputChannels: Int
    package let activation: Activation
    /// Where W (kernel, kernel, filters, input channels) begins in the flat buffer.
    package let weightOffset: Int
    /// Where b (filters) begins in the flat buffer.
    package let biasOffset: Int

    /// Channels of the output.
    package var filters: Int { geometry.image.channels }
    package var inputCount: Int { geometry.places * inputChannels }
    package var outputCount: Int { geometry.image.count }
    /// The output as an image.
    package var outputShape: ImageShape { geometry.image }
    package var weightUnits: Int { geometry.kernel }
    package var multiplyAdds: Int { geometry.places * geometry.patch * inputChannels }

    /// The kernel rows `units`; the biases go with row 0.
    package func parameterRanges(units: Range<Int>) -> [Range<Int>] {
        let unit = geometry.rowLength * inputChannels
        let weights = weightOffset + units.lowerBound * unit..<weightOffset + units.upperBound * unit
        return units.lowerBound == 0 ? [weights, biasOffset..<biasOffset + filters] : [weights]
    }

    private var kernel: ConvolutionKernel {
        ConvolutionKernel(geometry: geometry, columns: inputChannels, weightOffset: weightOffset)
    }

    package func scratchCount(rows: Int) -> Int { kernel.scratchCount }

    package func forward(
        _ parameters: UnsafePointer<Float>, rows: Int, _ x: UnsafePointer<Float>,
        _ y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        kernel.toImage(parameters, rows: rows, x, bias: parameters + biasOffset, y, scratch: scratch)
        activation.forward(y, count: rows * outputCount)
    }

    package func backward(
        _ parameters: UnsafePointer<Float>, rows: Int, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
        _ dy: UnsafeMutablePointer<Float>, _ dx: UnsafeMutablePointer<Float>?,
        scratch: UnsafeMutablePointer<Float>
    ) {
        activation.backward(y, dy, count: rows * outputCount)
        guard let dx else { return }
        kernel.toPlaces(parameters, rows: rows, dy, bias: nil, dx, scratch: scratch)
    }

    package func weightGradient(
        units: Range<Int>, rows: Int, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
        _ gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        kernel.gradient(kernelRows: units, rows: rows, dy, x, gradient)
        guard units.lowerBound == 0 else { return }
        sumPlaces(
            dy, rows: rows, places: geometry.image.height * geometry.image.width, channels: filters,
            gradient + units.count * geometry.rowLength * inputChannels, scratch: scratch)
    }
}

// MARK: Building

extension ConvTranspose2D {
    struct Specification: ConvolutionSpecification {
        var filters: Int
        var kernel: Int
        var stride: Int
        var padding: Padding
        /// What is cut off the output; nil leaves it to `padding`.
        var edges: Edges?
        var activation: Activation

        static let kind = "transposedConvolution"
        var label: String? { "deconv\(filters)" }

        func build(
            _ name: String, _ flow: inout LayerFlow, in layout: inout ParameterLayout
        ) throws(CoreError) -> (any Layer)? {
            let image = try image(of: flow, name)
            try check(
                output: (image.height * stride + kernel) * (image.width * stride + kernel) * filters, name)
            let geometry = try geometry(from: image, name)
            let area = kernel * kernel
            // As in PyTorch, the fan-in of a transposed convolution counts the filters, its second dimension.
            let (fanIn, fanOut) = (area * filters, area * image.channels)
            let weight = layout.append(
                "\(name).weight", [kernel, kernel, filters, image.channels], fanIn: fanIn, fanOut: fanOut)
            let bias = layout.append("\(name).bias", [filters], fanIn: fanIn, fanOut: fanOut, isBias: true)
            flow = LayerFlow(geometry.image)
            return ConvTranspose2D(
                name: name, geometry: geometry, inputChannels: image.channels, activation: activation,
                weightOffset: weight, biasOffset: bias)
        }

        private func geometry(from image: ImageShape, _ name: String) throws(CoreError) -> ConvolutionGeometry {
            guard let edges else {
                return ConvolutionGeometry(
                    transposedFrom: image, channels: filters, kernel: kernel, stride: stride, padding: padding)
            }
            // Checked before they are added up: they may come from a file.
            try check(edges, adding: 256, leaving: 1, 1, name)
            let geometry = ConvolutionGeometry(
                transposedFrom: image, channels: filters, kernel: kernel, stride: stride, edges: edges)
            try check(edges, adding: 256, leaving: geometry.image.height, geometry.image.width, name)
            return geometry
        }
    }
}

extension LayerConfiguration {
    /// Transposed convolution with a square kernel: an image `stride` times as large.
    public static func transposedConvolution(
        filters: Int, kernel: Int, stride: Int, padding: Padding, activation: Activation
    ) -> LayerConfiguration {
        LayerConfiguration(
            ConvTranspose2D.Specification(
                filters: filters, kernel: kernel, stride: stride, padding: padding, activation: activation))
    }

    /// Transposed convolution with a square kernel, from whose output edges of given widths are cut off.
    public static func transposedConvolution(
        filters: Int, kernel: Int, stride: Int, edges: Edges, activation: Activation
    ) -> LayerConfiguration {
        LayerConfiguration(
            ConvTranspose2D.Specification(
                filters: filters, kernel: kernel, stride: stride, padding: .valid, edges: edges, activation: activation))
    }
}
