import COpenBLAS

/// Matrix products and eigenvectors; the only use of OpenBLAS in the program.
///
/// OpenBLAS runs on one thread. Its own thread pool is guarded by one lock, so that a product for the front end would wait
/// for the trainer's. Instead `Workers` share the work, and OpenBLAS runs their calls in parallel.
package enum BLAS {
    /// Whether a factor is stored transposed.
    package enum Transpose { case no, yes }

    /// C ← A·B + beta·C, with A (m, k), B (k, n), C (m, n), all row-major.
    ///
    /// - Parameters:
    ///   - ta: A is stored transposed, as (k, m).
    ///   - tb: B is stored transposed, as (n, k).
    ///   - lda, ldb, ldc: floats from one stored row to the next.
    ///   - beta: 0 overwrites C, 1 adds to it.
    /// - Precondition: sizes are positive and fit 32 bits; no leading dimension is shorter than its row.
    @inline(__always)
    package static func gemm(
        _ ta: Transpose, _ tb: Transpose, m: Int, n: Int, k: Int,
        _ a: UnsafePointer<Float>, lda: Int, _ b: UnsafePointer<Float>, ldb: Int,
        beta: Float = 0, _ c: UnsafeMutablePointer<Float>, ldc: Int
    ) {
        precondition(m > 0 && n > 0 && k > 0, "a matrix product needs positive sizes")
        precondition(lda >= (ta == .no ? k : m) && ldb >= (tb == .no ? n : k) && ldc >= n)
        cblas_sgemm(
            CblasRowMajor, ta == .no ? CblasNoTrans : CblasTrans, tb == .no ? CblasNoTrans : CblasTrans,
            blasint(m), blasint(n), blasint(k), 1, a, blasint(lda), b, blasint(ldb), beta, c, blasint(ldc))
    }

    /// y ← A·x + y, with A (m, n), row-major. For products with one row: as a matrix product, OpenBLAS would first copy A
    /// on processors without AVX-512.
    ///
    /// - Parameter lda: floats from one row of A to the next.
    /// - Precondition: sizes are positive and fit 32 bits, and `lda` is at least n.
    static func gemvAdding(
        m: Int, n: Int, _ a: UnsafePointer<Float>, lda: Int, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
    ) {
        precondition(m > 0 && n > 0 && lda >= n, "a matrix product needs positive sizes")
        cblas_sgemv(
            CblasRowMajor, CblasNoTrans, blasint(m), blasint(n), 1, a, blasint(lda), x, 1, 1, y, 1)
    }

    /// C ← AᵀA, with A (n, d) and C (d, d), row-major.
    /// - Precondition: sizes are positive and fit 32 bits.
    static func gram(_ a: [Double], n: Int, d: Int) -> [Double] {
        precondition(n > 0 && d > 0 && a.count == n * d, "a matrix product needs positive sizes")
        var c = [Double](repeating: 0, count: d * d)
        cblas_dsyrk(
            CblasRowMajor, CblasUpper, CblasTrans, blasint(d), blasint(n), 1, a, blasint(d), 0, &c, blasint(d))
        for row in 1..<max(1, d) {
            for column in 0..<row { c[row * d + column] = c[column * d + row] }
        }
        return c
    }

    /// Eigenvalues and eigenvectors of a symmetric matrix, by LAPACK's dsyevd.
    /// - Parameter a: (d, d).
    /// - Returns: the values in ascending order and their vectors of length 1 (d, d), one a row; nil if LAPACK does not
    ///   find them, as for a matrix that is not finite.
    /// - Precondition: d is positive and fits 32 bits.
    static func symmetricEigenvectors(_ a: [Double], d: Int) -> (values: [Double], vectors: [Double])? {
        precondition(d > 0 && a.count == d * d)
        guard a.allSatisfy(\.isFinite) else { return nil }
        // LAPACK stores a matrix by columns: its vectors, in columns, are our rows.
        var (vectors, values) = (a, [Double](repeating: 0, count: d))
        var (size, status) = (blasint(d), blasint(0))
        func solve(_ work: inout [Double], _ integers: inout [blasint], asksForSizes: Bool) {
            var (workSize, integerSize) = (blasint(asksForSizes ? -1 : work.count), blasint(asksForSizes ? -1 : integers.count))
            var lead = size
            latent_dsyevd(&size, &vectors, &lead, &values, &work, &workSize, &integers, &integerSize, &status)
        }
        var (work, integers) = ([Double](repeating: 0, count: 1), [blasint](repeating: 0, count: 1))
        solve(&work, &integers, asksForSizes: true)
        guard status == 0 else { return nil }
        work = [Double](repeating: 0, count: max(1, Int(work[0])))
        integers = [blasint](repeating: 0, count: max(1, Int(integers[0])))
        solve(&work, &integers, asksForSizes: false)
        return status == 0 ? (values, vectors) : nil
    }

    /// The processor type for which OpenBLAS chose its code. Results are bit-identical only for the same type.
    package static var coreName: String { String(cString: openblas_get_corename()) }

    /// The release of OpenBLAS and how it was built, in its own words.
    package static var build: String { String(cString: openblas_get_config()) }

    /// Sets OpenBLAS to one thread and checks products against plain loops, once per process.
    ///
    /// Some releases of OpenBLAS gave wrong results on some processors. So every combination of transposed factors is
    /// tried once, at sizes with remainders.
    /// - Throws: `CoreError(.configuration)` when OpenBLAS and the plain loops differ.
    package static func prepare() throws(CoreError) {
        if let failure = selfCheckFailure {
            throw CoreError(
                .configuration, "OpenBLAS gives wrong matrix products", at: "BLAS self-check (\(coreName))",
                expected: "the plain loops' result", found: failure,
                remedy: "install another OpenBLAS build, or set OPENBLAS_CORETYPE=Haswell")
        }
    }

    private static let selfCheckFailure: String? = {
        openblas_set_num_threads(1)
        let (m, n, k) = (37, 53, 29)
        var random = RandomStream(seed: 1, purpose: .selfCheck)
        let a = (0..<m * k).map { _ in random.uniform() - 0.5 }
        let b = (0..<k * n).map { _ in random.uniform() - 0.5 }
        for ta in [Transpose.no, .yes] {
            for tb in [Transpose.no, .yes] {
                let expected = Reference.gemm(ta, tb, m: m, n: n, k: k, a, b)
                var c = [Float](repeating: .nan, count: m * n)
                gemm(ta, tb, m: m, n: n, k: k, a, lda: ta == .no ? k : m, b, ldb: tb == .no ? n : k, &c, ldc: n)
                let worst = zip(c, expected).map { abs($0 - $1) }.max() ?? .nan
                if !(worst < 1e-4) { return "a difference of \(worst)" }
            }
        }
        var y = [Float](repeating: 0, count: m)
        gemvAdding(m: m, n: k, a, lda: k, b, &y)
        let expected = Reference.gemm(.no, .yes, m: m, n: 1, k: k, a, Array(b.prefix(k)))
        let worst = zip(y, expected).map { abs($0 - $1) }.max() ?? .nan
        return worst < 1e-4 ? nil : "a difference of \(worst) in a product with a vector"
    }()
}
