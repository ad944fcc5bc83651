extension ONNXOperator {
    /// α·A·B + β·C, either transposed: a fully connected layer.
    static let gemm = ONNXOperator("Gemm") { node, graph throws(CoreError) in
        var x = try graph.trace(node)
        guard graph.integer(node, "transA", 0) == 0 else { throw graph.refused(node, "its input is transposed") }
        let bias = graph.has(node, 2) ? try graph.constant(node, 2) : nil
        let weights = try weights(
            node, graph.constant(node, 1), isTransposed: graph.integer(node, "transB", 0) != 0,
            scale: graph.float(node, "alpha", 1), graph)
        var layer = weights
        if let bias {
            let beta = graph.float(node, "beta", 1)
            guard bias.count == layer.outputs || bias.count == 1 else {
                throw graph.refused(node, "its bias has \(bias.count) numbers")
            }
            layer.bias = (0..<layer.outputs).map { bias.floats[bias.count == 1 ? 0 : $0] * beta }
        }
        if let problem = x.linear(layer) { throw graph.refused(node, problem) }
        return [.trace(x)]
    }

    /// A·B with a constant B: a fully connected layer without a bias.
    static let matMul = ONNXOperator("MatMul") { node, graph throws(CoreError) in
        var x = try graph.trace(node)
        let layer = try weights(node, graph.constant(node, 1), isTransposed: false, scale: 1, graph)
        if let problem = x.linear(layer) { throw graph.refused(node, problem) }
        return [.trace(x)]
    }

    private static func weights(
        _ node: ONNXNode, _ constant: ONNXConstant, isTransposed: Bool, scale: Float, _ graph: ONNXTranslation
    ) throws(CoreError) -> LinearWeights {
        guard constant.shape.count == 2, constant.count > 0,
            let arranged = isTransposed ? constant : constant.transposed([1, 0])
        else { throw graph.refused(node, "its weights have the shape \(constant.shape)") }
        let (outputs, inputs) = (arranged.shape[0], arranged.shape[1])
        return LinearWeights(
            inputs: inputs, outputs: outputs, weight: scale == 1 ? arranged.floats : arranged.floats.map { $0 * scale },
            bias: [Float](repeating: 0, count: outputs))
    }
}
