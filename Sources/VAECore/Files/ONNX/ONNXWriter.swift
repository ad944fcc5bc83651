extension ONNXModel {
    /// The bytes of the model's file, which ONNX's checker accepts.
    func encoded() -> [UInt8] {
        var writer = ProtobufWriter()
        writer.integer(1, 7)  // the version of the format that opset 13 came with
        writer.text(2, producer)
        writer.message(7) { graph.encode(to: &$0) }
        writer.message(8) { version in
            version.text(1, "")
            version.integer(2, Int64(opset))
        }
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            writer.message(14) { entry in
                entry.text(1, key)
                entry.text(2, value)
            }
        }
        return writer.bytes
    }
}

extension ONNXGraph {
    fileprivate func encode(to writer: inout ProtobufWriter) {
        for node in nodes { writer.message(1) { node.encode(to: &$0) } }
        writer.text(2, name)
        for tensor in initializers { writer.message(5) { tensor.encode(to: &$0) } }
        for input in inputs { writer.message(11) { input.encode(to: &$0) } }
        for output in outputs { writer.message(12) { output.encode(to: &$0) } }
    }
}

extension ONNXNode {
    fileprivate func encode(to writer: inout ProtobufWriter) {
        for input in inputs { writer.text(1, input) }
        for output in outputs { writer.text(2, output) }
        writer.text(3, name)
        writer.text(4, kind)
        for (key, value) in attributes.sorted(by: { $0.key < $1.key }) {
            writer.message(5) { attribute in
                attribute.text(1, key)
                value.encode(to: &attribute)
            }
        }
    }
}

extension ONNXAttribute {
    fileprivate func encode(to writer: inout ProtobufWriter) {
        switch self {
        case .float(let value):
            writer.float(2, value)
            writer.integer(20, 1)
        case .integer(let value):
            writer.integer(3, Int64(value))
            writer.integer(20, 2)
        case .text(let value):
            writer.text(4, value)
            writer.integer(20, 3)
        case .integers(let values):
            for value in values { writer.integer(8, Int64(value)) }
            writer.integer(20, 7)
        case .floats(let values):
            for value in values { writer.float(7, value) }
            writer.integer(20, 6)
        case .tensor(let tensor):
            writer.message(5) { tensor.encode(to: &$0) }
            writer.integer(20, 4)
        case .other: break
        }
    }
}

extension ONNXTensor {
    fileprivate func encode(to writer: inout ProtobufWriter) {
        for length in shape { writer.integer(1, Int64(length)) }
        writer.integer(2, Int64(type))
        writer.text(8, name)
        switch content {
        case .raw(let bytes): writer.bytes(9, Array(bytes))
        case .floats(let values): writer.bytes(9, values.flatMap { Self.bytes($0.bitPattern) })
        case .integers(let values): writer.bytes(9, values.flatMap { Self.bytes(Int64($0)) })
        case .external: break
        }
    }

    /// A constant of 32-bit floats, or 16-bit ones.
    init(_ name: String, _ shape: [Int], _ values: [Float], half: Bool = false) {
        self.name = name
        self.shape = shape
        type = half ? 10 : 1
        content = half ? .raw(values.flatMap { Self.bytes(SafetensorsFile.halfBits($0)) }[...]) : .floats(values)
    }

    /// A constant row of whole numbers.
    init(_ name: String, _ values: [Int]) {
        self.name = name
        shape = [values.count]
        type = 7
        content = .integers(values)
    }

    private static func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}

extension ONNXValue {
    fileprivate func encode(to writer: inout ProtobufWriter) {
        writer.text(1, name)
        writer.message(2) { type in
            type.message(1) { tensor in
                tensor.integer(1, 1)
                tensor.message(2) { dimensions in
                    for length in shape ?? [] {
                        dimensions.message(1) { dimension in
                            if length < 0 { dimension.text(2, "batch") } else { dimension.integer(1, Int64(length)) }
                        }
                    }
                }
            }
        }
    }
}
