// Operators that move numbers or change shapes. The first dimension is the batch, which a trace does not have.

extension ONNXOperator {
    static let reshape = ONNXOperator("Reshape") { node, graph throws(CoreError) in
        let wanted = try graph.integers(node, "shape", orInput: 1) ?? []
        if case .constant(let c) = try graph.value(node, 0) {
            guard let shape = filled(wanted, from: c.shape, count: c.count) else {
                throw graph.refused(node, "to \(wanted)")
            }
            return [.constant(c.picked(Array(0..<c.count), shape: shape))]
        }
        var x = try graph.trace(node)
        guard let first = wanted.first,
            first == -1 || first == 0 || first == graph.batch || wanted.dropFirst().contains(-1)
        else {
            throw graph.refused(node, "the batch becomes \(wanted)")
        }
        // The batch is what is not said of the rest, so that nothing of the rest is left open.
        let rest = Array(wanted.dropFirst())
        guard let shape = filled(rest, from: x.shape, count: x.index.count), x.reshape(to: shape) else {
            throw graph.refused(node, "\(x.shape) becomes \(wanted)")
        }
        return [.trace(x)]
    }

    /// A shape with 0 (as it was) and -1 (what is left) filled in; nil if it does not fit.
    private static func filled(_ wanted: [Int], from shape: [Int], count: Int) -> [Int]? {
        var result = wanted
        for (i, length) in wanted.enumerated() where length == 0 {
            guard shape.indices.contains(i) else { return nil }
            result[i] = shape[i]
        }
        guard wanted.count <= 16, wanted.filter({ $0 == -1 }).count <= 1,
            let known = Trace.product(result.filter { $0 != -1 })
        else { return nil }
        if let open = result.firstIndex(of: -1) {
            guard known > 0, count % known == 0 else { return nil }
            result[open] = count / known
        }
        return Trace.product(result) == count ? result : nil
    }

    static let flatten = ONNXOperator("Flatten") { node, graph throws(CoreError) in
        var x = try graph.trace(node)
        guard graph.integer(node, "axis", 1) == 1, x.reshape(to: [x.index.count]) else {
            throw graph.refused(node, "the batch is flattened too")
        }
        return [.trace(x)]
    }

    static let transpose = ONNXOperator("Transpose") { node, graph throws(CoreError) in
        if case .constant(let c) = try graph.value(node, 0) {
            guard let result = c.transposed(try graph.integers(node, "perm") ?? Array(c.shape.indices.reversed()))
            else {
                throw graph.refused(node, "its order does not fit \(c.shape)")
            }
            return [.constant(result)]
        }
        var x = try graph.trace(node)
        let order = try graph.integers(node, "perm") ?? []
        guard order.first == 0, x.transpose(order.dropFirst().map { $0 - 1 }) else {
            throw graph.refused(node, "its order \(order) does not keep the batch first")
        }
        return [.trace(x)]
    }

    static let squeeze = ONNXOperator("Squeeze") { node, graph throws(CoreError) in
        let axes = try graph.integers(node, "axes", orInput: 1)
        if case .constant(let c) = try graph.value(node, 0) {
            let gone =
                axes.map { $0.map { $0 < 0 ? $0 + c.shape.count : $0 } } ?? c.shape.indices.filter { c.shape[$0] == 1 }
            return [
                .constant(
                    c.picked(
                        Array(0..<c.count), shape: c.shape.indices.filter { !gone.contains($0) }.map { c.shape[$0] }))
            ]
        }
        var x = try graph.trace(node)
        let gone =
            try axes?.map { axis throws(CoreError) in try own(axis, x.shape.count + 1, node, graph) }
            ?? x.shape.indices.filter { x.shape[$0] == 1 }
        guard x.reshape(to: x.shape.indices.filter { !gone.contains($0) }.map { x.shape[$0] }) else {
            throw graph.refused(node, "a dimension of \(x.shape) that is not 1")
        }
        return [.trace(x)]
    }

    static let unsqueeze = ONNXOperator("Unsqueeze") { node, graph throws(CoreError) in
        let axes = try graph.integers(node, "axes", orInput: 1) ?? []
        if case .constant(let c) = try graph.value(node, 0) {
            var shape = c.shape
            for axis in axes.map({ $0 < 0 ? $0 + c.shape.count + axes.count : $0 }).sorted()
            where (0...shape.count).contains(axis) {
                shape.insert(1, at: axis)
            }
            return [.constant(c.picked(Array(0..<c.count), shape: shape))]
        }
        var x = try graph.trace(node)
        var shape = x.shape
        let places = try axes.map { axis throws(CoreError) in try own(axis, x.shape.count + 1 + axes.count, node, graph)
        }
        for place in places.sorted() where place <= shape.count { shape.insert(1, at: place) }
        guard x.reshape(to: shape) else { throw graph.refused(node, "axes \(axes)") }
        return [.trace(x)]
    }

    /// An axis of a tensor of `rank` dimensions as one of a trace.
    private static func own(_ axis: Int, _ rank: Int, _ node: ONNXNode, _ graph: ONNXTranslation) throws(CoreError)
        -> Int
    {
        let place = axis < 0 ? axis + rank : axis
        guard (1..<max(2, rank)).contains(place) else {
            throw graph.refused(node, "the batch is its axis, or there is no axis \(axis)")
        }
        return place - 1
    }

    /// The shape of a value; -1 is a batch that is not said.
    static let shape = ONNXOperator("Shape") { node, graph throws(CoreError) in
        var shape: [Int]
        switch try graph.value(node, 0) {
        case .constant(let c): shape = c.shape
        case .trace(let x), .scaledNoise(let x): shape = [graph.batch ?? -1] + x.shape
        }
        let start = graph.integer(node, "start", 0)
        let end = graph.integer(node, "end", shape.count)
        let from = max(0, start < 0 ? start + shape.count : start)
        let to = min(shape.count, end < 0 ? end + shape.count : end)
        shape = from < to ? Array(shape[from..<to]) : []
        return [.constant(ONNXConstant(shape: [shape.count], integers: shape))]
    }

    /// Constants are spread where they are used, and values are what they are already.
    static let expand = ONNXOperator("Expand") { node, graph throws(CoreError) in
        let value = try graph.value(node, 0)
        let wanted = try graph.constant(node, 1).integers ?? []
        switch value {
        case .constant(let c) where c.count == 1:
            let count = Trace.product(wanted.map { max(1, $0) }) ?? .max
            guard count <= ONNXConstant.mostMade, !wanted.contains(where: { $0 < 1 }) else { return [value] }
            return [.constant(c.picked([Int](repeating: 0, count: count), shape: wanted))]
        case .trace(let x)
        where wanted.count == x.shape.count + 1 && zip(wanted.dropFirst(), x.shape).allSatisfy({ $0 == $1 || $0 == 1 }):
            return [value]
        default: throw graph.refused(node, "a value is repeated to the shape \(wanted)")
        }
    }

    static let pad = ONNXOperator("Pad") { node, graph throws(CoreError) in
        let pads = try graph.integers(node, "pads", orInput: 1) ?? []
        guard pads.allSatisfy({ $0 == 0 }) else {
            throw graph.refused(
                node, "zeros around an image by themselves have no counterpart: give the padding to the convolution")
        }
        return [try graph.value(node, 0)]
    }
}
