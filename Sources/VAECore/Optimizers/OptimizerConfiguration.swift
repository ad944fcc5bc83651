/// An optimiser and its numbers: `.adam(epsilon: 1e-7)`.
///
/// In JSON it is an object with the kind and the numbers: `{"kind": "sgd", "momentum": 0.9, "weightDecay": 0}`.
public struct OptimizerConfiguration: Sendable, Hashable, Codable {
    /// Every kind of optimiser. A new one is a new row here.
    private static let kinds: [any OptimizerSpecification.Type] = [
        Adam.Specification.self, AdamW.Specification.self, Adagrad.Specification.self, SGD.Specification.self,
    ]
    /// The names of all kinds.
    public static var names: [String] { kinds.map { $0.kind } }

    private var specification: any OptimizerSpecification

    init(_ specification: any OptimizerSpecification) { self.specification = specification }

    /// The optimiser called `kind` with its default numbers; nil if there is none.
    public init?(named kind: String) {
        guard let type = Self.kinds.first(where: { $0.kind == kind }) else { return nil }
        specification = type.init()
    }

    /// The name of the kind.
    public var kind: String { type(of: specification).kind }

    /// The optimiser for `count` parameters, at its start.
    package func make(count: Int) -> any Optimizer { specification.make(count: count) }

    /// Sets the weight decay.
    /// - Throws: `CoreError(.configuration)` when the optimiser has no weight decay, unless it is 0.
    public mutating func set(weightDecay: Double) throws(CoreError) {
        guard specification.weightDecay != nil || weightDecay == 0 else {
            throw lacks("weight decay", "--weight-decay") { $0.weightDecay }
        }
        specification.weightDecay = weightDecay
    }

    /// Sets the momentum: the share of the last step that is kept.
    /// - Throws: `CoreError(.configuration)` when the optimiser has no momentum to set.
    public mutating func set(momentum: Double) throws(CoreError) {
        guard specification.momentum != nil else { throw lacks("momentum of its own", "--momentum") { $0.momentum } }
        specification.momentum = momentum
    }

    private func lacks(
        _ what: String, _ option: String, _ number: (any OptimizerSpecification) -> Double?
    ) -> CoreError {
        let others = Self.kinds.filter { number($0.init()) != nil }.map { $0.kind }
        return CoreError(
            .configuration, "\(kind) has no \(what)", at: option,
            expected: "--optimizer " + others.joined(separator: " or "), found: "--optimizer \(kind)")
    }

    /// Checks that every number can be used.
    /// - Throws: `CoreError(.configuration)` that names the option.
    func validate() throws(CoreError) {
        func require(_ number: Double?, _ option: String, _ expected: String, _ ok: (Double) -> Bool) throws(CoreError) {
            guard let number, !ok(number) else { return }
            throw CoreError(.configuration, "value out of range", at: option, expected: expected, found: "\(number)")
        }
        try require(specification.weightDecay, "--weight-decay", "a number of 0 or more") { $0 >= 0 && $0.isFinite }
        try require(specification.momentum, "--momentum", "0 to below 1") { (0..<1).contains($0) }
        try require(specification.epsilon, "optimizer epsilon", "a number above 0") { $0 > 0 && $0.isFinite }
    }

    // MARK: Hashable, Codable

    /// Whether both are of one kind with equal numbers.
    public static func == (a: OptimizerConfiguration, b: OptimizerConfiguration) -> Bool {
        AnyHashable(a.specification) == AnyHashable(b.specification)
    }

    /// Hashes the kind and its numbers.
    public func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(specification)) }

    private enum CodingKeys: CodingKey {
        case kind, weightDecay, momentum
    }

    /// Reads an optimiser.
    /// - Throws: `DecodingError` that lists the kinds, when the kind is unknown.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let name = try values.decode(String.self, forKey: .kind)
        func refuse(_ words: String) -> DecodingError {
            .dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: words))
        }
        guard let kind = Self.kinds.first(where: { $0.kind == name }) else {
            throw refuse("an optimiser is one of " + Self.names.joined(separator: ", "))
        }
        func decode<Specification: OptimizerSpecification>(_ type: Specification.Type) throws -> any OptimizerSpecification {
            try type.init(from: decoder)
        }
        specification = try decode(kind)
        let decay = try values.decodeIfPresent(Double.self, forKey: .weightDecay) ?? 0
        guard decay == 0 || specification.weightDecay != nil else { throw refuse("\(name) has no weight decay") }
    }

    /// Writes the kind, its numbers and, for every kind, weight decay and momentum, which older versions expect.
    public func encode(to encoder: any Encoder) throws {
        try specification.encode(to: encoder)
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(kind, forKey: .kind)
        try values.encode(specification.weightDecay ?? 0, forKey: .weightDecay)
        try values.encode(specification.momentum ?? 0.9, forKey: .momentum)
    }
}

/// What a configuration says about one kind of optimiser, and how to make the optimiser from it. It belongs in the
/// optimiser's file. Its properties are those in JSON; the ones named here can be set on the command line.
protocol OptimizerSpecification: Sendable, Hashable, Codable {
    /// The name of the kind in JSON and on the command line.
    static var kind: String { get }
    /// The default numbers.
    init()
    /// ε, added to the root of the second moment; nil is the optimiser's default.
    var epsilon: Double? { get set }
    /// λ, with the optimiser's own meaning; nil if it has no weight decay.
    var weightDecay: Double? { get set }
    /// The share of the last step that is kept; nil if the optimiser has no momentum to set.
    var momentum: Double? { get set }
    /// The optimiser for `count` parameters, before its first step.
    func make(count: Int) -> any Optimizer
}

extension OptimizerSpecification {
    var epsilon: Double? { get { nil } set {} }
    var weightDecay: Double? { get { nil } set {} }
    var momentum: Double? { get { nil } set {} }
}
