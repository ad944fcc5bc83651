import CKernels

// The three products of a convolution, straight from the image: the patch under the kernel is a few contiguous runs, so
// no matrix of patches is written. One image at a time, channels last.

extension ConvolutionGeometry {
    /// Rows and columns of the padded image that lie under the kernel at some place.
    private var seenHeight: Int { (placesDown - 1) * stride + kernel }
    private var seenWidth: Int { (placesAcross - 1) * stride + kernel }

    private var isPadded: Bool {
        padTop > 0 || padLeft > 0 || seenHeight > image.height || seenWidth > image.width
    }

    /// Places beyond the edges whose kernel would reach the image.
    private var placesAbove: Int { (kernel - 1) / stride }
    private var placesBelow: Int { max(0, (image.height - 1 + padTop) / stride - (placesDown - 1)) }
    private var placesRight: Int { max(0, (image.width - 1 + padLeft) / stride - (placesAcross - 1)) }
    private var paddedPlaces: (down: Int, across: Int) {
        (placesAbove + placesDown + placesBelow, placesAbove + placesAcross + placesRight)
    }

    /// Floats of scratch that any of the products needs, with `columns` channels at the places.
    func scratchCount(columns: Int) -> Int {
        let padded = paddedPlaces
        return max(
            seenHeight * seenWidth * image.channels, padded.down * padded.across * columns, places * patch) + 16
    }

    /// The padded image: the image itself, or a copy in `scratch` with zeros around it.
    private func padded(
        _ pixels: UnsafePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
    ) -> (pixels: UnsafePointer<Float>, width: Int) {
        guard isPadded else { return (pixels, image.width) }
        let channels = image.channels
        let width = min(image.width, seenWidth - padLeft)
        let after = seenWidth - padLeft - width
        for row in 0..<seenHeight {
            let target = scratch + row * seenWidth * channels
            let y = row - padTop
            guard y >= 0, y < image.height else {
                target.update(repeating: 0, count: seenWidth * channels)
                continue
            }
            target.update(repeating: 0, count: padLeft * channels)
            (target + padLeft * channels).update(
                from: pixels + y * image.width * channels, count: width * channels)
            (target + (padLeft + width) * channels).update(repeating: 0, count: after * channels)
        }
        return (UnsafePointer(scratch), seenWidth)
    }

    /// image → places: values (places, columns) = start + patches · W.
    ///
    /// - Parameters:
    ///   - weights: W (patch, columns), readable 15 floats past its end.
    ///   - start: the initial value of each place (columns), readable 15 floats past its end; nil is zero.
    ///   - scratch: `scratchCount(columns:)` floats.
    func multiply(
        _ pixels: UnsafePointer<Float>, weights: UnsafePointer<Float>, columns: Int, start: UnsafePointer<Float>?,
        to values: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
        generation: Int32
    ) {
        let (source, width) = padded(pixels, scratch)
        withUnsafeTemporaryAllocation(of: latent_run.self, capacity: kernel) { runs in
            for ky in 0..<kernel {
                runs[ky] = latent_run(a: ky * width * image.channels, b: ky * rowLength, count: rowLength)
            }
            var product = latent_product()
            (product.rows, product.columns) = (placesAcross, columns)
            (product.aRow, product.aStep) = (stride * image.channels, 1)
            (product.b, product.bStep, product.bPanel) = (weights, columns, Int(LATENT_PANEL))
            (product.runs, product.runCount) = (UnsafePointer(runs.baseAddress), kernel)
            (product.start, product.cRow) = (start, columns)
            for down in 0..<placesDown {
                product.a = source + down * stride * width * image.channels
                product.c = values + down * placesAcross * columns
                latent_multiply(&product, generation)
            }
        }
    }

