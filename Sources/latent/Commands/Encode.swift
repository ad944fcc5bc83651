import ArgumentParser
import Foundation
import PlainText
import VAECore

struct Encode: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write the code of every held-out image: class, mean and log variance of q(z|x).",
        discussion: """
            The ending of --out says the format; .npy holds records for numpy.load.

            Examples:
              latent encode manifold > codes.csv
              latent encode pytorch --data mnist --out codes.npy
            """)

    @Argument(help: "A model file, a run folder, or a name in models/.", completion: .models) var model: String
    @OptionGroup var options: ModelOptions
    @OptionGroup var data: DataOptions
    @Option(
        help: "The file to write: .csv, .npy or .safetensors; without it, CSV goes to stdout.",
        completion: .file(extensions: CodeTable.Format.allCases.map(\.rawValue)))
    var out: String?

    mutating func run() throws {
        let format = try chosenFormat()
        let trained = try Surroundings.loadModel(model, options)
        if let assumption = trained.assumption { Console.message(assumption) }
        let dataset = try Surroundings.loadData(data.choice.fitting(trained), trainedOn: trained.record?.dataset)
        try requireFit(trained, dataset)
        let table = CodeTable(
            Inference(trained.snapshot), dataset.test, trained.binarization, seed: trained.record?.training.seed ?? 1)
        let bytes = try table.bytes(format)
        guard let out else { return Console.raw(String(decoding: bytes, as: UTF8.self)) }
        try AtomicFile.write(bytes, to: out)
        Console.note("wrote \(sanitize(out)): \(table.count) codes of \(table.latent) dimensions")
    }

    private func chosenFormat() throws(CoreError) -> CodeTable.Format {
        guard let out else { return .csv }
        if let format = CodeTable.Format(rawValue: URL(fileURLWithPath: out).pathExtension.lowercased()) { return format }
        throw CoreError(
            .configuration, "not a format of codes", at: "--out",
            expected: CodeTable.Format.allCases.map { "." + $0.rawValue }.joined(separator: ", "), found: "'\(out)'")
    }
}
