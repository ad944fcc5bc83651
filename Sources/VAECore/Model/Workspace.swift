/// Every number between the pixels and the gradient for one batch: the inputs, the output of each layer and its gradient,
/// z and its noise, and the loss of each image. Allocated once and reused.
///
/// Image r is row r of the encoder's buffers, and rows r · samples ..< (r + 1) · samples of the decoder's.
package final class Workspace: @unchecked Sendable {
    let network: Network
    /// The largest number of images in a batch.
    package let capacity: Int
    /// Samples of z per image.
    package let samples: Int
    /// Pixels, which are also the targets (images, pixels).
    let x: FloatBuffer
    /// The encoder's input (images, encoderInputCount): `x`, or the pixels and the class.
    let encoderInput: FloatBuffer
    /// The nonzero pixels, if the first layer can use them. Nil if it cannot, or without gradients.
    let active: ActivePixels?
    /// The classes of a conditional model, one-hot (images, classes).
    let classes: FloatBuffer
    /// The label of each class, where they are others than 0, 1, 2…
    private let classLabels: [Int]?
    /// The output of each encoder layer; the last is (images, μ then log σ²).
    let encoder: [FloatBuffer]
    /// The output of each decoder layer; the last is (images · samples, the likelihood's parameters).
    let decoder: [FloatBuffer]
    /// ε and z (images · samples, latent).
    let epsilon: FloatBuffer
    let z: FloatBuffer
    /// The decoder's input (images · samples, decoderInputCount): `z`, or z and the class.
    let decoderInput: FloatBuffer
    /// The gradients of each layer's output, as in `encoder` and `decoder`, and of the decoder's input. Empty if only
    /// forward passes are made.
    let encoderGradients: [FloatBuffer]
    let decoderGradients: [FloatBuffer]
    let decoderInputGradient: FloatBuffer
    /// −log p(x|z) of each sample; KL and minimised value of each image; in nats.
    let reconstruction: DoubleBuffer
    let kl: DoubleBuffer
    let objective: DoubleBuffer
    /// The weight of each sample's gradient in the loss (images · samples).
    let sampleWeights: FloatBuffer
    /// KL of each image and dimension (images, latent), in nats.
    let klPerDimension: FloatBuffer

    /// - Parameter gradients: whether backward passes will be made.
    package init(network: Network, capacity: Int, samples: Int = 1, gradients: Bool) {
        precondition(capacity > 0 && samples > 0)
        self.network = network
        self.capacity = capacity
        self.samples = samples
        let rows = capacity * samples
        func buffers(_ layers: [any Layer], _ rows: Int) -> [FloatBuffer] {
            layers.map { FloatBuffer(count: rows * $0.outputCount) }
        }
        let isConditional = network.classes > 0
        x = FloatBuffer(count: capacity * network.pixels)
        encoderInput = isConditional ? FloatBuffer(count: capacity * network.encoderInputCount) : x
        active = gradients && !isConditional && network.encoder[0] is any ZeroSkipping
            ? ActivePixels(pixels: network.pixels, outputs: network.encoder[0].outputCount, images: capacity) : nil
        classLabels = network.configuration.classLabels
        classes = FloatBuffer(count: capacity * network.classes)
        encoder = buffers(network.encoder, capacity)
        decoder = buffers(network.decoder, rows)
        epsilon = FloatBuffer(count: rows * network.latent)
        z = FloatBuffer(count: rows * network.latent)
        decoderInput = isConditional ? FloatBuffer(count: rows * network.decoderInputCount) : z
        encoderGradients = gradients ? buffers(network.encoder, capacity) : []
        decoderGradients = gradients ? buffers(network.decoder, rows) : []
        decoderInputGradient = FloatBuffer(count: gradients ? rows * network.decoderInputCount : 0)
        reconstruction = DoubleBuffer(count: rows)
        kl = DoubleBuffer(count: capacity)
        objective = DoubleBuffer(count: capacity)
        sampleWeights = FloatBuffer(count: rows)
        klPerDimension = FloatBuffer(count: capacity * network.latent)
    }

    /// The rows of some images in the decoder's buffers.
    func sampleRows(_ rows: Range<Int>) -> Range<Int> { rows.lowerBound * samples..<rows.upperBound * samples }

    /// μ then log σ² of image `row` (μ alone in a deterministic model).
    func head(_ row: Int) -> UnsafeMutablePointer<Float> {
        encoder[encoder.count - 1].pointer + row * network.headCount
    }

    /// The decoder's output for sample row `row`.
    func output(_ row: Int) -> UnsafeMutablePointer<Float> {
        decoder[decoder.count - 1].pointer + row * network.outputCount
    }

    /// −log p(x|z) of image `row` in nats: the mean over its samples.
    func reconstruction(of row: Int) -> Double {
        samples == 1
            ? reconstruction[row]
            : (row * samples..<(row + 1) * samples).reduce(0) { $0 + reconstruction[$1] } / Double(samples)
    }

    /// Sets the class of image `row` for a conditional model; nil gives every class an equal share.
    func setClass(_ label: Int?, row: Int) {
        guard network.classes > 0 else { return }
        let hot = classes.pointer + row * network.classes
        hot.update(repeating: label == nil ? 1 / Float(network.classes) : 0, count: network.classes)
        guard let label else { return }
        let place = classLabels.map { $0.firstIndex(of: label) } ?? (label < network.classes ? label : nil)
        if let place { hot[place] = 1 }
    }
}

/// A fixed number of doubles, initially zero, shared between workers as `FloatBuffer` is.
final class DoubleBuffer: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Double>

    init(count: Int) {
        pointer = .allocate(capacity: count)
        pointer.initialize(repeating: 0, count: count)
    }

    deinit { pointer.deallocate() }

    @inline(__always)
    subscript(index: Int) -> Double {
        get { pointer[index] }
        set { pointer[index] = newValue }
    }
}
