import CKernels

/// What a convolution does at the edges of an image.
public enum Padding: String, Sendable, Codable, CaseIterable {
    /// The kernel stays inside the image.
    case valid
    /// Zeros around the image, so that stride 1 keeps its size. As in TensorFlow, of an odd number of zeros the extra one
    /// goes below and to the right.
    case same
}

/// Zeros around the image of a convolution, side by side, as PyTorch and ONNX give them; for a transposed convolution, how
/// much is cut off its output, where a negative number adds rows or columns that only the bias reaches.
public struct Edges: Sendable, Hashable, Codable {
    /// Rows above and below, columns left and right.
    public var top, left, bottom, right: Int

    /// Edges of these widths.
    public init(top: Int, left: Int, bottom: Int, right: Int) {
        (self.top, self.left, self.bottom, self.right) = (top, left, bottom, right)
    }

    /// The same on all sides.
    public init(_ width: Int) { self.init(top: width, left: width, bottom: width, right: width) }
}

/// The places at which a kernel is applied to an image.
///
/// One geometry serves a convolution and its transpose: `image` is the larger side (the input of a convolution, the
/// output of its transpose), and the places are the smaller side. A patch is the part of the image under the kernel at
/// one place.
package struct ConvolutionGeometry: Sendable, Equatable {
    /// The larger side (height, width, channels).
    package let image: ImageShape
    package let kernel, stride: Int
    /// Rows and columns of the smaller side.
    package let placesDown, placesAcross: Int
    /// Zeros above and left of the image.
    let padTop: Int
    let padLeft: Int

    /// The geometry of a convolution over `image`.
    package init(over image: ImageShape, kernel: Int, stride: Int, padding: Padding) {
        self.image = image
        self.kernel = kernel
        self.stride = stride
        (placesDown, padTop) = Self.places(image.height, kernel, stride, padding)
        (placesAcross, padLeft) = Self.places(image.width, kernel, stride, padding)
    }

    /// The geometry of a transposed convolution with input `places` and an output of `channels` channels.
    package init(transposedFrom places: ImageShape, channels: Int, kernel: Int, stride: Int, padding: Padding) {
        func side(_ n: Int) -> Int { padding == .same ? n * stride : (n - 1) * stride + kernel }
        self.init(
            over: ImageShape(height: side(places.height), width: side(places.width), channels: channels),
            kernel: kernel, stride: stride, padding: padding)
    }

    /// The geometry of a convolution over `image` with zeros around it.
    package init(over image: ImageShape, kernel: Int, stride: Int, edges: Edges) {
        self.image = image
        self.kernel = kernel
        self.stride = stride
        placesDown = (image.height + edges.top + edges.bottom - kernel) / stride + 1
        placesAcross = (image.width + edges.left + edges.right - kernel) / stride + 1
        (padTop, padLeft) = (edges.top, edges.left)
    }

    /// The geometry of a transposed convolution whose output loses these edges.
    package init(transposedFrom places: ImageShape, channels: Int, kernel: Int, stride: Int, edges: Edges) {
        image = ImageShape(
            height: (places.height - 1) * stride + kernel - edges.top - edges.bottom,
            width: (places.width - 1) * stride + kernel - edges.left - edges.right, channels: channels)
        self.kernel = kernel
        self.stride = stride
        (placesDown, placesAcross) = (places.height, places.width)
        (padTop, padLeft) = (edges.top, edges.left)
    }

    /// The number of places along one side, and of zeros before its first pixel.
    private static func places(_ size: Int, _ kernel: Int, _ stride: Int, _ padding: Padding) -> (Int, Int) {
        switch padding {
        case .valid: return ((size - kernel) / stride + 1, 0)
        case .same:
            let count = (size + stride - 1) / stride
            return (count, max(0, (count - 1) * stride + kernel - size) / 2)
        }
    }

    /// The number of places.
    package var places: Int { placesDown * placesAcross }
    /// The size of one row of a patch.
    var rowLength: Int { kernel * image.channels }
    /// The size of a patch.
    package var patch: Int { kernel * rowLength }

    /// patches → image: each pixel becomes the sum of its values in all patches.
    ///
    /// - Parameters:
    ///   - columns: the patch of each place (places, kernel, kernel, channels).
    ///   - pixels: one image.
    func scatter(_ columns: UnsafePointer<Float>, to pixels: UnsafeMutablePointer<Float>) {
        pixels.update(repeating: 0, count: image.count)
        let channels = image.channels
        var column = columns
        for down in 0..<placesDown {
            for across in 0..<placesAcross {
                let left = across * stride - padLeft
                let first = max(0, -left)
                let count = (min(kernel, image.width - left) - first) * channels
                for ky in 0..<kernel {
                    let y = down * stride - padTop + ky
                    if y >= 0, y < image.height {
                        let (from, to) = (
                            column + first * channels, pixels + (y * image.width + left + first) * channels
                        )
                        for i in 0..<count { to[i] += from[i] }
                    }
                    column += rowLength
                }
            }
        }
    }
}

// MARK: Building

/// What the specifications of a convolution and its transpose have in common.
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

    /// The input image of the layer `name`, after checking the sizes in this specification.
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

    /// Checks that edges are narrower than the kernel, and that they leave something.
    /// - Parameter most: the largest number of rows or columns that a transposed convolution may add.
    func check(
        _ edges: Edges, adding most: Int, leaving height: Int, _ width: Int, _ name: String
    ) throws(CoreError) {
        let first = 0..<kernel
        let last = -most..<kernel
        guard first.contains(edges.top), first.contains(edges.left), last.contains(edges.bottom), last.contains(edges.right),
            height > 0, width > 0
        else {
            throw CoreError(
                .configuration, "edges out of range", at: "layer \(name)", expected: "narrower than the kernel of \(kernel)",
                found: "\(edges.top), \(edges.left), \(edges.bottom), \(edges.right)")
        }
    }

    func check(output count: Int, _ name: String) throws(CoreError) {
        guard count <= Network.outputLimit else {
            throw CoreError(
                .configuration, "output too large", at: "layer \(name)",
                expected: "at most \(Network.outputLimit) numbers per image", found: "\(count)")
        }
    }
}

// MARK: Sums

/// sum[j] = Σ over rows and places of x (rows, places, channels). Each image is summed on its own first, so that no
/// float accumulates too many terms. `scratch` is `channels` floats.
func sumPlaces(
    _ x: UnsafePointer<Float>, rows: Int, places: Int, channels: Int, _ sum: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>
) {
    sum.update(repeating: 0, count: channels)
    for row in 0..<rows {
        latent_sum_rows(x + row * places * channels, places, channels, channels, scratch)
        for j in 0..<channels { sum[j] += scratch[j] }
    }
}
