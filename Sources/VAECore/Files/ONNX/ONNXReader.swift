/// Reads an ONNX file into `ONNXModel`. Weights stay where they are until they are used.
struct ONNXReader {
    /// The largest file, and the most nodes and constants in it, that are accepted.
    static let longestFile = 2 << 30
    static let most = 20_000

    let place: String

    /// Whether a file begins as an ONNX model does: with its format's version, a small number.
    static func recognises(_ file: FileStart) -> Bool {
        file.path.lowercased().hasSuffix(".onnx")
            || file.bytes.count > 4 && file.bytes[0] == 8 && (3...20).contains(file.bytes[1])
                && [0x12, 0x3a, 0x42].contains(file.bytes[2])
    }

    /// - Throws: `CoreError(.model)` when it is no ONNX model, or is damaged.
    static func read(path: String) throws(CoreError) -> ONNXModel {
        let start = try FileStart(path: path)
        if let wrong = WrongKind.all.first(where: { $0.matches(start) }) { throw wrong.error(start) }
        let bytes = try FileSystem.read(path, kind: .model, limit: longestFile)
        return try read(bytes, name: path)
    }

    static func read(_ bytes: [UInt8], name: String) throws(CoreError) -> ONNXModel {
        var model = ONNXModel()
        let reader = ONNXReader(place: name)
        do throws(CoreError) {
            var message = ProtobufReader(bytes[...], at: name)
            var isModel = false
            while let field = try message.next() {
                switch field.number {
                case 2: model.producer = field.value.text ?? ""
                case 7:
                    isModel = true
                    model.graph = try reader.graph(message.message(field.value.bytes ?? []))
                case 8: try reader.version(message.message(field.value.bytes ?? []), &model)
                case 14:
                    let pair = try reader.pair(message.message(field.value.bytes ?? []))
                    model.metadata[pair.0] = pair.1
                default: break
                }
            }
            guard isModel else { throw CoreError(.model, "no graph in it", at: name, expected: "an ONNX model") }
        } catch {
            throw CoreError(
                .model, "not an ONNX model: \(error.what)", at: name, expected: error.expected, found: error.found,
                remedy: "is it a whole .onnx file?")
        }
        return model
    }

    private func version(_ message: ProtobufReader, _ model: inout ONNXModel) throws(CoreError) {
        var (message, domain, version) = (message, "", 0)
        while let field = try message.next() {
            if field.number == 1 { domain = field.value.text ?? "" }
            if field.number == 2 { version = Int(clamping: field.value.integer ?? 0) }
        }
        if domain.isEmpty || domain == "ai.onnx" { model.opset = version }
    }

    private func graph(_ message: ProtobufReader) throws(CoreError) -> ONNXGraph {
        var (message, graph) = (message, ONNXGraph())
        while let field = try message.next() {
            let bytes = field.value.bytes ?? []
            switch field.number {
            case 1: graph.nodes.append(try node(message.message(bytes)))
            case 2: graph.name = field.value.text ?? ""
            case 5: graph.initializers.append(try tensor(message.message(bytes)))
            case 11: graph.inputs.append(try value(message.message(bytes)))
            case 12: graph.outputs.append(try value(message.message(bytes)))
            default: break
            }
            guard graph.nodes.count <= Self.most, graph.initializers.count <= Self.most else {
                throw CoreError(.model, "too many nodes", at: place, expected: "at most \(Self.most)")
            }
        }
        return graph
    }

    private func node(_ message: ProtobufReader) throws(CoreError) -> ONNXNode {
        var (message, node) = (message, ONNXNode(kind: "", inputs: [], outputs: []))
        while let field = try message.next() {
            switch field.number {
            case 1: node.inputs.append(field.value.text ?? "")
            case 2: node.outputs.append(field.value.text ?? "")
            case 3: node.name = field.value.text ?? ""
            case 4: node.kind = field.value.text ?? ""
            case 5:
                let (name, value) = try attribute(message.message(field.value.bytes ?? []))
                node.attributes[name] = value
            case 7: node.domain = field.value.text ?? ""
            default: break
            }
        }
        return node
    }

