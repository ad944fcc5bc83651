extension ONNXOperator {
    static let add = ONNXOperator("Add") { node, graph throws(CoreError) in
        switch (try graph.value(node, 0), try graph.value(node, 1)) {
        case (.trace(let x), .constant(let c)), (.constant(let c), .trace(let x)):
            return [.trace(try affine(x, node, graph, shift: c))]
        case (.trace(let mean), .scaledNoise(let deviation)), (.scaledNoise(let deviation), .trace(let mean)):
            // z = μ + σ ⊙ ε: what follows is the decoder.
            graph.drew(mean: mean, deviation: deviation)
            return [.trace(Trace(.latent, shape: mean.shape))]
        case (.constant(let a), .constant(let b)):
            return [.constant(try combine(a, b, node, graph, { $0 + $1 }, { $0 &+ $1 }))]
        default: throw graph.refused(node, "two computed values are added, as in a residual network")
        }
    }

    static let subtract = ONNXOperator("Sub") { node, graph throws(CoreError) in
        switch (try graph.value(node, 0), try graph.value(node, 1)) {
        case (.trace(let x), .constant(let c)):
            return [
                .trace(try affine(x, node, graph, shift: ONNXConstant(shape: c.shape, floats: c.floats.map { -$0 })))
            ]
        case (.constant(let c), .trace(let x)):
            let negative = try affine(x, node, graph, scale: ONNXConstant(shape: [], floats: [-1]))
            return [.trace(try affine(negative, node, graph, shift: c))]
        case (.constant(let a), .constant(let b)):
            return [.constant(try combine(a, b, node, graph, { $0 - $1 }, { $0 &- $1 }))]
        default: throw graph.refused(node, "one computed value is subtracted from another")
        }
    }

    static let multiply = ONNXOperator("Mul") { node, graph throws(CoreError) in
        switch (try graph.value(node, 0), try graph.value(node, 1)) {
        case (.trace(let a), .trace(let b)):
            if a.root == .noise, a.isRoot { return [.scaledNoise(b)] }
            if b.root == .noise, b.isRoot { return [.scaledNoise(a)] }
            guard let product = ActivationProduct.of(a, b) ?? ActivationProduct.of(b, a) else {
                throw graph.refused(node, "two computed values are multiplied, and not as in SiLU or GELU")
            }
            return [.trace(product)]
        case (.trace(let x), .constant(let c)), (.constant(let c), .trace(let x)):
            return [.trace(try affine(x, node, graph, scale: c))]
        case (.constant(let a), .constant(let b)):
            return [.constant(try combine(a, b, node, graph, { $0 * $1 }, { $0 &* $1 }))]
        case (.scaledNoise, _), (_, .scaledNoise): throw graph.refused(node, "noise is multiplied twice")
        }
    }

    static let divide = ONNXOperator("Div") { node, graph throws(CoreError) in
        switch (try graph.value(node, 0), try graph.value(node, 1)) {
        case (.trace(let x), .constant(let c)):
            guard c.floats.allSatisfy({ $0 != 0 }) else { throw graph.refused(node, "it divides by zero") }
            return [
                .trace(try affine(x, node, graph, scale: ONNXConstant(shape: c.shape, floats: c.floats.map { 1 / $0 })))
            ]
        case (.constant(let a), .constant(let b)):
            guard b.floats.allSatisfy({ $0 != 0 }) else { throw graph.refused(node, "it divides by zero") }
            return [.constant(try combine(a, b, node, graph, { $0 / $1 }, { $1 == -1 ? 0 &- $0 : $0 / $1 }))]
        default: throw graph.refused(node, "one computed value is divided by another")
        }
    }

    /// x ⊙ scale + shift, the constant spread over the dimensions where it has one number.
    private static func affine(
        _ x: Trace, _ node: ONNXNode, _ graph: ONNXTranslation, scale: ONNXConstant? = nil, shift: ONNXConstant? = nil
    ) throws(CoreError) -> Trace {
        var result = x
        let constant = scale ?? shift ?? ONNXConstant(shape: [], floats: [0])
        let wide = constant.shape.enumerated().filter { $0.element != 1 }
        var axis = 0
        if let (place, _) = wide.first {
            // Dimensions are matched from the last backwards.
            let own = place - constant.shape.count + x.shape.count
            guard wide.count == 1, own >= 0 else {
                throw graph.refused(
                    node, "its constant of shape \(constant.shape) is spread over more than one dimension")
            }
            axis = own
        }
        guard constant.count > 0 else { throw graph.refused(node, "its constant is empty") }
        let numbers = constant.floats
        let problem = result.affine(
            axis: axis, scale: scale == nil ? numbers.map { _ in 1 } : numbers,
            shift: shift == nil ? numbers.map { _ in 0 } : numbers)
        if let problem { throw graph.refused(node, problem) }
        return result
    }

    /// Two constants of one shape, or one of them a single number.
    private static func combine(
        _ a: ONNXConstant, _ b: ONNXConstant, _ node: ONNXNode, _ graph: ONNXTranslation,
        _ floats: (Float, Float) -> Float, _ integers: (Int, Int) -> Int
    ) throws(CoreError) -> ONNXConstant {
        guard a.count == b.count || a.count == 1 || b.count == 1, a.count > 0, b.count > 0 else {
            throw graph.refused(node, "constants of the shapes \(a.shape) and \(b.shape)")
        }
        let (count, shape) = (max(a.count, b.count), a.count >= b.count ? a.shape : b.shape)
        if case (.integers(let x), .integers(let y)) = (a.numbers, b.numbers) {
            return ONNXConstant(
                shape: shape, integers: (0..<count).map { integers(x[x.count == 1 ? 0 : $0], y[y.count == 1 ? 0 : $0]) }
            )
        }
        let (x, y) = (a.floats, b.floats)
        return ONNXConstant(
            shape: shape, floats: (0..<count).map { floats(x[x.count == 1 ? 0 : $0], y[y.count == 1 ? 0 : $0]) })
    }
}

