/// Which of a batch's pixels are not zero.
///
/// A zero times a weight adds nothing, and four of five pixels of MNIST are zero. A fully connected first layer makes
/// use of that twice; its sums are of the same numbers in the same order.
/// Forward, an image's output is the sum of the weights of its own pixels that are not zero: `pixelList`.
/// Backward, a few pixels side by side, a tile of the product, are zero in three of five images: those are left out of
/// the gradient of these pixels' weights: `imageList`.
final class ActivePixels: @unchecked Sendable {
    /// Pixels of an image.
    let pixels: Int

    /// Whether enough pixels are zero for images to be carried pixel by pixel.
    private(set) var hasPixels = false
    /// The first layer's weights, transposed, in panels of 16 outputs (pixels, 16), `weightPanel` floats apart.
    let weights: FloatBuffer
    let weightPanel: Int
    /// Whether `weights` are those of now.
    var hasWeights = false
    /// The pixels of each image of the batch, in order, then a number that is none; where each image's begin.
    private let pixelStorage: UnsafeMutablePointer<UInt16>
    /// Numbers an image may take there; eight are written at once.
    private let rowLength: Int
    private let startStorage: UnsafeMutablePointer<UInt32>
    /// How many each image has.
    private let counts: UnsafeMutablePointer<Int>

    /// For each mask of eight pixels, which are not zero: as many of the eight numbers as there are.
    private let places: UnsafeMutablePointer<SIMD8<UInt16>>

    /// Whether enough images have tiles of zeros for the lists to be worth following.
    private(set) var hasImages = false
    /// Pixels of a tile.
    private let tile = Products.rowsTogether()
    private let tiles: Int
    /// (images, tiles): whether any of the tile's pixels in that image is not zero.
    private let isActive: UnsafeMutablePointer<Bool>
    /// The rows of the batch where a tile is active, tile by tile, and where each tile's begin.
    private let imageStorage: UnsafeMutablePointer<UInt16>
    private let imageStartStorage: UnsafeMutablePointer<UInt32>

    /// The part of pixels or tiles above which leaving out zeros is no gain: the sums over an image's own pixels wait
    /// for weights from the second cache, a whole product does not.
    private static let mostPixels = 0.4
    private static let mostTiles = 0.9

    /// - Parameter outputs: of the first layer.
    init(pixels: Int, outputs: Int, images: Int) {
        self.pixels = pixels
        rowLength = pixels + 9
        // One line of the cache more than needed: panels a round number apart would be in each other's way there.
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

    /// Notes which pixels of one image are not zero.
    /// - Parameter row: the row of the batch that it is.
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

    /// A bit for each of eight bytes that is not zero.
    @inline(__always)
    private static func notZero(_ bytes: UInt64) -> Int {
        let high: UInt64 = 0x8080_8080_8080_8080
        let marks = (((bytes & ~high) &+ ~high) | bytes) & high
        // The factor brings the eight marks side by side into the highest byte.
        return Int(truncatingIfNeeded: ((marks >> 7) &* 0x0102_0408_1020_4080) >> 56)
    }

    /// Joins what `note` found in the first `rows` rows.
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
                // Written whether it counts or not: a branch that nobody can foresee costs more.
                imageStorage[end] = UInt16(truncatingIfNeeded: row)
                end += isActive[row * tiles + t] ? 1 : 0
            }
        }
        imageStartStorage[tiles] = UInt32(end)
        hasImages = rows <= UInt16.max && Double(end) < Self.mostTiles * Double(tiles * rows)
    }

    /// Says that the batch is to be taken whole.
    func skipNone() { (hasPixels, hasImages) = (false, false) }
}

/// A first layer that can leave out zeros of its input.
protocol ZeroSkipping: Layer {
    /// Copies the weights of some units to `active.weights`, transposed.
    func transposeWeights(_ parameters: UnsafePointer<Float>, units: Range<Int>, to active: ActivePixels)

    /// `forward` of rows of the whole batch's `x`, from each row's pixels.
    func forward(
        _ parameters: UnsafePointer<Float>, rows: Range<Int>, _ x: UnsafePointer<Float>, _ active: ActivePixels,
        _ y: UnsafeMutablePointer<Float>)

    /// `weightGradient` from each pixel's images.
    func weightGradient(
        units: Range<Int>, _ x: UnsafePointer<Float>, _ active: ActivePixels, _ dy: UnsafePointer<Float>, rows: Int,
        _ gradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>)
}