    private func attribute(_ message: ProtobufReader) throws(CoreError) -> (String, ONNXAttribute) {
        var (message, name, value) = (message, "", ONNXAttribute.other)
        var (floats, integers, type) = ([Float](), [Int](), 0)
        while let field = try message.next() {
            switch field.number {
            case 1: name = field.value.text ?? ""
            case 2: value = .float(field.value.float ?? 0)
            case 3: value = .integer(Int(clamping: field.value.integer ?? 0))
            case 4: value = .text(field.value.text ?? "")
            case 5: value = .tensor(try tensor(message.message(field.value.bytes ?? [])))
            case 7: floats += try self.floats(field.value)
            case 8: integers += try self.integers(field.value)
            case 20: type = Int(clamping: field.value.integer ?? 0)
            default: break
            }
        }
        // A list may be empty: only the type tells.
        if type == 6 || !floats.isEmpty { value = .floats(floats) }
        if type == 7 || !integers.isEmpty { value = .integers(integers) }
        // Numbers that are zero may be left out.
        if case .other = value, type == 2 { value = .integer(0) }
        if case .other = value, type == 1 { value = .float(0) }
        return (name, value)
    }

    private func tensor(_ message: ProtobufReader) throws(CoreError) -> ONNXTensor {
        var (message, tensor) = (message, ONNXTensor())
        var (isExternal, external, floats, integers) = (false, [String: String](), [Float](), [Int]())
        var raw: ArraySlice<UInt8>?
        while let field = try message.next() {
            switch field.number {
            case 1: tensor.shape += try self.integers(field.value)
            case 2: tensor.type = Int(clamping: field.value.integer ?? 0)
            case 4: floats += try self.floats(field.value)
            case 5, 7: integers += try self.integers(field.value)
            case 8: tensor.name = field.value.text ?? ""
            case 9: raw = field.value.bytes
            case 10: floats += try doubles(field.value)
            case 13:
                let pair = try self.pair(message.message(field.value.bytes ?? []))
                external[pair.0] = pair.1
            case 14: isExternal = field.value.integer == 1
            default: break
            }
        }
        if isExternal {
            tensor.content = .external(
                location: external["location"] ?? "", offset: external["offset"].flatMap { Int($0) } ?? 0,
                length: external["length"].flatMap { Int($0) })
        } else if let raw {
            tensor.content = .raw(raw)
        } else {
            tensor.content = integers.isEmpty ? .floats(floats) : .integers(integers)
        }
        return tensor
    }

    private func value(_ message: ProtobufReader) throws(CoreError) -> ONNXValue {
        var (message, value) = (message, ONNXValue())
        while let field = try message.next() {
            if field.number == 1 { value.name = field.value.text ?? "" }
            guard field.number == 2 else { continue }
            var type = try message.message(field.value.bytes ?? [])
            while let field = try type.next() {
                guard field.number == 1 else { continue }
                var tensor = try type.message(field.value.bytes ?? [])
                while let field = try tensor.next() {
                    if field.number == 2 { value.shape = try dimensions(tensor.message(field.value.bytes ?? [])) }
                }
            }
        }
        return value
    }

    private func dimensions(_ message: ProtobufReader) throws(CoreError) -> [Int] {
        var (message, shape) = (message, [Int]())
        while let field = try message.next() {
            guard field.number == 1 else { continue }
            var (dimension, length) = (try message.message(field.value.bytes ?? []), -1)
            while let field = try dimension.next() {
                if field.number == 1 { length = Int(clamping: field.value.integer ?? -1) }
            }
            shape.append(length)
        }
        return shape
    }

    // MARK: Numbers

    private func pair(_ message: ProtobufReader) throws(CoreError) -> (String, String) {
        var (message, key, value) = (message, "", "")
        while let field = try message.next() {
            if field.number == 1 { key = field.value.text ?? "" }
            if field.number == 2 { value = field.value.text ?? "" }
        }
        return (key, value)
    }

    /// Whole numbers, one by one or packed.
    private func integers(_ value: ProtobufReader.Value) throws(CoreError) -> [Int] {
        if let one = value.integer { return [Int(one)] }
        var (bytes, result) = (value.bytes ?? [], [Int]())
        while !bytes.isEmpty {
            var (number, shift) = (UInt64(0), UInt64(0))
            while let byte = bytes.popFirst() {
                if shift < 64 { number |= UInt64(byte & 0x7f) << shift }
                shift += 7
                if byte < 0x80 { break }
            }
            result.append(Int(Int64(bitPattern: number)))
        }
        return result
    }

    private func floats(_ value: ProtobufReader.Value) throws(CoreError) -> [Float] {
        if let one = value.float { return [one] }
        return SafetensorsFile.decode(Array(value.bytes ?? []), dtype: "F32") ?? []
    }

    private func doubles(_ value: ProtobufReader.Value) throws(CoreError) -> [Float] {
        if let one = value.double { return [Float(one)] }
        return SafetensorsFile.decode(Array(value.bytes ?? []), dtype: "F64") ?? []
    }
}
