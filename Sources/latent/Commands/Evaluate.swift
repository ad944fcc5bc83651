import ArgumentParser
import Foundation
import PlainText
import VAECore

struct Evaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Evaluate a model on held-out images.",
        discussion: """
            Examples:
              latent evaluate manifold
              latent evaluate runs/latest --data mnist --json
              latent evaluate iwae --importance-samples 5000     a tighter bound on log p(x)
            """)

    @Argument(help: "A model file, a run folder, or a name in models/.", completion: .models) var model: String
    @OptionGroup var options: ModelOptions
    @OptionGroup var data: DataOptions
    @Option(help: "Also compute the importance-weighted bound on log p(x), with this many samples of z per image.")
    var importanceSamples: Int?
    @Option(help: "Seed of the noise.") var seed: UInt64 = 1
    @Option(help: "Threads; by default one per core.") var threads: Int?
    @Flag(help: "One JSON object on stdout.") var json = false

    private struct Report: Encodable {
        struct LogLikelihood: Encodable {
            var samples: Int
            var value: Double
        }
        struct ClassError: Encodable {
            var label, images: Int
            var reconstruction: Double
        }
        struct Holes: Encodable {
            var lost, empty, median_distance: Double
        }
        var model, dataset, `protocol`: String
        var deterministic: Bool
        var images: Int
        var negative_elbo, reconstruction, kl: Double
        var kl_per_dimension: [Double]
        var active_units: Int
        var reconstruction_per_class: [ClassError]?
        var log_likelihood: LogLikelihood?
        var holes: Holes?
    }

    mutating func run() throws {
        if let threads { try Workers.check(threads: threads) }
        let trained = try Surroundings.loadModel(model, options)
        let dataset = try Surroundings.loadData(data.choice.fitting(trained), trainedOn: trained.record?.dataset)
        try requireFit(trained, dataset)
        if dataset.isSeen(inTrainingOn: trained.record?.dataset) {
            Console.message("this model was trained on the images of \(dataset.name), so these are not held-out figures; use --data mnist")
        }
        if let assumption = trained.assumption { Console.message(assumption) }
        let binarization = trained.binarization
        let workers = Workers(count: Workers.resolve(threads: threads))
        defer { workers.stop() }
        let network = trained.snapshot.network
        let evaluator = Evaluator(network: network, workers: workers)
        let bound = try importanceSamples.map {
            try evaluator.importanceBound(
                trained.snapshot.parameters, on: dataset.test, binarization: binarization, samples: $0, seed: seed,
                progress: { Console.progress("importance-weighted bound: \($0) of \(dataset.test.count) images") })
        }
        Console.clearProgress()
        let evaluation = evaluator.evaluate(
            trained.snapshot.parameters, on: dataset.test, binarization: binarization, seed: seed)
        let holes = LatentHoles.measure(
            trained.snapshot, trainingImages: dataset.train, binarization: binarization, seed: seed)
        if json {
            Console.json(report(dataset, evaluation, bound, holes))
        } else {
            printTable(trained, dataset, evaluation)
            printFurther(trained, evaluation, bound, holes)
        }
    }

    private func report(
        _ dataset: Dataset, _ evaluation: Evaluation, _ bound: ImportanceBound?, _ holes: LatentHoles?
    ) -> Report {
        Report(
            model: Surroundings.modelPath(model), dataset: dataset.name,
            protocol: evaluation.binarization.rawValue, deterministic: evaluation.isDeterministic == true,
            images: evaluation.images, negative_elbo: evaluation.terms.negativeELBO,
            reconstruction: evaluation.terms.reconstruction, kl: evaluation.terms.kl,
            kl_per_dimension: evaluation.klPerDimension, active_units: evaluation.activeUnits,
            reconstruction_per_class: evaluation.perClass.map { figures in
                figures.map { .init(label: $0.label, images: $0.images, reconstruction: $0.reconstruction) }
            },
            log_likelihood: bound.map { .init(samples: $0.samples, value: $0.logLikelihood) },
            holes: holes.map { .init(lost: $0.lost, empty: $0.empty, median_distance: $0.medianDistance) })
    }

    private func printTable(_ trained: TrainedModel, _ dataset: Dataset, _ evaluation: Evaluation) {
        let terms = evaluation.terms
        let latent = trained.snapshot.network.latent
        Console.print("model          \(sanitize(Surroundings.name(of: trained, from: model)))  \(trained.snapshot.network.configuration.summary)")
        Console.print(
            "data           \(dataset.name), \(evaluation.images) held-out images, \(evaluation.protocolDescription)")
        if evaluation.isDeterministic == true {
            Console.print(String(format: "reconstruction %9.3f nats per image (a plain autoencoder)", terms.reconstruction))
            return
        }
        Console.print(String(format: "negative ELBO  %9.3f nats per image", terms.negativeELBO))
        Console.print(String(format: "reconstruction %9.3f", terms.reconstruction))
        Console.print(String(format: "KL divergence  %9.3f", terms.kl))
        Console.print("active units   \(evaluation.activeUnits) of \(latent)")
        for (dimension, kl) in evaluation.klPerDimension.enumerated().sorted(by: { $0.element > $1.element }) {
            Console.print(String(format: "  z%-3d KL %7.3f nats", dimension + 1, kl))
        }
    }

    private func printFurther(
        _ trained: TrainedModel, _ evaluation: Evaluation, _ bound: ImportanceBound?, _ holes: LatentHoles?
    ) {
        if let bound {
            Console.print(
                String(
                    format: "log p(x)       %9.3f nats per image, importance-weighted bound, %d samples (%@ pixels)",
                    bound.logLikelihood, bound.samples, bound.binarization.rawValue))
        }
        if let figures = evaluation.perClass {
            Console.print("reconstruction by class")
            for figure in figures {
                Console.print(
                    String(format: "  %3d %9.3f  (%d images)", figure.label, figure.reconstruction, figure.images))
            }
        }
        if let holes {
            let isDeterministic = trained.snapshot.network.configuration.isDeterministic
            let mass = isDeterministic ? "the Gaussian fitted to the codes" : "the prior"
            Console.print("holes in the plane, as shares of \(mass)")
            Console.print(
                String(
                    format: "  lost  %5.1f %%  decode and encode again: more than %.1f sd away (median %.2f sd)",
                    holes.lost * 100, LatentHoles.lostDistance, holes.medianDistance))
            Console.print(
                String(
                    format: "  empty %5.1f %%  none of %d training codes within %.1f sd", holes.empty * 100,
                    holes.codes, LatentHoles.emptyDistance))
        }
    }
}

/// Checks that the model accepts the images and classes of a data set.
func requireFit(_ model: TrainedModel, _ dataset: Dataset) throws(CoreError) {
    try model.snapshot.network.configuration.requireFit(dataset.test, of: dataset.name)
}

/// Checks that pictures are grey or in red, green and blue: others cannot be drawn.
func requireDrawable(_ shape: ImageShape, at place: String) throws(CoreError) {
    guard !shape.isDrawable else { return }
    throw CoreError(
        .model, "pictures of \(shape.channels) channels cannot be drawn", at: place, expected: "1 or 3 channels",
        found: shape.description, remedy: "'latent train --headless' and 'latent evaluate' take them")
}
