extension ONNXOperator {
    /// Activations without options.
    static let activations = ONNXOperator("Relu", "Tanh", "Sigmoid") { node, graph throws(CoreError) in
        var x = try graph.trace(node)
        x.activate(node.kind == "Relu" ? .relu : node.kind == "Tanh" ? .tanh : .sigmoid)
        return [.trace(x)]
    }

    static let leakyRelu = ONNXOperator("LeakyRelu", "PRelu") { node, graph throws(CoreError) in
        var x = try graph.trace(node)
        let slopes = node.kind == "PRelu" ? try graph.constant(node, 1).floats : [graph.float(node, "alpha", 0.01)]
        let known = Activation.allCases.first { activation in
            guard let own = activation.leakySlope else { return false }
            return !slopes.isEmpty && slopes.allSatisfy { abs($0 - own) < 1e-6 }
        }
        if slopes.allSatisfy({ $0 == 0 }) {
            x.activate(.relu)
        } else if let known {
            x.activate(known)
        } else {
            let all = Activation.allCases.compactMap(\.leakySlope).map { "\($0)" }.joined(separator: ", ")
            throw graph.refused(node, "its slope is \(slopes.first ?? 0), and those known are \(all)")
        }
        return [.trace(x)]
    }

    static let elu = ONNXOperator("Elu") { node, graph throws(CoreError) in
        var x = try graph.trace(node)
        guard graph.float(node, "alpha", 1) == 1 else { throw graph.refused(node, "its alpha is not 1") }
        x.activate(.elu)
        return [.trace(x)]
    }

    static let gelu = ONNXOperator("Gelu") { node, graph throws(CoreError) in
        var x = try graph.trace(node)
        if case .text("tanh")? = node.attributes["approximate"] {
            graph.note("GELU by its exact formula, where the file approximates it by tanh")
        }
        x.activate(.gelu)
        return [.trace(x)]
    }

    static let swish = ONNXOperator("Swish", "QuickGelu") { node, graph throws(CoreError) in
        var x = try graph.trace(node)
        guard graph.float(node, "alpha", 1) == 1 else { throw graph.refused(node, "its alpha is not 1") }
        x.activate(.silu)
        return [.trace(x)]
    }

    /// Functions that are an activation, a part of one, or turn a log variance into a standard deviation.
    static let functions = ONNXOperator("Exp", "Erf", "Sqrt", "Softplus", "Neg", "Log") {
        node, graph throws(CoreError) in
        if case .constant(let c) = try graph.value(node, 0), ["Neg", "Sqrt"].contains(node.kind) {
            return [
                .constant(
                    ONNXConstant(shape: c.shape, floats: c.floats.map { node.kind == "Neg" ? -$0 : $0.squareRoot() }))
            ]
        }
        var x = try graph.trace(node)
        switch node.kind {
        case "Erf": x.append(pointwise: .function(.erf))
        case "Exp": x.append(pointwise: .function(.exp))
        case "Sqrt": x.append(pointwise: .function(.squareRoot))
        case "Softplus": x.activate(.softplus)
        case "Neg": _ = x.affine(axis: 0, scale: [-1], shift: [0])
        default:
            // The logarithm of an exponential.
            guard x.steps.last == .function(.exp) else { throw graph.refused(node, "it has no counterpart here") }
            x.replaceLast(1, with: [])
        }
        return [.trace(x)]
    }
}
