/// What a layer of another program does to a trace. Each function returns nil when it is done, or else why it cannot
/// be: a few words that end a sentence about the layer.
extension Trace {
    /// y = W·x + b, W (outputs, inputs) for the inputs in the other program's order.
    mutating func linear(_ weights: LinearWeights) -> String? {
        guard shape.allSatisfy({ $0 == 1 }) || shape.last == index.count else {
            return "it is applied to each row of \(shape), not to a row of numbers"
        }
        guard weights.inputs == index.count else {
            return "it takes \(weights.inputs) numbers, and gets \(index.count)"
        }
        guard weights.outputs <= Network.widthLimit, weights.outputs * count <= max(1 << 24, 4 * weights.weight.count)
        else {
            return "it is too large"
        }
        var arranged = LinearWeights(
            inputs: count, outputs: weights.outputs, weight: weights.weight, bias: weights.bias)
        if index.count != count || index.indices.contains(where: { index[$0] != Int32($0) }) {
            arranged.weight = [Float](repeating: 0, count: count * weights.outputs)
            for row in 0..<weights.outputs {
                for (i, place) in index.enumerated() {
                    arranged.weight[row * count + Int(place)] += weights.weight[row * weights.inputs + i]
                }
            }
        }
        append(row: .linear(arranged), count: weights.outputs)
        return nil
    }

    /// A convolution or a transposed one over (channel, height, width).
    mutating func convolution(_ weights: ConvolutionWeights) -> String? {
        guard shape.count == 3 else { return "it takes an image, and gets \(shape)" }
        guard shape[0] == weights.inputs else { return "it takes \(weights.inputs) channels, and gets \(shape[0])" }
        let wasImage = image != nil
        guard becomeImage(channels: shape[0], height: shape[1], width: shape[2]), let image else {
            return "its image is in an order that no layer before it gives"
        }
        if !wasImage, !isRoot || root != .image { append(pointwise: .image(image)) }
        guard let output = weights.output(for: image) else {
            return "its kernel, strides and pads do not fit an image of \(image)"
        }
        append(image: .convolution(weights), output)
        return nil
    }

    /// Each number times `scale`, plus `shift`, along one dimension of the shape; one number of each serves for all.
    mutating func affine(axis: Int, scale: [Float], shift: [Float]) -> String? {
        guard scale.count == shift.count else { return "its factors do not fit its terms" }
        if scale.allSatisfy({ $0 == 1 }), shift.allSatisfy({ $0 == 0 }) { return nil }
        let channels = image?.channels ?? count
        var ours = (scale: [Float](repeating: 1, count: channels), shift: [Float](repeating: 0, count: channels))
        if scale.count == 1 {
            ours = ([Float](repeating: scale[0], count: channels), [Float](repeating: shift[0], count: channels))
        } else {
            guard shape.indices.contains(axis), shape[axis] == scale.count else {
                return
                    "it has \(scale.count) numbers for a dimension of \(shape.indices.contains(axis) ? shape[axis] : 0)"
            }
            let stride = Self.strides(shape)[axis]
            var known = [Int](repeating: -1, count: channels)
            for (i, place) in index.enumerated() {
                let (from, to) = (i / stride % scale.count, Int(place) % channels)
                guard known[to] < 0 || known[to] == from else {
                    return "it does not treat every pixel of a channel alike"
                }
                known[to] = from
                (ours.scale[to], ours.shift[to]) = (scale[from], shift[from])
            }
        }
        append(pointwise: .affine(scale: ours.scale, shift: ours.shift))
        return nil
    }

    /// The activation `function` of every number.
    mutating func activate(_ function: Activation) {
        if function != .identity { append(pointwise: .activation(function)) }
    }

    /// Each pixel `factor` times as high and wide.
    mutating func enlarge(_ factor: Int) -> String? {
        guard shape.count == 3, (1...16).contains(factor), (factor * shape[0]) <= 4096 else {
            return "it takes an image, and gets \(shape)"
        }
        if factor == 1 { return nil }
        return convolution(
            ConvolutionWeights(isTransposed: true, channels: shape[0], kernel: factor, stride: factor, value: 1))
    }

    /// The mean of the pixels under each place of a kernel.
    mutating func average(kernel: Int, stride: Int, edges: Edges = Edges(0)) -> String? {
        guard shape.count == 3, (1...64).contains(kernel), kernel * shape[0] <= 4096 else {
            return "it takes an image, and gets \(shape)"
        }
        return convolution(
            ConvolutionWeights(
                isTransposed: false, channels: shape[0], kernel: kernel, stride: stride, edges: edges,
                value: 1 / Float(kernel * kernel)))
    }
}
