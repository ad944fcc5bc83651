import CKernels

/// The weights of a convolution or a transposed convolution, and the three products that both are made of.
///
/// W is stored (kernel row, kernel column, image channel, column), where a column is a channel at the places: a filter of
/// a convolution, an input channel of its transpose. A convolution goes from the image to the places, and its gradient
/// back; the transpose goes the other way round.
package struct ConvolutionKernel: Sendable, Equatable {
    let geometry: ConvolutionGeometry
    /// Channels at the places.
    let columns: Int
    /// Where W begins in the flat buffer.
    let weightOffset: Int
    /// The code that computes the products; see `Products.generation`.
    private let generation: Int32

    package init(
        geometry: ConvolutionGeometry, columns: Int, weightOffset: Int, generation: Int32 = Products.generation
    ) {
        self.geometry = geometry
        self.columns = columns
        self.weightOffset = weightOffset
        self.generation = generation
    }

    private var channels: Int { geometry.image.channels }
    private var places: Int { geometry.places * columns }
    private var count: Int { geometry.patch * columns }

    /// Fewer channels than this leave too many lanes of a vector unused.
    private static let fewChannels = 8

    // Scratch holds W, plain or transposed; a row of biases; and the scratch of a product; each padded by a vector.
    private var startOffset: Int { count + 16 }
    private var productOffset: Int { startOffset + max(columns, geometry.patch) + 16 }
    package var scratchCount: Int { productOffset + geometry.scratchCount(columns: columns) }

    /// Copies `bias`, or zeros, to its place in scratch.
    private func start(
        _ bias: UnsafePointer<Float>?, _ width: Int, _ scratch: UnsafeMutablePointer<Float>
    ) -> UnsafePointer<Float> {
        let start = scratch + startOffset
        if let bias { start.update(from: bias, count: width) } else { start.update(repeating: 0, count: width) }
        return UnsafePointer(start)
    }

    /// image → places: values (rows, places, columns) = bias + pixels ∗ W.
    package func toPlaces(
        _ parameters: UnsafePointer<Float>, rows: Int, _ pixels: UnsafePointer<Float>,
        bias: UnsafePointer<Float>?, _ values: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        scratch.update(from: parameters + weightOffset, count: count)
        let start = bias.map { self.start($0, columns, scratch) }
        for row in 0..<rows {
            geometry.multiply(
                pixels + row * geometry.image.count, weights: scratch, columns: columns, start: start,
                to: values + row * places, scratch: scratch + productOffset, generation: generation)
        }
    }

    /// places → image: pixels (rows, height, width, channels) = bias + the places' multiples of W.
    package func toImage(
        _ parameters: UnsafePointer<Float>, rows: Int, _ values: UnsafePointer<Float>,
        bias: UnsafePointer<Float>?, _ pixels: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        if channels < Self.fewChannels {
            toFewChannels(parameters, rows: rows, values, pixels, scratch: scratch)
            if let bias { addBias(bias, rows: rows * geometry.image.count / channels, count: channels, pixels) }
            return
        }
        let zeros = start(nil, channels, scratch)
        for tap in 0..<geometry.kernel * geometry.kernel {
            let offset = tap * channels * columns
            latent_transpose_add(
                parameters + weightOffset + offset, columns, channels, columns, zeros, scratch + offset, channels)
        }
        let start = start(bias, channels, scratch)
        for row in 0..<rows {
            geometry.multiplyTransposed(
                values + row * places, weights: scratch, columns: columns, start: start,
                to: pixels + row * geometry.image.count, scratch: scratch + productOffset, generation: generation)
        }
    }

    /// As `toImage`, for an image of few channels: a product gives the patch of each place, and the patches are then
    /// added to the image.
    private func toFewChannels(
        _ parameters: UnsafePointer<Float>, rows: Int, _ values: UnsafePointer<Float>,
        _ pixels: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let patch = geometry.patch
        latent_transpose_add(
            parameters + weightOffset, columns, patch, columns, start(nil, patch, scratch), scratch, patch)
        for row in 0..<rows {
            Products.multiply(
                rows: geometry.places, columns: patch, depth: columns, values + row * places,
                .along(stride: columns), scratch, bStride: patch, scratch + productOffset, cStride: patch,
                generation: generation)
            geometry.scatter(scratch + productOffset, to: pixels + row * geometry.image.count)
        }
    }

    /// The gradient of the weights of some kernel rows: Σ over rows and places of pixels ⊗ values.
    /// - Parameter gradient: (kernel rows, kernel, channels, columns).
    package func gradient(
        kernelRows: Range<Int>, rows: Int, _ pixels: UnsafePointer<Float>, _ values: UnsafePointer<Float>,
        _ gradient: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<rows {
            for (i, kernelRow) in kernelRows.enumerated() {
                geometry.multiplyGradient(
                    pixels + row * geometry.image.count, values + row * places, columns: columns,
                    kernelRow: kernelRow, to: gradient + i * geometry.rowLength * columns, accumulate: row > 0,
                    generation: generation)
            }
        }
    }
}
