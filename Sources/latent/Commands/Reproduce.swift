import ArgumentParser
import Foundation
import VAECore

struct Reproduce: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Reproduce published figures.",
        discussion: """
            Trains each model on the full MNIST and prints our figure beside the published one. Without an ID, lists the
            figures.

            Examples:
              latent reproduce
              latent reproduce pytorch --data mnist
              latent reproduce all --quick --data mnist
            """)

    @Argument(help: ArgumentHelp("Figures to run.", valueName: "id")) var ids: [Choice<Figures>] = []
    @OptionGroup var data: DataOptions
    @Flag(help: "Train only a few epochs of each, to see whether it runs.") var quick = false
    @Option(help: "Seed of every random draw.") var seed: UInt64 = 1
    @Option(help: "Threads; by default one per core.") var threads: Int?
    @Option(help: "Keep the runs in this folder.", completion: .directory) var out: String?
    @Flag(help: "One JSON object per figure on stdout.") var json = false

    private struct Report: Encodable {
        var id, setting, `protocol`, quantity, source: String
        var epochs: Int
        var seed: UInt64
        var ours: Double
        var published: Double?
        var seconds: Double
    }

    mutating func run() throws {
        if let threads { try Workers.check(threads: threads) }
        guard !ids.isEmpty else {
            list()
            return
        }
        let rows = ids.contains { $0.name == "all" } ? PublishedFigure.all : ids.flatMap(\.row)
        let dataset = try Surroundings.loadData(data.choice)
        if dataset.name != "mnist" {
            Console.message("the published figures are for the full MNIST; ours on \(dataset.name) are not comparable")
        }
        for row in rows { try show(reproduce(row, dataset)) }
    }

    private func list() {
        for row in PublishedFigure.all {
            let published = row.published.map { String(format: "%.2f", $0) } ?? "curve"
            Console.print("\(row.id.padding(toLength: 12, withPad: " ", startingAt: 0)) \(row.setting)")
            Console.print("             \(row.quantity.name): \(published) (\(row.source)); \(row.protocolNote)")
            Console.print(String(format: "             about %.0f min here", max(1, row.minutes)))
        }
    }

    private func reproduce(_ row: PublishedFigure, _ dataset: Dataset) throws -> Report {
        var training = row.recipe.training
        training.seed = seed
        if quick { training.epochs = row.quickEpochs }
        let trainer = try Trainer(model: row.recipe.model, training: training, dataset: dataset, threads: threads)
        Console.note("\(row.id): \(row.setting)" + (quick ? " (quick: \(counted(training.epochs, "epoch")))" : ""))
        let started = Date()
        var last: Evaluation?
        let folder = try out.map { parent in
            try RunFolder(parent: parent, name: row.id, time: runTime(), exact: parent + "/" + row.id)
        }
        var curve = ""
        let ending = try follow(trainer, showsProgress: true) { report in
            last = report.test
            curve += "\(report.step * training.batchSize),\(report.train.negativeELBO),\(report.test.terms.negativeELBO)\n"
            if let folder {
                try AtomicFile.write(
                    Array(("samples,train_negative_elbo,test_negative_elbo\n" + curve).utf8), to: folder.path + "/curve.csv")
            }
        }
        if case .failed(let error) = ending.state { throw error }
        if let signal = ending.signal { throw Interrupted(status: 128 + signal) }
        guard let snapshot = ending.snapshot, let last else {
            throw CoreError(.training, "ended without a figure", at: row.id)
        }
        if let folder {
            let record = TrainedModel.Record(
                preset: row.recipe.name, dataset: dataset.name, training: training, evaluation: last)
            try ModelFile.save(TrainedModel(snapshot: snapshot, record: record), to: folder.modelPath)
        }
        let (quantity, ours) = try measure(row, snapshot, last, dataset, training.binarization)
        return Report(
            id: row.id, setting: row.setting, protocol: row.protocolNote, quantity: quantity, source: row.source,
            epochs: training.epochs, seed: seed, ours: ours, published: row.published,
            seconds: Date().timeIntervalSince(started))
    }

    /// The row's quantity for the trained model, and its name: the quick version bounds log p(x) of fewer images, with
    /// fewer samples.
    private func measure(
        _ row: PublishedFigure, _ snapshot: ParameterSnapshot, _ evaluation: Evaluation, _ dataset: Dataset,
        _ binarization: Binarization
    ) throws -> (quantity: String, ours: Double) {
        guard case .negativeLogLikelihood(let published) = row.quantity else {
            return (row.quantity.name, evaluation.terms.negativeELBO)
        }
        let samples = quick ? 50 : published
        let workers = Workers(count: Workers.resolve(threads: threads))
        defer { workers.stop() }
        let evaluator = Evaluator(network: snapshot.network, workers: workers)
        let bound = try evaluator.importanceBound(
            snapshot.parameters, on: dataset.test, binarization: binarization, samples: samples,
            images: quick ? 500 : nil, seed: seed
        ) { done in Console.progress("importance weighting: \(done) images") }
        Console.clearProgress()
        let quantity = PublishedFigure.Quantity.negativeLogLikelihood(samples: bound.samples).name
        return (quick ? "\(quantity), \(bound.images) images" : quantity, -bound.logLikelihood)
    }

    private func show(_ report: Report) {
        if json {
            Console.json(report)
            return
        }
        let published = report.published.map { String(format: "%8.2f", $0) } ?? "   curve"
        Console.print(
            "\(report.id.padding(toLength: 12, withPad: " ", startingAt: 0)) "
                + String(format: "ours %8.2f  published %@", report.ours, published)
                + "  \(report.quantity), \(counted(report.epochs, "epoch")), seed \(report.seed), \(Int(report.seconds)) s; \(report.protocol)")
    }

    private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
