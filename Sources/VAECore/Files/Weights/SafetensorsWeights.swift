/// Weights in a safetensors file.
enum SafetensorsWeights: WeightReader {
    static let kind = "safetensors"

    static func recognises(_ file: FileStart) -> Bool { file.bytes.count > 8 && file.bytes[8] == UInt8(ascii: "{") }

    static func read(path: String) throws(CoreError) -> Weights {
        let file = try SafetensorsFile.read(path: path)
        let tensors = file.tensors.map { tensor in
            Weights.Tensor(
                name: tensor.name, shape: tensor.shape, dtype: tensor.dtype,
                isReal: SafetensorsFile.isReal(tensor.dtype))
        }
        return Weights(name: path, kind: kind, metadata: file.metadata, tensors: tensors) {
            name throws(CoreError) in try file.floats(name)
        }
    }
}
