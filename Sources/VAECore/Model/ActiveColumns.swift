import CKernels

/// The pixels that are not zero in every image of a batch, and the batch's pixels without the others.
///
/// A third of MNIST's pixels are zero in all of 128 images. A zero times a weight adds nothing, and a weight whose
/// pixel is zero in the whole batch has no gradient, so a fully connected first layer may leave those columns out of
/// both its products: the sums are of the same numbers in the same order.
final class ActiveColumns: @unchecked Sendable {
    /// Pixels of an image.
    let pixels: Int
    /// Whether enough columns are zero for the compact pixels to be worth making.
    private(set) var isUsed = false
    /// Columns kept.
    private(set) var count = 0
    /// Floats from one image of `compact` to the next: room for a vector stored across the end.
    var stride: Int { pixels + 16 }
    /// The kept pixels (images, stride).
    let compact: FloatBuffer

    /// For each part of the batch, a byte a pixel: zero where all of its images are.
    private let masks: UnsafeMutablePointer<UInt8>
    /// The kept columns: `a` is where a run begins among all, `b` where among the kept.
    private let runStorage: UnsafeMutablePointer<latent_run>
    private var runCount = 0

    /// Columns between two runs, at least: a run has its own cost.
    private static let shortestGap = 2

    /// - Parameter parts: how many parts of a batch may be looked at side by side.
    init(pixels: Int, images: Int, parts: Int) {
        self.pixels = pixels
        compact = FloatBuffer(count: images * (pixels + 16))
        masks = .allocate(capacity: parts * pixels)
        masks.initialize(repeating: 0, count: parts * pixels)
        runStorage = .allocate(capacity: pixels)
    }

    deinit {
        masks.deallocate()
        runStorage.deallocate()
    }

    var runs: UnsafeBufferPointer<latent_run> { UnsafeBufferPointer(start: runStorage, count: runCount) }

    /// Notes which pixels of some images are not zero.
    /// - Parameter part: which of the `parts` these images are.
    func note(part: Int, images: UnsafePointer<UInt8>, at indices: ArraySlice<Int>) {
        let mask = masks + part * pixels
        mask.update(repeating: 0, count: pixels)
        for index in indices {
            let image = images + index * pixels
            var i = 0
            while i + 16 <= pixels {
                let joined = Self.bytes(mask + i) | Self.bytes(image + i)
                UnsafeMutableRawPointer(mask + i).storeBytes(of: joined, as: SIMD16<UInt8>.self)
                i += 16
            }
            while i < pixels {
                mask[i] |= image[i]
                i += 1
            }
        }
    }

    @inline(__always)
    private static func bytes(_ pointer: UnsafePointer<UInt8>) -> SIMD16<UInt8> {
        UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<UInt8>.self)
    }

    /// Joins what `note` found in the first `parts` parts.
    func join(parts: Int) {
        for part in 1..<max(1, parts) {
            for i in 0..<pixels { masks[i] |= masks[part * pixels + i] }
        }
        (count, runCount) = (0, 0)
        var i = 0
        while i < pixels {
            guard masks[i] != 0 else {
                i += 1
                continue
            }
            let start = i
            var last = i
            while i < pixels, i - last <= Self.shortestGap {
                if masks[i] != 0 { last = i }
                i += 1
            }
            runStorage[runCount] = latent_run(a: start, b: count, count: last + 1 - start)
            count += last + 1 - start
            runCount += 1
        }
        isUsed = count > 0 && count * 10 < pixels * 9
    }

    /// Says that the batch is to be taken whole.
    func skipNone() { isUsed = false }

    /// Copies the kept pixels of image `row`.
    func gather(_ x: UnsafePointer<Float>, row: Int) {
        let target = compact.pointer + row * stride
        for run in runs {
            // What is too much is overwritten by the next run, or lies in the spare floats.
            Self.copy(x + run.a, run.count, to: target + run.b)
        }
    }

    /// A row of `count` numbers, one a kept column, to its places among all columns; the others become zero.
    func spread(_ row: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
        var next = 0
        for run in runs {
            let end = run.a + run.count
            if end + 16 <= pixels {
                // What is too much is overwritten by what follows.
                for i in Swift.stride(from: next, to: run.a, by: 16) { storeVector(Vector(), target + i) }
                Self.copy(row + run.b, run.count, to: target + run.a)
            } else {
                (target + next).update(repeating: 0, count: run.a - next)
                (target + run.a).update(from: row + run.b, count: run.count)
            }
            next = end
        }
        (target + next).update(repeating: 0, count: pixels - next)
    }

    /// Copies in whole vectors, up to 15 floats too many.
    @inline(__always)
    private static func copy(_ from: UnsafePointer<Float>, _ count: Int, to: UnsafeMutablePointer<Float>) {
        var i = 0
        while i < count {
            storeVector(loadVector(from + i), to + i)
            i += 16
        }
    }
}

/// A first layer that can leave out columns of its input that are zero in the whole batch.
protocol ColumnSkipping: Layer {
    /// `forward` from the kept columns of `rows`.
    func forward(
        _ parameters: UnsafePointer<Float>, rows: Range<Int>, _ columns: ActiveColumns,
        _ y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)

    /// `weightGradient` from the kept columns.
    func weightGradient(
        units: Range<Int>, rows: Int, _ columns: ActiveColumns, _ dy: UnsafePointer<Float>,
        _ gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)
}
