/// Layers of ours, made from the steps of a trace, with their parameters in the order of the network's buffer.
struct Stack {
    let place: String
    let part: String
    private(set) var layers: [LayerConfiguration] = []
    private(set) var values: [Float] = []
    /// The last step with weights, whose activation is not known yet.
    private var pending: Pending?
    /// A scale and shift that waits for the layer after it.
    private var affine: (scale: [Float], shift: [Float])?
    private var image: ImageShape?
    private var count: Int?

    private enum Pending {
        case linear(LinearWeights)
        case convolution(ConvolutionWeights)
    }

    /// Numbers that the first fully connected layer takes; nil if there is none before the first convolution.
    private(set) var inputCount: Int?

    /// - Parameter image: what the first layer is given, if it is an image.
    init(place: String, part: String, image: ImageShape?) {
        self.place = place
        self.part = part
        self.image = image
    }

    /// Adds the steps in order.
    /// - Throws: `CoreError(.model)` that names a step without a counterpart.
    mutating func add(_ steps: ArraySlice<Trace.Step>) throws(CoreError) {
        for step in steps {
            switch step {
            case .linear(let weights): try addLinear(weights)
            case .convolution(let weights): try addConvolution(weights)
            case .image(let shape): try reshape(to: shape)
            case .activation(let function): try activate(function)
            case .affine(let scale, let shift):
                flush(.identity)
                affine =
                    affine.map { old in
                        (
                            zip(old.scale, scale).map { $0 * $1 },
                            zip(zip(old.shift, scale), shift).map { $0.0 * $0.1 + $1 }
                        )
                    } ?? (scale, shift)
            case .function(let function): throw refused("\(function.rawValue) alone")
            }
        }
        flush(.identity)
    }

    /// Adds the parameters of the last layer, which the network has without its standing in `layers`: the heads of an
    /// encoder side by side, or the output layer of a decoder; none if the last of the steps is the output.
    /// - Throws: `CoreError(.model)` when a scale and shift at the end has no counterpart.
    mutating func close(with last: [LinearWeights]) throws(CoreError) {
        if last.isEmpty { try settle() }
        flush(.identity)
        let taken = affine.map { affine in last.map { $0.preceded(scale: affine.scale, shift: affine.shift) } } ?? last
        affine = nil
        if layers.isEmpty, let first = last.first { inputCount = first.inputs }
        for head in taken { values += head.weight }
        for head in taken { values += head.bias }
    }

    private mutating func addLinear(_ weights: LinearWeights) throws(CoreError) {
        flush(.identity)
        var weights = weights
        if let affine { weights = weights.preceded(scale: affine.scale, shift: affine.shift) }
        affine = nil
        if layers.isEmpty { inputCount = weights.inputs }
        pending = .linear(weights)
        (image, count) = (nil, weights.outputs)
    }

    private mutating func addConvolution(_ weights: ConvolutionWeights) throws(CoreError) {
        flush(.identity)
        var weights = weights
        if let waiting = affine {
            if let taken = weights.preceded(scale: waiting.scale, shift: waiting.shift) {
                weights = taken
                affine = nil
            } else {
                try settle()
                flush(.identity)
            }
        }
        pending = .convolution(weights)
        image = image.flatMap { weights.output(for: $0) }
        count = image?.count
    }

    private mutating func reshape(to shape: ImageShape) throws(CoreError) {
        try settle()
        flush(.identity)
        if layers.isEmpty { inputCount = shape.count }
        layers.append(.reshape(height: shape.height, width: shape.width, channels: shape.channels))
        (image, count) = (shape, shape.count)
    }

    private mutating func activate(_ function: Activation) throws(CoreError) {
        if affine != nil { try settle() }
        guard pending != nil else { throw refused("\(function.rawValue) that follows no layer") }
        flush(function)
    }

    /// Makes a scale and shift that no layer can take in a layer of its own.
    private mutating func settle() throws(CoreError) {
        guard let waiting = affine else { return }
        affine = nil
        if image != nil || count == nil, waiting.scale.count <= 4096 {
            pending = .convolution(ConvolutionWeights(scale: waiting.scale, shift: waiting.shift))
        } else if let count, count <= 4096, waiting.scale.count == count {
            let one = LinearWeights.selection(of: Array(0..<count), inputs: count)
            pending = .linear(one.followed(scale: waiting.scale, shift: waiting.shift))
        } else {
            throw refused("a scale and shift of \(waiting.scale.count) numbers by itself")
        }
    }

    /// Ends the layer that waits for its activation.
    private mutating func flush(_ function: Activation) {
        switch pending {
        case .linear(let weights):
            layers.append(.linear(units: weights.outputs, activation: function))
            values += weights.weight + weights.bias
        case .convolution(let weights):
            layers.append(weights.configuration(function))
            values += weights.weight + weights.bias
        case nil: break
        }
        pending = nil
    }

    private func refused(_ what: String) -> CoreError {
        CoreError(
            .model, "the \(part) has something without a counterpart here", at: place,
            expected: "layers, each followed by at most one activation", found: what)
    }
}
