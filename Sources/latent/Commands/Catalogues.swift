import ArgumentParser
import Foundation
import PlainText
import VAECore

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "List the models that come with the project, show what is in a model file, or export it.",
        subcommands: [List.self, Info.self, ModelExportCommand.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the models in models/.", discussion: "Example:\n  latent model list")

        mutating func run() throws {
            for name in Surroundings.modelNames {
                let model = try Surroundings.loadModel(name)
                let figure = model.record?.evaluation.map {
                    String(format: "negative ELBO %.2f (%@)", $0.terms.negativeELBO, $0.binarization.rawValue)
                }
                Console.print(
                    "\(name.padding(toLength: 14, withPad: " ", startingAt: 0)) "
                        + "\(model.snapshot.network.configuration.summary)  \(figure ?? "")")
            }
        }
    }

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what is in a model file.", discussion: "Example:\n  latent model info manifold")

        @Argument(help: "A model file, a run folder, or a name in models/.", completion: .models) var model: String
        @OptionGroup var options: ModelOptions

        mutating func run() throws {
            let trained = try Surroundings.loadModel(model, options)
            let network = trained.snapshot.network
            Console.print("\(sanitize(Surroundings.name(of: trained, from: model)))  \(network.configuration.summary)  \(network.parameterCount) parameters")
            if let record = trained.record {
                Console.print("trained on \(sanitize(record.dataset)), seed \(record.training.seed), "
                    + "\(trained.snapshot.epoch) epochs, \(trained.snapshot.step) steps")
                if let evaluation = record.evaluation {
                    Console.print(
                        String(
                            format: "held out: negative ELBO %.3f = reconstruction %.3f + KL %.3f nats per image (%@ pixels)",
                            evaluation.terms.negativeELBO, evaluation.terms.reconstruction, evaluation.terms.kl,
                            evaluation.binarization.rawValue))
                }
            } else {
                Console.print("the file has no record of its training")
            }
            let source = trained.source
            Console.print("read from \(source.kind), \(source.tensors) tensors; \(trained.binarization.title(trained.snapshot.network.configuration.image)) pixels, "
                + "\(network.configuration.likelihood.rawValue) likelihood")
            for note in source.notes { Console.print("note: \(note)") }
            if !source.assumptions.isEmpty { Console.print("assumed, since the file does not say:") }
            for assumption in source.assumptions { Console.print("  - \(assumption)") }
            for view in network.layout.views {
                Console.print("  \(view.name.padding(toLength: 20, withPad: " ", startingAt: 0)) \(view.shape)")
            }
        }
    }
}
