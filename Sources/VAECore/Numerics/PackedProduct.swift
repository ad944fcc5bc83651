import CKernels

/// Matrix products with the weights laid out for them once, however many products follow.
///
/// OpenBLAS copies both factors into its own order at every call; in a training step, whose products are small, that
/// is a seventh of the time. Here the weights are packed when they change and everything else is read where it lies
/// (docs/PERFORMANCE.md has what it brought).
public enum PackedProduct {
    /// Columns of one panel of a packed matrix.
    public static var panel: Int { Int(LATENT_PANEL) }

    /// Floats of a packed matrix of `rows` by `columns`.
    public static func count(rows: Int, columns: Int) -> Int { (columns + panel - 1) / panel * panel * rows }

    /// Code for generation 1 is for any processor, 2 and 3 for those with AVX2 and AVX-512.
    public static let generation = latent_processor_generations()

    /// How a factor lies in memory.
    public enum Rows {
        /// (rows, k): a row's numbers side by side.
        case along(stride: Int)
        /// (k, rows): its transpose.
        case across(stride: Int)
    }

    /// Packs rows `range` of W (rows, columns), the columns of Wᵀ: what `multiply` takes as B.
    /// - Precondition: `range` begins at a panel's first column.
    public static func packTransposed(
        _ w: UnsafePointer<Float>, columns: Int, range: Range<Int>, to packed: UnsafeMutablePointer<Float>
    ) {
        precondition(range.lowerBound % panel == 0)
        for first in stride(from: range.lowerBound, to: range.upperBound, by: panel) {
            latent_pack_transposed(
                w + first * columns, min(panel, range.upperBound - first), columns, packed + first * columns)
        }
    }

    /// C ← start + A·B with a packed B (k, columns), or with a plain one.
    ///
    /// - Parameters:
    ///   - a: (rows, k), or its transpose.
    ///   - bStride: floats from one row of a plain B to the next; nil for a packed one.
    ///   - runs: which steps of k count, in order.
    ///   - start: the row that every row of C begins with; nil for zeros.
    ///   - ahead: memory to bring into the cache meanwhile.
    /// - Precondition: B and `start` can be read 15 floats past their end.
    @inline(__always)
    static func multiply(
        rows: Int, columns: Int, a: UnsafePointer<Float>, _ layout: Rows, b: UnsafePointer<Float>,
        bStride: Int? = nil, depth: Int, runs: UnsafeBufferPointer<latent_run>, start: UnsafePointer<Float>? = nil,
        c: UnsafeMutablePointer<Float>, cStride: Int, accumulate: Bool = false, ahead: MemoryAhead = .none,
        generation: Int32 = generation
    ) {
        var product = latent_product()
        (product.rows, product.columns) = (rows, columns)
        product.a = a
        switch layout {
        case .along(let stride): (product.aRow, product.aStep) = (stride, 1)
        case .across(let stride): (product.aRow, product.aStep) = (1, stride)
        }
        product.b = b
        product.bStep = bStride ?? panel
        product.bPanel = bStride == nil ? panel * depth : panel
        product.runs = runs.baseAddress
        product.runCount = runs.count
        product.start = start
        product.accumulate = accumulate ? 1 : 0
        product.c = c
        product.cRow = cStride
        product.ahead = ahead.stretches.baseAddress
        product.aheadCount = ahead.stretches.count
        latent_multiply(&product, generation)
    }

    /// As above, over the whole of k.
    public static func multiply(
        rows: Int, columns: Int, depth: Int, a: UnsafePointer<Float>, _ layout: Rows, b: UnsafePointer<Float>,
        bStride: Int? = nil, start: UnsafePointer<Float>? = nil, c: UnsafeMutablePointer<Float>, cStride: Int,
        ahead: MemoryAhead = .none, generation: Int32 = generation
    ) {
        withUnsafePointer(to: latent_run(a: 0, b: 0, count: depth)) { run in
            multiply(
                rows: rows, columns: columns, a: a, layout, b: b, bStride: bStride, depth: depth,
                runs: UnsafeBufferPointer(start: run, count: 1), start: start, c: c, cStride: cStride,
                ahead: ahead, generation: generation)
        }
    }
}

/// Memory that will be written right after a product: the product fetches it while it computes.
public struct MemoryAhead: @unchecked Sendable {
    let stretches: UnsafeBufferPointer<latent_stretch>

    public static let none = MemoryAhead(stretches: UnsafeBufferPointer(start: nil, count: 0))
}
