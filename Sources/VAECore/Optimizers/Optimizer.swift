/// An optimiser: turns gradients into a change of the parameters, range by range.
///
/// A step is `beginStep` once, then `update` on disjoint ranges that cover the buffer, from any threads.
public protocol Optimizer: AnyObject, Sendable {
    /// Starts the next step.
    func beginStep(learningRate: Float)
    /// Moves `parameters[range]` against their gradient, `range.count` floats.
    func update(
        _ range: Range<Int>, parameters: UnsafeMutablePointer<Float>, gradient: UnsafePointer<Float>)
}

/// Which optimiser, and its numbers.
///
/// A new optimiser is a file beside this one, and a case and its row in `make`.
public struct OptimizerConfiguration: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case adam, adamw, adagrad, sgd
    }

    public var kind: Kind
    /// Added to the root of the second moment; nil is the optimiser's own (1e-8 for Adam, 1e-10 for Adagrad).
    public var epsilon: Double?
    /// AdamW: the share of each parameter taken off at every step, times the learning rate. Adagrad and SGD: added
    /// to the gradient times the parameter, which is the gradient of a N(0, 1/λ) prior on the parameters; AEVB's
    /// MAP estimate is 1 / training images with the mean over the batch. Adam has none. Where none is given, adamw has
    /// PyTorch's 0.01 and the others none.
    public var weightDecay: Double
    /// SGD: the share of the last step kept.
    public var momentum: Double

    public init(
        _ kind: Kind = .adam, epsilon: Double? = nil, weightDecay: Double? = nil, momentum: Double = 0.9
    ) {
        self.kind = kind
        self.epsilon = epsilon
        self.weightDecay = weightDecay ?? (kind == .adamw ? 0.01 : 0)
        self.momentum = momentum
    }

    /// The optimiser for `count` parameters, at its start.
    public func make(count: Int) -> any Optimizer {
        switch kind {
        case .adam: Adam(count: count, epsilon: Float(epsilon ?? 1e-8))
        case .adamw: AdamW(count: count, epsilon: Float(epsilon ?? 1e-8), weightDecay: Float(weightDecay))
        case .adagrad: Adagrad(count: count, epsilon: Float(epsilon ?? 1e-10), weightDecay: Float(weightDecay))
        case .sgd: SGD(count: count, momentum: Float(momentum), weightDecay: Float(weightDecay))
        }
    }

    /// Refuses numbers no optimiser can use, naming the option.
    /// - Throws: `CoreError(.configuration)`.
    func validate() throws(CoreError) {
        func require(_ ok: Bool, _ option: String, _ expected: String, _ found: String) throws(CoreError) {
            if !ok {
                throw CoreError(.configuration, "value out of range", at: option, expected: expected, found: found)
            }
        }
        try require(
            weightDecay >= 0 && weightDecay.isFinite, "--weight-decay", "a number of 0 or more", "\(weightDecay)")
        try require(
            kind != .adam || weightDecay == 0, "--weight-decay", "0 with --optimizer adam (adamw has weight decay)",
            "\(weightDecay)")
        try require((0..<1).contains(momentum), "--momentum", "0 to below 1", "\(momentum)")
        try require(
            epsilon.map { $0 > 0 && $0.isFinite } ?? true, "optimizer epsilon", "a number above 0",
            "\(epsilon ?? 0)")
    }
}
