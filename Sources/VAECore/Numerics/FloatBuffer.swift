/// A fixed run of floats at an address that does not move, aligned to a cache line, zero at first.
///
/// The hot loops and BLAS work on pointers into these. A buffer is shared between worker threads without a
/// lock: by construction (see `TrainingStep`) two workers never write the same range within a phase, and a
/// barrier stands between the phases. That is why the type may be `@unchecked Sendable`.
package final class FloatBuffer: @unchecked Sendable {
    package let count: Int
    package let pointer: UnsafeMutablePointer<Float>

    /// - Precondition: `count >= 0`.
    package init(count: Int) {
        precondition(count >= 0, "a buffer holds 0 floats or more")
        self.count = count
        // 64 spare bytes at the end let a vector loop read a whole lane past the last float.
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

    /// The place of the first number that is not finite, if one is not.
    var firstNonFinite: Int? { VAECore.firstNonFinite(in: UnsafeBufferPointer(start: pointer, count: count)) }

    /// The buffer, to be read.
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

/// Floats to be read, after the last of which 15 more may be: the loops read whole vectors. An array has none to spare,
/// so parameters that are computed with come as these.
public struct PaddedFloats: Sendable {
    fileprivate let buffer: FloatBuffer

    public var count: Int { buffer.count }
    /// Where they lie, for as long as the buffer lives.
    var pointer: UnsafePointer<Float> { UnsafePointer(buffer.pointer) }
}
