extension ONNXOperator {
    static let constant = ONNXOperator("Constant") { node, graph throws(CoreError) in
        switch node.attributes["value"] ?? node.attributes["value_float"] ?? node.attributes["value_int"]
            ?? node.attributes["value_floats"] ?? node.attributes["value_ints"]
        {
        case .tensor(let tensor)?:
            return [.constant(try ONNXConstant(tensor, folder: graph.folder, place: graph.place))]
        case .float(let value)?: return [.constant(ONNXConstant(shape: [], floats: [value]))]
        case .integer(let value)?: return [.constant(ONNXConstant(shape: [], integers: [value]))]
        case .floats(let values)?: return [.constant(ONNXConstant(shape: [values.count], floats: values))]
        case .integers(let values)?: return [.constant(ONNXConstant(shape: [values.count], integers: values))]
        default: throw graph.refused(node, "it has no numbers")
        }
    }

    static let constantOfShape = ONNXOperator("ConstantOfShape") { node, graph throws(CoreError) in
        let shape = try graph.constant(node, 0).integers ?? []
        var value = ONNXConstant(shape: [1], floats: [0])
        if case .tensor(let tensor)? = node.attributes["value"] {
            value = try ONNXConstant(tensor, folder: graph.folder, place: graph.place)
        }
        // Of an open batch, one row: it is spread where it is used.
        let known = shape.map { $0 == -1 ? 1 : $0 }
        guard value.count == 1, let count = Trace.product(known), count <= ONNXConstant.mostMade else {
            throw graph.refused(node, "the shape \(shape)")
        }
        return [.constant(value.picked([Int](repeating: 0, count: count), shape: known))]
    }

    /// Operators that leave the numbers as they are, at least outside of training.
    static let identity = ONNXOperator("Identity", "Dropout", "Cast", "CastLike") { node, graph throws(CoreError) in
        [try graph.value(node, 0)]
    }

    /// Noise. Multiplied by a standard deviation and added to a mean, it makes z.
    static let noise = ONNXOperator("RandomNormal", "RandomNormalLike") { node, graph throws(CoreError) in
        guard graph.float(node, "mean", 0) == 0, graph.float(node, "scale", 1) == 1 else {
            throw graph.refused(node, "its noise is not standard normal")
        }
        if node.kind == "RandomNormalLike", case .trace(let x) = try graph.value(node, 0) {
            return [.trace(Trace(.noise, shape: x.shape))]
        }
        let shape = try graph.integers(node, "shape") ?? []
        guard shape.count > 1, Trace.product(shape) != nil else {
            throw graph.refused(node, "noise of the shape \(shape)")
        }
        return [.trace(Trace(.noise, shape: Array(shape.dropFirst())))]
    }
}
