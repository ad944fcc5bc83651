/// Follows a graph from its inputs, and records for each value what our layers would do: a `Trace`. Nothing is computed
/// but what is constant.
struct ONNXTranslation {
    /// What a name in the graph stands for.
    enum Value {
        case constant(ONNXConstant)
        case trace(Trace)
        /// Noise times something: the trace of the standard deviation.
        case scaledNoise(Trace)
    }

    let place: String
    let folder: String
    /// The length of the first dimension of inputs; nil if it is open.
    private(set) var batch: Int?
    /// Mean and standard deviation where the graph adds noise to a mean, that is, where it draws z.
    private(set) var drawn: (mean: Trace, deviation: Trace)?
    /// What was left out or taken for something else, for the user.
    private(set) var notes: [String] = []
    private var values: [String: Value] = [:]
    private var initializers: [String: ONNXTensor] = [:]
    /// Values that are traced as they come, but seen by later nodes as z.
    private var cuts: Set<String>
    private var uncut: [String: Trace] = [:]
    /// How many numbers the traces of all values keep.
    private var kept = 0
    private static let mostKept = 1 << 26

    /// - Parameters:
    ///   - inputs: what the graph's inputs stand for.
    ///   - cuts: names of values that later nodes see as z.
    /// - Throws: `CoreError(.model)` that names a node without a counterpart here.
    init(
        _ graph: ONNXGraph, inputs: [String: Trace], cuts: Set<String> = [], batch: Int?, folder: String, place: String
    ) throws(CoreError) {
        (self.place, self.folder, self.cuts, self.batch) = (place, folder, cuts, batch)
        for tensor in graph.initializers { initializers[tensor.name] = tensor }
        for (name, trace) in inputs { values[name] = .trace(trace) }
        var waiting = graph.nodes
        while !waiting.isEmpty {
            var rest: [ONNXNode] = []
            for node in waiting {
                if node.inputs.allSatisfy({ $0.isEmpty || isKnown($0) }) { try apply(node) } else { rest.append(node) }
            }
            guard rest.count < waiting.count else { throw unreachable(rest) }
            waiting = rest
        }
    }

    /// The trace of an output; nil if it does not depend on an input.
    func output(_ name: String) -> Trace? {
        if let trace = uncut[name] { return trace }
        if case .trace(let trace)? = values[name] { return trace }
        return nil
    }

    private func isKnown(_ name: String) -> Bool { values[name] != nil || initializers[name] != nil }

    private func unreachable(_ rest: [ONNXNode]) -> CoreError {
        let given = Set(rest.flatMap(\.outputs))
        let missing = rest.lazy.flatMap(\.inputs).first { !$0.isEmpty && !isKnown($0) && !given.contains($0) }
        return CoreError(
            .model,
            missing == nil ? "the graph goes in a circle: refused" : "nothing gives the value '\(missing ?? "")'",
            at: place, found: rest.prefix(3).map(\.label).joined(separator: ", "))
    }

    private mutating func apply(_ node: ONNXNode) throws(CoreError) {
        guard ["", "ai.onnx"].contains(node.domain) || node.domain == "com.microsoft",
            let known = ONNXOperator.all[node.kind]
        else {
            throw CoreError(
                .model, "\(node.label) has no counterpart here", at: place,
                expected: "one of " + ONNXOperator.all.keys.sorted().joined(separator: ", "))
        }
        let results = try known.apply(node, &self)
        guard results.count <= max(1, node.outputs.count) else { throw refused(node, "it has too few outputs") }
        for (name, value) in zip(node.outputs, results) where !name.isEmpty {
            guard values[name] == nil, initializers[name] == nil else {
                throw refused(node, "it gives '\(name)' a second time")
            }
            values[name] = value
            guard case .trace(let trace) = value else { continue }
            kept += trace.index.count
            guard kept <= Self.mostKept else { throw refused(node, "the graph's values are too large to follow") }
            if cuts.contains(name) {
                uncut[name] = trace
                values[name] = .trace(Trace(.latent, shape: [trace.index.count]))
            }
        }
    }

