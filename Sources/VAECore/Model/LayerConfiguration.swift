/// One layer in the configuration of a network: `.linear(units: 400, activation: .relu)`.
///
/// In JSON it is an object with one key, the kind of layer: `{"linear": {"units": 400, "activation": "relu"}}`.
public struct LayerConfiguration: Sendable, Hashable, Codable {
    /// Every kind of layer. A new one is a new row here.
    private static let kinds: [any LayerSpecification.Type] = [
        Linear.Specification.self, Conv2D.Specification.self, ConvTranspose2D.Specification.self, Reshape.self,
    ]

    let specification: any LayerSpecification

    init(_ specification: any LayerSpecification) { self.specification = specification }

    /// The layer's activation; nil if it has none.
    public var activation: Activation? { specification.function }

    /// The same layer with another activation; unchanged if it has none.
    public func with(activation: Activation) -> LayerConfiguration {
        LayerConfiguration(specification.with(function: activation))
    }

    // MARK: Hashable, Codable

    /// Whether both are of one kind with equal numbers.
    public static func == (a: LayerConfiguration, b: LayerConfiguration) -> Bool {
        AnyHashable(a.specification) == AnyHashable(b.specification)
    }

    /// Hashes the kind and its numbers.
    public func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(specification)) }

    private struct Kind: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    /// Reads a layer.
    /// - Throws: `DecodingError` that lists the kinds of layers, when the kind is unknown.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Kind.self)
        let names = values.allKeys.map(\.stringValue)
        guard names.count == 1, let kind = Self.kinds.first(where: { $0.kind == names[0] }) else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a layer is one of " + Self.kinds.map { $0.kind }.joined(separator: ", ")))
        }
        func decode<Specification: LayerSpecification>(_ type: Specification.Type) throws -> any LayerSpecification {
            try values.decode(type, forKey: values.allKeys[0])
        }
        specification = try decode(kind)
    }

    /// Writes the layer under its kind.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Kind.self)
        try values.encode(specification, forKey: Kind(stringValue: type(of: specification).kind))
    }
}

/// What a configuration says about one kind of layer, and how to build the layer from it. It belongs in the layer's file.
protocol LayerSpecification: Sendable, Hashable, Codable {
    /// The name of the kind in JSON.
    static var kind: String { get }
    /// Its part of an architecture's summary: `400`, `conv32`; nil leaves it out.
    var label: String? { get }
    /// The activation, if the layer has one.
    var function: Activation? { get }
    /// The same layer with another activation; unchanged if it has none.
    func with(function: Activation) -> Self
    /// Whether the input is an image rather than a row of numbers. As the first layer of a conditional model it then gets
    /// the class as additional channels of every pixel, not as numbers after the last pixel.
    var takesImage: Bool { get }
    /// Builds the layer for the input `flow`, which becomes its output, and adds its parameters to `layout`.
    ///
    /// A configuration may come from an untrusted file, so every size is checked against the limits of `Network` here.
    /// - Returns: nil for a specification that computes nothing.
    /// - Throws: `CoreError(.configuration)` that names the layer, when its sizes do not fit.
    func build(_ name: String, _ flow: inout LayerFlow, in layout: inout ParameterLayout) throws(CoreError) -> (any Layer)?
}

extension LayerSpecification {
    var label: String? { nil }
    var function: Activation? { nil }
    func with(function: Activation) -> Self { self }
    var takesImage: Bool { false }
}

/// What one layer passes to the next: some numbers, and the image they form, if any.
struct LayerFlow {
    var count: Int
    var image: ImageShape?

    init(_ image: ImageShape) {
        count = image.count
        self.image = image
    }

    init(count: Int) { self.count = count }
}

/// The last layer of the decoder, which outputs the parameters of every pixel's likelihood.
public enum OutputConfiguration: Sendable, Hashable, Codable {
    /// Fully connected.
    case linear
    /// Transposed convolution with padding `same` and one filter per channel of the image. For likelihoods with one
    /// output per pixel.
    case transposedConvolution(kernel: Int, stride: Int)
    /// No layer of its own: the last of the decoder's hidden layers gives them.
    case hidden
}
