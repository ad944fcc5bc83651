import PlainText

/// Writes a model for other programs.
///
/// A safetensors file has PyTorch's layout, and loads here again. ONNX needs two files, an encoder and a decoder, since
/// a runtime asks for every input of a graph: in one file, a decoder could not be run without an image.
public enum ModelExport {
    /// The number type of the weights.
    public enum Precision: String, Sendable, CaseIterable { case f32, f16 }

    /// Writes `model` to `path`, whose ending, `.safetensors` or `.onnx`, says what is written.
    /// - Returns: the paths of the files written.
    /// - Throws: `CoreError` when the ending is another, a number has no place in the precision, or a file cannot be
    ///   written; what is there stays then.
    public static func write(_ model: TrainedModel, to path: String, precision: Precision) throws(CoreError) -> [String]
    {
        try check(model.snapshot, precision, path)
        if path.hasSuffix(".safetensors") {
            try ModelFile.export(model, to: path, half: precision == .f16)
            return [path]
        }
        guard path.hasSuffix(".onnx") else {
            throw CoreError(
                .configuration, "not a kind of file that models are exported to", at: path,
                expected: "a name that ends in .safetensors or .onnx")
        }
        let graphs = ONNXExport(model, half: precision == .f16)
        let stem = String(path.dropLast(".onnx".count))
        let files = [(stem + "-encoder.onnx", graphs.encoder()), (stem + "-decoder.onnx", graphs.decoder())]
        for (name, bytes) in files { try AtomicFile.write(bytes, to: name) }
        return files.map(\.0)
    }

    private static func check(_ snapshot: ParameterSnapshot, _ precision: Precision, _ path: String) throws(CoreError) {
        if let bad = snapshot.firstNonFinite {
            throw CoreError(
                .model, "not exported: parameter \(bad) is not a finite number", at: path,
                found: "\(snapshot.pointer[bad])")
        }
        guard precision == .f16, let large = snapshot.values.first(where: { $0.magnitude >= 65_520 }) else { return }
        throw CoreError(
            .model, "not exported: a parameter is too large for 16 bits", at: path, expected: "below 65520",
            found: "\(large)", remedy: "leave out --dtype f16")
    }
}
