import ArgumentParser
import Foundation
import VAECore

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The figures of a model on held-out images.",
        discussion: """
            Examples:
              latent evaluate manifold
              latent evaluate runs/latest --data mnist --json
            """)

    @Argument(help: "A model file, a run folder, or a name in models/.") var model: String
    @OptionGroup var data: DataOptions
    @Option(help: "What the model sees of a pixel: grey, threshold or stochastic; default as it was trained.")
    var binarize: String?
    @Option(help: "Seed of the noise.") var seed: UInt64 = 1
    @Option(help: "Threads; default one a core.") var threads: Int?
    @Flag(help: "One JSON object on stdout.") var json = false

    private struct Report: Encodable {
        var model, dataset, `protocol`: String
        var images: Int
        var negative_elbo, reconstruction, kl: Double
        var kl_per_dimension: [Double]
        var active_units: Int
    }

    mutating func run() throws {
        let trained = try Surroundings.loadModel(model)
        let dataset = try Surroundings.loadData(data.name)
        try requireFit(trained, dataset)
        if dataset.isSeen(inTrainingOn: trained.record?.dataset) {
            Console.message("\(dataset.name) is part of what this model was trained on: no held-out figure; use --data mnist")
        }
        let binarization = try self.binarization(of: trained)
        let workers = Workers(count: Workers.resolve(threads: threads))
        defer { workers.stop() }
        let network = trained.snapshot.network
        let evaluation = trained.snapshot.values.withUnsafeBufferPointer { values in
            Evaluator(network: network, workers: workers).evaluate(
                values.baseAddress!, on: dataset.test, binarization: binarization, seed: seed)
        }
        if json {
            Console.json(
                Report(
                    model: Surroundings.modelPath(model), dataset: dataset.name,
                    protocol: binarization.rawValue, images: evaluation.images,
                    negative_elbo: evaluation.terms.negativeELBO, reconstruction: evaluation.terms.reconstruction,
                    kl: evaluation.terms.kl, kl_per_dimension: evaluation.klPerDimension,
                    active_units: evaluation.activeUnits))
        } else {
            printTable(trained, dataset, evaluation)
        }
    }

    private func binarization(of trained: TrainedModel) throws(CoreError) -> Binarization {
        guard let binarize else { return trained.record?.training.binarization ?? .grey }
        guard let choice = Binarization(rawValue: binarize) else {
            throw CoreError(
                .configuration, "no such choice", at: "--binarize", expected: "grey, threshold or stochastic",
                found: "'\(binarize)'")
        }
        return choice
    }

    private func printTable(_ trained: TrainedModel, _ dataset: Dataset, _ evaluation: Evaluation) {
        let terms = evaluation.terms
        let latent = trained.snapshot.network.latent
        Console.print("model          \(trained.name)  \(trained.snapshot.network.configuration.summary)")
        Console.print(
            "data           \(dataset.name), \(evaluation.images) held-out images, \(evaluation.binarization.rawValue) pixels")
        Console.print(String(format: "negative ELBO  %9.3f nats per image", terms.negativeELBO))
        Console.print(String(format: "reconstruction %9.3f", terms.reconstruction))
        Console.print(String(format: "KL divergence  %9.3f", terms.kl))
        Console.print("active units   \(evaluation.activeUnits) of \(latent)")
        for (dimension, kl) in evaluation.klPerDimension.enumerated().sorted(by: { $0.element > $1.element }) {
            Console.print(String(format: "  z%-3d KL %7.3f nats", dimension, kl))
        }
    }
}

/// Refuses data whose images the model cannot take.
func requireFit(_ model: TrainedModel, _ dataset: Dataset) throws(CoreError) {
    let wanted = model.snapshot.network.configuration.image
    guard wanted.count == dataset.shape.count else {
        throw CoreError(
            .data, "images of another size than the model's", at: dataset.name,
            expected: "\(wanted.height)x\(wanted.width)x\(wanted.channels)",
            found: "\(dataset.shape.height)x\(dataset.shape.width)x\(dataset.shape.channels)")
    }
}
