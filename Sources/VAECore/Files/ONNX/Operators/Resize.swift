extension ONNXOperator {
    /// A larger image in which each pixel stands several times: a transposed convolution with equal weights.
    static let resize = ONNXOperator("Resize", "Upsample") { node, graph throws(CoreError) in
        var x = try graph.trace(node)
        guard x.shape.count == 3 else { throw graph.refused(node, "it takes an image, and gets \(x.shape)") }
        var mode = "nearest"
        if case .text(let text)? = node.attributes["mode"] { mode = text }
        let last = node.kind == "Resize" && node.inputs.count > 2 ? 2 : 1
        var factors: [Float] = []
        if case .floats(let values)? = node.attributes["scales"] {
            factors = values
        } else if graph.has(node, last), try graph.constant(node, last).count == 4 {
            factors = try graph.constant(node, last).floats
        } else if graph.has(node, 3), let sizes = try graph.constant(node, 3).integers, sizes.count == 4 {
            factors = [1, 1, Float(sizes[2]) / Float(x.shape[1]), Float(sizes[3]) / Float(x.shape[2])]
        }
        guard mode == "nearest", factors.count == 4, factors[0] == 1, factors[1] == 1, factors[2] == factors[3],
            (1...16).contains(factors[2]), factors[2] == factors[2].rounded()
        else { throw graph.refused(node, "only nearest pixels, a whole number of times as large, have a counterpart") }
        if let problem = x.enlarge(Int(factors[2])) { throw graph.refused(node, problem) }
        return [.trace(x)]
    }
}
