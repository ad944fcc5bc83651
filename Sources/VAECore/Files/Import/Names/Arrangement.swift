/// Puts the layers of an encoder or a decoder in an order in which their shapes fit, and finds sizes for what shapes do
/// not tell: strides and padding of convolutions.
struct Arrangement {
    /// Numbers between two layers.
    enum Flow: Equatable {
        case row(Int)
        case image(channels: Int, side: Int)

        var count: Int {
            switch self {
            case .row(let count): count
            case .image(let channels, let side): channels * side * side
            }
        }
    }

    /// A layer in its place.
    struct Placed: Equatable {
        var module: Int
        var input, output: Flow
        /// Of a convolution.
        var geometry: Geometry?
    }

    /// What the shape of a convolution does not tell.
    struct Geometry: Equatable {
        var isTransposed: Bool
        var stride, padding: Int
        /// Rows that a transposed convolution adds at the end.
        var extra = 0
        /// How much the image is enlarged before it.
        var enlarged = 1
        /// How unusual this choice is: 0 is what most models have.
        var oddity = 0
    }

    /// How unusual an arrangement is.
    static func oddity(_ placed: [Placed]) -> Int { placed.reduce(0) { $0 + ($1.geometry?.oddity ?? 0) } }

    /// The largest image that is looked for.
    private static let largestSide = 512

    private let modules: [NamedModule]
    private let isDecoder: Bool
    private let budget: Int
    /// How many layers were tried.
    private(set) var spent = 0
    private var used: [Bool]
    private var placed: [Placed] = []
    private var found: [[Placed]] = []
    private var most = 0
    private var accepts: (Flow) -> Bool = { _ in true }

    /// - Parameter budget: how many layers are tried before the search is given up.
    init(_ modules: [NamedModule], isDecoder: Bool, budget: Int) {
        self.budget = max(1, budget)
        self.modules = modules
        self.isDecoder = isDecoder
        used = [Bool](repeating: false, count: modules.count)
    }

    /// The arrangements from `start` to an output that `accepts` takes, the most usual first; among equals, in the
    /// order of the names.
    mutating func all(from start: Flow, most: Int, accepts: @escaping (Flow) -> Bool) -> [[Placed]] {
        self.most = most
        self.accepts = accepts
        found = []
        search(start)
        return found.enumerated().sorted { a, b in
            (Self.oddity(a.element), a.offset) < (Self.oddity(b.element), b.offset)
        }.map(\.element)
    }

    private mutating func search(_ flow: Flow) {
        if placed.count == modules.count {
            if accepts(flow) { found.append(placed) }
            return
        }
        for index in modules.indices where !used[index] {
            for (output, input, geometry) in outputs(index, flow) {
                guard spent < budget, found.count < most else { return }
                spent += 1
                used[index] = true
                placed.append(Placed(module: index, input: input, output: output, geometry: geometry))
                search(output)
                placed.removeLast()
                used[index] = false
            }
        }
    }

    /// What a layer may make of `flow`, as the other program would have arranged it: none, if it cannot follow.
    private func outputs(_ index: Int, _ flow: Flow) -> [(output: Flow, input: Flow, Geometry?)] {
        switch modules[index].kind {
        case .linear(let outputs, let inputs):
            return flow.count == inputs ? [(.row(outputs), .row(inputs), nil)] : []
        case .norm(let channels):
            if let last = placed.last, case .norm = modules[last.module].kind { return [] }
            switch flow {
            case .row(let count): return count == channels ? [(flow, flow, nil)] : []
            case .image(let width, _): return width == channels ? [(flow, flow, nil)] : []
            }
        case .kernel(let first, let second, let size):
            var result: [(Flow, Flow, Geometry?)] = []
            if isDecoder, !modules[index].isSurelyPlain {
                for input in images(flow, first) { result += transposed(input, second, size) }
            }
            if !modules[index].isSurelyTransposed {
                for input in images(flow, second) { result += plain(input, first, size) }
            }
            return result
        }
    }

    /// `flow` as an image of so many channels: none, if it is none.
    private func images(_ flow: Flow, _ channels: Int) -> [Flow] {
        switch flow {
        case .image(let width, _): return width == channels ? [flow] : []
        case .row(let count):
            let side = Int(Double(count / channels).squareRoot().rounded())
            return side * side * channels == count && side > 0 ? [.image(channels: channels, side: side)] : []
        }
    }

    private func transposed(_ input: Flow, _ filters: Int, _ size: Int) -> [(Flow, Flow, Geometry?)] {
        guard case .image(_, let side) = input else { return [] }
        let half = (size - 1) / 2
        let choices =
            size % 2 == 1
            ? [(2, half, 1), (1, half, 0), (2, half, 0), (2, 0, 0), (1, 0, 0)]
            : [(2, half, 0), (2, 0, 0), (1, 0, 0)]
        return choices.enumerated().compactMap { oddity, choice in
            let (stride, padding, extra) = choice
            let output = (side - 1) * stride + size - 2 * padding + extra
            guard (1...Self.largestSide).contains(output), extra < stride else { return nil }
            return (
                .image(channels: filters, side: output), input,
                Geometry(isTransposed: true, stride: stride, padding: padding, extra: extra, oddity: oddity)
            )
        }
    }

    private func plain(_ input: Flow, _ filters: Int, _ size: Int) -> [(Flow, Flow, Geometry?)] {
        guard case .image(_, let side) = input else { return [] }
        let half = (size - 1) / 2
        let strides =
            isDecoder
            ? [(1, half, 1), (1, 0, 1), (1, half, 2)]
            : size == 1
                ? [(1, 0, 1)]
                : [(2, half, 1), (1, half, 1), (2, 0, 1), (1, 0, 1)]
        return strides.enumerated().compactMap { oddity, choice in
            let (stride, padding, enlarged) = choice
            guard side * enlarged + 2 * padding >= size else { return nil }
            let output = (side * enlarged + 2 * padding - size) / stride + 1
            guard output <= Self.largestSide else { return nil }
            return (
                .image(channels: filters, side: output), input,
                Geometry(isTransposed: false, stride: stride, padding: padding, enlarged: enlarged, oddity: oddity)
            )
        }
    }
}
