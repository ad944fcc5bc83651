/// The weights of a fully connected layer: W (outputs, inputs), row-major, and b (outputs).
struct LinearWeights: Equatable {
    var inputs, outputs: Int
    var weight, bias: [Float]

    /// The same layer with output i at place `places[i]`.
    func movingOutputs(to places: [Int]) -> LinearWeights {
        var result = self
        for (i, place) in places.enumerated() {
            result.bias[place] = bias[i]
            let row = weight[i * inputs..<(i + 1) * inputs]
            result.weight.replaceSubrange(place * inputs..<(place + 1) * inputs, with: row)
        }
        return result
    }

    /// The layer with these of its outputs, in this order.
    func selecting(_ rows: [Int]) -> LinearWeights {
        LinearWeights(
            inputs: inputs, outputs: rows.count, weight: rows.flatMap { weight[$0 * inputs..<($0 + 1) * inputs] },
            bias: rows.map { bias[$0] })
    }

    /// After the layer, each output times `scale`, plus `shift`; both repeat if they are shorter.
    func followed(scale: [Float], shift: [Float]) -> LinearWeights {
        var result = self
        for i in 0..<outputs {
            let (a, b) = (scale[i % scale.count], shift[i % shift.count])
            result.bias[i] = bias[i] * a + b
            if a != 1 { for j in i * inputs..<(i + 1) * inputs { result.weight[j] *= a } }
        }
        return result
    }

    /// Before the layer, each input times `scale`, plus `shift`; both repeat if they are shorter.
    func preceded(scale: [Float], shift: [Float]) -> LinearWeights {
        var result = self
        for i in 0..<outputs {
            var sum = Double(bias[i])
            for j in 0..<inputs {
                let w = weight[i * inputs + j]
                sum += Double(w) * Double(shift[j % shift.count])
                result.weight[i * inputs + j] = w * scale[j % scale.count]
            }
            result.bias[i] = Float(sum)
        }
        return result
    }

    /// Output i is input `rows[i]`.
    static func selection(of rows: [Int], inputs: Int) -> LinearWeights {
        var result = LinearWeights(
            inputs: inputs, outputs: rows.count, weight: [Float](repeating: 0, count: rows.count * inputs),
            bias: [Float](repeating: 0, count: rows.count))
        for (i, row) in rows.enumerated() { result.weight[i * inputs + row] = 1 }
        return result
    }
}

/// The weights of a convolution or a transposed convolution with a square kernel, in our layout: (kernel row, kernel
/// column, image channel, column), where the image is the larger side and a column is a channel at the places; b has
/// the length of the output's channels.
struct ConvolutionWeights: Equatable {
    var isTransposed: Bool
    var kernel, stride: Int
    var edges: Edges
    var inputs, outputs: Int
    var weight, bias: [Float]

    /// From PyTorch's and ONNX's layout: (outputs, inputs / groups, height, width), or transposed (inputs, outputs /
    /// groups, height, width).
    ///
    /// Kernels that are not square, have gaps (dilation) or see only some channels (groups) become square and dense,
    /// with zeros where there was nothing.
    init?(
        isTransposed: Bool, shape: [Int], groups: Int, dilation: Int, stride: Int, edges: Edges, weight: [Float],
        bias: [Float]?
    ) {
        guard shape.count == 4, shape.allSatisfy({ $0 > 0 }), (1...256).contains(dilation), groups > 0,
            shape[0] % groups == 0, shape.allSatisfy({ $0 <= Network.widthLimit }), weight.count == shape.reduce(1, *)
        else { return nil }
        let (height, width) = ((shape[2] - 1) * dilation + 1, (shape[3] - 1) * dilation + 1)
        kernel = max(height, width)
        let (first, second) = (shape[0], shape[1] * groups)
        self.isTransposed = isTransposed
        self.stride = stride
        (inputs, outputs) = isTransposed ? (first, second) : (second, first)
        // What is added to the kernel below and to the right is zero; the image or the output grows by as much.
        self.edges = edges
        self.edges.bottom += kernel - height
        self.edges.right += kernel - width
        guard kernel <= 256, second <= Network.widthLimit,
            kernel * kernel * first * second <= max(1 << 24, 4 * weight.count)
        else { return nil }
        self.bias = bias ?? [Float](repeating: 0, count: outputs)
        guard self.bias.count == outputs else { return nil }
        // PyTorch's second dimension is the image's channel, the first the column, for both kinds.
        self.weight = [Float](repeating: 0, count: kernel * kernel * first * second)
        for a in 0..<first {
            let group = a / (first / groups)
            for b in 0..<shape[1] {
                for y in 0..<shape[2] {
                    for x in 0..<shape[3] {
                        let tap = y * dilation * kernel + x * dilation
                        self.weight[(tap * second + group * shape[1] + b) * first + a] =
                            weight[((a * shape[1] + b) * shape[2] + y) * shape[3] + x]
                    }
                }
            }
        }
    }