/// Activations that exporters write as a product: SiLU as x·sigmoid(x), and GELU as x·½·(1 + erf(x/√2)).
enum ActivationProduct {
    /// - Parameters:
    ///   - x: the argument, perhaps times a number.
    ///   - factor: what it is multiplied by.
    static func of(_ x: Trace, _ factor: Trace) -> Trace? {
        guard x.root == factor.root, x.index == factor.index else { return nil }
        let shared = zip(x.steps, factor.steps).prefix { $0 == $1 }.count
        let (own, other) = (Array(x.steps[shared...]), Array(factor.steps[shared...]))
        var result = x
        guard let outer = number(own) else { return nil }
        if other == [.activation(.sigmoid)], outer == 1 {
            result.activate(.silu)
            return result
        }
        // (x · outer) · (1 + erf(x / √2)) · inner is 2 · outer · inner · gelu(x); ½ may stand in either place.
        guard other.count >= 2, let at = other.firstIndex(of: .function(.erf)), let scale = number(Array(other[..<at])),
            abs(scale - Float(0.5).squareRoot()) < 1e-5, let (factor, term) = affine(Array(other[(at + 1)...])),
            factor == term
        else { return nil }
        result.replaceLast(own.count, with: [])
        result.activate(.gelu)
        let rest = 2 * outer * factor
        return abs(rest - 1) < 1e-6 ? result : scaled(result, rest)
    }

    private static func scaled(_ trace: Trace, _ scale: Float) -> Trace {
        var result = trace
        return result.affine(axis: 0, scale: [scale], shift: [0]) == nil ? result : trace
    }

    /// The number that steps multiply by, if that is all they do.
    private static func number(_ steps: [Trace.Step]) -> Float? {
        affine(steps).flatMap { $0.1 == 0 ? $0.0 : nil }
    }

    /// The number that steps multiply by, and the one they add, if they do so to all alike.
    private static func affine(_ steps: [Trace.Step]) -> (Float, Float)? {
        var (scale, shift) = (Float(1), Float(0))
        for step in steps {
            guard case .affine(let a, let b) = step, let first = a.first, let term = b.first,
                a.allSatisfy({ $0 == first }), b.allSatisfy({ $0 == term })
            else { return nil }
            (scale, shift) = (scale * first, shift * first + term)
        }
        return (scale, shift)
    }
}
