import ArgumentParser
import VAECore

/// What the user says about a model whose file does not say it; on every command that takes a model.
struct ModelOptions: ParsableArguments {
    @Option(help: "The activation between the layers, of a file that does not say it; else relu is assumed.")
    var activation: Activation?
    @Option(help: "How pixels are distributed given the decoder's output, of a file that does not say it.")
    var likelihood: Likelihood?
    @Option(help: "What the model sees of a pixel; by default as in training, or grey.")
    var binarize: Binarization?

    @Option(
        help: "An ONNX file with the encoder, where the model is the decoder's.",
        completion: .file(extensions: ["onnx"]))
    var encoder: String?
    @Option(
        help: "An ONNX file with the decoder, where the model is the encoder's.",
        completion: .file(extensions: ["onnx"]))
    var decoder: String?

    var options: ImportOptions {
        var options = ImportOptions(activation: activation, likelihood: likelihood, binarization: binarize)
        (options.encoder, options.decoder) = (encoder, decoder)
        return options
    }
}
