/// The nonzero pixels of a batch.
///
/// A zero times a weight adds nothing, and four of five pixels of MNIST are zero. A fully connected first layer uses this
/// twice, without changing the order of its sums:
/// - Forward, the output of an image sums over its nonzero pixels only (`pixelList`).
/// - Backward, a tile of a few neighbouring pixels is zero in three of five images, which are left out of the gradient of
///   the tile's weights (`imageList`).
final class ActivePixels: @unchecked Sendable {
    /// Pixels of an image.
    let pixels: Int

    /// Whether enough pixels are zero for the forward pass to use `pixelList`.
    private(set) var hasPixels = false
    /// The first layer's weights, transposed, in panels of 16 outputs (pixels, 16), `weightPanel` floats apart.
    let weights: FloatBuffer
    let weightPanel: Int
    /// Whether `weights` is up to date.
    var hasWeights = false
    /// The nonzero pixels of each image in order, followed by an end mark.
    private let pixelStorage: UnsafeMutablePointer<UInt16>
    /// Space per image in `pixelStorage`, with room to write eight entries at once.
    private let rowLength: Int
    /// Where the list of each image starts.
    private let startStorage: UnsafeMutablePointer<UInt32>
    /// The length of each image's list.
    private let counts: UnsafeMutablePointer<Int>

    /// For each mask of eight pixels, the positions of its set bits.
    private let places: UnsafeMutablePointer<SIMD8<UInt16>>

    /// Whether enough tiles are zero for the weight gradient to use `imageList`.
    private(set) var hasImages = false
    /// Pixels per tile.
    private let tile = Products.rowsTogether()
    private let tiles: Int
    /// Whether a tile has a nonzero pixel in an image (images, tiles).
    private let isActive: UnsafeMutablePointer<Bool>
    /// The rows of the batch in which each tile is active, and where the list of each tile starts.
    private let imageStorage: UnsafeMutablePointer<UInt16>
    private let imageStartStorage: UnsafeMutablePointer<UInt32>

    /// The shares of pixels and tiles above which leaving out zeros does not pay: sums over single pixels wait for
    /// weights from the second-level cache, whole products do not.
    private static let mostPixels = 0.4
    private static let mostTiles = 0.9

    /// - Parameter outputs: of the first layer.
    init(pixels: Int, outputs: Int, images: Int) {
        self.pixels = pixels
        rowLength = pixels + 9
        // One cache line more than needed: panels at a distance of a power of two would evict each other.
        weightPanel = (pixels + 1) * 16
        weights = FloatBuffer(count: (outputs + 15) / 16 * weightPanel)
        tiles = (pixels + tile - 1) / tile
        func storage<T: BinaryInteger>(_ count: Int, of type: T.Type) -> UnsafeMutablePointer<T> {
            let storage = UnsafeMutablePointer<T>.allocate(capacity: count)
            storage.initialize(repeating: 0, count: count)
            return storage
        }
        pixelStorage = storage(images * rowLength, of: UInt16.self)
        startStorage = storage(images, of: UInt32.self)
        for image in 0..<images { startStorage[image] = UInt32(image * rowLength) }
        counts = storage(images, of: Int.self)
        places = .allocate(capacity: 256)
        for mask in 0..<256 {
            var row = SIMD8<UInt16>()
            for (place, bit) in (0..<8).filter({ mask >> $0 & 1 == 1 }).enumerated() { row[place] = UInt16(bit) }
            (places + mask).initialize(to: row)
        }
        isActive = .allocate(capacity: tiles * images)
        isActive.initialize(repeating: false, count: tiles * images)
        imageStorage = storage(tiles * images + 1, of: UInt16.self)
        imageStartStorage = storage(tiles + 1, of: UInt32.self)
    }

    deinit {
        pixelStorage.deallocate()
        places.deallocate()
        startStorage.deallocate()
        counts.deallocate()
        isActive.deallocate()
        imageStorage.deallocate()
        imageStartStorage.deallocate()
    }

    /// The pixels of each row of the batch, and where each row's begin.
    var pixelList: UnsafePointer<UInt16> { UnsafePointer(pixelStorage) }
    var pixelStarts: UnsafePointer<UInt32> { UnsafePointer(startStorage) }

