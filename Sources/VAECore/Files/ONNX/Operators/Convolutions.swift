extension ONNXOperator {
    static let convolution = ONNXOperator("Conv") { node, graph throws(CoreError) in
        try apply(node, &graph, isTransposed: false)
    }

    static let transposedConvolution = ONNXOperator("ConvTranspose") { node, graph throws(CoreError) in
        try apply(node, &graph, isTransposed: true)
    }

    private static func apply(
        _ node: ONNXNode, _ graph: inout ONNXTranslation, isTransposed: Bool
    ) throws(CoreError) -> [ONNXTranslation.Value] {
        var x = try graph.trace(node)
        let weight = try graph.constant(node, 1)
        let bias = graph.has(node, 2) ? try graph.constant(node, 2).floats : nil
        guard x.shape.count == 3, weight.shape.count == 4 else {
            throw graph.refused(node, "only convolutions over the two dimensions of an image have a counterpart")
        }
        let strides = try graph.integers(node, "strides") ?? [1, 1]
        let dilations = try graph.integers(node, "dilations") ?? [1, 1]
        guard strides.count == 2, strides[0] == strides[1], dilations.count == 2, dilations[0] == dilations[1],
            (1...256).contains(strides[0]), (1...256).contains(dilations[0])
        else { throw graph.refused(node, "its strides or dilations differ between height and width") }
        let reach = [(weight.shape[2] - 1) * dilations[0] + 1, (weight.shape[3] - 1) * dilations[0] + 1]
        let edges = try edges(
            node, graph, reach: reach, stride: strides[0], size: [x.shape[1], x.shape[2]], isTransposed: isTransposed)
        guard
            let layer = ConvolutionWeights(
                isTransposed: isTransposed, shape: weight.shape, groups: graph.integer(node, "group", 1),
                dilation: dilations[0], stride: strides[0], edges: edges, weight: weight.floats, bias: bias)
        else { throw graph.refused(node, "its weights of shape \(weight.shape) do not fit it, or are too large") }
        if let problem = x.convolution(layer) { throw graph.refused(node, problem) }
        return [.trace(x)]
    }

    /// Zeros around the image, or what is cut off the output of a transposed convolution.
    private static func edges(
        _ node: ONNXNode, _ graph: ONNXTranslation, reach: [Int], stride: Int, size: [Int], isTransposed: Bool
    ) throws(CoreError) -> Edges {
        var pads = try graph.integers(node, "pads") ?? [0, 0, 0, 0]
        let extra = try graph.integers(node, "output_padding") ?? [0, 0]
        var automatic = "NOTSET"
        if case .text(let text)? = node.attributes["auto_pad"] { automatic = text }
        let wanted = isTransposed ? try graph.integers(node, "output_shape") : nil
        guard pads.count == 4, extra.count == 2, (pads + extra).allSatisfy({ abs($0) < 1000 }) else {
            throw graph.refused(node, "its pads are \(pads)")
        }
        if automatic == "VALID" { pads = [0, 0, 0, 0] }
        if automatic.hasPrefix("SAME") || wanted != nil {
            for side in 0..<2 {
                let total: Int
                if isTransposed {
                    let output = wanted.map { $0[$0.count - 2 + side] } ?? size[side] * stride
                    total = (size[side] - 1) * stride + reach[side] + extra[side] - output
                } else {
                    let places = (size[side] + stride - 1) / stride
                    total = max(0, (places - 1) * stride + reach[side] - size[side])
                }
                guard abs(total) < 1000 else { throw graph.refused(node, "its output has an impossible size") }
                let small = total >= 0 ? total / 2 : 0
                let isLower = automatic == "SAME_LOWER"
                (pads[side], pads[side + 2]) = isLower ? (total - small, small) : (small, total - small)
            }
        }
        return Edges(
            top: pads[0], left: pads[1], bottom: pads[2] - (isTransposed ? extra[0] : 0),
            right: pads[3] - (isTransposed ? extra[1] : 0))
    }
}
