import ArgumentParser
import Foundation
import VAECore

struct Grid: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw the manifold: decoded images over the latent plane.",
        discussion: """
            Examples:
              latent grid manifold --size 12
              latent grid manifold --size 20 --out manifold.png
              latent grid pytorch --plane components
            """)

    @Argument(help: "A model file, a run folder, or a name in models/.", completion: .models) var model: String
    @OptionGroup var options: ModelOptions
    @Option(help: "Images on each side.") var size = 10
    @Option(help: "Spacing of the points: equal steps in prior probability (quantile) or in z (linear).") 
    var spacing = GridSpacing.quantile
    @OptionGroup var plane: PlaneOptions
    @Option(name: .customLong("class"), help: "The class to draw with a conditional model; by default the first.") var label: Int?
    @OptionGroup var picture: PictureOptions

    mutating func run() throws {
        try requireCount(size, "--size", 1...100)
        try picture.output.check()
        let trained = try Surroundings.loadModel(model, options)
        if let assumption = trained.assumption { Console.message(assumption) }
        try requireDrawable(trained.snapshot.network.configuration.image, at: model)
        let points = try plane.manifold(of: trained).points(size: size, spacing: spacing)
        try picture.output.show(
            Inference(trained.snapshot).decode(points, labels: try labels(label, of: trained, count: size * size) { _ in 0 }),
            of: trained.snapshot.network.configuration.image, columns: size)
    }
}

struct Sample: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw images decoded from samples of the prior.",
        discussion: """
            Example:
              latent sample pytorch -n 64 --out samples.png
            """)

    @Argument(help: "A model file, a run folder, or a name in models/.", completion: .models) var model: String
    @OptionGroup var options: ModelOptions
    @Option(name: [.customShort("n"), .long, .customLong("size")], help: "Number of images.") var count = 64
    @Option(help: "Seed of the samples.") var seed: UInt64 = 1
    @Option(name: .customLong("class"), help: "The class to draw with a conditional model; by default each in turn.")
    var label: Int?
    @OptionGroup var picture: PictureOptions

    mutating func run() throws {
        try requireCount(count, "--count", 1...10_000)
        try picture.output.check()
        let trained = try Surroundings.loadModel(model, options)
        if let assumption = trained.assumption { Console.message(assumption) }
        try requireDrawable(trained.snapshot.network.configuration.image, at: model)
        var random = RandomStream(seed: seed, purpose: .prior)
        let z = random.normals(count * trained.snapshot.network.latent)
        let columns = Int(Double(count).squareRoot().rounded(.up))
        try picture.output.show(
            Inference(trained.snapshot).decode(z, labels: try labels(label, of: trained, count: count) { $0 }),
            of: trained.snapshot.network.configuration.image, columns: columns)
    }
}

struct Reconstruct: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw held-out images above the model's versions.",
        discussion: """
            Example:
              latent reconstruct manifold -n 8 --out reconstructions.png
            """)

    @Argument(help: "A model file, a run folder, or a name in models/.", completion: .models) var model: String
    @OptionGroup var options: ModelOptions
    @OptionGroup var data: DataOptions
    @Option(name: [.customShort("n"), .long, .customLong("size")], help: "Number of images.") var count = 8
    @Option(help: "Number of the first image in the held-out set, which begins with 1.") var from = 1
    @OptionGroup var picture: PictureOptions

    mutating func run() throws {
        try requireCount(count, "--count", 1...1000)
        try picture.output.check()
        let trained = try Surroundings.loadModel(model, options)
        if let assumption = trained.assumption { Console.message(assumption) }
        try requireDrawable(trained.snapshot.network.configuration.image, at: model)
        let dataset = try Surroundings.loadData(data.choice.fitting(trained), trainedOn: trained.record?.dataset)
        try requireFit(trained, dataset)
        try requireCount(from, "--from", 1...dataset.test.count)
        let first = from - 1
        let last = min(dataset.test.count, first + count)
        let images = dataset.test.inputs(
            first..<last, binarization: trained.binarization, seed: trained.record?.training.seed ?? 1)
        let made = Inference(trained.snapshot).reconstruct(
            images, labels: dataset.test.labels.map { $0[first..<last].map { Int($0) } })
        try picture.output.show(
            images + made.flatMap(\.picture), of: trained.snapshot.network.configuration.image, columns: last - first)
        for (i, one) in made.enumerated() where picture.out == nil {
            Console.note(
                "image \(from + i)  reconstruction \(format(one.terms.reconstruction))  KL \(format(one.terms.kl))  "
                    + "negative ELBO \(format(one.terms.negativeELBO))")
        }
    }

    private func format(_ nats: Double) -> String { String(format: "%.2f", nats) }
}

/// The class of each of `count` pictures: the one asked for, or else `standard` of its index, modulo the number of
/// classes.
/// - Returns: nil for a model that is not conditional.
/// - Throws: `CoreError` when the model does not know the class asked for.
func labels(
    _ label: Int?, of model: TrainedModel, count: Int, standard: (Int) -> Int
) throws(CoreError) -> [Int]? {
    let classes = model.snapshot.network.classLabels
    guard !classes.isEmpty else {
        guard let label else { return nil }
        throw CoreError(
            .model, "the model is not conditional", at: "--class", expected: "a model trained with --conditional",
            found: "--class \(label)")
    }
    if let label, !classes.contains(label) {
        let isGapless = classes[classes.count - 1] - classes[0] == classes.count - 1
        throw CoreError(
            .configuration, "the model knows no such class", at: "--class",
            expected: isGapless ? "\(classes[0]) to \(classes[classes.count - 1])"
                : classes.map(String.init).joined(separator: ", "), found: "\(label)")
    }
    return (0..<count).map { label ?? classes[standard($0) % classes.count] }
}

/// Checks that a number is in `range`; the error names the option.
func requireCount(_ count: Int, _ option: String, _ range: ClosedRange<Int>) throws(CoreError) {
    guard range.contains(count) else {
        throw CoreError(
            .configuration, "value out of range", at: option,
            expected: "\(range.lowerBound) to \(range.upperBound)", found: "\(count)")
    }
}
