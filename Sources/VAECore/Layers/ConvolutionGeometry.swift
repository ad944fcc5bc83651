/// How far the edge of an image reaches into a convolution.
public enum Padding: String, Sendable, Codable, CaseIterable {
    /// The kernel stays inside the image.
    case valid
    /// Zeros around the image, so that stride 1 keeps its size. Aligned as TensorFlow does: of an odd number of
    /// zeros the extra one goes below and to the right.
    case same
}

/// Where a kernel lies on an image, for each place it is applied at.
///
/// One geometry serves a convolution and its transpose: `image` is the larger side (the convolution's input, the
/// transpose's output), `places` the smaller. "Columns" are the matrix (places, kernel · kernel · channels) whose
/// row for a place is the patch of the image under the kernel there, so that both layers are matrix products.
public struct ConvolutionGeometry: Sendable, Equatable {
    /// The larger side (height, width, channels).
    public let image: ImageShape
    public let kernel: Int
    public let stride: Int
    /// Where the kernel is applied: rows and columns of the smaller side.
    public let placesDown: Int
    public let placesAcross: Int
    /// Zeros above and left of the image.
    let padTop: Int
    let padLeft: Int

    /// The geometry of a convolution over `image`.
    init(over image: ImageShape, kernel: Int, stride: Int, padding: Padding) {
        self.image = image
        self.kernel = kernel
        self.stride = stride
        (placesDown, padTop) = Self.places(image.height, kernel, stride, padding)
        (placesAcross, padLeft) = Self.places(image.width, kernel, stride, padding)
    }

    /// The geometry of a transposed convolution whose input is `places` and whose output has `channels`.
    init(transposedFrom places: ImageShape, channels: Int, kernel: Int, stride: Int, padding: Padding) {
        func side(_ n: Int) -> Int { padding == .same ? n * stride : (n - 1) * stride + kernel }
        self.init(
            over: ImageShape(height: side(places.height), width: side(places.width), channels: channels),
            kernel: kernel, stride: stride, padding: padding)
    }

    /// Places along one side, and the zeros before its first pixel.
    private static func places(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Padding) -> (Int, Int) {
        switch padding {
        case .valid: return ((size - kernel) / stride + 1, 0)
        case .same:
            let count = (size + stride - 1) / stride
            return (count, max(0, (count - 1) * stride + kernel - size) / 2)
        }
    }

    public var places: Int { placesDown * placesAcross }
    /// Numbers under one row of the kernel.
    var rowLength: Int { kernel * image.channels }
    /// Numbers under the kernel: the length of one row of columns.
    public var patch: Int { kernel * rowLength }
    /// Images whose columns are computed at a time, so that they stay in a core's cache (about 0.5 MB).
    var imagesPerBlock: Int { max(1, 131_072 / (places * patch)) }
    /// Floats of one block's columns.
    var blockCount: Int { imagesPerBlock * places * patch }

    /// Calls `body` for each kernel row at each place with the run of numbers that lies together in the image and
    /// in the columns (whose rows hold `kernelRows` only): where the kernel row begins in the columns, how many of
    /// its numbers lie on the padding before the image, how many on the image, and where those begin there.
    @inline(__always)
    private func eachRun(
        _ kernelRows: Range<Int>, _ body: (_ column: Int, _ before: Int, _ count: Int, _ pixel: Int) -> Void
    ) {
        let channels = image.channels
        var column = 0
        for down in 0..<placesDown {
            for across in 0..<placesAcross {
                let left = across * stride - padLeft
                let first = max(0, -left)
                let count = (min(kernel, image.width - left) - first) * channels
                for ky in kernelRows {
                    let y = down * stride - padTop + ky
                    let isInside = y >= 0 && y < image.height
                    body(
                        column, first * channels, isInside ? count : 0,
                        isInside ? (y * image.width + left + first) * channels : 0)
                    column += rowLength
                }
            }
        }
    }

