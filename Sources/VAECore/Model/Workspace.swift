/// Every number between the pixels and the gradient for one batch: the inputs, each layer's output and the
/// gradient of it, z and its noise, and the loss of each image. Allocated once and reused.
///
/// An image is one row of the encoder's buffers and `samples` rows of the decoder's, those of image r being
/// r · samples ..< (r + 1) · samples.
package final class Workspace: @unchecked Sendable {
    let network: Network
    /// Most images a batch may have.
    package let capacity: Int
    /// Samples of z an image.
    package let samples: Int
    /// Pixels, which are also the targets (images, pixels).
    let x: FloatBuffer
    /// The encoder's input (images, encoderInputCount): `x`, or the pixels and the class.
    let encoderInput: FloatBuffer
    /// Which of `x` are not zero, where the first layer can make use of that. Nil when only forward is wanted, or the
    /// first layer cannot.
    let active: ActivePixels?
    /// The classes of a conditional model, one-hot (images, classes).
    let classes: FloatBuffer
    /// Outputs of each encoder layer; the last is (images, μ then log σ²).
    let encoder: [FloatBuffer]
    /// Outputs of each decoder layer; the last is (images · samples, the likelihood's parameters).
    let decoder: [FloatBuffer]
    /// Noise and sample (images · samples, latent).
    let epsilon: FloatBuffer
    let z: FloatBuffer
    /// The decoder's input (images · samples, decoderInputCount): `z`, or z and the class.
    let decoderInput: FloatBuffer
    /// ∂loss of each layer's output, as `encoder` and `decoder`, and of the decoder's input. Empty when only
    /// forward is wanted.
    let encoderGradients: [FloatBuffer]
    let decoderGradients: [FloatBuffer]
    let decoderInputGradient: FloatBuffer
    /// −log p(x|z) of each sample, KL and minimised value of each image, nats.
    let reconstruction: DoubleBuffer
    let kl: DoubleBuffer
    let objective: DoubleBuffer
    /// What each sample's gradient counts in the loss (images · samples).
    let sampleWeights: FloatBuffer
    /// Nats of each image and dimension (images, latent).
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

    /// The decoder rows of some images.
    func sampleRows(_ rows: Range<Int>) -> Range<Int> { rows.lowerBound * samples..<rows.upperBound * samples }

    /// μ then log σ² of image `row` (μ alone in a deterministic model).
    func head(_ row: Int) -> UnsafeMutablePointer<Float> {
        encoder[encoder.count - 1].pointer + row * network.headCount
    }

    /// The decoder's output for sample row `row`.
    func output(_ row: Int) -> UnsafeMutablePointer<Float> {
        decoder[decoder.count - 1].pointer + row * network.outputCount
    }

    /// −log p(x|z) of image `row`, the mean over its samples, nats.
    func reconstruction(of row: Int) -> Double {
        samples == 1
            ? reconstruction[row]
            : (row * samples..<(row + 1) * samples).reduce(0) { $0 + reconstruction[$1] } / Double(samples)
    }

    /// Tells a conditional model the class of image `row`: nil is "no class said", each class an equal share.
    func setClass(_ label: Int?, row: Int) {
        guard network.classes > 0 else { return }
        let hot = classes.pointer + row * network.classes
        hot.update(repeating: label == nil ? 1 / Float(network.classes) : 0, count: network.classes)
        if let label, label < network.classes { hot[label] = 1 }
    }
}

/// A fixed run of doubles, zero at first, shared between workers as `FloatBuffer` is.
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