    // MARK: For operators

    func refused(_ node: ONNXNode, _ problem: String) -> CoreError {
        CoreError(.model, "\(node.label): \(problem)", at: place)
    }

    mutating func note(_ text: String) { if !notes.contains(text) { notes.append(text) } }

    mutating func drew(mean: Trace, deviation: Trace) { drawn = (mean, deviation) }

    /// An input of a node.
    func value(_ node: ONNXNode, _ input: Int) throws(CoreError) -> Value {
        guard node.inputs.indices.contains(input), !node.inputs[input].isEmpty else {
            throw refused(node, "input \(input) is missing")
        }
        let name = node.inputs[input]
        if let value = values[name] { return value }
        guard let tensor = initializers[name] else { throw refused(node, "nothing gives '\(name)'") }
        return .constant(try ONNXConstant(tensor, folder: folder, place: place))
    }

    func has(_ node: ONNXNode, _ input: Int) -> Bool {
        node.inputs.indices.contains(input) && !node.inputs[input].isEmpty
    }

    /// An input that depends on the graph's inputs.
    func trace(_ node: ONNXNode, _ input: Int = 0) throws(CoreError) -> Trace {
        if case .trace(let trace) = try value(node, input) { return trace }
        throw refused(node, "input \(input) is a constant or noise, where a computed value is expected")
    }

    /// An input that is constant.
    func constant(_ node: ONNXNode, _ input: Int) throws(CoreError) -> ONNXConstant {
        if case .constant(let constant) = try value(node, input) { return constant }
        throw refused(node, "input \(input) is computed, where a constant is expected")
    }

    /// Whole numbers from an attribute, or, since later versions of some operators, an input; nil if there are none.
    func integers(_ node: ONNXNode, _ attribute: String, orInput input: Int? = nil) throws(CoreError) -> [Int]? {
        switch node.attributes[attribute] {
        case .integers(let values)?: return values
        case .integer(let value)?: return [value]
        default: break
        }
        guard let input, has(node, input) else { return nil }
        guard let values = try constant(node, input).integers else {
            throw refused(node, "input \(input) is no whole number")
        }
        return values
    }

    func integer(_ node: ONNXNode, _ attribute: String, _ standard: Int) -> Int {
        if case .integer(let value)? = node.attributes[attribute] { value } else { standard }
    }

    func float(_ node: ONNXNode, _ attribute: String, _ standard: Float) -> Float {
        if case .float(let value)? = node.attributes[attribute] { value } else { standard }
    }

    /// The dimension of a trace that an axis of the graph's tensor is; nil for the batch, or if there is none.
    func axis(_ axis: Int, of trace: Trace) -> Int? {
        let rank = trace.shape.count + 1
        let own = axis < 0 ? axis + rank : axis
        return (1..<rank).contains(own) ? own - 1 : nil
    }
}

/// An operator of ONNX: its name, and what it does to traces and constants.
struct ONNXOperator: Sendable {
    typealias Apply = @Sendable (ONNXNode, inout ONNXTranslation) throws(CoreError) -> [ONNXTranslation.Value]

    let names: [String]
    let apply: Apply

    init(_ names: String..., apply: @escaping Apply) {
        self.names = names
        self.apply = apply
    }

    /// Every operator, by its name. A new one is a file in `Operators/` and a row here.
    static let all: [String: ONNXOperator] = Dictionary(
        rows.flatMap { row in row.names.map { ($0, row) } }, uniquingKeysWith: { first, _ in first })

    private static let rows: [ONNXOperator] = [
        .gemm, .matMul, .add, .subtract, .multiply, .divide, .convolution, .transposedConvolution, .normalization,
        .activations, .leakyRelu, .elu, .gelu, .swish, .functions, .clip, .reshape, .flatten, .transpose, .squeeze,
        .unsqueeze, .concat, .split, .slice, .gather, .shape, .constant, .constantOfShape, .identity, .noise, .pooling,
        .globalPooling, .resize, .expand, .pad,
    ]
}