    /// image → columns: `pixels` (rows, height, width, channels) to `columns` (rows · places, kernelRows · kernel ·
    /// channels), zero where the kernel lies on the padding.
    func gather(
        _ pixels: UnsafePointer<Float>, rows: Int, kernelRows: Range<Int>, to columns: UnsafeMutablePointer<Float>
    ) {
        let width = kernelRows.count * rowLength
        for row in 0..<rows {
            let source = pixels + row * image.count
            let target = columns + row * places * width
            eachRun(kernelRows) { column, before, count, pixel in
                let run = target + column
                if count < rowLength { run.update(repeating: 0, count: rowLength) }
                let (from, to) = (source + pixel, run + before)
                var i = 0
                while i + 16 <= count {
                    storeVector(loadVector(from + i), to + i)
                    i += 16
                }
                while i < count {
                    to[i] = from[i]
                    i += 1
                }
            }
        }
    }

    /// columns → image, the transpose of `gather`: each pixel becomes the sum of the numbers that lie on it.
    func scatter(
        _ columns: UnsafePointer<Float>, rows: Int, to pixels: UnsafeMutablePointer<Float>
    ) {
        pixels.update(repeating: 0, count: rows * image.count)
        for row in 0..<rows {
            let source = columns + row * places * patch
            let target = pixels + row * image.count
            eachRun(0..<kernel) { column, before, count, pixel in
                let (from, to) = (source + column + before, target + pixel)
                var i = 0
                while i + 16 <= count {
                    storeVector(loadVector(to + i) + loadVector(from + i), to + i)
                    i += 16
                }
                while i < count {
                    to[i] += from[i]
                    i += 1
                }
            }
        }
    }
}

// MARK: Building

/// What the specifications of a convolution and of its transpose have in common.
protocol ConvolutionSpecification: LayerSpecification {
    var filters: Int { get }
    var kernel: Int { get }
    var stride: Int { get }
    var activation: Activation { get set }
}

extension ConvolutionSpecification {
    var function: Activation? { activation }
    var takesImage: Bool { true }

    func with(function: Activation) -> Self {
        var changed = self
        changed.activation = function
        return changed
    }

    /// The image that flows into the layer `name`, after checking the sizes stated here.
    func image(of flow: LayerFlow, _ name: String) throws(CoreError) -> ImageShape {
        try Network.check(filters, "layer \(name), filters")
        for (value, what) in [(kernel, "kernel"), (stride, "stride")] where !(1...256).contains(value) {
            throw CoreError(
                .configuration, "size out of range", at: "layer \(name), \(what)", expected: "1 to 256",
                found: "\(value)")
        }
        guard let image = flow.image else {
            throw CoreError(
                .configuration, "a convolution takes an image", at: "layer \(name)",
                expected: "a reshape before it", found: "a row of \(flow.count) numbers")
        }
        return image
    }

    func check(output count: Int, _ name: String) throws(CoreError) {
        guard count <= Network.outputLimit else {
            throw CoreError(
                .configuration, "output too large", at: "layer \(name)",
                expected: "at most \(Network.outputLimit) numbers an image", found: "\(count)")
        }
    }
}

// MARK: Blocks and sums

/// Cuts `rows` into blocks of at most `size`.
@inline(__always)
func eachBlock(_ rows: Int, _ size: Int, _ body: (_ start: Int, _ count: Int) -> Void) {
    for start in stride(from: 0, to: rows, by: size) { body(start, min(size, rows - start)) }
}

/// sum[j] = Σ over rows and places of x (rows, places, channels): summed image by image, so that few terms meet in
/// one float. `scratch` is `channels` floats.
func sumPlaces(
    _ x: UnsafePointer<Float>, rows: Int, places: Int, channels: Int, _ sum: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
) {
    sum.update(repeating: 0, count: channels)
    for row in 0..<rows {
        sumRows(x + row * places * channels, rows: places, stride: channels, count: channels, scratch)
        for j in 0..<channels { sum[j] += scratch[j] }
    }
}
