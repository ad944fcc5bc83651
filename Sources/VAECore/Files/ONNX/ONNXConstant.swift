/// A constant of a graph, with its numbers.
struct ONNXConstant: Equatable {
    var shape: [Int]
    var numbers: Numbers

    enum Numbers: Equatable {
        case floats([Float])
        case integers([Int])
    }

    /// The most numbers that are made from a few, such as by filling a shape.
    static let mostMade = 1 << 20

    init(shape: [Int], floats: [Float]) { (self.shape, numbers) = (shape, .floats(floats)) }
    init(shape: [Int], integers: [Int]) { (self.shape, numbers) = (shape, .integers(integers)) }

    var count: Int {
        switch numbers {
        case .floats(let values): values.count
        case .integers(let values): values.count
        }
    }

    var floats: [Float] {
        switch numbers {
        case .floats(let values): values
        case .integers(let values): values.map { Float($0) }
        }
    }

    /// Whole numbers; nil if they are none.
    var integers: [Int]? {
        switch numbers {
        case .floats(let values):
            values.allSatisfy { $0 == $0.rounded() && $0.magnitude < 1e9 } ? values.map { Int($0) } : nil
        case .integers(let values): values
        }
    }

    /// The numbers at these places, in another shape.
    func picked(_ places: [Int], shape: [Int]) -> ONNXConstant {
        switch numbers {
        case .floats(let values): ONNXConstant(shape: shape, floats: places.map { values[$0] })
        case .integers(let values): ONNXConstant(shape: shape, integers: places.map { values[$0] })
        }
    }

    /// The places of the numbers when the dimensions stand in another order; nil if `order` is none.
    func transposed(_ order: [Int]) -> ONNXConstant? {
        guard order.sorted() == Array(shape.indices) else { return nil }
        let strides = Trace.strides(shape)
        let (lengths, steps) = (order.map { shape[$0] }, order.map { strides[$0] })
        var places: [Int] = []
        places.reserveCapacity(count)
        var (position, at) = ([Int](repeating: 0, count: lengths.count), 0)
        for _ in 0..<count {
            places.append(at)
            for axis in lengths.indices.reversed() {
                position[axis] += 1
                at += steps[axis]
                if position[axis] < lengths[axis] { break }
                at -= position[axis] * steps[axis]
                position[axis] = 0
            }
        }
        return picked(places, shape: lengths)
    }

    // MARK: From a tensor

    /// - Parameter folder: where the file is, for numbers kept beside it.
    /// - Throws: `CoreError(.model)` when the numbers are not there, or not as many as the shape says.
    init(_ tensor: ONNXTensor, folder: String, place: String) throws(CoreError) {
        func refuse(_ what: String, expected: String? = nil, found: String? = nil) -> CoreError {
            CoreError(.model, "tensor '\(tensor.name)': \(what)", at: place, expected: expected, found: found)
        }
        guard let count = tensor.count, count <= Network.parameterLimit else {
            throw refuse("an impossible shape", found: "\(tensor.shape)")
        }
        shape = tensor.shape
        switch tensor.content {
        case .floats(let values): numbers = .floats(values)
        case .integers(let values):
            if tensor.type == 10 || tensor.type == 16 {
                // Halves are stored as whole numbers where they are not raw.
                numbers = .floats(
                    values.map { bits in
                        let half = UInt16(truncatingIfNeeded: bits)
                        return tensor.type == 10
                            ? SafetensorsFile.float(half: half) : Float(bitPattern: UInt32(half) << 16)
                    })
            } else {
                numbers = .integers(values)
            }
        case .raw(let bytes): numbers = try Self.decoded(bytes, tensor, place)
        case .external(let location, let offset, let length):
            let size = try Self.size(of: tensor, place) * count
            guard length == nil || length == size else {
                throw refuse("another size than its shape says", expected: "\(size) bytes", found: "\(length ?? 0)")
            }
            let bytes = try ONNXExternal.read(location, folder: folder, offset: offset, count: size, tensor.name, place)
            numbers = try Self.decoded(bytes[...], tensor, place)
        }
        guard self.count == count else {
            throw refuse("another size than its shape says", expected: "\(count) numbers", found: "\(self.count)")
        }
    }

    private static let types = [1: "F32", 10: "F16", 11: "F64", 16: "BF16"]
    private static let integerSizes = [2: 1, 3: 1, 6: 4, 7: 8, 9: 1]

    private static func size(of tensor: ONNXTensor, _ place: String) throws(CoreError) -> Int {
        if let size = types[tensor.type].flatMap({ SafetensorsFile.size(ofDtype: $0) }) ?? integerSizes[tensor.type] {
            return size
        }
        throw CoreError(
            .model, "tensor '\(tensor.name)': numbers of a type that is not read", at: place,
            expected: "floating-point numbers or whole numbers", found: "type \(tensor.type)")
    }

    private static func decoded(
        _ bytes: ArraySlice<UInt8>, _ tensor: ONNXTensor, _ place: String
    ) throws(CoreError) -> Numbers {
        if let type = types[tensor.type] { return .floats(SafetensorsFile.decode(Array(bytes), dtype: type) ?? []) }
        let size = try size(of: tensor, place)
        return bytes.withUnsafeBytes { raw in
            .integers(
                (0..<raw.count / size).map { i in
                    switch (size, tensor.type) {
                    case (8, _): Int(Int64(littleEndian: raw.loadUnaligned(fromByteOffset: i * 8, as: Int64.self)))
                    case (4, _): Int(Int32(littleEndian: raw.loadUnaligned(fromByteOffset: i * 4, as: Int32.self)))
                    case (_, 3): Int(Int8(bitPattern: raw[i]))
                    default: Int(raw[i])
                    }
                })
        }
    }
}
