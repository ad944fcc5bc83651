/// What the user says about a model whose file does not say it.
public struct ImportOptions: Sendable, Equatable {
    /// The activation between the layers.
    public var activation: Activation?
    /// How a pixel is distributed given the decoder's output.
    public var likelihood: Likelihood?
    /// Files of ONNX that hold the encoder and the decoder, where the model's path is not both.
    public var encoder, decoder: String?
    /// What the model sees of a pixel, also where its record says otherwise.
    public var binarization: Binarization?

    /// Options; nil leaves to the file, or to what is usual, what is not known.
    public init(
        activation: Activation? = nil, likelihood: Likelihood? = nil, binarization: Binarization? = nil
    ) {
        self.binarization = binarization
        self.activation = activation
        self.likelihood = likelihood
    }

    /// Checks that the options do not contradict what a file of ours says itself.
    func check(_ configuration: ModelConfiguration, at place: String) throws(CoreError) {
        let own = Set((configuration.encoder + configuration.decoder).compactMap(\.activation)).subtracting([.identity])
        if let activation, !own.isEmpty, own != [activation] {
            throw contradiction(
                "--activation", activation.rawValue, own.map(\.rawValue).sorted().joined(separator: ", "), place)
        }
        if let likelihood, likelihood != configuration.likelihood {
            throw contradiction("--likelihood", likelihood.rawValue, configuration.likelihood.rawValue, place)
        }
    }

    private func contradiction(_ option: String, _ given: String, _ own: String, _ place: String) -> CoreError {
        CoreError(
            .configuration, "\(option) contradicts what the file says of itself", at: place, expected: own,
            found: given,
            remedy: "leave \(option) out")
    }
}

/// A model that another program made, as a network of ours.
struct ImportedModel {
    var network: Network
    /// The parameters, in the order of `network.layout`.
    var values: [Float]
    var source: TrainedModel.Source

    init(network: Network, values: [Float], source: TrainedModel.Source) {
        (self.network, self.values, self.source) = (network, values, source)
    }

    /// From ONNX files.
    /// - Throws: `CoreError(.model)` as `ONNXImport`.
    init(onnx paths: [String], _ options: ImportOptions) throws(CoreError) {
        var reader = try ONNXImport(paths, options)
        self = try reader.model()
    }

    /// From named tensors.
    /// - Throws: `CoreError(.model)` when names and shapes are not those of a VAE that can be built here.
    init(_ file: Weights, _ options: ImportOptions) throws(CoreError) {
        let weights = WrapperPrefix.stripped(file)
        let architecture = try NamedArchitecture(weights)
        var traces = NamedTraces(weights, architecture, activation: options.activation ?? .relu)
        let lowering = try traces.lowering(likelihood: options.likelihood)
        (network, values) = try lowering.build()
        var assumptions = traces.assumptions
        let hasHidden = (network.configuration.encoder + network.configuration.decoder).contains {
            $0.activation != nil
        }
        if options.activation == nil, hasHidden { assumptions.insert("relu between the layers", at: 0) }
        source = TrainedModel.Source(
            kind: weights.kind, notes: weights.notes, assumptions: assumptions, tensors: file.tensors.count)
    }
}
