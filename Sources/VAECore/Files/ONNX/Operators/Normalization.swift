extension ONNXOperator {
    /// (x − mean) / √(variance + ε) · scale + shift for each channel, with the means of training: folded into its
    /// neighbours.
    static let normalization = ONNXOperator("BatchNormalization") { node, graph throws(CoreError) in
        var x = try graph.trace(node)
        let (scale, shift) = (try graph.constant(node, 1).floats, try graph.constant(node, 2).floats)
        let (mean, variance) = (try graph.constant(node, 3).floats, try graph.constant(node, 4).floats)
        let epsilon = graph.float(node, "epsilon", 1e-5)
        guard shift.count == scale.count, mean.count == scale.count, variance.count == scale.count,
            variance.allSatisfy({ $0 + epsilon > 0 })
        else { throw graph.refused(node, "its numbers do not fit each other") }
        let factors = zip(scale, variance).map { $0 / ($1 + epsilon).squareRoot() }
        let problem = x.affine(axis: 0, scale: factors, shift: scale.indices.map { shift[$0] - mean[$0] * factors[$0] })
        if let problem { throw graph.refused(node, problem) }
        return [.trace(x)]
    }
}
