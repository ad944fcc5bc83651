/// The initial values of the parameters.
public enum Initialization: String, Sendable, Codable, CaseIterable {
    /// PyTorch's default for Linear: weights and biases uniform in ±1/√fan-in.
    case pytorch
    /// Weights uniform in ±√(6 / (fan-in + fan-out)), biases zero (Glorot & Bengio 2010, eq. 16; Keras' default).
    case glorot
    /// Weights and biases normal with mean 0 and standard deviation 0.01 (AEVB §5).
    case normal

    /// As `pytorch`, but the decoder's first layer is twelve times as steep, for a z of few dimensions.
    ///
    /// A decoder is then a function of a few coordinates, and of such functions a network learns what changes slowly first
    /// (spectral bias: Rahaman et al. 2019). Steep first features let it draw fine detail from the start (Tancik et al.
    /// 2020, Fourier features).
    case steep

    private static let steepness: Float = 12

    /// Fills `values` with the initial parameters of `layout`, which depend only on the seed.
    package func fill(_ values: FloatBuffer, layout: ParameterLayout, seed: UInt64) {
        for (i, view) in layout.views.enumerated() {
            var random = RandomStream(seed: seed, purpose: .initialization, index: i)
            let target = values.pointer + view.offset
            func uniform(_ bound: Float) {
                for j in 0..<view.count { target[j] = (2 * random.uniform() - 1) * bound }
            }
            switch self {
            case .pytorch: uniform(1 / Float(view.fanIn).squareRoot())
            case .steep: uniform((view.readsCode ? Self.steepness : 1) / Float(view.fanIn).squareRoot())
            case .glorot:
                if view.isBias {
                    target.update(repeating: 0, count: view.count)
                } else {
                    uniform((6 / Float(view.fanIn + view.fanOut)).squareRoot())
                }
            case .normal:
                random.fillNormal(target, count: view.count)
                for j in 0..<view.count { target[j] *= 0.01 }
            }
        }
    }
}