    /// The rows of the batch where each tile is active, and where each tile's begin.
    var imageList: UnsafePointer<UInt16> { UnsafePointer(imageStorage) }
    var imageStarts: UnsafePointer<UInt32> { UnsafePointer(imageStartStorage) }

    /// Lists the nonzero pixels of one image.
    /// - Parameter row: the image's row in the batch.
    func note(_ image: UnsafePointer<UInt8>, row: Int) {
        let start = pixelStorage + row * rowLength
        var end = start
        for first in stride(from: 0, to: pixels - 7, by: 8) {
            let bytes = UInt64(littleEndian: UnsafeRawPointer(image + first).loadUnaligned(as: UInt64.self))
            if bytes == 0 { continue }
            let mask = Self.notZero(bytes)
            UnsafeMutableRawPointer(end).storeBytes(
                of: places[mask] &+ UInt16(truncatingIfNeeded: first), as: SIMD8<UInt16>.self)
            end += mask.nonzeroBitCount
        }
        for pixel in pixels / 8 * 8..<pixels where image[pixel] != 0 {
            end.pointee = UInt16(truncatingIfNeeded: pixel)
            end += 1
        }
        end.pointee = UInt16.max
        counts[row] = end - start
        noteTiles(image, row: row)
    }

    private func noteTiles(_ image: UnsafePointer<UInt8>, row: Int) {
        let active = isActive + row * tiles
        let whole = tile == 8 ? pixels / 8 : 0
        for t in 0..<whole {
            active[t] = UnsafeRawPointer(image + t * 8).loadUnaligned(as: UInt64.self) != 0
        }
        for t in whole..<tiles {
            active[t] = (t * tile..<min(pixels, (t + 1) * tile)).contains { image[$0] != 0 }
        }
    }

    /// A mask of the nonzero bytes among eight.
    @inline(__always)
    private static func notZero(_ bytes: UInt64) -> Int {
        let high: UInt64 = 0x8080_8080_8080_8080
        let marks = (((bytes & ~high) &+ ~high) | bytes) & high
        // The multiplication gathers the eight marks in the highest byte.
        return Int(truncatingIfNeeded: ((marks >> 7) &* 0x0102_0408_1020_4080) >> 56)
    }

    /// Combines the lists of the first `rows` rows.
    func join(rows: Int) {
        let count = (0..<rows).reduce(0) { $0 + counts[$1] }
        hasPixels = pixels < UInt16.max && Double(count) < Self.mostPixels * Double(rows * pixels)
        joinImages(rows: rows)
    }

    private func joinImages(rows: Int) {
        var end = 0
        for t in 0..<tiles {
            imageStartStorage[t] = UInt32(end)
            for row in 0..<rows {
                // Always written, and kept only if active: an unpredictable branch would cost more.
                imageStorage[end] = UInt16(truncatingIfNeeded: row)
                end += isActive[row * tiles + t] ? 1 : 0
            }
        }
        imageStartStorage[tiles] = UInt32(end)
        hasImages = rows <= UInt16.max && Double(end) < Self.mostTiles * Double(tiles * rows)
    }

    /// Leaves out nothing from the current batch.
    func skipNone() { (hasPixels, hasImages) = (false, false) }
}

/// A first layer that can leave out the zeros of its input.
protocol ZeroSkipping: Layer {
    /// Copies the weights of some units to `active.weights`, transposed.
    func transposeWeights(_ parameters: UnsafePointer<Float>, units: Range<Int>, to active: ActivePixels)

    /// As `forward`, for some rows of the whole batch `x`, over each row's nonzero pixels.
    func forward(
        _ parameters: UnsafePointer<Float>, rows: Range<Int>, _ x: UnsafePointer<Float>, _ active: ActivePixels,
        _ y: UnsafeMutablePointer<Float>)

    /// As `weightGradient`, over the images in which each tile of pixels is active.
    func weightGradient(
        units: Range<Int>, _ x: UnsafePointer<Float>, _ active: ActivePixels, _ dy: UnsafePointer<Float>, rows: Int,
        _ gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)
}