    /// places → image, the transpose of `multiply`: each place adds its multiple of the kernel to the image.
    ///
    /// Pixels of one row that are `stride` apart are reached by the same part of the kernel, at neighbouring places. So
    /// they are the rows of one product, whose inner dimension is that part of the kernel times the columns.
    /// - Parameters:
    ///   - weights: (kernel, kernel, columns, image channels), readable 15 floats past its end.
    ///   - start: the initial value of each pixel (image channels), readable 15 floats past its end; nil is zero.
    ///   - scratch: `scratchCount(columns:)` floats.
    func multiplyTransposed(
        _ values: UnsafePointer<Float>, weights: UnsafePointer<Float>, columns: Int, start: UnsafePointer<Float>?,
        to pixels: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
        generation: Int32
    ) {
        let across = paddedPlaces.across
        padPlaces(values, columns: columns, to: scratch)
        withUnsafeTemporaryAllocation(of: latent_run.self, capacity: kernel * kernel) { runs in
            var product = latent_product()
            product.columns = image.channels
            (product.a, product.aRow, product.aStep) = (UnsafePointer(scratch), columns, 1)
            (product.b, product.bStep, product.bPanel) = (weights, image.channels, Int(LATENT_PANEL))
            product.runs = UnsafePointer(runs.baseAddress)
            (product.start, product.cRow) = (start, stride * image.channels)
            for y in 0..<image.height {
                let (down, firstKy) = (y + padTop).quotientAndRemainder(dividingBy: stride)
                for x in 0..<min(stride, image.width) {
                    let (right, firstKx) = (x + padLeft).quotientAndRemainder(dividingBy: stride)
                    var count = 0
                    for (i, ky) in Swift.stride(from: firstKy, to: kernel, by: stride).enumerated() {
                        for (j, kx) in Swift.stride(from: firstKx, to: kernel, by: stride).enumerated() {
                            let place = (down + placesAbove - i) * across + right + placesAbove - j
                            runs[count] = latent_run(
                                a: place * columns, b: (ky * kernel + kx) * columns, count: columns)
                            count += 1
                        }
                    }
                    product.runCount = count
                    product.rows = (image.width - x + stride - 1) / stride
                    product.c = pixels + (y * image.width + x) * image.channels
                    latent_multiply(&product, generation)
                }
            }
        }
    }

    /// Copies the places to `target`, with zeros around them.
    private func padPlaces(_ values: UnsafePointer<Float>, columns: Int, to target: UnsafeMutablePointer<Float>) {
        let (down, across) = paddedPlaces
        let width = placesAcross * columns
        for row in 0..<down {
            let to = target + row * across * columns
            let place = row - placesAbove
            guard place >= 0, place < placesDown else {
                to.update(repeating: 0, count: across * columns)
                continue
            }
            to.update(repeating: 0, count: placesAbove * columns)
            (to + placesAbove * columns).update(from: values + place * width, count: width)
            (to + placesAbove * columns + width).update(repeating: 0, count: placesRight * columns)
        }
    }

    /// The gradient of the weights of one kernel row: (kernel · image channels, columns) ← or += Σ over places of
    /// pixels ⊗ values.
    ///
    /// Nothing is copied. Places whose kernel row lies inside the image make one product; at the edges, each column of
    /// places makes one with the part of the kernel row that lies inside.
    /// - Parameter values: (places, columns), readable 15 floats past its end.
    func multiplyGradient(
        _ pixels: UnsafePointer<Float>, _ values: UnsafePointer<Float>, columns: Int, kernelRow: Int,
        to gradient: UnsafeMutablePointer<Float>, accumulate: Bool, generation: Int32
    ) {
        if !accumulate { gradient.update(repeating: 0, count: rowLength * columns) }
        let channels = image.channels
        withUnsafeTemporaryAllocation(of: latent_run.self, capacity: placesDown) { runs in
            // Adds the columns `across` of the places, with the columns `taps` of the kernel.
            func add(across: Range<Int>, taps: Range<Int>) {
                var product = latent_product()
                let left = across.lowerBound * stride - padLeft + taps.lowerBound
                for down in 0..<placesDown {
                    let y = down * stride - padTop + kernelRow
                    guard y >= 0, y < image.height else { continue }
                    runs[product.runCount] = latent_run(
                        a: (y * image.width + left) * channels, b: down * placesAcross + across.lowerBound,
                        count: across.count)
                    product.runCount += 1
                }
                (product.rows, product.columns) = (taps.count * channels, columns)
                (product.a, product.aRow, product.aStep) = (pixels, 1, stride * channels)
                (product.b, product.bStep, product.bPanel) = (values, columns, Int(LATENT_PANEL))
                product.runs = UnsafePointer(runs.baseAddress)
                (product.c, product.cRow) = (gradient + taps.lowerBound * channels * columns, columns)
                product.accumulate = 1
                latent_multiply(&product, generation)
            }
            let first = min(placesAcross, (padLeft + stride - 1) / stride)
            let end = max(first, min(placesAcross, (image.width + padLeft - kernel + stride) / stride))
            if first < end { add(across: first..<end, taps: 0..<kernel) }
            for across in 0..<placesAcross where across < first || across >= end {
                let left = across * stride - padLeft
                let taps = max(0, -left)..<max(max(0, -left), min(kernel, image.width - left))
                if !taps.isEmpty { add(across: across..<across + 1, taps: taps) }
            }
        }
    }
}
