import CKernels

/// Which of a batch's pixels are not zero.
///
/// A zero times a weight adds nothing, and four of five pixels of MNIST are zero. A fully connected first layer makes
/// use of that twice; its sums are of the same numbers in the same order.
/// Forward, columns that are zero in the whole batch, a third, are left out: `compact` has the others.
/// Backward, a few pixels side by side, a tile of the product, are zero in three of five images: those are left out of
/// the gradient of these pixels' weights.
final class ActivePixels: @unchecked Sendable {
    /// Pixels of an image.
    let pixels: Int
    /// Whether enough columns are zero for the compact pixels to be worth making.
    private(set) var hasCompact = false
    /// Columns kept.
    private(set) var count = 0
    /// Floats from one image of `compact` to the next: room for a vector stored across the end.
    var stride: Int { pixels + 16 }
    /// The kept pixels (images, stride).
    let compact: FloatBuffer

    /// Whether enough images have tiles of zeros for the lists to be worth following.
    private(set) var hasLists = false
    /// Pixels of a tile.
    private let tile = Products.rowsTogether()
    /// (images, tiles): whether any of the tile's pixels in that image is not zero.
    private let isActive: UnsafeMutableBufferPointer<Bool>
    /// The rows of the batch where a tile is active, tile by tile, and where each tile's begin.
    private let list: UnsafeMutableBufferPointer<UInt16>
    private let starts: UnsafeMutableBufferPointer<UInt32>
    private let tiles: Int

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
        tiles = (pixels + tile - 1) / tile
        isActive = .allocate(capacity: tiles * images)
        isActive.initialize(repeating: false)
        list = .allocate(capacity: tiles * images + 1)
        list.initialize(repeating: 0)
        starts = .allocate(capacity: tiles + 1)
        starts.initialize(repeating: 0)
    }

    deinit {
        masks.deallocate()
        runStorage.deallocate()
        isActive.deallocate()
        list.deallocate()
        starts.deallocate()
    }

    var runs: UnsafeBufferPointer<latent_run> { UnsafeBufferPointer(start: runStorage, count: runCount) }

    /// The rows of the batch where each tile is active, and where each tile's begin: what `Products` calls chosen.
    var images: UnsafePointer<UInt16> { UnsafePointer(list.baseAddress.unsafelyUnwrapped) }
    var imageStarts: UnsafePointer<UInt32> { UnsafePointer(starts.baseAddress.unsafelyUnwrapped) }

    /// Notes which pixels of some images are not zero.
    /// - Parameters:
    ///   - part: which of the `parts` these images are.
    ///   - firstRow: the row of the batch that the first of them is.
    func note(part: Int, firstRow: Int, images: UnsafePointer<UInt8>, at indices: ArraySlice<Int>) {
        let mask = masks + part * pixels
        mask.update(repeating: 0, count: pixels)
        for (offset, index) in indices.enumerated() {
            let image = images + index * pixels
            noteTiles(image, row: firstRow + offset)
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

    private func noteTiles(_ image: UnsafePointer<UInt8>, row: Int) {
        let active = isActive.baseAddress.unsafelyUnwrapped + row * tiles
        let whole = tile == 8 ? pixels / 8 : 0
        for t in 0..<whole {
            active[t] = UnsafeRawPointer(image + t * 8).loadUnaligned(as: UInt64.self) != 0
        }
        for t in whole..<tiles {
            active[t] = (t * tile..<min(pixels, (t + 1) * tile)).contains { image[$0] != 0 }
        }
    }

    @inline(__always)
    private static func bytes(_ pointer: UnsafePointer<UInt8>) -> SIMD16<UInt8> {
        UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<UInt8>.self)
    }

    /// Joins what `note` found in the first `parts` parts, `rows` images in all.
    func join(parts: Int, rows: Int) {
        joinColumns(parts: parts)
        joinLists(rows: rows)
    }

    private func joinLists(rows: Int) {
        var end = 0
        for t in 0..<tiles {
            starts[t] = UInt32(end)
            let active = isActive.baseAddress.unsafelyUnwrapped + t
            for row in 0..<rows {
                // Written whether it counts or not: a branch that nobody can foresee costs more.
                list[end] = UInt16(truncatingIfNeeded: row)
                end += active[row * tiles] ? 1 : 0
            }
        }
        starts[tiles] = UInt32(end)
        hasLists = rows <= UInt16.max && end * 10 < tiles * rows * 9
    }

    private func joinColumns(parts: Int) {
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
        hasCompact = count > 0 && count * 10 < pixels * 9
    }

    /// Says that the batch is to be taken whole.
    func skipNone() { (hasCompact, hasLists) = (false, false) }

    /// Copies the kept pixels of image `row`.
    func gather(_ x: UnsafePointer<Float>, row: Int) {
        let target = compact.pointer + row * stride
        for run in runs {
            // What is too much is overwritten by the next run, or lies in the spare floats.
            Self.copy(x + run.a, run.count, to: target + run.b)
        }
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

/// A first layer that can leave out zeros of its input.
protocol ZeroSkipping: Layer {
    /// `forward` from the kept columns of `rows`.
    func forward(
        _ parameters: UnsafePointer<Float>, rows: Range<Int>, _ active: ActivePixels,
        _ y: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)

    /// `weightGradient` from each pixel's images.
    func weightGradient(
        units: Range<Int>, _ x: UnsafePointer<Float>, _ active: ActivePixels, _ dy: UnsafePointer<Float>, rows: Int,
        _ gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)
}
