extension ONNXOperator {
    /// An average over squares of the image: a convolution with equal weights.
    static let pooling = ONNXOperator("AveragePool", "MaxPool") { node, graph throws(CoreError) in
        guard node.kind == "AveragePool" else {
            throw graph.refused(node, "the largest of several pixels has no counterpart here")
        }
        var x = try graph.trace(node)
        let kernel = try graph.integers(node, "kernel_shape") ?? []
        let strides = try graph.integers(node, "strides") ?? [1, 1]
        let pads = try graph.integers(node, "pads") ?? [0, 0, 0, 0]
        let isAutomatic =
            if case .text(let text)? = node.attributes["auto_pad"] { text.hasPrefix("SAME") } else { false }
        let isUneven = pads.contains { $0 != 0 } && graph.integer(node, "count_include_pad", 0) == 0
        guard kernel.count == 2, kernel[0] == kernel[1], strides.count == 2, strides[0] == strides[1], pads.count == 4,
            pads.allSatisfy({ (0..<64).contains($0) }), !isUneven, !isAutomatic,
            graph.integer(node, "ceil_mode", 0) == 0
        else { throw graph.refused(node, "only averages over squares, each of as many pixels, have a counterpart") }
        let edges = Edges(top: pads[0], left: pads[1], bottom: pads[2], right: pads[3])
        if let problem = x.average(kernel: kernel[0], stride: strides[0], edges: edges) {
            throw graph.refused(node, problem)
        }
        return [.trace(x)]
    }

    /// The mean of each channel over the whole image.
    static let globalPooling = ONNXOperator("GlobalAveragePool", "ReduceMean") { node, graph throws(CoreError) in
        var x = try graph.trace(node)
        let axes = try graph.integers(node, "axes", orInput: 1) ?? [2, 3]
        let own = axes.compactMap { graph.axis($0, of: x) }.sorted()
        guard x.shape.count == 3, own == [1, 2], x.shape[1] == x.shape[2] else {
            throw graph.refused(node, "only the mean over a square image has a counterpart")
        }
        let channels = x.shape[0]
        if let problem = x.average(kernel: x.shape[1], stride: 1) { throw graph.refused(node, problem) }
        if graph.integer(node, "keepdims", 1) == 0 { _ = x.reshape(to: [channels]) }
        return [.trace(x)]
    }
}
