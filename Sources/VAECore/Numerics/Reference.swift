/// Plain loops that define what the fast code must compute. For tests and self-checks only.
package enum Reference {
    /// A·B (m, n) in double precision, with A (m, k) and B (k, n), either of which may be stored transposed.
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
