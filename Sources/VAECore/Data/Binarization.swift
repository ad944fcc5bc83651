import CKernels

/// What a model sees of a grey pixel: the protocol. Figures under different protocols must not be compared.
public enum Binarization: String, Sendable, Codable, CaseIterable {
    /// The pixel's grey value in [0, 1].
    case grey
    /// 1 where the grey value is above ½, else 0.
    case threshold
    /// 1 with the grey value as its probability, else 0; drawn anew each epoch from the seed.
    case stochastic

    /// How pixels of images of this shape are called: "grey", "threshold", "colour".
    public func title(_ shape: ImageShape) -> String { self == .grey && shape.channels > 1 ? "colour" : rawValue }

    /// Writes one image's pixels as the model sees them.
    /// - Parameters:
    ///   - pixels: `count` bytes 0…255.
    ///   - out: `count` floats in [0, 1].
    ///   - random: the source of the draws; evaluated for `.stochastic` only.
    @inline(__always)
    func apply(
        _ pixels: UnsafePointer<UInt8>, count: Int, to out: UnsafeMutablePointer<Float>,
        random: @autoclosure () -> RandomStream
    ) {
        switch self {
        case .grey:
            latent_grey(pixels, count, out)
        case .threshold:
            for i in 0..<count { out[i] = pixels[i] > 127 ? 1 : 0 }
        case .stochastic:
            var stream = random()
            for i in 0..<count { out[i] = stream.uniform() < Float(pixels[i]) * (1 / 255) ? 1 : 0 }
        }
    }
}

extension ImageSet {
    /// Images as the model sees them in an evaluation.
    /// - Parameter seed: of `.stochastic`'s draws, which depend only on the seed and the image's index: an evaluation
    ///   under the same seed sees the same pixels.
    /// - Returns: (n, pixels), each in [0, 1].
    public func inputs(_ range: Range<Int>, binarization: Binarization, seed: UInt64 = 1) -> [Float] {
        [Float](unsafeUninitializedCapacity: range.count * shape.count) { buffer, initialized in
            initialized = range.count * shape.count
            guard let out = buffer.baseAddress else { return }
            for (row, image) in range.enumerated() {
                load(image, to: out + row * shape.count, binarization, seed: seed)
            }
        }
    }

    /// Writes one image as in `inputs`.
    func load(_ image: Int, to out: UnsafeMutablePointer<Float>, _ binarization: Binarization, seed: UInt64) {
        pixels.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return }
            binarization.apply(
                base + image * shape.count, count: shape.count, to: out,
                random: RandomStream(seed: seed, purpose: .evaluationBinarization, index: image))
        }
    }
}
