extension ONNXOperator {
    /// Clip from zero is ReLU. Other bounds are left out and said: the log variance is clamped here as well, to [-30,
    /// 20], and a picture's pixels are in their range.
    static let clip = ONNXOperator("Clip") { node, graph throws(CoreError) in
        var x = try graph.trace(node)
        func bound(_ attribute: String, _ input: Int) throws(CoreError) -> Float? {
            if case .float(let value)? = node.attributes[attribute] { return value }
            return graph.has(node, input) ? try graph.constant(node, input).floats.first : nil
        }
        let (low, high) = (try bound("min", 1), try bound("max", 2))
        if low == 0, high ?? .infinity > 1e30 {
            x.activate(.relu)
        } else if low == 0, high == 6 {
            throw graph.refused(node, "ReLU6 has no counterpart here")
        } else {
            graph.note(
                "the bounds \(low.map { "\($0)" } ?? "") to \(high.map { "\($0)" } ?? "") of \(node.label) are left out"
            )
        }
        return [.trace(x)]
    }
}
