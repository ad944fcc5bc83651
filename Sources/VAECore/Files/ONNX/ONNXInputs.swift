/// The inputs of a graph, and what each stands for.
struct ONNXInputs {
    /// Inputs that are no constants, with their shapes without the batch.
    private(set) var values: [(name: String, shape: [Int])] = []
    /// The length of the batch; nil if it is open.
    private(set) var batch: Int?

    init(_ graph: ONNXGraph) {
        let constants = Set(graph.initializers.map(\.name))
        for input in graph.inputs where !constants.contains(input.name) {
            guard let shape = input.shape, let first = shape.first, shape.count > 1,
                shape.dropFirst().allSatisfy({ $0 > 0 }), Trace.product(Array(shape.dropFirst())) != nil
            else { continue }
            values.append((input.name, Array(shape.dropFirst())))
            if first > 0 { batch = first }
        }
        let outputs = graph.outputs.compactMap {
            $0.shape.flatMap { Trace.product(Array($0.dropFirst().map { max(1, $0) })) }
        }
        let most = outputs.max() ?? 0
        looksLikeDecoder =
            main.map { $0.shape.count == 1 && Self.count($0.shape) < most } ?? false
            || main.map { Self.words($0.name) == "z" } ?? false
    }

    /// Whether the output has more numbers than the input, as far as the shapes are said.
    private(set) var looksLikeDecoder = false

    private static func count(_ shape: [Int]) -> Int { shape.reduce(1, *) }
    private static func words(_ name: String) -> String { name.lowercased() }

    /// x or z: what is neither a class nor noise by its name; the largest of those with as good a claim.
    private var main: (name: String, shape: [Int])? {
        let open = values.filter { !Self.isClass($0.name) && !Self.isNoise($0.name) }
        if open.count == values.count, values.count > 1, values.allSatisfy({ $0.shape.count == 1 }) {
            // Two rows: the first, unless the other is an image's.
            return values.first { Self.count($0.shape) > 256 } ?? values.first
        }
        return open.max { Self.count($0.shape) < Self.count($1.shape) } ?? values.first
    }

    /// Numbers of x or z in one row.
    var count: Int { main.map { Self.count($0.shape) } ?? 0 }

    private static func isClass(_ name: String) -> Bool {
        let name = words(name)
        return ["c", "y"].contains(name)
            || ["class", "label", "cond", "onehot", "one_hot"].contains { name.contains($0) }
    }

    private static func isNoise(_ name: String) -> Bool {
        let name = words(name)
        return ["eps", "noise"].contains { name.hasPrefix($0) }
    }

    /// What each input stands for.
    func roots(isDecoder: Bool) -> [String: Trace] {
        var result: [String: Trace] = [:]
        for (name, shape) in values {
            if name == main?.name {
                result[name] = isDecoder ? Trace(.latent, shape: shape) : Self.image(shape)
            } else {
                result[name] = Trace(Self.isNoise(name) ? .noise : .classes, shape: shape)
            }
        }
        return result
    }

    /// An image as (channel, height, width), as (height, width, channel), as (height, width), or as a row.
    private static func image(_ shape: [Int]) -> Trace {
        let channels = 1...4
        if shape.count == 3, channels.contains(shape[2]), !channels.contains(shape[0]) {
            var x = Trace(.image, shape: [shape[2], shape[0], shape[1]])
            _ = x.transpose([1, 2, 0])
            return x
        }
        if shape.count == 2 {
            var x = Trace(.image, shape: [1] + shape)
            _ = x.reshape(to: shape)
            return x
        }
        if shape.count == 1, let found = square(shape[0]), found.channels > 1 {
            var x = Trace(.image, shape: [found.channels, found.height, found.width])
            _ = x.reshape(to: shape)
            return x
        }
        return Trace(.image, shape: shape)
    }

    /// The square image, grey or in three colours, that so many numbers make.
    static func square(_ count: Int) -> ImageShape? {
        for channels in [1, 3] where count % channels == 0 {
            let side = Int(Double(count / channels).squareRoot().rounded())
            if side * side * channels == count { return ImageShape(height: side, width: side, channels: channels) }
        }
        return nil
    }
}
