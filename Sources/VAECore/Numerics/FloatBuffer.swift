/// A fixed number of floats at a fixed address, aligned to a cache line, initially zero.
///
/// The inner loops and BLAS work on pointers into these. Workers share a buffer without a lock: by construction (see
/// `TrainingStep`) no two workers write the same range within a phase, and there is a barrier between phases. Hence
/// `@unchecked Sendable`.
package final class FloatBuffer: @unchecked Sendable {
    package let count: Int
    package let pointer: UnsafeMutablePointer<Float>

    /// - Precondition: `count >= 0`.
    package init(count: Int) {
        precondition(count >= 0, "a buffer holds 0 floats or more")
        self.count = count
        // 64 bytes of padding, so that loops can read a whole vector past the last float.
        let raw = UnsafeMutableRawPointer.allocate(
            byteCount: count * MemoryLayout<Float>.stride + 64, alignment: 64)
        pointer = raw.bindMemory(to: Float.self, capacity: count)
        pointer.initialize(repeating: 0, count: count)
    }

    deinit { UnsafeMutableRawPointer(pointer).deallocate() }

    /// Copies `values` to the start of the buffer.
    /// - Precondition: they fit.
    package func assign(_ values: some Collection<Float>) {
        precondition(values.count <= count, "\(values.count) floats do not fit in \(count)")
        for (i, v) in values.enumerated() { pointer[i] = v }
    }

    /// The index of the first number that is not finite; nil if all are.
    var firstNonFinite: Int? { VAECore.firstNonFinite(in: UnsafeBufferPointer(start: pointer, count: count)) }

    /// The buffer for reading.
    package var padded: PaddedFloats { PaddedFloats(buffer: self) }

    /// The whole buffer as an array.
    package var array: [Float] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

    package subscript(index: Int) -> Float {
        get {
            precondition(index >= 0 && index < count)
            return pointer[index]
        }
        set {
            precondition(index >= 0 && index < count)
            pointer[index] = newValue
        }
    }
}

/// Floats that are only read, with padding: since the loops read whole vectors, 15 floats past the last one must be
/// readable. An array has no padding, so parameters to compute with have this type.
public struct PaddedFloats: Sendable {
    fileprivate let buffer: FloatBuffer

    /// The number of floats, without the padding.
    public var count: Int { buffer.count }
    /// Their address, valid as long as this value.
    var pointer: UnsafePointer<Float> { UnsafePointer(buffer.pointer) }
}
