import ArgumentParser
import VAECore

struct ModelExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a model for other programs: safetensors in PyTorch's layout, or ONNX.",
        discussion: """
            OUT.onnx becomes OUT-encoder.onnx and OUT-decoder.onnx, since a runtime asks for all inputs of a graph.

            Examples:
              latent model export manifold manifold.safetensors --dtype f16
              latent model export runs/latest digits.onnx
            """)

    @Argument(help: "A model file, a run folder, or a name in models/.", completion: .models) var model: String
    @Argument(
        help: "The file to write; its ending, .safetensors or .onnx, says what.",
        completion: .file(extensions: ["safetensors", "onnx"]))
    var out: String
    @Option(help: "The number type of the weights.") var dtype = ModelExport.Precision.f32
    @OptionGroup var options: ModelOptions

    mutating func run() throws {
        let trained = try Surroundings.loadModel(model, options)
        if let assumption = trained.assumption { Console.message(assumption) }
        for path in try ModelExport.write(trained, to: out, precision: dtype) { Console.print("wrote \(path)") }
    }
}

extension ModelExport.Precision: ExpressibleByArgument {}
