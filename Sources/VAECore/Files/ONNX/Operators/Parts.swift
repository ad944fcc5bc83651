// Operators that join values or take parts of them.

extension ONNXOperator {
    /// Constants are joined; of computed values, only an input and a class, in either order.
    static let concat = ONNXOperator("Concat") { node, graph throws(CoreError) in
        var constants: [ONNXConstant] = []
        var traces: [Trace] = []
        for i in node.inputs.indices {
            switch try graph.value(node, i) {
            case .constant(let c): constants.append(c)
            case .trace(let x): traces.append(x)
            case .scaledNoise: throw graph.refused(node, "noise is joined to something")
            }
        }
        if traces.isEmpty {
            guard constants.allSatisfy({ $0.shape.count <= 1 }),
                constants.reduce(0, { $0 + $1.count }) <= ONNXConstant.mostMade
            else {
                throw graph.refused(node, "constants of more than one dimension")
            }
            let all = constants.compactMap(\.integers).flatMap { $0 }
            let count = constants.reduce(0) { $0 + $1.count }
            if all.count == count { return [.constant(ONNXConstant(shape: [count], integers: all))] }
            return [.constant(ONNXConstant(shape: [count], floats: constants.flatMap(\.floats)))]
        }
        guard traces.count == 2, constants.isEmpty, graph.axis(graph.integer(node, "axis", 1), of: traces[0]) == 0
        else {
            throw graph.refused(node, "only an input and a class are joined here")
        }
        let isFirst = traces[0].root == .classes
        let (own, label) = isFirst ? (traces[1], traces[0]) : (traces[0], traces[1])
        guard label.root == .classes, label.isRoot, label.shape.count == 1,
            let joined = own.joined(classes: label.index.count, first: isFirst)
        else { throw graph.refused(node, "only an input, as a row, and a class are joined here") }
        return [.trace(joined)]
    }

    static let split = ONNXOperator("Split") { node, graph throws(CoreError) in
        let x = try graph.trace(node)
        guard let axis = graph.axis(graph.integer(node, "axis", 0), of: x) else {
            throw graph.refused(node, "the batch is split")
        }
        let length = x.shape[axis]
        let parts = max(1, node.outputs.count)
        let equal = (length + parts - 1) / parts
        let sizes =
            try graph.integers(node, "split", orInput: 1)
            ?? (0..<parts).map { min(equal, max(0, length - $0 * equal)) }
        guard sizes.allSatisfy({ $0 > 0 && $0 <= length }), sizes.count == node.outputs.count,
            sizes.reduce(0, +) == length
        else {
            throw graph.refused(node, "\(length) is split into \(sizes)")
        }
        var (start, result) = (0, [ONNXTranslation.Value]())
        for size in sizes {
            guard let part = x.slice(axis: axis, start..<start + size) else {
                throw graph.refused(node, "into \(sizes)")
            }
            result.append(.trace(part))
            start += size
        }
        return result
    }

    static let slice = ONNXOperator("Slice") { node, graph throws(CoreError) in
        let (starts, ends) = (
            try graph.integers(node, "starts", orInput: 1) ?? [], try graph.integers(node, "ends", orInput: 2) ?? []
        )
        let axes = try graph.integers(node, "axes", orInput: 3) ?? Array(starts.indices)
        let steps = try graph.integers(node, "steps", orInput: 4) ?? starts.map { _ in 1 }
        guard starts.count == ends.count, axes.count == starts.count, steps.allSatisfy({ $0 == 1 }) else {
            throw graph.refused(node, "it takes every so many-th number, or in reverse")
        }
        func range(_ i: Int, _ length: Int) -> Range<Int> {
            let start = max(0, min(length, starts[i] < 0 ? max(starts[i], -length) + length : starts[i]))
            let end = max(start, min(length, ends[i] < 0 ? max(ends[i], -length - 1) + length : ends[i]))
            return start..<end
        }
        if case .constant(let c) = try graph.value(node, 0) {
            guard c.shape.count == 1, starts.count == 1 else {
                throw graph.refused(node, "a constant of the shape \(c.shape)")
            }
            let part = range(0, c.count)
            return [.constant(c.picked(Array(part), shape: [part.count]))]
        }
        var x = try graph.trace(node)
        for i in starts.indices {
            guard let axis = graph.axis(axes[i], of: x) else {
                // The whole batch.
                guard starts[i] == 0, ends[i] > 1 << 30 || ends[i] == graph.batch else {
                    throw graph.refused(node, "a part of the batch")
                }
                continue
            }
            guard let part = x.slice(axis: axis, range(i, x.shape[axis])) else {
                throw graph.refused(node, "nothing is left of \(x.shape)")
            }
            x = part
        }
        return [.trace(x)]
    }

    static let gather = ONNXOperator("Gather") { node, graph throws(CoreError) in
        let chosen = try graph.constant(node, 1)
        guard let places = chosen.integers else { throw graph.refused(node, "its places are no whole numbers") }
        if case .constant(let c) = try graph.value(node, 0) {
            let own = places.map { $0 < 0 ? $0 + c.count : $0 }
            guard c.shape.count == 1, own.allSatisfy({ (0..<c.count).contains($0) }), own.count <= ONNXConstant.mostMade
            else {
                throw graph.refused(node, "from a constant of the shape \(c.shape)")
            }
            return [.constant(c.picked(own, shape: chosen.shape))]
        }
        var x = try graph.trace(node)
        guard let axis = graph.axis(graph.integer(node, "axis", 0), of: x), let first = places.first else {
            throw graph.refused(node, "from the batch")
        }
        let start = first < 0 ? first + x.shape[axis] : first
        guard places.enumerated().allSatisfy({ $0.element - first == $0.offset }),
            var part = x.slice(axis: axis, start..<max(start, start) + places.count)
        else { throw graph.refused(node, "numbers that do not stand beside each other") }
        if chosen.shape.isEmpty {
            var shape = part.shape
            shape.remove(at: axis)
            _ = part.reshape(to: shape)
        }
        x = part
        return [.trace(x)]
    }
}
