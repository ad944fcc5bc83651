/// Plain loops that say what the fast code must compute. The tests' oracle; never on a hot path.
package enum Reference {
    /// A·B in double precision: A (m, k), B (k, n), either stored transposed. Returns (m, n).
    package static func gemm(
        _ ta: BLAS.Transpose, _ tb: BLAS.Transpose, m: Int, n: Int, k: Int, _ a: [Float], _ b: [Float]
    ) -> [Float] {
        var c = [Float](repeating: 0, count: m * n)
        for i in 0..<m {
            for j in 0..<n {
                var sum = 0.0
                for p in 0..<k {
                    let x = ta == .no ? a[i * k + p] : a[p * m + i]
                    let y = tb == .no ? b[p * n + j] : b[j * k + p]
                    sum += Double(x) * Double(y)
                }
                c[i * n + j] = Float(sum)
            }
        }
        return c
    }
}
