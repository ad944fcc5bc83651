/// Every number between the pixels and the gradient for one batch: the inputs, each layer's output and the
/// gradient of it, z and its noise, and the loss of each image. Allocated once and reused.
public final class Workspace: @unchecked Sendable {
    let network: Network
    /// Most rows a batch may have.
    public let capacity: Int
    /// Inputs, which are also the targets (rows, pixels).
    let x: FloatBuffer
    /// Outputs of each encoder layer; the last is (rows, μ then log σ²).
    let encoder: [FloatBuffer]
    /// Outputs of each decoder layer; the last is (rows, logits).
    let decoder: [FloatBuffer]
    /// Noise and sample (rows, latent).
    let epsilon: FloatBuffer
    let z: FloatBuffer
    /// ∂loss of each layer's output, as `encoder` and `decoder`, and of z. Empty when only forward is wanted.
    let encoderGradients: [FloatBuffer]
    let decoderGradients: [FloatBuffer]
    let zGradient: FloatBuffer
    /// Nats of each image.
    let reconstruction: UnsafeMutablePointer<Double>
    let kl: UnsafeMutablePointer<Double>
    /// Nats of each image and dimension (rows, latent).
    let klPerDimension: FloatBuffer

    /// - Parameter gradients: whether backward passes will be made.
    public init(network: Network, capacity: Int, gradients: Bool) {
        precondition(capacity > 0)
        self.network = network
        self.capacity = capacity
        func buffers(_ layers: [any Layer]) -> [FloatBuffer] {
            layers.map { FloatBuffer(count: capacity * $0.outputCount) }
        }
        x = FloatBuffer(count: capacity * network.pixels)
        encoder = buffers(network.encoder)
        decoder = buffers(network.decoder)
        epsilon = FloatBuffer(count: capacity * network.latent)
        z = FloatBuffer(count: capacity * network.latent)
        encoderGradients = gradients ? buffers(network.encoder) : []
        decoderGradients = gradients ? buffers(network.decoder) : []
        zGradient = FloatBuffer(count: gradients ? capacity * network.latent : 0)
        reconstruction = .allocate(capacity: capacity)
        reconstruction.initialize(repeating: 0, count: capacity)
        kl = .allocate(capacity: capacity)
        kl.initialize(repeating: 0, count: capacity)
        klPerDimension = FloatBuffer(count: capacity * network.latent)
    }

    deinit {
        reconstruction.deallocate()
        kl.deallocate()
    }

    /// μ then log σ² of row `row`.
    func head(_ row: Int) -> UnsafeMutablePointer<Float> {
        encoder[encoder.count - 1].pointer + row * 2 * network.latent
    }

    /// The decoder's output for row `row`.
    func output(_ row: Int) -> UnsafeMutablePointer<Float> {
        decoder[decoder.count - 1].pointer + row * network.outputCount
    }
}
