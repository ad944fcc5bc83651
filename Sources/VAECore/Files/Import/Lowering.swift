/// Turns the traces of an encoder and a decoder into a network of ours and its parameters.
///
/// There is no other way to run what was imported: planes, comparisons and pictures work on it at full speed.
struct Lowering {
    /// The traces: x → mean, x → log variance (nil for a plain autoencoder), z → the likelihood's parameters.
    var mean: Trace
    var logVariance: Trace?
    var decoder: Trace
    /// z → the pixels' log variances, for a likelihood that has them.
    var second: Trace?
    var image: ImageShape
    var likelihood: Likelihood
    /// The file, for errors.
    var place: String

    /// - Throws: `CoreError(.model)` that names what has no counterpart here.
    func build() throws(CoreError) -> (network: Network, values: [Float]) {
        var folded = self
        (folded.mean, folded.logVariance) = (mean.folded(), logVariance?.folded())
        (folded.decoder, folded.second) = (decoder.folded(), second?.folded())
        return try folded.made()
    }

    private func made() throws(CoreError) -> (network: Network, values: [Float]) {
        let trunk = sharedSteps
        let width = trunk.width ?? mean.rootCount + mean.classes
        var heads = [try head(mean, after: trunk.count, width: width)]
        if let logVariance { heads.append(try head(logVariance, after: trunk.count, width: width)) }
        var encoder = Stack(place: place, part: "encoder", image: mean.rootImage)
        try encoder.add(mean.steps[..<trunk.count])
        try encoder.close(with: heads)
        let output = try self.output()
        var decoder = Stack(place: place, part: "decoder", image: nil)
        try decoder.add(output.steps[...])
        try decoder.close(with: output.last)
        let configuration = ModelConfiguration(
            image: image, latent: heads[0].outputs, encoder: encoder.layers, decoder: decoder.layers,
            output: output.last.isEmpty ? .hidden : .linear, likelihood: likelihood,
            isDeterministic: logVariance == nil,
            classes: mean.classes > 0 ? mean.classes : nil)
        let network: Network
        do throws(CoreError) {
            network = try Network(configuration)
        } catch {
            throw CoreError(
                .model, "\(error.place): \(error.what)", at: place, expected: error.expected, found: error.found)
        }
        let values = encoder.values + decoder.values
        let inputs = (mean.rootCount + mean.classes, decoder.inputCount ?? network.decoderInputCount)
        guard network.parameterCount == values.count, heads.allSatisfy({ $0.outputs == heads[0].outputs }),
            inputs.0 == network.pixels + network.classes || mean.rootImage != nil, inputs.1 == network.decoderInputCount
        else {
            throw CoreError(
                .model, "the layers do not fit each other", at: place,
                expected: "\(network.parameterCount) numbers for \(configuration.summary)", found: "\(values.count)")
        }
        return (network, values)
    }

    /// The steps that both heads begin with, as far as the last activation or weights that are not a head's own, and
    /// the number of their outputs.
    private var sharedSteps: (count: Int, width: Int?) {
        var count = mean.steps.count
        if let logVariance {
            count = zip(mean.steps, logVariance.steps).prefix { $0 == $1 }.count
        }
        // A single chain, or one layer that gives both: its last layer is the head.
        if count == mean.steps.count, case .linear? = mean.steps.last { count -= 1 }
        return (count, width(of: mean.steps[..<count]))
    }

    private func width(of steps: ArraySlice<Trace.Step>) -> Int? {
        var image = mean.rootImage
        var count: Int?
        for step in steps {
            switch step {
            case .linear(let weights): (image, count) = (nil, weights.outputs)
            case .image(let shape): (image, count) = (shape, shape.count)
            case .convolution(let weights):
                image = image.flatMap { weights.output(for: $0) }
                count = image?.count
            default: break
            }
        }
        return count
    }

    /// The fully connected layer of a head, whose outputs are in the other program's order.
    private func head(_ trace: Trace, after count: Int, width: Int) throws(CoreError) -> LinearWeights {
        let rows = trace.index.map { Int($0) }
        switch trace.steps.count - count {
        case 0: return .selection(of: rows, inputs: width)
        case 1:
            if case .linear(let weights) = trace.steps[count] { return weights.selecting(rows) }
        default: break
        }
        throw CoreError(
            .model, "the last layer of the encoder is not fully connected", at: place,
            expected: "one layer after what mean and log variance share",
            found: trace.steps[count...].map(\.label).joined(separator: ", "))
    }

    /// The decoder's steps; those fully connected layers that are its output layer come apart.
    private func output() throws(CoreError) -> (steps: [Trace.Step], last: [LinearWeights]) {
        guard let decoder = pictured(decoder) else { throw order }
        guard case .linear(let last)? = decoder.steps.last else {
            guard second == nil, likelihood.outputsPerPixel == 1 else {
                throw CoreError(
                    .model, "the decoder gives one number per pixel", at: place,
                    expected: "a likelihood with one number",
                    found: likelihood.rawValue, remedy: "choose another --likelihood")
            }
            return (decoder.steps, [])
        }
        var outputs = [last]
        if likelihood.outputsPerPixel == 2 {
            guard let second = second.flatMap({ pictured($0) }), case .linear(let other)? = second.steps.last
            else {
                throw CoreError(
                    .model, "the file has no log variance of pixels", at: place,
                    expected: "a likelihood with one number per pixel",
                    found: likelihood.rawValue, remedy: "choose another --likelihood")
            }
            outputs.append(other)
        }
        return (Array(decoder.steps.dropLast()), outputs)
    }

    /// An output of the decoder with its numbers as an image of ours; nil if they cannot be arranged so.
    private func pictured(_ trace: Trace) -> Trace? {
        var result = trace
        let (theirs, ours) = (
            [image.channels, image.height, image.width], [image.height, image.width, image.channels]
        )
        if result.shape == ours, ours != theirs, !result.transpose([2, 0, 1]) { return nil }
        if result.image == image, result.shape != theirs { return result.index.count == image.count ? result : nil }
        guard result.index.count == image.count, result.shape == theirs || result.shape.count < 3,
            result.reshape(to: theirs),
            result.becomeImage(channels: image.channels, height: image.height, width: image.width)
        else { return nil }
        return result
    }

    private var order: CoreError {
        CoreError(
            .model, "the decoder's output is not an image of the encoder's size", at: place,
            expected: image.description,
            found: "\(decoder.shape)")
    }
}

extension Trace.Step {
    /// What it is, in a word or two.
    var label: String {
        switch self {
        case .linear(let weights): "linear \(weights.inputs) to \(weights.outputs)"
        case .convolution(let weights):
            "\(weights.isTransposed ? "transposed " : "")convolution of \(weights.outputs) filters"
        case .activation(let function): function.rawValue
        case .affine: "scale and shift"
        case .image(let shape): "reshape to \(shape)"
        case .function(let function): function.rawValue
        }
    }
}
