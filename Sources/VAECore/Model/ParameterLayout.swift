/// One named tensor within the flat parameter buffer.
public struct ParameterView: Sendable, Equatable {
    /// The tensor's name in files; PyTorch's, where PyTorch has one: `fc1.weight`.
    public let name: String
    /// The length of each dimension; row-major.
    public let shape: [Int]
    /// Where it starts in the flat buffer, in floats.
    public let offset: Int
    /// For initialisation: inputs per output, and outputs per input.
    public let fanIn, fanOut: Int
    /// Whether it is a bias and not a weight matrix.
    public let isBias: Bool
    /// Whether it belongs to the decoder's first layer.
    public let readsCode: Bool

    /// How many numbers it has.
    public var count: Int { shape.reduce(1, *) }
    /// Its part of the flat buffer.
    public var range: Range<Int> { offset..<offset + count }
}

/// Names, shapes and offsets of all parameters in one flat buffer.
///
/// Whatever treats all parameters alike (the optimiser, saving, publishing a snapshot) is one loop over the buffer;
/// whatever needs a particular tensor finds it here.
public struct ParameterLayout: Sendable, Equatable {
    /// The tensors, in the order of the buffer.
    public private(set) var views: [ParameterView] = []
    /// The number of floats in the buffer.
    public private(set) var count = 0
    /// The place of the decoder's first tensor.
    private var decoderStart: Int?

    init() {}

    /// Appends a tensor.
    /// - Returns: its offset.
    mutating func append(_ name: String, _ shape: [Int], fanIn: Int, fanOut: Int, isBias: Bool = false) -> Int {
        // A layer's weights come before its biases.
        let readsCode = decoderStart.map { start in
            views.count >= start && (isBias ? views[start...].count(where: \.isBias) < views[start...].prefix { !$0.isBias }.count
                : views[start...].allSatisfy { !$0.isBias })
        } ?? false
        let view = ParameterView(
            name: name, shape: shape, offset: count, fanIn: fanIn, fanOut: fanOut, isBias: isBias,
            readsCode: readsCode)
        views.append(view)
        count += view.count
        return view.offset
    }

    /// What is appended from now on belongs to the decoder.
    mutating func beginDecoder() { decoderStart = views.count }

    /// The tensor called `name`, or nil.
    public subscript(name: String) -> ParameterView? { views.first { $0.name == name } }
}
