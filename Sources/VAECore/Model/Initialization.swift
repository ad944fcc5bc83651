/// How weights start.
public enum Initialization: String, Sendable, Codable, CaseIterable {
    /// PyTorch's default for Linear: weights and biases uniform in ±1/√fan-in.
    case pytorch

    /// Fills `values` with the initial parameters of `layout`. Depends on the seed only.
    public func fill(_ values: FloatBuffer, layout: ParameterLayout, seed: UInt64) {
        for (i, view) in layout.views.enumerated() {
            var random = RandomStream(seed: seed, purpose: .initialization, index: i)
            let target = values.pointer + view.offset
            switch self {
            case .pytorch:
                let bound = 1 / Float(view.fanIn).squareRoot()
                for j in 0..<view.count { target[j] = (2 * random.uniform() - 1) * bound }
            }
        }
    }
}
