/// A storage that a PyTorch file refers to: a file in its archive.
struct TorchStorage: Equatable {
    /// Its name under `data/` in the archive.
    var key: String
    /// The type of its elements, as PyTorch's class is called: "FloatStorage".
    var type: String
    /// How many elements the file says it has.
    var count: Int

    /// From a persistent id: ('storage', type, key, device, count); nil if it is anything else.
    init?(_ reference: Pickle.Reference, in pickle: Pickle) {
        guard case .tuple(let parts) = pickle.nodes[reference], parts.count >= 5,
            case .text("storage") = pickle.nodes[parts[0]], case .global(let type) = pickle.nodes[parts[1]],
            case .text(let key) = pickle.nodes[parts[2]], case .int(let count) = pickle.nodes[parts[4]], count >= 0
        else { return nil }
        self.key = key
        self.type = String(type.split(separator: ".").last ?? "")
        self.count = count
    }
}

/// A tensor as PyTorch stores it: a view of a storage.
struct TorchTensor: Equatable {
    var storage: TorchStorage
    /// The first element, the length of each dimension, and elements from one to the next along each.
    var offset: Int
    var shape, strides: [Int]

    /// From the arguments (storage, offset, shape, strides, …); nil if they are anything else, or no number of this
    /// tensor could lie inside its storage.
    init?(_ arguments: [Pickle.Reference], in pickle: Pickle) {
        func integers(_ reference: Pickle.Reference) -> [Int]? {
            guard case .tuple(let parts) = pickle.nodes[reference], parts.count <= 8 else { return nil }
            let numbers = parts.compactMap { part -> Int? in
                if case .int(let value) = pickle.nodes[part], value >= 0 { value } else { nil }
            }
            return numbers.count == parts.count ? numbers : nil
        }
        guard arguments.count >= 4, case .storage(let storage) = pickle.nodes[arguments[0]],
            case .int(let offset) = pickle.nodes[arguments[1]], offset >= 0,
            let shape = integers(arguments[2]), let strides = integers(arguments[3]), shape.count == strides.count,
            Self.fits(storage.count, offset, shape, strides)
        else { return nil }
        (self.storage, self.offset, self.shape, self.strides) = (storage, offset, shape, strides)
    }

    /// Whether all elements lie inside `count`, and are no more than that.
    private static func fits(_ count: Int, _ offset: Int, _ shape: [Int], _ strides: [Int]) -> Bool {
        if shape.contains(0) { return true }
        var (last, total) = (offset, 1)
        for (length, stride) in zip(shape, strides) {
            let (reach, overflow) = (length - 1).multipliedReportingOverflow(by: stride)
            let (sum, overflow2) = last.addingReportingOverflow(reach)
            let (product, overflow3) = total.multipliedReportingOverflow(by: length)
            guard !overflow, !overflow2, !overflow3 else { return false }
            (last, total) = (sum, product)
        }
        return last < count && total <= count
    }

    /// Whether its elements follow each other in the storage.
    private var isContiguous: Bool {
        var wanted = 1
        for (length, stride) in zip(shape, strides).reversed() where length != 1 {
            guard stride == wanted else { return false }
            wanted *= length
        }
        return true
    }

    /// Its elements, row-major, out of all those of the storage.
    func gathered(from elements: [Float]) -> [Float] {
        let count = shape.reduce(1, *)
        if count == 0 { return [] }
        if isContiguous { return Array(elements[offset..<offset + count]) }
        var result: [Float] = []
        result.reserveCapacity(count)
        var index = [Int](repeating: 0, count: shape.count)
        var at = offset
        for _ in 0..<count {
            result.append(elements[at])
            // The next index, as a mileage counter turns.
            for axis in shape.indices.reversed() {
                index[axis] += 1
                at += strides[axis]
                if index[axis] < shape[axis] { break }
                at -= index[axis] * strides[axis]
                index[axis] = 0
            }
        }
        return result
    }
}