    /// A kernel of one pixel that multiplies each channel by `scale` and adds `shift`.
    init(scale: [Float], shift: [Float]) {
        let channels = scale.count
        (isTransposed, kernel, stride, edges) = (false, 1, 1, Edges(0))
        (inputs, outputs) = (channels, channels)
        weight = [Float](repeating: 0, count: channels * channels)
        for c in 0..<channels { weight[c * channels + c] = scale[c] }
        bias = shift
    }

    /// A kernel that gives each channel `weight` of every pixel under it: an average, or a larger image of equal
    /// pixels.
    init(isTransposed: Bool, channels: Int, kernel: Int, stride: Int, edges: Edges = Edges(0), value: Float) {
        self.isTransposed = isTransposed
        (self.kernel, self.stride, self.edges) = (kernel, stride, edges)
        (inputs, outputs) = (channels, channels)
        weight = [Float](repeating: 0, count: kernel * kernel * channels * channels)
        for tap in 0..<kernel * kernel {
            for c in 0..<channels { weight[(tap * channels + c) * channels + c] = value }
        }
        bias = [Float](repeating: 0, count: channels)
    }

    /// Channels of the image, and at the places.
    private var sides: (image: Int, columns: Int) { isTransposed ? (outputs, inputs) : (inputs, outputs) }

    /// After the layer, each output channel times `scale`, plus `shift`.
    func followed(scale: [Float], shift: [Float]) -> ConvolutionWeights {
        var result = self
        for c in 0..<outputs { result.bias[c] = bias[c] * scale[c] + shift[c] }
        let columns = sides.columns
        for i in weight.indices { result.weight[i] *= scale[isTransposed ? i / columns % outputs : i % columns] }
        return result
    }

    /// Before the layer, each input channel times `scale`, plus `shift`; nil if that cannot be told apart from zeros
    /// around the image.
    func preceded(scale: [Float], shift: [Float]) -> ConvolutionWeights? {
        let isShifted = shift.contains { $0 != 0 }
        if isShifted, isTransposed || edges != Edges(0) { return nil }
        var (result, columns) = (self, sides.columns)
        var sums = bias.map { Double($0) }
        for i in weight.indices {
            let channel = isTransposed ? i % columns : i / columns % inputs
            result.weight[i] *= scale[channel]
            if isShifted { sums[i % columns] += Double(weight[i]) * Double(shift[channel]) }
        }
        result.bias = sums.map { Float($0) }
        return result
    }

    /// The size of the output for an image; nil if there is none.
    func output(for image: ImageShape) -> ImageShape? {
        func side(_ n: Int, _ before: Int, _ after: Int) -> Int {
            isTransposed ? (n - 1) * stride + kernel - before - after : (n + before + after - kernel) / stride + 1
        }
        // As in the layers' own check: edges narrower than the kernel.
        let first = 0..<kernel
        let last = (isTransposed ? -256 : 0)..<kernel
        guard image.channels == inputs, (1...256).contains(stride), first.contains(edges.top),
            first.contains(edges.left),
            last.contains(edges.bottom), last.contains(edges.right),
            isTransposed || image.height + edges.top + edges.bottom >= kernel,
            isTransposed || image.width + edges.left + edges.right >= kernel
        else { return nil }
        let shape = ImageShape(
            height: side(image.height, edges.top, edges.bottom), width: side(image.width, edges.left, edges.right),
            channels: outputs)
        return shape.height > 0 && shape.width > 0 && Trace.product([shape.height, shape.width, outputs]) != nil
            ? shape : nil
    }

    /// The layer as our configuration has it.
    func configuration(_ activation: Activation) -> LayerConfiguration {
        isTransposed
            ? .transposedConvolution(
                filters: outputs, kernel: kernel, stride: stride, edges: edges, activation: activation)
            : .convolution(filters: outputs, kernel: kernel, stride: stride, edges: edges, activation: activation)
    }
}
