import CKernels

/// Matrix products of the sizes in a training step, in tiles whose sums stay in registers (`CKernels`).
///
/// OpenBLAS copies both factors into its own order at every call, which takes a seventh of the time for such small
/// products. These read the weights in place and copy only activations. docs/PERFORMANCE.md has measurements.
package enum Products {
    /// The best code for this processor: 1 runs on any processor, 2 needs AVX2, 3 needs AVX-512.
    package static let generation = latent_processor_generations()

    /// How a factor is stored.
    package enum Rows {
        /// (rows, k): each row is contiguous.
        case along(stride: Int)
        /// (k, rows): transposed.
        case across(stride: Int)
    }

    /// C ← A·B.
    ///
    /// - Parameters:
    ///   - depth: the length of k.
    ///   - a: (rows, k), or its transpose.
    ///   - b: (k, columns), its rows `bStride` floats apart.
    ///   - c: (rows, columns), its rows `cStride` floats apart.
    /// - Precondition: B can be read 15 floats past its end.
    package static func multiply(
        rows: Int, columns: Int, depth: Int, _ a: UnsafePointer<Float>, _ layout: Rows, _ b: UnsafePointer<Float>,
        bStride: Int, _ c: UnsafeMutablePointer<Float>, cStride: Int,
        generation: Int32 = generation
    ) {
        withUnsafePointer(to: latent_run(a: 0, b: 0, count: depth)) { run in
            var product = latent_product()
            (product.rows, product.columns) = (rows, columns)
            product.a = a
            switch layout {
            case .along(let stride): (product.aRow, product.aStep) = (stride, 1)
            case .across(let stride): (product.aRow, product.aStep) = (1, stride)
            }
            (product.b, product.bStep, product.bPanel) = (b, bStride, panel)
            (product.runs, product.runCount) = (run, 1)
            (product.c, product.cRow) = (c, cStride)
            latent_multiply(&product, generation)
        }
    }

    /// Rows of C that share a list of steps in the product below.
    package static func rowsTogether(generation: Int32 = generation) -> Int { latent_tile_rows(generation) }

    /// C ← A·B, where each group of `rowsTogether` rows of C is summed over its own list of steps of k. The other steps
    /// must add nothing, because A is zero there.
    ///
    /// - Parameters:
    ///   - a: (k, rows), its rows `aStride` floats apart.
    ///   - chosen: the lists of steps, one group after another, each in ascending order.
    ///   - starts: where each list starts in `chosen`, and where the last one ends.
    ///   - b: (k, columns), its rows `bStride` floats apart.
    ///   - c: (rows, columns), its rows `cStride` floats apart.
    /// - Precondition: B can be read 15 floats past its end.
    package static func multiply(
        rows: Int, columns: Int, _ a: UnsafePointer<Float>, aStride: Int, chosen: UnsafePointer<UInt16>,
        starts: UnsafePointer<UInt32>, _ b: UnsafePointer<Float>, bStride: Int, _ c: UnsafeMutablePointer<Float>,
        cStride: Int, generation: Int32 = generation
    ) {
        var product = latent_product()
        (product.rows, product.columns) = (rows, columns)
        (product.a, product.aRow, product.aStep) = (a, 1, aStride)
        (product.b, product.bStep, product.bPanel) = (b, bStride, panel)
        (product.chosen, product.chosenStarts) = (chosen, starts)
        (product.c, product.cRow) = (c, cStride)
        latent_multiply(&product, generation)
    }

    /// C ← start + A·B, where each row of C is summed over its own list of steps of k: those at which its row of A is not
    /// zero.
    ///
    /// - Parameters:
    ///   - depth: the length of k.
    ///   - a: (rows, k), its rows `aStride` floats apart.
    ///   - steps: the lists of steps, each in ascending order and ended by a number of at least `depth`.
    ///   - starts: where the list of each row starts in `steps`.
    ///   - b: panels of 16 columns, `bPanel` floats apart, each (k, 16).
    ///   - start: the initial value of each row of C (columns).
    ///   - c: (rows, columns), its rows `cStride` floats apart.
    package static func sumOwnSteps(
        rows: Int, columns: Int, depth: Int, _ a: UnsafePointer<Float>, aStride: Int, steps: UnsafePointer<UInt16>,
        starts: UnsafePointer<UInt32>, _ b: UnsafePointer<Float>, bPanel: Int, start: UnsafePointer<Float>,
        _ c: UnsafeMutablePointer<Float>, cStride: Int, generation: Int32 = generation
    ) {
        var sums = latent_row_sums(
            rows: rows, columns: columns, depth: depth, a: a, aRow: aStride, steps: steps, starts: starts, b: b,
            bPanel: bPanel, start: start, c: c, cRow: cStride)
        latent_sum_own_steps(&sums, generation)
    }

    // MARK: A layer's forward product

    /// Columns per panel of a packed matrix.
    private static let panel = Int(LATENT_PANEL)
    /// Outputs computed before they are written out.
    private static let block = 48

    /// Floats of scratch that `timesTransposed` needs.
    static func transposedScratch(rows: Int, depth: Int) -> Int {
        (rows + panel - 1) / panel * panel * (depth + 16 + block)
    }

    /// y ← x·Wᵀ + b, with x (rows, depth), W (outputs, depth), y (rows, outputs).
    ///
    /// The rows of x become the lanes of the vectors: x is transposed into panels, these are multiplied by a few rows of W
    /// at a time, and the result is transposed on its way to y. Few rows would leave lanes unused, so OpenBLAS computes
    /// them one by one.
    /// - Parameter scratch: `transposedScratch(rows:depth:)` floats.
    static func timesTransposed(
        rows: Int, _ x: UnsafePointer<Float>, xStride: Int, w: UnsafePointer<Float>, wStride: Int, outputs: Int,
        depth: Int, bias: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        if rows < 8 {
            // Row by row, so that the bits do not depend on the number of rows.
            for row in 0..<rows {
                (y + row * outputs).update(from: bias, count: outputs)
                BLAS.gemvAdding(m: outputs, n: depth, w, lda: wStride, x + row * xStride, y + row * outputs)
            }
            return
        }
        let panels = (rows + panel - 1) / panel
        let results = scratch + panels * panel * (depth + 16)
        for p in 0..<panels {
            latent_transpose_panel(
                x + p * panel * xStride, xStride, min(panel, rows - p * panel), depth, scratch + p * panel * depth)
        }
        withUnsafePointer(to: latent_run(a: 0, b: 0, count: depth)) { whole in
            var product = latent_product()
            (product.aRow, product.aStep) = (wStride, 1)
            (product.b, product.bStep, product.bPanel) = (UnsafePointer(scratch), panel, panel * depth)
            (product.runs, product.runCount) = (whole, 1)
            (product.c, product.cRow, product.columns) = (results, panels * panel, rows)
            for first in stride(from: 0, to: outputs, by: block) {
                product.a = w + first * wStride
                product.rows = min(block, outputs - first)
                latent_multiply(&product, generation)
                latent_transpose_add(
                    results, panels * panel, product.rows, rows, bias + first, y + first, outputs)
            }
        }
    }
}
