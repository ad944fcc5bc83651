/// One named tensor within the flat parameter buffer.
public struct ParameterView: Sendable, Equatable {
    /// The tensor's name in files, PyTorch's where PyTorch has one: `fc1.weight`.
    public let name: String
    public let shape: [Int]
    /// Where it begins in the flat buffer, in floats.
    public let offset: Int
    /// Numbers an output depends on, for initialisation.
    public let fanIn: Int
    /// Outputs a number feeds, for initialisation.
    public let fanOut: Int
    public let isBias: Bool

    public var count: Int { shape.reduce(1, *) }
    public var range: Range<Int> { offset..<offset + count }
}

/// Names, shapes and places of every parameter in one flat buffer.
///
/// Everything that treats parameters alike (the optimiser, saving, publishing a snapshot) is one loop over one
/// buffer; everything that needs a particular tensor finds it here.
public struct ParameterLayout: Sendable, Equatable {
    public private(set) var views: [ParameterView] = []
    /// Floats in the flat buffer.
    public private(set) var count = 0

    public init() {}

    /// Appends a tensor and returns its offset.
    mutating func append(_ name: String, _ shape: [Int], fanIn: Int, fanOut: Int, isBias: Bool = false) -> Int {
        let view = ParameterView(
            name: name, shape: shape, offset: count, fanIn: fanIn, fanOut: fanOut, isBias: isBias)
        views.append(view)
        count += view.count
        return view.offset
    }

    /// The view called `name`, if there is one.
    public subscript(name: String) -> ParameterView? { views.first { $0.name == name } }
}
