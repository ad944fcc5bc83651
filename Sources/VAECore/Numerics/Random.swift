import Foundation

/// Philox4x32-10: four 32-bit random words from a 128-bit counter and a 64-bit key.
///
/// Counter-based: no word depends on an earlier one. So any thread can draw the noise of any image at any step, the result
/// does not depend on which thread drew it, and no generator state has to be stored.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
package enum Philox {
    /// - Returns: the four words for `counter` under `key`.
    package static func words(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        var c = counter
        var k = key
        for _ in 0..<10 {
            let p0 = UInt64(c.x) &* 0xD251_1F53
            let p1 = UInt64(c.z) &* 0xCD9E_8D57
            c = SIMD4(
                UInt32(truncatingIfNeeded: p1 >> 32) ^ c.y ^ k.x, UInt32(truncatingIfNeeded: p1),
                UInt32(truncatingIfNeeded: p0 >> 32) ^ c.w ^ k.y, UInt32(truncatingIfNeeded: p0))
            k = SIMD2(k.x &+ 0x9E37_79B9, k.y &+ 0xBB67_AE85)
        }
        return c
    }
}

/// A reproducible sequence of random numbers, determined by a seed, a purpose, an index and a lane.
public struct RandomStream: RandomNumberGenerator, Sendable {
    /// What a stream is for. Streams of different purposes are independent under one seed.
    public enum Purpose: UInt32, Sendable {
        /// The check of OpenBLAS.
        case selfCheck = 1
        /// Initial weights; index = the tensor's position in the layout.
        case initialization
        /// The order of the training images; index = epoch.
        case shuffle
        /// ε of the reparameterization while training; index = step, lane = image within the batch.
        case trainingNoise
        /// ε while evaluating; index = the image's index in the set.
        case evaluationNoise
        /// Pixels drawn as 0 or 1 while training; index = epoch, lane = image.
        case binarization
        /// Pixels drawn as 0 or 1 while evaluating; index = image.
        case evaluationBinarization
        /// Samples of the prior.
        case prior
        /// Tests and tools.
        case other
    }

    private let key: SIMD2<UInt32>
    private var counter: SIMD4<UInt32>
    private var words = SIMD4<UInt32>()
    private var next4 = 4

    /// A stream at its start.
    /// - Parameters:
    ///   - index: which sequence of this purpose (an epoch, a step), below 2³².
    ///   - lane: which part of that sequence (an image within the batch), below 2³².
    public init(seed: UInt64, purpose: Purpose, index: Int = 0, lane: Int = 0) {
        key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        counter = SIMD4(
            0, purpose.rawValue, UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: lane))
    }

    /// The next 32 random bits.
    @inline(__always)
    public mutating func next32() -> UInt32 {
        if next4 == 4 {
            words = Philox.words(counter: counter, key: key)
            counter.x &+= 1
            next4 = 0
        }
        defer { next4 += 1 }
        return words[next4]
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 { UInt64(next32()) << 32 | UInt64(next32()) }

    /// Uniform in [0, 1), 24 bits.
    @inline(__always)
    public mutating func uniform() -> Float { Float(next32() >> 8) * 0x1p-24 }

    /// Fills `count` floats with independent draws of N(0, 1) (Box & Muller 1958).
    public mutating func fillNormal(_ out: UnsafeMutablePointer<Float>, count: Int) {
        var i = 0
        while i < count {
            // (0, 1], so that the logarithm is finite.
            let u = (Float(next32() >> 8) + 1) * 0x1p-24
            let angle = 2 * Float.pi * uniform()
            let radius = (-2 * log(u)).squareRoot()
            out[i] = radius * cos(angle)
            if i + 1 < count { out[i + 1] = radius * sin(angle) }
            i += 2
        }
    }

    /// `count` independent draws of N(0, 1).
    public mutating func normals(_ count: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { buffer, n in
            if let base = buffer.baseAddress { fillNormal(base, count: count) }
            n = count
        }
    }
}
