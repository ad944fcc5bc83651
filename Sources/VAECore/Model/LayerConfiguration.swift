/// One layer of a network, as a configuration states it: `.linear(units: 400, activation: .relu)`.
///
/// In JSON an object with one key, the layer's kind: `{"linear": {"units": 400, "activation": "relu"}}`.
public struct LayerConfiguration: Sendable, Hashable, Codable {
    /// Every kind of layer. A new one is a new row here.
    private static let kinds: [any LayerSpecification.Type] = [
        Linear.Specification.self, Conv2D.Specification.self, ConvTranspose2D.Specification.self, Reshape.self,
    ]

    let specification: any LayerSpecification

    init(_ specification: any LayerSpecification) { self.specification = specification }

    /// The function applied to its outputs; nil where there is none.
    public var activation: Activation? { specification.function }

    /// The same layer with another activation, if it has one.
    public func with(activation: Activation) -> LayerConfiguration {
        LayerConfiguration(specification.with(function: activation))
    }

    // MARK: Hashable, Codable

    public static func == (a: LayerConfiguration, b: LayerConfiguration) -> Bool {
        AnyHashable(a.specification) == AnyHashable(b.specification)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(specification)) }

    private struct Kind: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

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

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Kind.self)
        try values.encode(specification, forKey: Kind(stringValue: type(of: specification).kind))
    }
}

/// What a configuration says of one kind of layer, and how the layer is built from it. It lies in the layer's file.
protocol LayerSpecification: Sendable, Hashable, Codable {
    /// The kind's name in JSON.
    static var kind: String { get }
    /// As it stands in an architecture's summary: `400`, `conv32`; nil leaves it out.
    var label: String? { get }
    /// The activation, if the layer has one.
    var function: Activation? { get }
    /// The same with another activation, if it has one.
    func with(function: Activation) -> Self
    /// Whether its input is an image and not a row of numbers. As a conditional model's first layer it then gets the
    /// class as further channels of every pixel, not after the last one.
    var takesImage: Bool { get }
    /// The layer for the input `flow`, which becomes its output; its parameters are placed in `layout`.
    ///
    /// A configuration may come from a file that nobody checked: every size is held to the limits of `Network` here.
    /// - Returns: nil for what computes nothing.
    /// - Throws: `CoreError(.configuration)` that names the layer, when its sizes do not fit.
    func build(_ name: String, _ flow: inout LayerFlow, in layout: inout ParameterLayout) throws(CoreError) -> (any Layer)?
}

extension LayerSpecification {
    var label: String? { nil }
    var function: Activation? { nil }
    func with(function: Activation) -> Self { self }
    var takesImage: Bool { false }
}

/// What flows between two layers: some numbers, and the image they form, if they form one.
struct LayerFlow {
    var count: Int
    var image: ImageShape?

    init(_ image: ImageShape) {
        count = image.count
        self.image = image
    }

    init(count: Int) { self.count = count }
}

/// The decoder's last layer, which gives every pixel its likelihood's parameters.
public enum OutputConfiguration: Sendable, Hashable, Codable {
    /// Fully connected.
    case linear
    /// Transposed convolution, padding `same`, one filter a channel of the image. For likelihoods with one number
    /// a pixel.
    case transposedConvolution(kernel: Int, stride: Int)
}
